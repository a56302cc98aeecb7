"""PyArrow, which the package does without where nothing needs it."""

from __future__ import annotations

import importlib
from typing import Any

from .errors import ProdlikeError


def pyarrow() -> Any:
    """Return the module, which has no types."""
    try:
        return importlib.import_module("pyarrow")
    except ImportError as error:
        raise ProdlikeError(
            "PyArrow is not there, through which these data go",
            [str(error)],
            "Install it: `pip install pyarrow`",
        ) from error
