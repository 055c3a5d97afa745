"""The history of the simulator's database."""
