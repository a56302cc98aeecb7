"""Libraries of others, which the package does without where nothing needs them."""

from __future__ import annotations

import importlib
from typing import Any

from .errors import ProdlikeError


def needed(*names: str) -> Any:
    """Return a module, the last one named, where all can be imported."""
    module = None
    for name in names:
        try:
            module = importlib.import_module(name)
        except ImportError as error:
            raise ProdlikeError(
                f"`{name}` cannot be imported, and these data go through it",
                [str(error)],
                f"Install it: `pip install {name}`",
            ) from error
    return module


def pyarrow() -> Any:
    """Return PyArrow, which has no types."""
    return needed("pyarrow")
