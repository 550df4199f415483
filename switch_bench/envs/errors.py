"""Errors of the environments."""


class EnvError(ValueError):
    """An environment was made or used in a way it doesn't know; says what was expected."""
