"""Handing over to the benchmarks of others: SDMetrics, SDV and synthcity.

None of them is needed for it, and none is imported.
"""

# pandas has stubs that are not always there, and PyArrow has none.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ._libraries import pyarrow
from ._names import unknown
from ._source import Frame
from .errors import ProdlikeError

if TYPE_CHECKING:
    import pandas

    from ._schema import Schema, TableSchema
    from .sklearn import SingleTable

__all__ = ["SynthcityPlugin", "sdmetrics_metadata", "sdmetrics_tables"]

#: What is learned, and so compared.
LEARNED = {
    "numerical": "numerical",
    "categorical": "categorical",
    "country": "categorical",
    "boolean": "boolean",
    "datetime": "datetime",
}
#: What is made: its values are not compared.
MADE = {
    "address": "address",
    "card_number": "credit_card_number",
    "city": "city",
    "company": "company",
    "email": "email",
    "first_name": "first_name",
    "full_name": "name",
    "iban": "iban",
    "job_title": "job",
    "last_name": "last_name",
    "latitude": "latitude",
    "longitude": "longitude",
    "mac_address": "mac_address",
    "national_id": "ssn",
    "phone": "phone_number",
    "postcode": "postcode",
    "state": "state",
    "url": "url",
    "user_agent": "user_agent",
    "username": "user_name",
    "uuid": "uuid4",
}


def sdmetrics_metadata(schema: Schema) -> dict[str, Any]:
    """Return a schema as the metadata that SDMetrics and SDV read.

    Keys have the sdtype `id`; what a generator fills has the sdtype of what it means, where there
    is one, and `unknown` where there is none, and is not compared. Tables and columns that the
    schema excludes are left out, and the keys and relationships that they are part of. Foreign keys of several columns and those of a table to itself
    cannot be said, and are left out with a warning.

    Parameters
    ----------
    schema
        The schema that a model was fitted with.

    Returns
    -------
    dict
        Tables, columns and relationships. `metadata["tables"]["users"]` is what reports on a
        single table take.

    Warns
    -----
    UserWarning
        Where a relationship is left out.

    See Also
    --------
    sdmetrics_tables : The data, as this metadata has it.

    Examples
    --------
    >>> import polars, prodlike
    >>> from prodlike.benchmarks import sdmetrics_metadata
    >>> users = polars.DataFrame({"id": range(100), "country": ["DE", "FR"] * 50})
    >>> schema = prodlike.connect({"users": users}).inspect()
    >>> sdmetrics_metadata(schema)["tables"]["users"]["columns"]
    {'id': {'sdtype': 'id'}, 'country': {'sdtype': 'categorical'}}
    """
    kept = {
        table.name: {column.name for column in table.columns if not column.exclude}
        for table in schema.tables
        if table.mode != "exclude"
    }
    keys: dict[str, set[str]] = {name: set(schema[name].primary_key or ()) for name in kept}
    relationships: list[dict[str, str]] = []
    for it in schema.relationships:
        parent, child = it.parent_table or "", it.child_table or ""
        if parent not in kept or child not in kept:
            continue
        parent_key, child_key = it.parent_key or [], it.child_key or []
        keys[parent].update(parent_key)
        keys[child].update(child_key)
        if not (kept[parent].issuperset(parent_key) and kept[child].issuperset(child_key)):
            continue
        if parent == child or len(child_key) != 1:
            warnings.warn(f"SDMetrics has no words for {it!r}: it is left out", stacklevel=2)
            continue
        relationships.append(
            {
                "parent_table_name": parent,
                "parent_primary_key": parent_key[0],
                "child_table_name": child,
                "child_foreign_key": child_key[0],
            }
        )
    return {
        "METADATA_SPEC_VERSION": "V1",
        "tables": {name: _table(schema[name], keys[name]) for name in kept},
        "relationships": relationships,
    }


def _table(table: TableSchema, keys: set[str]) -> dict[str, Any]:
    columns: dict[str, dict[str, Any]] = {}
    for column in table.columns:
        if column.exclude:
            continue
        semantic = column.semantic or ""
        if column.name in keys or semantic == "id":
            columns[column.name] = {"sdtype": "id"}
        elif semantic in LEARNED and not (column.generator or column.template):
            columns[column.name] = {"sdtype": LEARNED[semantic]}
        else:
            columns[column.name] = {"sdtype": MADE.get(semantic, "unknown"), "pii": True}
    primary = table.primary_key or []
    if not primary or not columns.keys() >= set(primary):
        return {"columns": columns}
    return {"primary_key": primary[0] if len(primary) == 1 else primary, "columns": columns}


