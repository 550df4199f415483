"""Device kinds: panel, quantities, logic and words, a file each."""
