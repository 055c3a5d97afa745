"""The pure rules of a note: what its content hashes to, what it must hold, how its state moves."""
