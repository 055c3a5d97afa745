"""What can be wrong with a file (WEDI SNIP types 1 to 5), and how each finding is worded and acknowledged."""
