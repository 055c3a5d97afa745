"""What the operator of the installation does, from the machine that holds the database; no route leads here."""
