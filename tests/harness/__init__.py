"""What tests stand on: real databases, services on loopback ports, clocks, ids, tokens. No product logic is here."""
