"""Prints what was measured: a table a dataset, notes of classifiers, and the summary of goals."""

import numpy as np

import goals

WIDEST_NAME = 48


def number(value):
    if value is None:
        return "-"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) >= 10 else f"{value:.4f}"


def rows_of(floor, peers, ours):
    """Returns (table, measure) in the order in which they were first measured."""
    seen = {}
    for log in [*ours, floor, *peers.values()]:
        for key in log.values if log else ():
            seen.setdefault(key)
    return list(seen)


def floor_value(floor, key):
    """Returns what real data score; a sample against the other is the other against it."""
    if floor is None:
        return None
    table, measure = key
    return floor.values.get(key, floor.values.get((table, measure.replace(" vs holdout", " vs train"))))


def dataset(name, floor, peers, ours, heading):
    """Returns the report of one dataset, and its lines for the summary."""
    lines = [f"== {name} ==", *heading, ""]
    header = ["table", "measure", "real", *peers, "prodlike", "sd", "seeds", "reach", ""]
    body, summary = [], []
    for key in rows_of(floor, peers, ours):
        table, measure = key
        values = [log.values[key] for log in ours if key in log.values]
        mean = float(np.mean(values)) if values else None
        real = floor_value(floor, key)
        goal = goals.goal_of(name, table, measure) if mean is not None else None
        verdict = "" if goal is None else ("reached" if goal.met(mean, real) else "MISSED")
        line = [
            table, measure, number(real), *(number(log.values.get(key)) for log in peers.values()),
            number(mean), number(float(np.std(values))) if len(values) > 1 else "-", str(len(values)),
            goal.words() if goal else "", verdict,
        ]
        body.append(line)
        if goal:
            peer = ", ".join(f"{who} {number(log.values[key])}" for who, log in peers.items() if key in log.values)
            summary.append([name, table, measure, goal.words(), number(mean), number(real), peer or "-", verdict])
    lines += aligned([header, *body])
    noted = ours[0].notes if ours else {}
    if noted:
        lines += ["", "What the classifiers look at (share of gain), and the worst columns and pairs (first seed):"]
        lines += [f"  {table} | {measure}: {note}" for (table, measure), note in noted.items()]
    return "\n".join(lines), summary


def aligned(rows):
    """Lays rows out in columns; the first two are words, the others numbers.

    A long name pushes its own row to the right, not all of them.
    """
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    widths[0] = min(widths[0], WIDEST_NAME)
    return [
        "  ".join(
            cell.ljust(width) if at < 2 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def summary(lines):
    """Returns the table of goals in Markdown."""
    header = ["dataset", "table", "measure", "reach", "measured", "real", "peers", ""]
    rows = [header, ["---"] * len(header), *lines]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
