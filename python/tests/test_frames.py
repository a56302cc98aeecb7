"""Data frames of every library, and frames that are hard."""

import ctypes
import datetime
import decimal
import errno
import struct
import subprocess
import sys
import textwrap
import threading

import duckdb
import numpy
import pandas
import polars
import pyarrow
import pytest

import prodlike


def types(frame: object) -> dict[str, str]:
    """Return the types that the engine sees."""
    columns = prodlike.connect({"t": frame}).inspect()["t"].columns
    return {column.name: column.type for column in columns}


def through(frame: object, rows: int = 50) -> polars.DataFrame:
    """Fit a frame and return what is made of it."""
    return prodlike.fit({"t": frame}).generate(rows={"t": rows})["t"].to_polars()


def test_every_library_is_read_alike(shop):
    users = shop["users"]
    connection = duckdb.connect()
    relation = connection.from_arrow(users.to_arrow())
    readers = [
        users,
        users.to_pandas(),
        users.to_arrow(),
        relation,
        pyarrow.RecordBatchReader.from_batches(
            users.to_arrow().schema, users.to_arrow().to_batches()
        ),
    ]
    made = [through(reader) for reader in readers]
    for other in made[1:]:
        assert other.equals(made[0])


def test_a_lone_frame_is_a_table_called_data(shop):
    assert list(prodlike.connect(shop["users"]).inspect()) == ["data"]


def test_what_is_no_frame_is_refused():
    with pytest.raises(prodlike.SourceError, match="PyCapsule") as caught:
        prodlike.connect({"users": [1, 2, 3]})
    assert "users" in caught.value.message
    with pytest.raises(prodlike.SourceError, match="no tables"):
        prodlike.connect({})
    with pytest.raises(prodlike.SourceError, match="hint: "):
        prodlike.connect("/no/such/file.duckdb")


def test_a_stream_is_consumed_once(shop):
    reader = pyarrow.RecordBatchReader.from_batches(
        shop["users"].to_arrow().schema, shop["users"].to_arrow().to_batches()
    )
    prodlike.connect({"users": reader})
    try:
        tables = prodlike.connect({"users": reader})
    except prodlike.SourceError as error:
        assert error.hint
    else:
        # PyArrow hands over an empty stream the second time.
        assert "users  0" in repr(tables)


def test_a_capsule_is_consumed_once(shop):
    capsule = shop["users"].__arrow_c_stream__(None)

    class Once:
        def __arrow_c_stream__(self, requested_schema=None):
            return capsule

    prodlike.connect({"users": Once()})
    with pytest.raises(prodlike.SourceError, match="once"):
        prodlike.connect({"users": Once()})


def test_a_stream_that_ends_with_an_error_is_told(shop):
    schema = pyarrow.schema([("a", pyarrow.int64())])

    def batches():
        yield pyarrow.record_batch({"a": [1, 2]}, schema=schema)
        raise RuntimeError("the disk is gone")

    reader = pyarrow.RecordBatchReader.from_batches(schema, batches())
    with pytest.raises(prodlike.SourceError, match="the disk is gone"):
        prodlike.connect({"t": reader})


def test_empty_frames_and_columns():
    empty = polars.DataFrame({"a": [], "b": []}, schema={"a": polars.Int64, "b": polars.String})
    assert prodlike.fit({"t": empty}).generate()["t"].to_polars().shape == (0, 2)
    with pytest.raises(prodlike.SourceError, match="column"):
        prodlike.connect({"t": polars.DataFrame()})
    nulls = polars.DataFrame({"a": [None] * 30, "b": range(30)}, schema={"a": polars.Int32, "b": polars.Int64})
    assert through(nulls)["a"].null_count() == 50
    one = polars.DataFrame({"a": [1], "b": ["x"]})
    assert through(one, 3).height == 3


