"""Closed-loop motions of the body, from what a hand can know."""
