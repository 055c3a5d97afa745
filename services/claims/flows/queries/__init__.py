"""What callers read; nothing here writes."""
