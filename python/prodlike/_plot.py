"""Pictures of reports, with Matplotlib.

Matplotlib, because what it draws is an image: it looks the same in a notebook, in its export, on
a page of a repository and in a mail, without a script that has to be loaded.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ._names import unknown

if TYPE_CHECKING:
    from ._report import Report

#: As on the page: real data is blue, synthetic is orange, for all kinds of sight.
REAL, SYNTHETIC = "#3b76af", "#e1812c"


class Picture(Figure):
    """A figure that shows itself in a notebook.

    Of Matplotlib's own only those do that pyplot made, which keeps every figure and chooses a
    window system.
    """

    def _repr_png_(self) -> bytes:
        held = io.BytesIO()
        self.savefig(held, format="png", dpi=110)
        return held.getvalue()


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Picture(figsize=(width, height), layout="constrained")
    axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def scores(report: Report) -> Figure:
    """Draw the properties, each beside what a second real sample scores."""
    found = report.to_dict()
    measured = [it for it in found["properties"] if it["score"] is not None]
    figure, axes = _figure(7.0, 0.6 + 0.32 * len(measured))
    names = [it["name"].replace("_", " ") for it in measured]
    axes.barh(names, [it["score"] for it in measured], color=SYNTHETIC, label="synthetic")
    for at, it in enumerate(measured):
        if it["baseline"] is not None:
            axes.plot([it["baseline"]] * 2, [at - 0.4, at + 0.4], color=REAL, linewidth=2.5)
        axes.annotate(f" {it['score']:.3f}", (1.0, at), va="center", annotation_clip=False)
    axes.plot([], [], color=REAL, linewidth=2.5, label="a second real sample")
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    _legend(figure)
    return figure


def column(report: Report, name: str) -> Figure:
    """Draw a column of both datasets: a histogram, levels, or the children of a key's parents."""
    found = report.to_dict()
    drawn: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        f"{table['table']}.{it['column']}": (table, it)
        for table in found["tables"]
        for it in table["columns"]
    }
    fan_outs = {
        f"{it['child_table']}.{key}": it
        for it in found["relationships"]
        for key in it["child_key"]
        if it["fan_outs"]
    }
    if name in fan_outs:
        return _fan_out(fan_outs[name])
    shown = [key for key, (_, it) in drawn.items() if it["histogram"] or it["levels"]]
    if name not in shown:
        raise unknown("measured column", name, [*shown, *fan_outs])
    table, it = drawn[name]
    figure, axes = _figure(7.0, 3.2)
    axes.set_title(name, loc="left")
    axes.set_ylabel("share of rows")
    rows = {side: max(1, table["rows"][side]) for side in ("real", "synthetic")}
    if it["histogram"]:
        _histogram(axes, it["histogram"], rows)
    else:
        levels = [(level["label"], level["counts"]) for level in it["levels"]["shown"]]
        if any(it["levels"]["other"].values()):
            levels.append(("(others)", it["levels"]["other"]))
        _bars(axes, levels, rows)
    _legend(figure)
    return figure


def _legend(figure: Figure) -> None:
    """Say what colours mean, where it hides nothing."""
    figure.legend(loc="outside upper right", ncols=3, frameon=False)


def _withheld(axes: Axes, spans: list[tuple[float, float]]) -> None:
    """Mark where the real number is too small to be shown."""
    for at, (start, end) in enumerate(spans):
        label = "real: too few to be shown" if at == 0 else None
        axes.axvspan(start, end, color=REAL, alpha=0.12, hatch="//", linewidth=0, label=label)


def _histogram(axes: Axes, histogram: dict[str, Any], rows: dict[str, int]) -> None:
    is_time = histogram["unit"] in ("date", "timestamp")
    # Nanoseconds; on an axis of times Matplotlib counts days since 1970.
    unit = 86_400e9 if is_time else 1
    edges = [edge / unit for edge in histogram["edges"]]
    for side, color in (("real", REAL), ("synthetic", SYNTHETIC)):
        counts = [
            math.nan if count is None else count / rows[side]
            for count in histogram["counts"][side]
        ]
        axes.stairs(counts, edges, color=color, fill=True, alpha=0.35)
        axes.stairs(counts, edges, color=color, linewidth=1.5, label=side)
    pairs = zip(edges, edges[1:], strict=False)
    real = histogram["counts"]["real"]
    _withheld(axes, [span for span, count in zip(pairs, real, strict=True) if count is None])
    if is_time:
        axes.xaxis_date()
        axes.tick_params(axis="x", rotation=20)


def _bars(
    axes: Axes, groups: Sequence[tuple[str, dict[str, Any]]], rows: dict[str, int]
) -> None:
    counts = [count for _, count in groups]
    for side, color, shift in (("real", REAL, -0.2), ("synthetic", SYNTHETIC, 0.2)):
        shares = [(count[side] or 0) / rows[side] for count in counts]
        axes.bar([at + shift for at in range(len(shares))], shares, 0.4, color=color, label=side)
    hidden = [at for at, count in enumerate(counts) if count["real"] is None]
    _withheld(axes, [(at - 0.4, float(at)) for at in hidden])
    short = [label if len(label) <= 18 else label[:17] + "…" for label, _ in groups]
    axes.set_xticks(range(len(short)), short)
    if len(short) > 6:
        axes.tick_params(axis="x", rotation=30)


def _fan_out(relationship: dict[str, Any]) -> Figure:
    figure, axes = _figure(7.0, 3.2)
    groups = relationship["fan_outs"]
    rows = {
        side: max(1, sum(it["counts"][side] or 0 for it in groups))
        for side in ("real", "synthetic")
    }
    _bars(axes, [(_range(it["least"], it["most"]), it["counts"]) for it in groups], rows)
    child, parent = relationship["child_table"], relationship["parent_table"]
    axes.set_title(f"{child} of each {parent}", loc="left")
    axes.set_xlabel(f"rows of {child}")
    axes.set_ylabel(f"share of {parent}")
    _legend(figure)
    return figure


def _range(least: int, most: int | None) -> str:
    if most is None:
        return f"{least}+"
    return str(least) if least == most else f"{least}–{most}"
