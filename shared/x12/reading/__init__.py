"""Raw segments to events: the envelope, then one typed record at a time."""
