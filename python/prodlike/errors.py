"""What can go wrong, as exceptions with the engine's message, its causes and a hint.

All of them are a :class:`ProdlikeError`. A stopped job raises :class:`KeyboardInterrupt`.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = [
    "GateError",
    "ModelError",
    "PluginError",
    "ProdlikeError",
    "SchemaError",
    "SourceError",
    "UnknownNameError",
]


class ProdlikeError(Exception):
    """Something failed.

    Parameters
    ----------
    message
        What failed.
    causes
        Why, the nearest cause first.
    hint
        What to do about it.
    """

    message: str
    causes: tuple[str, ...]
    hint: str | None

    def __init__(
        self, message: str, causes: Sequence[str] = (), hint: str | None = None
    ) -> None:
        super().__init__(message, tuple(causes), hint)
        self.message = message
        self.causes = tuple(causes)
        self.hint = hint

    def __str__(self) -> str:
        """Return the message, the causes and the hint, each on a line of its own."""
        lines = [self.message, *(f"Caused by: {cause}" for cause in self.causes)]
        if self.hint is not None:
            lines.append(f"hint: {self.hint}")
        return "\n".join(lines)


class SourceError(ProdlikeError):
    """Real data cannot be read, or is not what the schema says."""


class SchemaError(ProdlikeError):
    """A schema contradicts itself, or says what cannot be done."""


class ModelError(ProdlikeError):
    """What should be a model file is none, or is of a newer version."""


class PluginError(ProdlikeError):
    """A generator or a plugin failed, or is not what it should be."""


class GateError(ProdlikeError, AssertionError):
    """A score is below what was demanded."""


class UnknownNameError(ProdlikeError, KeyError):
    """There is no table, column or score of a name."""

    def __str__(self) -> str:
        """Return the message as every other error does."""
        return ProdlikeError.__str__(self)
