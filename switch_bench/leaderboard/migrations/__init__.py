"""Alembic's migrations of a board's database, in the order of their numbers."""
