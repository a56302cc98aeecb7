"""Fresh synthetic data for tests: a plugin of pytest.

Where the package is installed, pytest has it. It is set up in the configuration of pytest::

    [tool.pytest.ini_options]
    prodlike_model = "tests/shop.prodlike"  # from the root directory
    prodlike_seed = 7                       # 0 where it is not said
    prodlike_scale = 0.1                    # 1.0 where it is not said
    prodlike_rows = ["users = 10"]          # rows of some tables

and for one test, class or module by a marker, of which the nearest counts::

    @pytest.mark.prodlike(seed=8, rows={"users": 100})
    def test_many_users(prodlike_database): ...

`--prodlike-seed` stands above the configuration and below a marker. The report of a test that
fails says what makes its data again, in a section and, for JUnit XML, in a property.

The engine is not loaded before a test asks for data.
"""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from math import inf
from operator import index
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

import pytest

from ._names import unknown
from .errors import ProdlikeError

if TYPE_CHECKING:
    from ._dataset import Dataset
    from ._model import Model

__all__ = [
    "prodlike_data",
    "prodlike_database",
    "prodlike_session_data",
    "prodlike_session_database",
]

#: What each argument is.
SHAPES = {
    "model": "It is the path of a model file",
    "seed": "It is a whole number from 0 to 2^64 - 1",
    "scale": "It is a positive number: 0.1 for a tenth of the rows",
    "rows": 'It is a dictionary of tables and numbers of rows: `{"users": 10}`',
}
PER_RUN = {"prodlike_session_data", "prodlike_session_database"}
MARKER = (
    "prodlike(model=PATH, seed=N, scale=X, rows={TABLE: N}): what the data of this test is made "
    "of; what is not said is as in the configuration"
)


class Recipe(NamedTuple):
    """What makes a dataset: a model file, a seed and a size."""

    model: Path | None
    seed: int
    scale: float
    rows: tuple[tuple[str, int], ...]

    def command(self, directory: Path) -> str:
        """Return the command line that makes the dataset again, for a shell in a directory."""
        model = cast("Path", self.model)
        if model.is_relative_to(directory):
            model = model.relative_to(directory)
        size = [] if self.scale == 1.0 else ["--scale", str(self.scale)]
        for table, rows in self.rows:
            size += ["--rows", f"{table}={rows}"]
        seed = ["--seed", str(self.seed)]
        return shlex.join(
            ["prodlike", "generate", str(model), *seed, *size, "-o", "failed.duckdb"]
        )


class Used(NamedTuple):
    """A dataset that a test was given, and what the report of a failure says of it."""

    recipe: Recipe
    digest: str
    planned: tuple[tuple[str, int], ...]

    def told(self, directory: Path) -> str:
        """Return the lines of the report."""
        asked = [f"{table} = {rows}" for table, rows in self.recipe.rows]
        planned = [f"{table} {rows:,}" for table, rows in self.planned]
        return "\n".join(
            [
                f"model: {self.recipe.model}",
                f"       {self.digest}",
                f"seed:  {self.recipe.seed}",
                f"size:  {', '.join([f'scale {self.recipe.scale:g}', *asked])}",
                f"rows:  {', '.join(planned)}",
                f"again: {self.recipe.command(directory)}",
            ]
        )


