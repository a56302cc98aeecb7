"""The few lines, and what stands behind each."""

import asyncio
import filecmp
import json
import logging
import pickle
import re
import subprocess
import sys
import threading
from pathlib import Path

import polars
import pyarrow
import pytest

import prodlike


def test_five_lines(chinook, tmp_path):
    source = prodlike.connect(chinook)
    schema = source.inspect()
    model = prodlike.fit(source, schema)
    data = model.generate(scale=0.1, seed=7)
    report = prodlike.evaluate(source, data)
    assert (report.score("data_validity"), report.score("data_structure")) == (1.0, 1.0)
    assert set(data) == set(schema)
    connection = data.to_duckdb()
    orphans = connection.sql(
        "SELECT count(*) FROM invoice ANTI JOIN customer USING (customer_id)"
    ).fetchall()
    assert orphans == [(0,)]
    assert "<iframe" in report._repr_html_()
    assert report.save(tmp_path / "report.html").read_text().startswith("<!")


def test_bytes_are_those_of_the_command_line(chinook, cli, tmp_path):
    def run(*words: object) -> None:
        subprocess.run([cli, *map(str, words)], check=True, cwd=tmp_path, capture_output=True)

    run("init", chinook)
    run("fit", "prodlike.toml", "-o", "cli.prodlike")
    run("generate", "cli.prodlike", "--seed", 7, "--scale", 2, "-o", "cli")
    schema = prodlike.Schema.load(tmp_path / "prodlike.toml")
    model = prodlike.fit(chinook, schema)
    model.save(tmp_path / "python.prodlike")
    assert filecmp.cmp(tmp_path / "cli.prodlike", tmp_path / "python.prodlike", shallow=False)
    data = model.generate(scale=2, seed=7)
    data.write_parquet(tmp_path / "python")
    files = [it.relative_to(tmp_path / "cli") for it in (tmp_path / "cli").rglob("*.*")]
    same, different, missing = filecmp.cmpfiles(
        tmp_path / "cli", tmp_path / "python", map(str, files), shallow=False
    )
    assert (different, missing) == ([], []) and len(same) == len(files) > 5
    # And what is read as frames is what is written to files.
    for name, table in data.items():
        written = polars.read_parquet(tmp_path / "cli" / name / "*.parquet")
        assert table.to_polars().equals(written), name


def test_parts_make_the_whole(model):
    rows = {"users": 600_000, "orders": 10}
    whole = model.generate(rows=rows)["users"].to_polars()
    parts = [model.generate(rows=rows, part=(k, 2), threads=k)["users"] for k in (1, 2)]
    assert sum(map(len, parts)) == 600_000
    joined = polars.concat([part.to_polars() for part in parts]).sort("id")
    assert joined.equals(whole.sort("id"))
    with pytest.raises(prodlike.ProdlikeError, match="part 3/2 does not exist"):
        model.generate(part=(3, 2))


def test_a_part_of_chosen_tables_is_read_as_it_is_written(model, tmp_path):
    rows = {"users": 300_000, "orders": 600_000}
    read = []
    for part in ((1, 2), (2, 2)):
        data = model.generate(rows=rows, part=part, table="orders")
        assert list(data) == ["orders"]
        data.write_parquet(tmp_path / "orders")
        read += [data["orders"].to_polars()]
    files = sorted((tmp_path / "orders/orders").glob("*.parquet"))
    # Every second chunk is of the same part.
    assert [len(polars.read_parquet(file)) for file in files] == [262_144, 262_144, 75_712]
    assert read[0].equals(polars.concat([polars.read_parquet(files[at]) for at in (0, 2)]))
    assert read[1].equals(polars.read_parquet(files[1]))
    for part in ((0, 2), (-1, 2), (2**40, 2)):
        with pytest.raises(prodlike.ProdlikeError, match="does not exist"):
            model.generate(part=part)
    with pytest.raises(prodlike.ProdlikeError, match="no table is named"):
        model.generate(table=[])
    with pytest.raises(prodlike.ProdlikeError, match="ordres") as refused:
        model.generate(table="ordres")
    assert "orders" in refused.value.hint


