"""Steps of migrations that every service's history takes, each in one module. They are history too: what a database of
an earlier release went through does not change."""
