"""The views that pictures for a reader are drawn from."""

VIEWS = ("third person", "head", "wrist")