def test_names_that_repeat_are_refused():
    frame = pandas.DataFrame([[1, 2]] * 5, columns=["a", "a"])
    with pytest.raises(prodlike.SourceError, match="(?i)a"):
        prodlike.connect({"t": frame})
    frame = polars.DataFrame({"a": [1], "A": [2]})
    with pytest.raises(prodlike.SourceError, match="A"):
        prodlike.connect({"t": frame})
    with pytest.raises(prodlike.SourceError, match="case"):
        prodlike.connect({"t": polars.DataFrame({"a": [1]}), "T": polars.DataFrame({"a": [1]})})


def test_objects_of_mixed_types_are_refused():
    frame = pandas.DataFrame({"a": [1, "two", 3.0, None]})
    with pytest.raises(prodlike.SourceError, match="one type each"):
        prodlike.connect({"t": frame})


def test_categoricals():
    levels = ["red", "green", "blue", "never"]
    enum = polars.DataFrame({"c": ["red", "green", "blue"] * 40}, schema={"c": polars.Enum(levels)})
    assert set(through(enum)["c"]) <= {"red", "green", "blue"}
    categorical = enum.with_columns(polars.col("c").cast(polars.String).cast(polars.Categorical))
    assert set(through(categorical)["c"]) <= {"red", "green", "blue"}
    unused = pandas.DataFrame({"c": pandas.Categorical(["red", "green", "blue"] * 40, levels)})
    assert set(through(unused)["c"]) <= {"red", "green", "blue"}


def test_times_keep_what_they_are():
    start = datetime.datetime(2024, 1, 1, 12, 0, 0, 1)
    moments = [start + datetime.timedelta(minutes=17 * i) for i in range(100)]
    frame = polars.DataFrame({"t": moments}).with_columns(
        polars.col("t").dt.cast_time_unit("ns").alias("nanoseconds"),
        polars.col("t").dt.cast_time_unit("ms").alias("milliseconds"),
        polars.col("t").dt.replace_time_zone("Europe/Berlin").alias("zoned"),
        polars.col("t").dt.time().alias("clock"),
        polars.col("t").dt.date().alias("day"),
    )
    assert types(frame) == {
        "t": "TIMESTAMP",
        "nanoseconds": "TIMESTAMP_NS",
        "milliseconds": "TIMESTAMP_MS",
        "zoned": "TIMESTAMP WITH TIME ZONE",
        "clock": "TIME",
        "day": "DATE",
    }
    made = through(frame)
    assert made["t"].min().year == 2024
    assert made["zoned"].dtype.time_zone == "UTC"


def test_numbers_keep_what_they_are():
    frame = pyarrow.table(
        {
            "small": pyarrow.array(range(100), pyarrow.uint8()),
            "large": pyarrow.array([2**63 + i for i in range(100)], pyarrow.uint64()),
            "price": pyarrow.array(
                [decimal.Decimal(i) / 100 for i in range(100)], pyarrow.decimal128(9, 2)
            ),
            "half": pyarrow.array(numpy.arange(100, dtype=numpy.float16)),
        }
    )
    assert types(frame)["price"] == "DECIMAL(9,2)"
    made = through(frame)
    assert made["price"].dtype == polars.Decimal(9, 2)
    assert made["small"].max() <= 99


def test_pandas_has_three_kinds_of_missing():
    frame = pandas.DataFrame(
        {
            "nan": [1.5, numpy.nan] * 50,
            "na": pandas.array([1, pandas.NA] * 50, dtype="Int64"),
            "nat": [pandas.Timestamp("2024-03-01"), pandas.NaT] * 50,
            "none": ["x", None] * 50,
        }
    )
    made = through(frame, 400)
    for name in frame.columns:
        assert 100 < made[name].null_count() < 300, name


def test_a_frame_of_many_columns_is_read():
    # DuckDB has a block of each in memory while rows are written, which is above its limit.
    numbers = pyarrow.array(range(2_100))
    frame = pyarrow.table({f"c{at}": numbers for at in range(6_000)})
    assert repr(prodlike.connect({"t": frame}))


