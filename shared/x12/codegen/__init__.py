"""Reading functions made from the guides, once for each set of delimiters."""
