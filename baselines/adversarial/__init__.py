"""Policies that cheat, a file each: what it does may look like success, and a person would deny it."""