def test_tables_are_streams(model):
    table = model.generate(rows={"users": 100_000})["users"]
    assert len(table) == 100_000
    assert sum(len(batch) for batch in table) == 100_000
    assert pyarrow.table(table).num_rows == 100_000
    reader = pyarrow.RecordBatchReader.from_stream(table)
    assert reader.read_next_batch().num_rows == 100_000
    assert table.to_pandas().shape == (100_000, 4)
    assert "100,000 rows" in repr(table)
    batches = table._batches()
    batches.__arrow_c_stream__()
    with pytest.raises(prodlike.ProdlikeError, match="went out"):
        batches.__arrow_c_stream__()


def test_rows_are_handed_over_without_a_copy(model):
    held = model.generate(rows={"users": 200_000})["users"].collect()
    table = held.to_arrow()
    for at in range(table.num_columns):
        handed = [chunk.buffers()[-1].address for chunk in table.column(at).chunks]
        assert handed == held._engine.addresses(at)
    frame = held.to_polars()
    numbers = frame["id"]
    # The first chunk of Polars lies where the engine put it.
    chunk = numbers.get_chunks()[0].to_numpy(allow_copy=False)
    assert chunk.__array_interface__["data"][0] == held._engine.addresses(0)[0]


def test_sizes_and_names_are_checked(model):
    with pytest.raises(prodlike.UnknownNameError, match="users"):
        model.generate(rows={"user": 10})
    with pytest.raises(prodlike.ProdlikeError, match="scale"):
        model.generate(scale=-1)
    data = model.generate(table="users")
    assert list(data) == ["users"]
    with pytest.raises(prodlike.UnknownNameError, match="users"):
        data["user"]
    with pytest.raises(prodlike.UnknownNameError):
        model.explain("users.emial")
    assert "Did you mean" in str(pytest.raises(KeyError, lambda: data["user"]).value)


def test_models_are_saved_read_and_compared(model, tmp_path):
    path = tmp_path / "shop.prodlike"
    model.save(path)
    with pytest.raises(prodlike.ProdlikeError, match="shop.prodlike"):
        model.save(path)
    model.save(path, overwrite=True)
    assert prodlike.load(path) == model == pickle.loads(pickle.dumps(model))
    assert model.diff(model) == []
    other = prodlike.fit({"users": polars.DataFrame({"id": range(50)})})
    assert any(change.kind == "table_removed" for change in model.diff(other))
    assert "country" in model.explain("users")
    assert {table["table"] for table in model.inspect()["tables"]} == {"users", "orders"}
    (tmp_path / "no.prodlike").write_text("no model")
    with pytest.raises(prodlike.ModelError, match="no.prodlike"):
        prodlike.load(tmp_path / "no.prodlike")


def test_datasets_are_written(model, tmp_path):
    data = model.generate(rows={"users": 20})
    data.write_duckdb(tmp_path / "shop.duckdb")
    with pytest.raises(prodlike.ProdlikeError, match="hint"):
        data.write_duckdb(tmp_path / "shop.duckdb")
    data.write_csv(tmp_path / "csv")
    again = prodlike.connect(tmp_path / "shop.duckdb")
    assert again.inspect()["users"].primary_key == ["id"]
    with pytest.raises(prodlike.ProdlikeError, match="write_duckdb"):
        data.write_parquet(tmp_path / "x.duckdb")


def test_schemas_are_edited(source, tmp_path):
    schema = source.inspect()
    column = schema["orders"]["total"]
    assert column.semantic == "numerical"
    column.update(template="{#-##}")
    assert column.template == "{#-##}"
    column.template = None
    assert column.template is None and "template" not in schema.text
    with pytest.raises(prodlike.SchemaError, match="numerical"):
        column.semantic = "numercial"
    assert column.semantic == "numerical"
    with pytest.raises(prodlike.UnknownNameError, match="'total'"):
        schema["orders"]["totl"]
    with pytest.raises(prodlike.UnknownNameError, match="'orders'"):
        schema["order"]
    schema.privacy.k = 5
    assert schema.privacy.k == 5
    edges = len(schema.relationships)
    schema.relationships[0].remove()
    assert len(schema.relationships) == edges - 1
    schema.relate("orders", "user_id", "users", "id", orphans="null")
    assert schema.relationships[-1].orphans == "null"
    schema.save(tmp_path / "prodlike.toml")
    again = prodlike.Schema.load(tmp_path / "prodlike.toml")
    assert again.text == schema.text
    (tmp_path / "bad.toml").write_text("format = 1\ntables = 3\n")
    with pytest.raises(prodlike.SchemaError, match="bad.toml"):
        prodlike.Schema.load(tmp_path / "bad.toml")


