"""Code sets of the installation: which editions are in force, and how a new one comes in."""
