"""Runs the real binary: init, fit, generate, as a user does."""

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "target" / "referee"


def binary():
    """Copies the program once a run: it may be built anew meanwhile."""
    given = os.environ.get("PRODLIKE_BIN")
    source = Path(given) if given else ROOT / "target" / "release" / "prodlike"
    if not source.exists():
        raise SystemExit(f"error: there is no program at `{source}`\n\nhint: Run `make build`, or set PRODLIKE_BIN")
    WORK.mkdir(parents=True, exist_ok=True)
    copy = WORK / "prodlike"
    shutil.copy2(source, WORK / "prodlike.new")
    os.replace(WORK / "prodlike.new", copy)
    return copy


def run(program, arguments, cwd):
    """Runs the program; returns what it said and the wall seconds. A failure ends this dataset."""
    started = time.monotonic()
    done = subprocess.run([str(program), *map(str, arguments)], cwd=cwd, capture_output=True, text=True)
    if done.returncode != 0:
        said = done.stderr.strip()
        raise ProgramFailed(f"`prodlike {' '.join(map(str, arguments))}` exited {done.returncode}: {said}")
    return done, time.monotonic() - started


class ProgramFailed(Exception):
    """The program refused or failed; the message has its words."""


def init(program, directory, sources):
    """Writes the manifest anew; returns its text."""
    manifest = directory / "prodlike.toml"
    manifest.unlink(missing_ok=True)
    run(program, ["init", *sources], directory)
    return manifest.read_text()


def fit(program, directory, threads=None):
    """Fits `model.prodlike`; returns the wall seconds, and the program's warnings."""
    options = ["--threads", threads] if threads else []
    done, seconds = run(program, ["fit", "-o", "model.prodlike", *options], directory)
    return seconds, [line for line in done.stderr.splitlines() if line.startswith("warning: ")]


def generate(program, directory, seed, name=None, scale=None):
    """Generates Parquet files; returns their directory."""
    out = directory / (name or f"synthetic-{seed}")
    shutil.rmtree(out, ignore_errors=True)
    options = ["--scale", scale] if scale else []
    run(program, ["generate", "model.prodlike", "-o", out, "--seed", seed, "--overwrite", *options], directory)
    return out


def planned_rows(program, directory, scale):
    """Returns the rows of every table that a dry run promises."""
    arguments = ["generate", "model.prodlike", "--dry-run", "--scale", scale, "--output-format", "json"]
    done, _ = run(program, arguments, directory)
    return {item["table"]: item["rows"] for item in json.loads(done.stdout)["tables"]}


def load(directory):
    """Reads a directory of Parquet or CSV files, or of directories of them, as pandas tables."""
    out = {}
    for path in sorted(Path(directory).iterdir()):
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        files = [file for file in files if file.suffix in (".parquet", ".csv")]
        if files:
            out[path.name if path.is_dir() else path.stem] = to_pandas(pa.concat_tables([read(file) for file in files]))
    return out


def read(file):
    if file.suffix == ".parquet":
        return pa.parquet.read_table(file)
    options = pa.csv.ConvertOptions(strings_can_be_null=True, null_values=[""])
    return pa.csv.read_csv(file, convert_options=options)


def count_rows(directory):
    """Returns the rows of every table of a generated directory, from the files' footers."""
    return {
        path.name: sum(pa.parquet.read_metadata(file).num_rows for file in path.glob("*.parquet"))
        for path in Path(directory).iterdir() if path.is_dir()
    }


def to_pandas(table):
    """Converts by value: decimals as floats, dates as times."""
    columns = []
    for column in table.columns:
        kind = column.type
        if pa.types.is_decimal(kind) or pa.types.is_float32(kind):
            column = column.cast(pa.float64())
        if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
            column = column.cast(pa.timestamp("us"))
        columns.append(column)
    return pa.table(columns, names=table.column_names).to_pandas()
