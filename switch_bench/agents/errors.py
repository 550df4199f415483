"""What goes wrong with an agent elsewhere. Light, so that the evaluation can tell these apart."""

from __future__ import annotations


class AgentError(Exception):
    """An agent elsewhere can't be used, or answered what can't be used: what is wrong, and what would help."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class AgentGone(AgentError):
    """It can't be reached, whatever was tried: further episodes would end the same way."""
