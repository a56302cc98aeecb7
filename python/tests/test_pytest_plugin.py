"""The plugin of pytest, in runs of pytest of its own."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from textwrap import dedent

import duckdb
import polars
import prodlike
import pytest

pytest_plugins = ["pytester"]

# Installed or not, the plugin is that of this source tree.
PLUGIN = ("-p", "no:prodlike", "-p", "prodlike.pytest_plugin")
INI = "[pytest]\nprodlike_model = models/shop.prodlike\nprodlike_seed = 7\n"


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "shop.prodlike"
    users = polars.DataFrame({"id": range(60), "country": ["DE", "FR", "IT"] * 20})
    orders = polars.DataFrame(
        {
            "id": range(180),
            "user_id": [at % 60 for at in range(180)],
            "amount": [at % 17 + 1 for at in range(180)],
        }
    )
    source = prodlike.connect({"users": users, "orders": orders})
    schema = source.inspect()
    if not schema.relationships:
        schema.relate("orders", "user_id", "users", "id")
    prodlike.fit(source, schema).save(path)
    return path


@pytest.fixture
def suite(pytester: pytest.Pytester, model: Path) -> pytest.Pytester:
    pytester.mkdir("models").joinpath("shop.prodlike").write_bytes(model.read_bytes())
    pytester.path.joinpath("pytest.ini").write_text(INI)
    return pytester


def run(pytester: pytest.Pytester, test: str, *arguments: str) -> pytest.RunResult:
    pytester.makepyfile("import duckdb, pytest\n" + dedent(test))
    return pytester.runpytest(*PLUGIN, *arguments)


def section(lines: Sequence[str]) -> dict[str, str]:
    """Return what the last section of a report says."""
    at = max(at for at, line in enumerate(lines) if re.fullmatch(r"-+ prodlike -+", line))
    told: dict[str, str] = {}
    for line in lines[at + 1 :]:
        name, colon, value = line.partition(":")
        if not colon or name.startswith("="):
            break
        told[name.strip()] = value.strip()
    return told


def test_data_are_frames(suite: pytest.Pytester) -> None:
    test = """
    def test_it(prodlike_data):
        assert set(prodlike_data) == {"users", "orders"}
        assert prodlike_data.seed == 7
        assert len(prodlike_data["users"].to_polars()) == 60
    """
    run(suite, test).assert_outcomes(passed=1)


def test_each_test_has_a_database_of_its_own(suite: pytest.Pytester) -> None:
    test = """
    @pytest.mark.parametrize("_", range(3))
    def test_it(prodlike_database, tmp_path, _):
        assert prodlike_database.parent == tmp_path
        with duckdb.connect(prodlike_database) as shop:
            assert shop.sql("SELECT count(*) FROM users").fetchone() == (60,)
            shop.execute("DELETE FROM orders; DELETE FROM users")
    """
    run(suite, test).assert_outcomes(passed=3)


def test_a_database_is_made_once_a_recipe(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Path] = []
    write = prodlike.Dataset.write_duckdb

    def count(self: prodlike.Dataset, path: Path, *, progress: bool | None = None) -> Path:
        written.append(path)
        return write(self, path, progress=progress)

    monkeypatch.setattr(prodlike.Dataset, "write_duckdb", count)
    test = """
    def test_first(prodlike_database): pass
    def test_second(prodlike_database, prodlike_session_database):
        assert prodlike_database != prodlike_session_database
    @pytest.mark.prodlike(seed=8)
    def test_third(prodlike_database): pass
    """
    run(suite, test).assert_outcomes(passed=3)
    assert len(written) == 2


def test_a_run_shares_a_database(suite: pytest.Pytester) -> None:
    test = """
    def test_first(prodlike_session_database):
        with duckdb.connect(prodlike_session_database) as shop:
            shop.execute("CREATE TABLE note AS SELECT 1")
    def test_second(prodlike_session_database):
        with duckdb.connect(prodlike_session_database) as shop:
            assert shop.sql("FROM note").fetchone() == (1,)
    def test_third(prodlike_database):
        with duckdb.connect(prodlike_database) as shop:
            assert ("note",) not in shop.sql("SHOW TABLES").fetchall()
    def test_fourth(prodlike_session_data):
        assert len(prodlike_session_data["users"]) == 60
    """
    run(suite, test).assert_outcomes(passed=4)


def test_the_nearest_marker_counts(suite: pytest.Pytester) -> None:
    test = """
    @pytest.mark.prodlike(seed=3, rows={"users": 20})
    class TestIt:
        def test_class(self, prodlike_data):
            assert prodlike_data.seed == 3
            assert len(prodlike_data["users"]) == 20
        @pytest.mark.prodlike(seed=4)
        def test_both(self, prodlike_data):
            assert prodlike_data.seed == 4
            assert len(prodlike_data["users"]) == 20
        @pytest.mark.prodlike(scale=0.5, rows={})
        def test_scale(self, prodlike_data):
            assert len(prodlike_data["users"]) == 30
    """
    run(suite, test).assert_outcomes(passed=3)


@pytest.mark.parametrize(("arguments", "seed"), [((), 7), (("--prodlike-seed", "9"), 9)])
def test_the_command_line_stands_above_the_configuration(
    suite: pytest.Pytester, arguments: tuple[str, ...], seed: int
) -> None:
    test = f"""
    def test_it(prodlike_data, prodlike_session_data):
        assert prodlike_data.seed == prodlike_session_data.seed == {seed}
    @pytest.mark.prodlike(seed=1)
    def test_marker(prodlike_data):
        assert prodlike_data.seed == 1
    """
    run(suite, test, *arguments).assert_outcomes(passed=2)


def test_the_configuration_has_sizes(suite: pytest.Pytester) -> None:
    suite.path.joinpath("pytest.ini").write_text(
        INI + "prodlike_scale = 0.5\nprodlike_rows =\n    orders = 11\n"
    )
    test = """
    def test_it(prodlike_data):
        assert {name: len(table) for name, table in prodlike_data.items()} == {
            "users": 30, "orders": 11}
    """
    run(suite, test).assert_outcomes(passed=1)


def test_a_failure_says_what_makes_its_data_again(suite: pytest.Pytester, model: Path) -> None:
    test = """
    @pytest.mark.prodlike(rows={"users": 10})
    def test_it(prodlike_database):
        assert False
    """
    result = run(suite, test)
    result.assert_outcomes(failed=1)
    told = section(result.outlines)
    assert told["model"] == str(suite.path / "models" / "shop.prodlike")
    assert told["seed"] == "7"
    assert told["size"] == "scale 1, users = 10"
    assert told["rows"] == "orders 30, users 10"
    assert prodlike.load(model).digest in result.stdout.str()
    assert told["again"] == (
        "prodlike generate models/shop.prodlike --seed 7 --rows users=10 -o failed.duckdb"
    )


def test_the_recipe_makes_the_same_data(suite: pytest.Pytester) -> None:
    test = """
    @pytest.mark.prodlike(seed=5, scale=0.5)
    def test_it(prodlike_database):
        with duckdb.connect(prodlike_database) as shop:
            shop.sql("FROM orders ORDER BY ALL").write_csv("orders.csv")
        assert False
    """
    again = shlex.split(section(run(suite, test).outlines)["again"])
    assert again[:3] == ["prodlike", "generate", "models/shop.prodlike"]
    options = dict(zip(again[3::2], again[4::2], strict=True))
    assert options == {"--seed": "5", "--scale": "0.5", "-o": "failed.duckdb"}
    database = prodlike.load(again[2]).generate(seed=5, scale=0.5).write_duckdb("failed.duckdb")
    with duckdb.connect(database) as shop:
        shop.sql("FROM orders ORDER BY ALL").write_csv("again.csv")
    assert Path("orders.csv").read_bytes() == Path("again.csv").read_bytes()


def test_only_failures_with_data_tell(suite: pytest.Pytester) -> None:
    test = """
    def test_passes(prodlike_data): pass
    def test_fails_without(): assert False
    def test_fails_with(prodlike_session_database): assert False
    """
    result = run(suite, test)
    result.assert_outcomes(passed=1, failed=2)
    assert sum(bool(re.fullmatch(r"-+ prodlike -+", line)) for line in result.outlines) == 1


def test_a_fixture_that_fails_tells_too(suite: pytest.Pytester) -> None:
    test = """
    @pytest.fixture
    def service(prodlike_database):
        raise RuntimeError
    def test_it(service): pass
    """
    result = run(suite, test)
    result.assert_outcomes(errors=1)
    assert "--seed 7" in section(result.outlines)["again"]


def test_junit_has_the_recipe(suite: pytest.Pytester) -> None:
    run(suite, "def test_it(prodlike_data): assert False", "--junit-xml", "junit.xml")
    assert "prodlike generate models/shop.prodlike --seed 7" in Path("junit.xml").read_text()


@pytest.mark.parametrize(
    ("ini", "marker", "told"),
    [
        ("", "seed=1", ["no model is configured", "hint: *prodlike_model*"]),
        ("prodlike_model = nowhere.prodlike", "seed=1", ["no model file*nowhere*", "hint: *"]),
        (
            "prodlike_model = models/shop.prodlike",
            'rows={"user": 1}',
            ["*table `user` is not in the model*", "hint: *users*"],
        ),
        ("prodlike_model = models/shop.prodlike", "sed=1", ["*no argument*sed*", "hint: *seed*"]),
        ("prodlike_model = models/shop.prodlike", "seed=-1", ["*seed*-1*", "hint: *whole*"]),
        ("prodlike_model = models/shop.prodlike", "scale=0", ["*scale*0*", "hint: *positive*"]),
        ("prodlike_model = models/shop.prodlike", "rows=3", ["*rows*3*", "hint: *dictionary*"]),
        ("prodlike_model = models/shop.prodlike", '"x"', ["*by their names*", "hint: *model=*"]),
        ("prodlike_model = pytest.ini", "seed=1", ["*pytest.ini*"]),
    ],
)
def test_what_is_wrong_is_said_with_a_hint(
    suite: pytest.Pytester, ini: str, marker: str, told: list[str]
) -> None:
    suite.path.joinpath("pytest.ini").write_text(f"[pytest]\n{ini}\n")
    result = run(suite, f"@pytest.mark.prodlike({marker})\ndef test_it(prodlike_data): pass")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"*{line}" for line in told])
    assert "pytest_plugin.py" not in result.stdout.str()


def test_a_full_disk_is_told_plainly(suite: pytest.Pytester) -> None:
    test = """
    import shutil
    @pytest.fixture
    def full(monkeypatch):
        def copy(*_): raise OSError(28, "No space left on device")
        monkeypatch.setattr(shutil, "copyfile", copy)
    def test_it(full, prodlike_database): pass
    """
    result = run(suite, test)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*cannot be copied*", "*No space left*", "hint: *--basetemp*"])
    assert "pytest_plugin.py" not in result.stdout.str()


@pytest.mark.parametrize(
    ("ini", "told"),
    [
        ("prodlike_rows = users", ["*users*no number of rows*", "hint: *users = 10*"]),
        ("prodlike_rows =\n  users = 1\n  users = 2", ["*'users' twice*", "hint: *one line*"]),
        ("prodlike_seed = -1", ["*seed*", "hint: *whole number*"]),
        ("prodlike_seed = seven", ["*seven*"]),
        ("prodlike_scale = nan", ["*scale*nan*", "hint: *"]),
    ],
)
def test_a_wrong_configuration_stops_the_run(
    suite: pytest.Pytester, ini: str, told: list[str]
) -> None:
    suite.path.joinpath("pytest.ini").write_text(f"[pytest]\n{ini}\n")
    result = run(suite, "def test_it(): pass")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(told)


def test_the_marker_is_known(suite: pytest.Pytester) -> None:
    result = run(suite, "def test_it(): pass", "--markers", "--strict-markers")
    result.stdout.fnmatch_lines(["@pytest.mark.prodlike(model=*"])


def test_other_suites_load_no_engine(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        "import sys\ndef test_it(): assert 'prodlike._engine' not in sys.modules"
    )
    pytester.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=1)


def test_workers_of_xdist_tell(suite: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    test = """
    @pytest.mark.parametrize("_", range(4))
    def test_it(prodlike_database, _): assert _ != 2
    """
    suite.makepyfile("import pytest\n" + dedent(test))
    arguments = [sys.executable, "-m", "pytest", *PLUGIN, "-n", "2"]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert "3 passed" in done.stdout
    assert "--seed 7" in section(done.stdout.splitlines())["again"]