def test_floors_and_kept_tables_hold(source):
    schema = source.inspect()
    schema["users"].mode = "keep"
    with pytest.raises(prodlike.SchemaError, match="entities"):
        prodlike.fit(source, schema)


def test_reports_gate(source, model):
    report = prodlike.evaluate(source, model.generate(), fail_under={"quality": 1.0})
    assert not report.passed
    with pytest.raises(prodlike.GateError, match="quality"):
        report.require(quality=1.0)
    assert report.require(diagnostic=1.0) is report
    with pytest.raises(prodlike.ProdlikeError, match="quality"):
        report.score("qualty")
    with pytest.raises(prodlike.ProdlikeError, match="themselves"):
        prodlike.evaluate(source, source)
    assert json.loads(json.dumps(report.to_dict()))["version"]
    figure = report.plot()
    assert figure.axes
    assert report.plot("users.country").axes and report.plot("orders.user_id").axes
    with pytest.raises(prodlike.UnknownNameError):
        report.plot("users.contry")


def test_two_fits_in_two_threads(shop):
    models = {}

    def work(name):
        models[name] = prodlike.fit(shop)

    threads = [threading.Thread(target=work, args=(name,)) for name in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert models[0] == models[1]


def test_a_fit_does_not_hold_the_loop(shop):
    async def work():
        ticks = 0
        fitted = asyncio.ensure_future(asyncio.to_thread(prodlike.fit, shop))
        while not fitted.done():
            ticks += 1
            await asyncio.sleep(0.001)
        return ticks

    assert asyncio.run(work()) > 3


def test_warnings_go_to_logging(caplog):
    caplog.set_level(logging.WARNING, logger="prodlike")
    prodlike.connect({"t": polars.DataFrame({"n": range(30)})}).inspect()
    assert any("no table of people" in record.message for record in caplog.records)


def test_the_engine_is_not_slow_to_import():
    # What is measured is in `make bench`; here, that nothing heavy comes along.
    code = "import sys, prodlike; print([m for m in ('polars','pandas','pyarrow','matplotlib','tqdm','duckdb','numpy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_errors_say_what_caused_them_and_what_to_do(tmp_path):
    path = tmp_path / "no.parquet"
    path.write_bytes(b"PAR1 but no more")
    with pytest.raises(prodlike.SourceError) as caught:
        prodlike.connect(path)
    error = caught.value
    assert error.causes and error.hint
    assert str(error).splitlines()[-1] == f"hint: {error.hint}"
    again = pickle.loads(pickle.dumps(error))
    assert (again.message, again.hint) == (error.message, error.hint)


@pytest.mark.parametrize("number", [-1, 1 << 64])
def test_numbers_that_the_engine_has_not_are_told(shop, model, tmp_path, number) -> None:
    jobs = {
        "seed": lambda: model.generate(seed=number),
        "rows of table 'users'": lambda: model.generate(rows={"users": number}),
        "threads": lambda: model.generate(threads=number),
    }
    for what, job in jobs.items():
        told = re.escape(f"{what} cannot be {number}\nhint: It is a whole number from 0")
        with pytest.raises(prodlike.ProdlikeError, match=told):
            job()
    for job in (prodlike.connect, prodlike.fit):
        with pytest.raises(prodlike.ProdlikeError, match="threads cannot be"):
            job(shop, threads=number)
    with pytest.raises(prodlike.ProdlikeError, match="threads cannot be"):
        prodlike.evaluate(shop, shop, threads=number)
    with pytest.raises(prodlike.ProdlikeError, match="seed cannot be"):
        prodlike.snapshot(tmp_path / "prodlike.toml", seed=number)


def test_a_missing_library_is_named(model, monkeypatch):
    table = model.generate(rows={"users": 5})["users"]
    for name, method in (("polars", "to_polars"), ("pyarrow", "to_arrow"), ("pandas", "to_pandas")):
        with monkeypatch.context() as without:
            without.setitem(sys.modules, name, None)
            with pytest.raises(prodlike.ProdlikeError, match=f"`{name}`") as refused:
                getattr(table, method)()
        assert refused.value.hint == f"Install it: `pip install {name}`"