def test_nested_values():
    frame = polars.DataFrame(
        {"tags": [["a", "b"], ["c"]] * 30, "place": [{"lat": 1.0, "lon": 2.0}] * 60, "n": range(60)}
    )
    # What is not carried has to be decided on: excluded, or the fit says how.
    schema = prodlike.connect({"t": frame}).inspect()
    try:
        made = prodlike.fit({"t": frame}, schema).generate()["t"].to_polars()
    except prodlike.ProdlikeError as error:
        assert error.hint
    else:
        assert "n" in made.columns


def test_what_has_no_name_is_refused():
    for frames, what in (
        ({"": polars.DataFrame({"a": [1]})}, "table 1 has no name"),
        ({"t": polars.DataFrame({"a": [1], "": [2]})}, "column 2 of table `t` has no name"),
    ):
        with pytest.raises(prodlike.SourceError, match=what):
            prodlike.connect(frames)


def of_buffers(kind, *buffers):
    """Return a table of 40 values, whose buffers begin one byte behind where they should."""
    moved = [pyarrow.py_buffer(b"\0" + held).slice(1) for held in buffers]
    return pyarrow.table({"a": pyarrow.Array.from_buffers(kind, 40, [None, *moved])})


def test_buffers_may_lie_anywhere():
    numbers, offsets = struct.pack("<40q", *range(40)), struct.pack("<41i", *range(41))
    decimals = b"".join(i.to_bytes(16, "little") for i in range(40))
    for table in (
        of_buffers(pyarrow.int64(), numbers),
        of_buffers(pyarrow.decimal128(9, 2), decimals),
        of_buffers(pyarrow.string(), offsets, b"abcdefghij" * 4),
    ):
        assert through(table, 20)["a"].null_count() == 0


def test_what_is_no_arrow_is_refused():
    offsets = struct.pack("<41i", *range(0, 82, 2))
    descending = struct.pack("<41i", 0, 70, *range(4, 82, 2))
    keys = pyarrow.array([0, 1, 9] * 10, pyarrow.int8())
    dictionary = pyarrow.DictionaryArray.from_arrays(keys, pyarrow.array(["a", "b"]), safe=False)
    for table in (
        of_buffers(pyarrow.string(), offsets, b"\xff\xfe\xc3\x28" * 20),
        of_buffers(pyarrow.string(), descending, b"a" * 80),
        pyarrow.table({"a": dictionary}),
    ):
        with pytest.raises(prodlike.SourceError, match="failed to read the rows of table `data`"):
            prodlike.connect(table)


class Failing:
    """A stream of the C interface whose first batch fails, and which does not say why."""

    def __init__(self, code: int) -> None:
        pointer, integer = ctypes.c_void_p, ctypes.c_int
        getter = ctypes.CFUNCTYPE(integer, pointer, pointer)
        schema = pyarrow.schema([("a", pyarrow.int64())])

        def get_schema(_, out):
            schema._export_to_c(out)
            return 0

        def release(stream):
            ctypes.cast(stream, ctypes.POINTER(pointer))[3] = None

        self.functions = (
            getter(get_schema),
            getter(lambda _stream, _out: code),
            ctypes.CFUNCTYPE(pointer, pointer)(lambda _: None),
            ctypes.CFUNCTYPE(None, pointer)(release),
        )
        held = [ctypes.cast(function, pointer).value for function in self.functions]
        self.stream = (pointer * 5)(*held, None)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        new = ctypes.pythonapi.PyCapsule_New
        new.restype = ctypes.py_object
        new.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
        return new(ctypes.addressof(self.stream), b"arrow_array_stream", None)


def test_a_stream_may_fail_without_a_reason():
    with pytest.raises(prodlike.SourceError, match="Input/output error"):
        prodlike.connect(Failing(errno.EIO))


