"""From a ready claim to an 837P that the clearinghouse receives exactly once."""
