"""What `handbill history` reads from a directory and shows of the report."""
