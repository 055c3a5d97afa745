"""How the elements of segments and the fields of records correspond: one module for each guide, and the common ones."""
