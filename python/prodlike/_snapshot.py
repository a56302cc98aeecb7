"""Snapshots: a manifest as one job."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from . import _engine
from ._model import PLUGINS
from ._numbers import floors_of, rows_of, threads_of, whole
from ._progress import bars
from ._report import Report

__all__ = ["Snapshot", "snapshot"]


class Snapshot(NamedTuple):
    """What a snapshot came to."""

    #: Whether all gates were passed and the dataset is in place; else all is as it was.
    published: bool
    #: Where the dataset is.
    output: Path
    #: Where the model is.
    model: Path
    #: What names the model.
    digest: str
    #: Whether the model was there already, as nothing had changed.
    reused: bool
    #: The root of all randomness.
    seed: int
    #: Rows of all tables.
    rows: int
    #: Where the reports are: a page, a document and test cases.
    reports: tuple[Path, ...]
    #: What was found.
    report: Report


def snapshot(
    manifest: str | os.PathLike[str],
    *,
    output: str | os.PathLike[str] | None = None,
    model: str | os.PathLike[str] | None = None,
    format: Literal["parquet", "csv"] | None = None,
    scale: float | None = None,
    rows: Mapping[str, int] | None = None,
    seed: int | None = None,
    fail_under: Mapping[str, float] | None = None,
    refit: bool = False,
    threads: int | None = None,
    progress: bool | None = None,
) -> Snapshot:
    """Run the job that a manifest describes, as `prodlike snapshot` does.

    The model is fitted where manifest, plugins or source changed; a dataset is generated and
    evaluated; and it is published whole, with its reports, where it passes its gates. What was
    there stays where it does not, or where the job fails or is stopped.

    Parameters
    ----------
    manifest
        The file, usually `prodlike.toml`. What follows goes before what it says.
    output
        A directory, or a path that ends in `.duckdb`.
    model
        Where the model is, or will be.
    format
        The format of files in a directory.
    scale
        Multiplies the real numbers of rows.
    rows
        Numbers of rows of some tables, by their names.
    seed
        The root of all randomness.
    fail_under
        The least that scores may be, by their names.
    refit
        Whether it is fitted again, even if nothing has changed.
    threads
        Threads that work; all of them where it is not said.
    progress
        Whether a bar is shown; where it is not said, on a terminal and in a notebook.

    Returns
    -------
    Snapshot
        What it came to; look at `published`.

    Raises
    ------
    ProdlikeError
        What any of the stages refuses; then nothing is published.
    """
    facts, report = _engine.snapshot(
        os.fspath(manifest),
        None if output is None else os.fspath(output),
        None if model is None else os.fspath(model),
        format,
        scale,
        rows_of(rows),
        None if seed is None else whole("seed", seed),
        floors_of(fail_under),
        refit,
        threads_of(threads),
        PLUGINS,
        bars(progress),
    )
    published, out, fitted, digest, reused, root, made, reports = facts
    return Snapshot(
        published,
        Path(out),
        Path(fitted),
        digest,
        reused,
        root,
        made,
        tuple(map(Path, reports)),
        Report(report),
    )
