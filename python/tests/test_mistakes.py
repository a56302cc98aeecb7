"""Mistakes that people make: each is told, and nothing is lost by it."""

import shutil
from collections.abc import Callable

import duckdb
import numpy
import pandas
import polars
import pytest

import prodlike


def test_a_database_of_somebody_else_is_not_replaced(model, tmp_path):
    theirs = tmp_path / "theirs.duckdb"
    with duckdb.connect(theirs) as connection:
        connection.execute("CREATE TABLE precious AS SELECT 42 AS answer")
    data = model.generate(rows={"users": 10, "orders": 10})
    with pytest.raises(prodlike.ProdlikeError, match="no database that prodlike wrote"):
        data.write_duckdb(theirs, overwrite=True)
    with duckdb.connect(theirs) as connection:
        assert connection.execute("SELECT * FROM precious").fetchall() == [(42,)]
    ours = data.write_duckdb(tmp_path / "ours.duckdb")
    with pytest.raises(prodlike.ProdlikeError, match="overwrite"):
        data.write_duckdb(ours)
    data.write_duckdb(ours, overwrite=True)


def test_other_files_are_not_replaced(model, schema, source, tmp_path, chinook):
    report = prodlike.evaluate(source, model.generate(), schema)
    for name in ("sheet.csv", "copy.duckdb", "page.html"):
        theirs = tmp_path / name
        if name == "copy.duckdb":
            shutil.copy(chinook, theirs)
        else:
            theirs.write_text("id,name\n1,Ada\n")
        held = theirs.read_bytes()
        writes: list[Callable[[], object]] = [
            lambda theirs=theirs: model.save(theirs, overwrite=True),
            lambda theirs=theirs: schema.save(theirs, overwrite=True),
        ]
        if name == "page.html":
            writes.append(lambda theirs=theirs: report.save(theirs))
        for write in writes:
            with pytest.raises(prodlike.ProdlikeError, match="is there, and is no "):
                write()
        assert theirs.read_bytes() == held
    for name, write in (("m.prodlike", model.save), ("p.toml", schema.save)):
        write(tmp_path / name)
        with pytest.raises(prodlike.ProdlikeError, match="exists|is there"):
            write(tmp_path / name)
        write(tmp_path / name, overwrite=True)
    for _ in range(2):
        report.save(tmp_path / "report.html")


def test_a_mistyped_attribute_is_told(source):
    schema = source.inspect()

    def exclude() -> None:
        schema["users"]["email"].excluded = True

    def privacy() -> None:
        schema.privacy.kk = 5

    def entities() -> None:
        schema.entities = ["users"]

    for mistake, told in ((exclude, "'exclude'"), (privacy, "'k'"), (entities, "`privacy`")):
        with pytest.raises(AttributeError, match=f"that can be set\nhint: .*{told}"):
            mistake()
    with pytest.raises(prodlike.SchemaError, match="genrator"):
        schema["users"]["email"].update(genrator="email")


def test_lists_and_dictionaries_of_a_schema_can_be_changed(source):
    schema = source.inspect()
    assert schema["orders"].rules == [] and schema["users"]["email"].options == {}
    schema["orders"].rules.append("total >= 0")
    schema["orders"].rules += ["total < 1000000"]
    assert schema["orders"].rules == ["total >= 0", "total < 1000000"]
    assert schema.text.count("total") > 2
    entities = schema.privacy.entities
    held = list(entities)
    with pytest.raises(prodlike.SchemaError, match="nobody"):
        entities.append("nobody")
    assert entities == held == schema.privacy.entities
    email = schema["users"]["email"]
    email.update(semantic="code", generator="prose", options={"words": ["a"]}, input=["country"])
    email.options["words"].append("b")
    email.options["max_words"] = 3
    assert email.options == {"words": ["a", "b"], "max_words": 3}
    email.input.clear()
    assert email.input == []


