"""Reports: how much a synthetic dataset is like the real one."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import _engine
from ._dataset import Dataset
from ._model import PLUGINS, Model, components
from ._numbers import floors_of, threads_of
from ._schema import Schema, schema_of
from ._source import Source, SourceLike, connect
from .errors import GateError, ProdlikeError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from .plugin import Component

__all__ = ["Report", "evaluate"]


class Report:
    """What an evaluation found; shows itself in a notebook.

    Scores are SDMetrics' where it has them: 1 is as good as real data can be. Beside each
    stands what a second real sample would score.
    """

    def __init__(self, engine: _engine.Report) -> None:
        self._engine = engine

    def score(self, name: str) -> float | None:
        """Return a score.

        Parameters
        ----------
        name
            `quality`, `diagnostic`, or a property such as `column_shapes`.

        Returns
        -------
        float or None
            In [0, 1]; None where there was nothing to measure.

        Raises
        ------
        ProdlikeError
            Where there is no such score, with the names of all.
        """
        return self._engine.score(name)

    @property
    def quality(self) -> float | None:
        """How well columns, pairs of columns and relationships are met, in [0, 1]."""
        return self.score("quality")

    @property
    def diagnostic(self) -> float | None:
        """Whether the data is what the schema says at all, in [0, 1]."""
        return self.score("diagnostic")

    @property
    def passed(self) -> bool:
        """Whether every score that was demanded was reached."""
        return not self._engine.failed()

    def require(self, **floors: float) -> Report:
        """Raise unless scores are reached, in a test or a job.

        Parameters
        ----------
        floors
            The least that scores may be, by their names.

        Returns
        -------
        Report
            The report.

        Raises
        ------
        GateError
            Where a score is below its floor.
        """
        missed = [
            f"{name} is {'not measured' if score is None else f'{score:.4f}'}, "
            f"at least {floor} was wanted"
            for name, floor in floors_of(floors)
            for score in [self.score(name)]
            if score is None or score < floor
        ]
        if missed:
            raise GateError("; ".join(missed), (), "`report.save('report.html')` shows where")
        return self

    def to_dict(self) -> dict[str, Any]:
        """Return all that was found, as `prodlike schema report` describes it."""
        found: dict[str, Any] = json.loads(self._engine.json())
        return found

    def to_html(self) -> str:
        """Return the page that :meth:`save` writes."""
        return self._engine.html()

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the report.

        Parameters
        ----------
        path
            A path that ends in `.html`, `.json` or, for a CI server, `.xml`. A report that is
            there is replaced; another file is not.

        Returns
        -------
        Path
            The file.
        """
        renders = {".html": self._engine.html, ".json": self._engine.json, ".xml": self._engine.junit}
        render = renders.get(Path(path).suffix)
        if render is None:
            raise ProdlikeError(
                f"{os.fspath(path)!r} is no name of a report",
                (),
                "End it in `.html`, `.json` or `.xml`",
            )
        _engine.write_report(os.fspath(path), render())
        return Path(path)

    def plot(self, column: str | None = None) -> Figure:
        """Draw the scores, or a column of both datasets, with Matplotlib.

        Parameters
        ----------
        column
            A column as `table.column`; the scores of all tables where it is not said.

        Returns
        -------
        matplotlib.figure.Figure
            The picture, which notebooks show and `savefig` writes.

        Raises
        ------
        UnknownNameError
            Where there is no such column, or it was not measured.
        """
        from . import _plot

        return _plot.scores(self) if column is None else _plot.column(self, column)

    def __repr__(self) -> str:
        """Return the scores and what they amount to."""
        return self._engine.text()

    def _repr_html_(self) -> str:
        page = escape(self._engine.html(), quote=True)
        return (
            f'<iframe srcdoc="{page}" title="Report" '
            'style="width:100%;height:640px;border:1px solid #ccc"></iframe>'
        )


def evaluate(
    real: SourceLike,
    synthetic: Dataset | SourceLike,
    schema: Schema | None = None,
    *,
    holdout: SourceLike | None = None,
    model: Model | None = None,
    fail_under: Mapping[str, float] | None = None,
    plugins: Sequence[Component | str | os.PathLike[str]] = (),
    threads: int | None = None,
) -> Report:
    """Measure a synthetic dataset against the real one.

    Parameters
    ----------
    real
        The real data: a :class:`Source`, or what :func:`connect` takes.
    synthetic
        What :meth:`Model.generate` made, or any other dataset with the same tables.
    schema
        The schema that the model was fitted with; where it is not given, what
        :meth:`Source.inspect` proposed or proposes.
    holdout
        Real data that the model has not seen, to be held against the real data as well.
    model
        The model, where the synthetic data does not know it: what it generates is not held
        against real values then.
    fail_under
        The least that scores may be, by their names: they appear in the report as gates.
    plugins
        Components that the schema names beside the standard set.
    threads
        Threads that measure; all of them where it is not said.

    Returns
    -------
    Report
        What was found.

    Raises
    ------
    SourceError
        Where data cannot be read, or is not what the schema says.

    Examples
    --------
    >>> import polars, prodlike
    >>> users = polars.DataFrame({"id": range(100), "country": ["DE", "FR"] * 50})
    >>> source = prodlike.connect({"users": users})
    >>> data = prodlike.fit(source).generate()
    >>> prodlike.evaluate(source, data).score("column_shapes")
    1.0
    """
    source = connect(real, threads=threads)
    schema = source._manifest() if schema is None else schema_of(schema)
    if isinstance(synthetic, Dataset):
        model = model or synthetic.model
        made = Source(synthetic._engine.as_source(), source._threads)
    else:
        made = connect(synthetic, threads=threads)
    held = None if holdout is None else connect(holdout, threads=threads)
    return Report(
        _engine.evaluate(
            source._engine,
            made._engine,
            schema._manifest,
            None if held is None else held._engine,
            None if model is None else model._engine,
            floors_of(fail_under),
            schema._directory,
            components(plugins),
            threads_of(threads),
            PLUGINS,
        )
    )