class Run:
    """What is made once a run: models that were read, and a database a recipe."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._models: dict[Path, Model] = {}
        self._databases: dict[Recipe, Path] = {}

    def data(self, recipe: Recipe) -> tuple[Dataset, Used]:
        """Return the dataset of a recipe, and what is to be said of it."""
        from ._model import load

        if recipe.model is None:
            raise ProdlikeError(
                "no model is configured",
                (),
                'Set `prodlike_model = "PATH"` in the configuration of pytest, or mark the test: '
                '`@pytest.mark.prodlike(model="PATH")`; `prodlike fit` writes models',
            )
        if not recipe.model.is_file():
            raise ProdlikeError(
                f"there is no model file `{recipe.model}`",
                (),
                "`prodlike_model` and the marker's `model` are paths from the root directory of "
                "pytest, which it prints as `rootdir`",
            )
        if recipe.model not in self._models:
            self._models[recipe.model] = load(recipe.model)
        model = self._models[recipe.model]
        data = model.generate(seed=recipe.seed, scale=recipe.scale, rows=dict(recipe.rows))
        planned = tuple((name, len(table)) for name, table in data.items())
        return data, Used(recipe, model.digest, planned)

    def database(self, data: Dataset, recipe: Recipe, to: Path) -> Path:
        """Copy the database of a recipe, which is made where it was not before."""
        made = self._databases.get(recipe)
        if made is None:
            made = self._directory / f"{len(self._databases)}.duckdb"
            data.write_duckdb(made, progress=False)
            self._databases[recipe] = made
        try:
            return Path(shutil.copyfile(made, to))
        except OSError as error:
            raise ProdlikeError(
                f"the database cannot be copied to `{to}`",
                [error.strerror or str(error)],
                "Give pytest a directory with more space: `--basetemp`; or share the database of "
                "the run, `prodlike_session_database`",
            ) from error


CONFIGURED = pytest.StashKey[Recipe]()
USED_BY_TEST = pytest.StashKey[list[Used]]()
USED_BY_RUN = pytest.StashKey[Used]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what the configuration and the command line can say."""
    # Older versions know no numbers.
    typed = pytest.version_tuple >= (8, 4)
    seed: Literal["int", "string"] = "int" if typed else "string"
    scale: Literal["float", "string"] = "float" if typed else "string"
    parser.addini("prodlike_model", "the model of test data, a path from the root directory")
    parser.addini("prodlike_seed", "the seed of test data", seed, default=0)
    parser.addini("prodlike_scale", "multiplies the real numbers of rows", scale, default=1.0)
    parser.addini("prodlike_rows", "rows of some tables, each as `TABLE = N`", "linelist")
    group = parser.getgroup("prodlike", "synthetic test data (prodlike)")
    group.addoption(
        "--prodlike-seed",
        type=int,
        metavar="SEED",
        help="the seed of test data, where no marker says another",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Announce the marker, and read what is configured."""
    config.addinivalue_line("markers", MARKER)
    try:
        config.stash[CONFIGURED] = _configured(config)
    except ProdlikeError as error:
        raise pytest.UsageError(f"prodlike: {error}") from error


# Older versions know no wrappers of the newer kind.
@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    """Add the recipes to the report of a test that failed."""
    report: pytest.TestReport = (yield).get_result()
    if report.failed:
        used = item.stash.get(USED_BY_TEST, None) or []
        names: Iterable[str] = getattr(item, "fixturenames", ())
        if USED_BY_RUN in item.config.stash and PER_RUN.intersection(names):
            used = [*used, item.config.stash[USED_BY_RUN]]
        directory = item.config.invocation_params.dir
        for it in dict.fromkeys(used):
            report.sections.append(("prodlike", it.told(directory)))
            item.user_properties.append(("prodlike", it.recipe.command(directory)))


@pytest.fixture(scope="session")
def _prodlike_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return Run(tmp_path_factory.mktemp("prodlike"))


@pytest.fixture
def prodlike_data(request: pytest.FixtureRequest, _prodlike_run: Run) -> Dataset:
    """A synthetic dataset: a mapping of tables, whose rows are made when they are read."""
    with _plainly():
        return _of_test(request, _prodlike_run)[0]


@pytest.fixture
def prodlike_database(
    request: pytest.FixtureRequest, _prodlike_run: Run, tmp_path: Path
) -> Path:
    """The path of a DuckDB file with synthetic data, which is this test's own."""
    with _plainly():
        data, used = _of_test(request, _prodlike_run)
        return _prodlike_run.database(data, used.recipe, tmp_path / "prodlike.duckdb")


@pytest.fixture(scope="session")
def prodlike_session_data(pytestconfig: pytest.Config, _prodlike_run: Run) -> Dataset:
    """A synthetic dataset as the configuration has it; no marker changes it."""
    with _plainly():
        data, used = _prodlike_run.data(pytestconfig.stash[CONFIGURED])
    pytestconfig.stash[USED_BY_RUN] = used
    return data


@pytest.fixture(scope="session")
def prodlike_session_database(
    pytestconfig: pytest.Config,
    prodlike_session_data: Dataset,
    _prodlike_run: Run,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """The path of a DuckDB file that all tests of a run share; no marker changes it."""
    to = tmp_path_factory.mktemp("prodlike") / "prodlike.duckdb"
    with _plainly():
        return _prodlike_run.database(prodlike_session_data, pytestconfig.stash[CONFIGURED], to)


@contextmanager
def _plainly() -> Generator[None, None, None]:
    """Tell what is wrong without a traceback, which would show this file."""
    try:
        yield
    except ProdlikeError as error:
        raise pytest.fail.Exception(f"prodlike: {error}", pytrace=False) from None


def _of_test(request: pytest.FixtureRequest, run: Run) -> tuple[Dataset, Used]:
    node = cast("pytest.Item", request.node)
    data, used = run.data(_recipe(node))
    node.stash.setdefault(USED_BY_TEST, []).append(used)
    return data, used


def _recipe(node: pytest.Item) -> Recipe:
    """Return what is configured, with what the markers of a test change, the nearest last."""
    recipe = node.config.stash[CONFIGURED]
    for marker in reversed(list(node.iter_markers("prodlike"))):
        if marker.args:
            raise ProdlikeError(
                "the marker takes arguments by their names only",
                (),
                '`@pytest.mark.prodlike(model="shop.prodlike", seed=7)`',
            )
        recipe = _changed(recipe, marker.kwargs, node.config.rootpath)
    return recipe


def _configured(config: pytest.Config) -> Recipe:
    """Return what the configuration and the command line say."""
    rows: dict[str, int] = {}
    for line in config.getini("prodlike_rows"):
        table, _, count = (part.strip() for part in str(line).rpartition("="))
        if not table or not count.isdecimal():
            raise ProdlikeError(
                f"`prodlike_rows` has {line!r}, which is no number of rows of a table",
                (),
                "Write one line a table: `users = 10`",
            )
        if table in rows:
            raise ProdlikeError(
                f"`prodlike_rows` has the table {table!r} twice", (), "Write one line a table"
            )
        rows[table] = int(count)
    seed = config.getoption("--prodlike-seed")
    said = {
        "model": config.getini("prodlike_model") or None,
        "seed": config.getini("prodlike_seed") if seed is None else seed,
        "scale": config.getini("prodlike_scale"),
        "rows": rows,
    }
    return _changed(Recipe(None, 0, 1.0, ()), said, config.rootpath)


def _changed(recipe: Recipe, said: Mapping[str, Any], root: Path) -> Recipe:
    """Return a recipe with what is said, each checked."""
    model, seed, scale, rows = recipe.model, recipe.seed, recipe.scale, recipe.rows
    for name, value in said.items():
        try:
            match name:
                case "model":
                    model = None if value is None else root / value
                case "seed":
                    seed = _count(value)
                case "scale":
                    scale = _scale(value)
                case "rows":
                    rows = tuple((str(table), _count(count)) for table, count in value.items())
                case _:
                    raise unknown("argument of the marker `prodlike`", name, Recipe._fields)
        except (TypeError, ValueError, AttributeError):
            raise ProdlikeError(f"`{name}` cannot be {value!r}", (), SHAPES[name]) from None
    return Recipe(model, seed, scale, rows)


def _count(value: Any) -> int:
    count = int(value) if isinstance(value, str) else index(value)
    if not 0 <= count < 2**64:
        raise ValueError(value)
    return count


def _scale(value: Any) -> float:
    scale = float(value)
    if not 0 < scale < inf:
        raise ValueError(value)
    return scale