def test_a_relationship_stays_itself(chinook):
    schema = prodlike.connect(chinook).inspect()
    first, second, *others = schema.relationships
    told = repr(second)
    first.remove()
    second.orphans = "null"
    assert repr(second) == told and repr(schema.relationships[0]) == told
    assert second.orphans == "null" and schema.relationships[1].orphans != "null"
    with pytest.raises(prodlike.SchemaError, match="not in the schema any more"):
        first.remove()
    assert len(schema.relationships) == len(others) + 1
    for it in schema.relationships:
        it.remove()
    assert schema.relationships == []


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        (lambda model: prodlike.fit(frame(), "prodlike.toml"), r"Schema.load\('prodlike.toml'\)"),
        (lambda model: prodlike.fit(frame(), {}), r"Source.inspect\(\)"),
        (lambda model: prodlike.evaluate(frame(), frame(), "x.toml"), "Schema.load"),
        (lambda model: model.diff("old.prodlike"), "prodlike.load"),
        (lambda model: model.generate(rows=100), "rows cannot be 100\nhint: Say of which table"),
        (lambda model: model.generate(rows={"users": 5.5}), "rows of table 'users' cannot be 5.5"),
        (lambda model: model.generate(part="1/4"), r"`part=\(1, 4\)` is the first quarter"),
        (lambda model: model.generate(part=(1, None)), r"`part=\(1, 4\)` is the first quarter"),
        (lambda model: model.generate(seed=None), "seed cannot be None"),
        (lambda model: model.generate(threads=10**6), "threads cannot be 1000000\nhint: There may be"),
        (lambda model: prodlike.evaluate(frame(), frame(), fail_under=0.9), "Say of which score"),
        (
            lambda model: prodlike.evaluate(frame(), frame(), fail_under={"quality": 85}),
            "'quality' cannot be 85\nhint: Scores lie from 0 to 1",
        ),
        (
            lambda model: prodlike.evaluate(frame(), frame()).require(quality=85),
            "'quality' cannot be 85",
        ),
        (lambda model: prodlike.fit(frame(), plugins="no.wasm"), "there is no component 'no.wasm'"),
        (lambda model: prodlike.connect([frame()]), "Give frames their names"),
        (lambda model: prodlike.connect({1: frame()}), "1 cannot be the name of a table"),
        (lambda model: prodlike.connect({"t": frame()["a"]}), r"`series.to_frame\(\)`"),
        (lambda model: prodlike.connect(pandas.Series([1])), r"`series.to_frame\(\)`"),
        (lambda model: prodlike.connect({"t": frame().lazy()}), r"`frame.collect\(\)`"),
        (lambda model: pandas.DataFrame(model.generate()["users"]), r"`to_pandas\(\)`"),
        (lambda model: numpy.array(model.generate()["users"].collect()), r"`to_pandas\(\)`"),
        (
            lambda model: prodlike.connect(pandas.DataFrame([[1, 2]], columns=["a", "a"])),
            "two columns of `data` are called 'a'",
        ),
    ],
)
def test_what_is_given_wrongly_is_told(model, mistake, told):
    with pytest.raises(prodlike.ProdlikeError, match=told) as refused:
        mistake(model)
    assert refused.value.hint


def test_hints_speak_of_python(tmp_path):
    schema = prodlike.connect({"t": frame()}).inspect()
    other = prodlike.connect({"t": frame().rename({"a": "b"})})
    with pytest.raises(prodlike.ProdlikeError) as refused:
        prodlike.fit(other, schema)
    assert "run `Source.inspect` again" in str(refused.value)
    (tmp_path / "m.prodlike").write_bytes(b"no model")
    with pytest.raises(prodlike.ModelError) as refused:
        prodlike.load(tmp_path / "m.prodlike")
    assert "`prodlike.fit`" in str(refused.value)


def frame() -> polars.DataFrame:
    return polars.DataFrame({"a": range(100)})


def test_keys_that_pandas_made_floats_are_keys():
    owners = numpy.arange(400.0) * 7 % 100
    owners[::10] = numpy.nan
    users = pandas.DataFrame({"id": range(100)})
    orders = pandas.DataFrame({"id": range(400), "user_id": owners, "price": owners / 8})
    schema = prodlike.connect({"users": users, "orders": orders}).inspect()
    (relationship,) = schema.relationships
    assert (relationship.child_key, relationship.parent_table) == (["user_id"], "users")
    types = {name: column.type for name, column in schema["orders"].items()}
    assert types == {"id": "BIGINT", "user_id": "BIGINT", "price": "DOUBLE"}
    assert "user_id" in orders and orders["user_id"].dtype == "float64"


def test_an_index_is_a_column_where_it_has_a_name():
    table = pandas.DataFrame({"a": range(100)})
    assert list(prodlike.connect(table[table.a > 50]).inspect()["data"]) == ["a"]
    assert list(prodlike.connect(table.rename_axis("key")).inspect()["data"]) == ["key", "a"]
    twice = table.set_axis([(i, 1) for i in range(100)]).rename_axis("a")
    with pytest.raises(prodlike.SourceError, match="cannot become a column"):
        prodlike.connect(twice)


def test_csv_that_was_written_has_its_types_back(model, tmp_path):
    data = model.generate(rows={"users": 50, "orders": 50})
    data.write_csv(tmp_path / "csv")
    read = prodlike.connect(tmp_path / "csv").inspect()
    assert {name: it.type for name, it in read["orders"].items()} == data["orders"].columns | {
        "total": "DOUBLE"
    }
    assert read["users"]["born"].type == "DATE"


def test_kept_tables_are_told_where_nobody_is_protected(caplog):
    cases = polars.DataFrame({"case_id": range(30), "diagnosis": ["flu", "hiv", "none"] * 10})
    visits = polars.DataFrame({"id": range(300), "case_id": [i % 30 for i in range(300)]})
    schema = prodlike.connect({"cases": cases, "visits": visits}).inspect()
    assert schema["cases"].mode == "keep"
    assert "the real rows of `cases` are kept" in caplog.text
