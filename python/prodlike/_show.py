"""Tables of text, for terminals and notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape


def as_text(heading: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return columns that stand below one another."""
    lines = [list(heading), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(heading))]
    padded = (
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    )
    return "\n".join(line.rstrip() for line in padded)


def as_html(heading: Sequence[str], rows: Sequence[Sequence[object]], caption: str = "") -> str:
    """Return a table of HTML, which every notebook styles in its own way."""
    head = "".join(f"<th style='text-align:left'>{escape(cell)}</th>" for cell in heading)
    body = "".join(
        "<tr>"
        + "".join(f"<td style='text-align:left'>{escape(str(cell))}</td>" for cell in row)
        + "</tr>"
        for row in rows
    )
    told = f"<caption style='text-align:left'>{escape(caption)}</caption>" if caption else ""
    return f"<table>{told}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
