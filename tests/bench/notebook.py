"""What `run.py python` measures, in a process of its own with the wheel: prints one line of JSON.

`frame PARQUET OUT` fits and generates from a frame of Polars; `hand` hands a gigabyte over;
`stream` reads one of 2.4 GB; `import` imports the package and the engine behind it.
"""

import json
import sys
import time


def frame(parquet, out):
    import polars

    import prodlike

    data = polars.read_parquet(parquet)
    start = time.perf_counter()
    model = prodlike.fit({"data": data})
    fitted = time.perf_counter()
    model.generate(seed=1).write_parquet(out)
    return {"fit": fitted - start, "generate": time.perf_counter() - fitted}


def hand():
    import polars
    import pyarrow

    import prodlike

    rows = 6_000_000
    names = [f"c{i}" for i in range(21)]
    small = polars.DataFrame({name: range(100) for name in names}).cast(polars.Int64)
    small = small.with_columns(polars.col(name) * 7 % 31 for name in names)
    held = prodlike.fit({"data": small}).generate(rows={"data": rows})["data"].collect()
    polars.DataFrame(held).height, pyarrow.table(held).num_rows
    measured = {"bytes": held.nbytes}
    for name, read in (("pyarrow", pyarrow.table), ("polars", polars.DataFrame)):
        start = time.perf_counter()
        table = read(held)
        measured[name] = time.perf_counter() - start
        assert len(table) == rows
    return measured


def stream():
    import numpy
    import pyarrow

    import prodlike

    random = numpy.random.default_rng(1)
    batches = (
        pyarrow.record_batch({f"c{i}": random.standard_normal(100_000) for i in range(10)}) for _ in range(300)
    )
    first = next(batches)
    start = time.perf_counter()
    prodlike.connect({"data": pyarrow.RecordBatchReader.from_batches(first.schema, batches)})
    return {"seconds": time.perf_counter() - start}


def imported():
    start = time.perf_counter()
    import prodlike

    package = time.perf_counter() - start
    prodlike.connect
    return {"package": package, "engine": time.perf_counter() - start}


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    print(json.dumps({"frame": frame, "hand": hand, "stream": stream, "import": imported}[what](*arguments)))
