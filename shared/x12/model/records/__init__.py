"""The typed records of all transaction sets, one module for each guide; `parts` are what several of them hold."""
