"""What a process tells of itself: metrics for Prometheus, and spans for OpenTelemetry.

Neither ever holds PHI: labels, names and attributes are fixed words, route templates, statuses and request ids. A path,
a query, a body, an organization and the text of an exception stay out.
"""
