"""Keys and relationships that `prodlike init` infers, against those that are known.

Each set is read as Parquet files, which declare nothing. What is known, and from where, is
written in keys/SET.txt: a line `table(column,…)` is a primary key, `table(column,…) -> parent`
a foreign key; a column in brackets may be left out. A set whose truth names no primary key of
some table says nothing of that table's.
"""

import gzip
import re
import subprocess
import tomllib
from pathlib import Path

TRUTH = Path(__file__).resolve().parent / "keys"
SETS = ["chinook", "sakila", "nycflights13", "lahman", "tpch", "tpcds"]


TYPES = {
    "integer": "INTEGER", "smallint": "SMALLINT", "bigint": "BIGINT", "boolean": "BOOLEAN",
    "timestamp": "TIMESTAMP", "date": "DATE", "year": "INTEGER",
}  # fmt: skip


def sakila(source, work, run_sql):
    """Sakila's dump for PostgreSQL as Parquet; `run_sql` runs a script. Types are the dump's."""
    place = work / "sakila"
    place.mkdir(exist_ok=True)
    schema = (source / "schema.sql").read_text()
    data = gzip.open(source / "data.sql.gz", "rt").read()
    script = ""
    for copy in re.finditer(
        r"^COPY public\.(\w+) \((.*?)\) FROM stdin;\n(.*?)^\\\.$", data, re.S | re.M
    ):
        table, names, rows = copy.groups()
        declared = re.search(rf"CREATE TABLE {table} \((.*?)\n\);", schema, re.S)[1]
        types = {}
        for line in declared.strip().splitlines():
            name, kind = line.split()[:2]
            kind = kind.rstrip(",")
            types[name] = (
                kind.replace("numeric", "DECIMAL")
                if kind.startswith("numeric")
                else TYPES.get(kind, "VARCHAR")
            )
        lines = work / f"{table}.tsv"
        lines.write_text(rows)
        spelt = ", ".join(f"'{name}': '{types[name]}'" for name in names.split(", "))
        script += (
            f"COPY (SELECT * FROM read_csv('{lines}', header = false, delim = '\t', quote = '', "
            f"escape = '', nullstr = '\\N', columns = {{{spelt}}})) "
            f"TO '{place / table}.parquet' (FORMAT parquet);\n"
        )
    run_sql(script)
    return place


def columns(text):
    """The columns that must be there, and those that may."""
    names = [name.strip() for name in text.split(",")]
    optional = {name[1:-1] for name in names if name.startswith("[")}
    return frozenset(name for name in names if not name.startswith("[")), optional


def known(name):
    keys, references = {}, []
    for line in (TRUTH / f"{name}.txt").read_text().splitlines():
        if line.startswith("#") or not line.strip():
            continue
        found = re.fullmatch(r"(\w+)\((.+?)\)(?: -> (\w+))?", line)
        if not found:
            raise ValueError(f"{name}.txt: {line}")
        table, key, parent = found.groups()
        if parent is None:
            keys[table] = columns(key)
        else:
            references.append((table, columns(key), parent))
    return keys, references


def fits(found, truth):
    least, optional = truth
    return least <= found <= least | optional


def compare(name, manifest):
    """Right, wrong and missed: of relationships, of primary keys."""
    keys, references = known(name)
    right, wrong, missed = [], [], list(references)
    for relationship in manifest.get("relationships", []):
        child, parent = relationship["child_table"], relationship["parent_table"]
        key = frozenset(relationship["child_key"])
        hit = next(
            (t for t in missed if t[0] == child and t[2] == parent and fits(key, t[1])), None
        )
        label = f"{child}({', '.join(relationship['child_key'])}) -> {parent}"
        if hit:
            missed.remove(hit)
            right.append(label)
        else:
            wrong.append(label)
    missed = [f"{t[0]}({', '.join(sorted(t[1][0]))}) -> {t[2]}" for t in missed]
    pk = [[], [], []]
    for table, truth in keys.items():
        key = frozenset(manifest["tables"][table].get("primary_key", []))
        if fits(key, truth):
            pk[0].append(table)
        else:
            if key:
                pk[1].append(f"{table}({', '.join(sorted(key))})")
            pk[2].append(f"{table}({', '.join(sorted(truth[0]))})")
    return (right, wrong, missed), tuple(pk)


def share(some, others):
    return len(some) / max(len(some) + len(others), 1)


def infer(program, source, work, time):
    """The manifest that init writes of a source; `time` measures."""
    manifest = work / "keys.toml"
    manifest.unlink(missing_ok=True)
    time([program, "--no-progress", "-q", "init", str(source), "-o", str(manifest)])
    return tomllib.loads(manifest.read_text())


def measure(say, goal, places, program, work, time, verbose=True):
    """Prints recall and precision of every set that `places` has (set → directory)."""
    say()
    say("Keys and relationships inferred, none declared: right, of those known and of those found")
    total = ([], [], [])
    worst = 1.0
    for name in SETS:
        if name not in places:
            say(f"  {name:<13} skipped: not there")
            continue
        found, pk = compare(name, infer(program, places[name], work, time))
        for sum_, part in zip(total, found):
            sum_.extend(part)
        right, wrong, missed = found
        recall, precision = share(right, missed), share(right, wrong)
        worst = min(worst, recall, precision)
        say(
            f"  {name:<13} relationships: recall {recall:.2f} ({len(right)} of "
            f"{len(right) + len(missed)}), precision {precision:.2f}   primary keys: recall "
            f"{share(pk[0], pk[2]):.2f}, precision {share(pk[0], pk[1]):.2f}"
        )
        if verbose:
            for sign, labels in (("+", wrong), ("-", missed), ("k+", pk[1]), ("k-", pk[2])):
                for label in labels:
                    say(f"      {sign} {label}")
    right, wrong, missed = total
    if not right:
        return
    recall, precision = share(right, missed), share(right, wrong)
    goal("recall 0.9 over all sets", f"{recall:.3f}", recall >= 0.9)
    goal("precision 0.9 over all sets", f"{precision:.3f}", precision >= 0.9)
    goal("neither below 0.75 in any set", f"{worst:.2f}", worst >= 0.75)


if __name__ == "__main__":
    import sys
    import tempfile

    # `keys.py PROGRAM DIRECTORY`: the sets are directories of DIRECTORY.
    place = Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as work:
        measure(
            lambda line="": print(line),
            lambda what, value, reached: print(f"  goal: {what}: {value} ({reached})"),
            {name: place / name for name in SETS if (place / name).is_dir()},
            sys.argv[1],
            Path(work),
            lambda command: subprocess.run(command, check=True),
        )
