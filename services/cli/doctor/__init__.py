"""`handbill doctor`: everything that can be odd with an installation, looked at in one order, changing nothing."""