def sdmetrics_tables(
    tables: Mapping[str, Frame | pandas.DataFrame], schema: Schema
) -> dict[str, pandas.DataFrame]:
    """Return tables as the frames of pandas that SDMetrics can measure.

    Decimals become floating point numbers, and dates become points in time: SDMetrics takes
    objects of Python for text. What :func:`sdmetrics_metadata` leaves out is left out. Make real
    and synthetic data go through it alike.

    Parameters
    ----------
    tables
        A :class:`prodlike.Dataset`, or frames by the names of their tables.
    schema
        The schema that the model was fitted with.

    Returns
    -------
    dict of pandas.DataFrame
        The tables by their names.

    Raises
    ------
    UnknownNameError
        Where a table or column of the schema is not there.
    ProdlikeError
        Where PyArrow is not installed.

    Examples
    --------
    >>> import polars, prodlike
    >>> from prodlike.benchmarks import sdmetrics_metadata, sdmetrics_tables
    >>> real = {"users": polars.DataFrame({"id": range(100), "age": [20, 30] * 50})}
    >>> source = prodlike.connect(real)
    >>> schema = source.inspect()
    >>> data = prodlike.fit(source, schema).generate()
    >>> [len(sdmetrics_tables(it, schema)["users"]) for it in (real, data)]
    [100, 100]

    SDMetrics takes it from there::

        report = sdmetrics.reports.QualityReport()
        report.generate(
            sdmetrics_tables(real, schema),
            sdmetrics_tables(data, schema),
            sdmetrics_metadata(schema),
        )
    """
    arrow = pyarrow()
    frames: dict[str, pandas.DataFrame] = {}
    for table in schema.tables:
        if table.mode == "exclude":
            continue
        if table.name not in tables:
            raise unknown("table", table.name, tables)
        rows = arrow.table(tables[table.name])
        columns = [column.name for column in table.columns if not column.exclude]
        for name in columns:
            if name not in rows.column_names:
                raise unknown(f"column of table {table.name!r} called", name, rows.column_names)
        rows = rows.select(columns)
        for at, field in enumerate(rows.schema):
            if arrow.types.is_decimal(field.type):
                rows = rows.set_column(at, field.name, rows[at].cast("float64"))
            elif arrow.types.is_date(field.type):
                rows = rows.set_column(at, field.name, rows[at].cast(arrow.timestamp("s")))
        frames[table.name] = rows.to_pandas()
    return frames


class SynthcityPlugin:
    """One table in the shape of a plugin of synthcity: :class:`prodlike.sklearn.SingleTable`.

    It can be used as it is, with frames of pandas, or be made known to synthcity::

        from synthcity.plugins import Plugin, Plugins

        Plugin.register(SynthcityPlugin)
        Plugins().add("prodlike", SynthcityPlugin)
        Benchmarks.evaluate([("prodlike", "prodlike", {})], loader)

    Parameters
    ----------
    schema
        Keys of the schema by column, as the estimator has them.
    threads
        Threads that learn and make rows; all of them where it is None.
    random_state
        The seed of the first rows that are made; those after them have the seeds after it.
    options
        What synthcity gives to every plugin, such as `workspace`; there is no use for it.

    Examples
    --------
    >>> import pandas
    >>> from prodlike.benchmarks import SynthcityPlugin
    >>> frame = pandas.DataFrame({"age": [20, 30] * 50, "smokes": [True, False] * 50})
    >>> SynthcityPlugin(random_state=7).fit(frame).generate(count=3).shape
    (3, 2)
    """

    def __init__(
        self,
        *,
        schema: Mapping[str, Mapping[str, object]] | None = None,
        threads: int | None = None,
        random_state: int = 0,
        **options: object,
    ) -> None:
        from .sklearn import SingleTable

        self._table: SingleTable = SingleTable(schema=schema, threads=threads)
        self._loader: Any = None
        self._seed = random_state
        self.random_state = random_state
        self.fitted = False

    @staticmethod
    def name() -> str:
        """Return the name of the plugin."""
        return "prodlike"

    @staticmethod
    def type() -> str:
        """Return what kind of plugin it is."""
        return "generic"

    @classmethod
    def fqdn(cls) -> str:
        """Return kind and name of the plugin."""
        return f"{cls.type()}.{cls.name()}"

    @staticmethod
    def hyperparameter_space(**_: object) -> list[Any]:
        """Return what could be tuned, which is nothing."""
        return []

    @classmethod
    def sample_hyperparameters(cls, *_: object, **__: object) -> dict[str, Any]:
        """Return one choice of what could be tuned."""
        return {}

    def fit(self, X: Any, *_: object, cond: object = None, **__: object) -> SynthcityPlugin:
        """Learn a table.

        Parameters
        ----------
        X
            A frame of pandas, or a `DataLoader` of synthcity.
        cond
            Must be None: rows are not made under a condition.

        Returns
        -------
        SynthcityPlugin
            The plugin.

        Raises
        ------
        ProdlikeError
            Where there is a condition, or the table cannot be learned.
        """
        _none("cond", cond)
        self._loader = X if hasattr(X, "decorate") else None
        self._table.fit(X if self._loader is None else X.dataframe())
        self._seed = self.random_state
        self.fitted = True
        return self

    def generate(
        self,
        count: int | None = None,
        constraints: object = None,
        random_state: int | None = None,
        cond: object = None,
        **_: object,
    ) -> Any:
        """Make rows, which are others every time, as synthcity expects it.

        Parameters
        ----------
        count
            How many; as many as were learned where it is not said.
        constraints, cond
            Must be None: rows are not made under conditions.
        random_state
            The seed from which to go on.

        Returns
        -------
        pandas.DataFrame or DataLoader
            What :meth:`fit` was given.

        Raises
        ------
        ProdlikeError
            Where there are conditions, or there is no such size or seed.
        sklearn.exceptions.NotFittedError
            Where nothing was learned.
        """
        _none("constraints", constraints)
        _none("cond", cond)
        self._seed = self._seed if random_state is None else random_state
        frame = self._table.sample(count, seed=self._seed)
        self._seed += 1
        return frame if self._loader is None else self._loader.decorate(frame)


def _none(name: str, value: object) -> None:
    if value is not None:
        raise ProdlikeError(
            f"there is no `{name}` in prodlike",
            (),
            "Filter the rows that are made, or let the schema say what must hold",
        )
