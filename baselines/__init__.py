"""Baseline policies: a file each."""
