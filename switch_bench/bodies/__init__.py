"""Embodiments, and how commands move them."""
