"""Mechanisms that a hand moves by contact alone, and what can be read off them."""
