"""Models: what was learned."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from . import _engine
from ._numbers import part_of, rows_of, threads_of, whole
from ._progress import bars
from ._schema import Schema, schema_of
from ._show import as_html, as_text
from ._source import SourceLike, connect
from .errors import ModelError, PluginError, ProdlikeError

if TYPE_CHECKING:
    from ._dataset import Dataset
    from .plugin import Component

__all__ = ["Change", "Model", "fit", "load"]

#: Where the standard plugins lie.
PLUGINS = [str(Path(__file__).parent / "plugins")]


def components(plugins: Sequence[Component | str | os.PathLike[str]]) -> list[bytes]:
    """Return the bytes of components that are given as such or as files."""
    if isinstance(plugins, (str, os.PathLike)):
        plugins = [plugins]
    return [_component(it) for it in plugins]


def _component(plugin: Component | str | os.PathLike[str]) -> bytes:
    from .plugin import Component

    if isinstance(plugin, Component):
        return plugin.read_bytes()
    try:
        return Path(plugin).read_bytes()
    except (OSError, TypeError) as error:
        raise PluginError(
            f"there is no component {plugin!r}",
            [str(error)],
            "Give the path of a component, or a function under a decorator of `prodlike.plugin`",
        ) from error


class Change(NamedTuple):
    """One difference between two models."""

    #: What kind: `table_added`, `type`, `nulls`, `levels`, `distribution`, `fan_out`, ….
    kind: str
    #: Where: a table, `table.column` or a relationship; empty for the whole model.
    subject: str
    #: What it was.
    before: str
    #: What it is.
    after: str
    #: How much it changed, in [0, 1].
    size: float


class Model:
    """What was learned of real data: all that generation needs, and no real row.

    :func:`fit` makes one, and :func:`load` reads one from a file; it can be pickled.
    """

    def __init__(self, engine: _engine.Model) -> None:
        self._engine = engine

    @property
    def digest(self) -> str:
        """What names the model: the SHA-256 of its file."""
        return self._engine.digest

    @property
    def tables(self) -> list[str]:
        """The names of the tables."""
        return [name for name, _, _ in self._engine.tables()]

    def generate(
        self,
        *,
        scale: float = 1.0,
        seed: int = 0,
        rows: Mapping[str, int] | None = None,
        part: tuple[int, int] | None = None,
        table: str | Sequence[str] | None = None,
        threads: int | None = None,
    ) -> Dataset:
        """Plan a synthetic dataset, whose rows are made when they are read.

        The same model, seed and size give the same rows, on any number of threads, in any
        parts, and on the command line.

        Parameters
        ----------
        scale
            Multiplies the real numbers of rows.
        seed
            The root of all randomness.
        rows
            Numbers of rows of some tables, by their names.
        part
            Part K of N, from 1: `(1, 4)` is the first quarter.
        table
            The table, or tables, that the dataset is to show; all of them where it is not said.
        threads
            Threads that make rows; all of them where it is not said.

        Returns
        -------
        Dataset
            A mapping of table names to tables.

        Raises
        ------
        ProdlikeError
            Where a size cannot be met, or there is no such table or part.

        Examples
        --------
        >>> import polars, prodlike
        >>> users = polars.DataFrame({"id": range(100), "country": ["DE", "FR"] * 50})
        >>> model = prodlike.fit({"users": users})
        >>> data = model.generate(rows={"users": 1000}, seed=7)
        >>> len(data["users"])
        1000
        >>> data["users"].to_polars().equals(model.generate(
        ...     rows={"users": 1000}, seed=7, threads=1)["users"].to_polars())
        True
        """
        from ._dataset import Dataset

        names = [table] if isinstance(table, str) else list(table or ())
        if table is not None and not names:
            raise ProdlikeError(
                "no table is named", (), "Leave `table` out, and the dataset shows all of them"
            )
        planned = self._engine.dataset(
            scale,
            rows_of(rows),
            whole("seed", seed),
            threads_of(threads),
            PLUGINS,
            names,
            part_of(part),
        )
        return Dataset(planned, self)

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
        """Write the model to a file, which the command line reads too.

        Parameters
        ----------
        path
            The file, usually `NAME.prodlike`.
        overwrite
            Whether a file that is there is replaced.
        """
        self._engine.save(os.fspath(path), overwrite)

    def inspect(self) -> dict[str, object]:
        """Return all that the model knows, as `prodlike inspect --output-format json` has it."""
        import json

        told: dict[str, object] = json.loads(self._engine.inspect_json())
        return told

    def explain(self, subject: str | None = None) -> str:
        """Say in words what the model knows.

        Parameters
        ----------
        subject
            A table, or a column as `table.column`; the whole model where it is not said.

        Returns
        -------
        str
            How each is filled, from what it is drawn, its values and what the floors took away.

        Raises
        ------
        UnknownNameError
            Where there is no such table or column.
        """
        return self._engine.inspect_text(subject)

    def diff(self, other: Model) -> list[Change]:
        """Compare with another model.

        Parameters
        ----------
        other
            The model that came after this one.

        Returns
        -------
        list of Change
            What changed, the greatest change first.
        """
        engine = getattr(other, "_engine", None)
        if not isinstance(engine, _engine.Model):
            raise ModelError(
                f"a model cannot be of {type(other)}", (), "Read one: `prodlike.load(path)`"
            )
        return [Change(*change) for change in _engine.diff(self._engine, engine)]

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the model as what its file holds."""
        return (_loads, (self._engine.to_bytes(),))

    def __eq__(self, other: object) -> bool:
        """Whether both models are the same, byte for byte."""
        return isinstance(other, Model) and other.digest == self.digest

    def __hash__(self) -> int:
        """Return a hash of the digest."""
        return hash(self.digest)

    def _rows(self) -> list[tuple[str, str, int]]:
        return [(name, f"{rows:,}", len(columns)) for name, rows, columns in self._engine.tables()]

    _heading = ("table", "rows learned", "columns")

    def __repr__(self) -> str:
        """Return the tables and what was learned of them."""
        return f"Model {self.digest[:19]}…\n" + as_text(self._heading, self._rows())

    def _repr_html_(self) -> str:
        return as_html(self._heading, self._rows(), f"Model {self.digest[:19]}…")