def test_columns_of_nulls_alone():
    nothing = {"number": range(60), "nothing": [None] * 60}
    frames = polars.DataFrame(nothing), pandas.DataFrame(nothing), pyarrow.table(nothing)
    for frame in frames:
        assert through(frame, 20)["nothing"].null_count() == 20
    nested = polars.DataFrame(nothing | {"list": [[]] * 60, "struct": [{"a": None}] * 60})
    with pytest.raises(prodlike.SourceError, match="not carried") as refused:
        prodlike.fit(nested)
    assert "exclude" in refused.value.hint


def test_a_million_columns_are_refused_at_once():
    names = [f"c{i}" for i in range(1_000_000)]
    empty = pyarrow.array([1], pyarrow.int8())
    table = pyarrow.Table.from_arrays([empty] * len(names), names=names)
    with pytest.raises(prodlike.SourceError, match="columns"):
        prodlike.connect({"t": table})


def test_many_columns_work():
    frame = polars.DataFrame({f"c{i}": [i, i + 1, i + 2] * 10 for i in range(300)})
    assert through(frame, 5).width == 300


def test_frames_may_change_after_they_were_given():
    frame = pandas.DataFrame({"a": numpy.arange(1000.0)})
    source = prodlike.connect({"t": frame})
    stop = threading.Event()

    def change():
        while not stop.is_set():
            frame["a"] = frame["a"] * -1.0 - 1e6

    changing = threading.Thread(target=change)
    changing.start()
    try:
        made = prodlike.fit(source).generate()["t"].to_polars()
    finally:
        stop.set()
        changing.join()
    assert made["a"].min() >= 0


def run(code: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """Run a program of its own, which reports a crash of the interpreter."""
    return subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=timeout,
    )


LONG = """
import polars, prodlike, numpy
rng = numpy.random.default_rng(0)
frame = polars.DataFrame({f"c{i}": rng.normal(size=300_000).round(3) for i in range(25)})
source = prodlike.connect({"t": frame})
source.inspect()
"""


def test_ctrl_c_stops_a_fit():
    done = run(
        LONG
        + """
import _thread, threading, time
threading.Timer(1.0, _thread.interrupt_main).start()
start = time.perf_counter()
try:
    prodlike.fit(source)
except KeyboardInterrupt:
    print("stopped", time.perf_counter() - start)
"""
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("stopped"), done.stdout


def test_the_interpreter_may_end_while_work_goes_on():
    done = run(
        LONG
        + """
import threading, time
threading.Thread(target=lambda: prodlike.fit(source), daemon=True).start()
time.sleep(1.0)
print("over")
"""
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "over\n"


def test_a_forked_child_is_told_what_to_do():
    code = """
import os, sys, polars, prodlike
if {used}:
    prodlike.connect({{"t": polars.DataFrame({{"a": [1, 2]}})}})
child = os.fork()
if child == 0:
    import signal; signal.alarm(60)
    try:
        prodlike.connect("/no/such/file")
    except prodlike.ProdlikeError as error:
        print(type(error).__name__, error.hint, flush=True)
    os._exit(0)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    done = run(code.format(used=False))
    assert done.returncode == 0 and done.stdout.startswith("SourceError"), done
    done = run(code.format(used=True))
    assert done.returncode == 0 and "spawn" in done.stdout, done


def test_a_forked_child_neither_waits_nor_aborts():
    code = """
import os, sys, polars, pyarrow, prodlike
source = prodlike.connect({"t": polars.DataFrame({"a": list(range(1000))})})
model = prodlike.fit(source)
reader = pyarrow.RecordBatchReader.from_stream(model.generate(rows={"t": 600_000})["t"])
reader.read_next_batch()
child = os.fork()
if child == 0:
    import signal; signal.alarm(60)
    try:
        reader.read_next_batch()
    except Exception as error:
        print("forked" in str(error), flush=True)
    sys.exit()
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), reader.read_next_batch().num_rows)
"""
    done = run(code)
    assert (done.returncode, done.stdout) == (0, "True\n0 262144\n"), done
