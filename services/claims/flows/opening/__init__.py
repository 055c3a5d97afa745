"""What a practice that moves in has open, and what was used before it came."""