def _loads(held: bytes) -> Model:
    return Model(_engine.parse_model(held))


def fit(
    source: SourceLike,
    schema: Schema | None = None,
    *,
    plugins: Sequence[Component | str | os.PathLike[str]] = (),
    threads: int | None = None,
    progress: bool | None = None,
) -> Model:
    """Learn a model of real data.

    Parameters
    ----------
    source
        The data: a :class:`Source`, or what :func:`connect` takes.
    schema
        What :meth:`Source.inspect` proposed and a person looked through, or a manifest that was
        loaded; where it is not given, what is proposed is taken.
    plugins
        Components that the schema names beside the standard set: of :mod:`prodlike.plugin`, or
        files. A schema that was loaded takes those of the `prodlike.lock` beside it where none
        are given.
    threads
        Threads that learn; all of them where it is not said.
    progress
        Whether a bar is shown; where it is not said, on a terminal and in a notebook.

    Returns
    -------
    Model
        What was learned.

    Raises
    ------
    SourceError
        Where the data is not what the schema says.
    SchemaError
        Where the schema asks for what cannot be done.
    KeyboardInterrupt
        Where Ctrl-C stopped it.

    Examples
    --------
    >>> import polars, prodlike
    >>> users = polars.DataFrame({"id": range(100), "country": ["DE", "FR"] * 50})
    >>> prodlike.fit({"users": users}).tables
    ['users']
    """
    source = connect(source, threads=threads)
    schema = source._manifest() if schema is None else schema_of(schema)
    return Model(
        _engine.fit(
            source._engine,
            schema._manifest,
            schema._directory,
            components(plugins),
            threads_of(threads),
            PLUGINS,
            bars(progress),
        )
    )


def load(path: str | os.PathLike[str]) -> Model:
    """Read a model from a file that :meth:`Model.save` or the command line wrote.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Model
        What was learned.

    Raises
    ------
    ModelError
        Where the file is no model, is damaged, or of a newer version.
    """
    return Model(_engine.read_model(os.fspath(path)))
