"""Progress bars."""

from __future__ import annotations

import sys
from typing import Any


class Bars:
    """One bar a stage, gone when the stage is over; what the engine calls."""

    def __init__(self) -> None:
        self._bars: dict[str, Any] = {}

    def begin(self, name: str, total: int) -> None:
        """Begin a stage of `total` units."""
        from tqdm.std import tqdm

        self._bars[name] = tqdm(
            total=total, desc=name, leave=False, unit_scale=True, dynamic_ncols=True
        )

    def advance(self, name: str, n: int) -> None:
        """Count units that are done."""
        if name in self._bars:
            self._bars[name].update(n)

    def finish(self, name: str) -> None:
        """End a stage."""
        bar = self._bars.pop(name, None)
        if bar is not None:
            bar.close()


def bars(progress: bool | None) -> Bars | None:
    """Return bars where they are wanted; where nobody said, on a terminal and in a notebook."""
    if progress is None:
        progress = sys.stderr.isatty() or "ipykernel" in sys.modules
    return Bars() if progress else None
