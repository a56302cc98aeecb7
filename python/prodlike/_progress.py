"""Progress bars."""

from __future__ import annotations

import sys
import time
from html import escape
from typing import Any, Protocol

#: Seconds before a stage is worth a bar, and between two pictures of one in a notebook.
PATIENCE, FRAME = 0.5, 0.2


class Bars(Protocol):
    """One bar a stage, gone when the stage is over; what the engine calls."""

    def begin(self, name: str, total: int) -> None:
        """Begin a stage of `total` units."""
        ...

    def advance(self, name: str, n: int) -> None:
        """Count units that are done."""
        ...

    def finish(self, name: str) -> None:
        """End a stage."""
        ...


class TerminalBars:
    """Bars on standard error."""

    def __init__(self) -> None:
        self._bars: dict[str, Any] = {}

    def begin(self, name: str, total: int) -> None:
        """Begin a stage of `total` units."""
        from tqdm.std import tqdm

        self._bars[name] = tqdm(
            total=total,
            desc=name,
            leave=False,
            delay=PATIENCE,
            unit_scale=True,
            dynamic_ncols=True,
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


class NotebookBars:
    """Bars in the output of a cell, of which nothing is left in what is saved of it."""

    def __init__(self) -> None:
        self._stages: dict[str, tuple[int, int, float]] = {}
        self._output: Any = None
        self._shown = 0.0

    def begin(self, name: str, total: int) -> None:
        """Begin a stage of `total` units."""
        self._stages[name] = (0, total, time.monotonic())

    def advance(self, name: str, n: int) -> None:
        """Count units that are done."""
        if name in self._stages:
            done, total, start = self._stages[name]
            self._stages[name] = (done + n, total, start)
            self._show(FRAME)

    def finish(self, name: str) -> None:
        """End a stage."""
        self._stages.pop(name, None)
        if not self._stages:
            self._show(0.0)

    def _show(self, frame: float) -> None:
        from IPython import display

        now = time.monotonic()
        if now - self._shown < frame:
            return
        late = [it for it in self._stages.items() if now - it[1][2] >= PATIENCE]
        if self._output is None and not late:
            return
        self._shown = now
        rows = "".join(
            f"<div>{escape(name)} <progress value={done} max={max(total, 1)}></progress> "
            f"{done:,} of {total:,}</div>"
            for name, (done, total, _) in late
        )
        if self._output is None:
            self._output = display.display(display.HTML(rows), display_id=True)
        else:
            self._output.update(display.HTML(rows))


def bars(progress: bool | None) -> Bars | None:
    """Return bars where they are wanted; where nobody said, on a terminal and in a notebook."""
    in_notebook = "ipykernel" in sys.modules
    if progress is None:
        progress = in_notebook or sys.stderr.isatty()
    if not progress:
        return None
    return NotebookBars() if in_notebook else TerminalBars()
