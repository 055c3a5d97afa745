"""The use cases of the access service: giving tokens, keeping clients, and setting a new installation up."""
