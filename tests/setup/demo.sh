#!/usr/bin/env bash
# The four verbs on a real database, in target/demo; run by `make demo`.

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

need_rust
need_python
tests/setup/libduckdb.sh
build_programs
tests/setup/data.sh chinook

DEMO=$TARGET/demo
mkdir -p "$DEMO"
cd "$DEMO"
# A second run starts from nothing, as the first one did.
rm -rf chinook.duckdb* prodlike.toml chinook.prodlike synthetic.duckdb* report.html
cp "$TARGET/data/chinook.duckdb" chinook.duckdb

run() {
    printf '\n$ %s\n' "$*"
    "$@"
}

PATH=$TARGET/release:$PATH
say ''
say 'In target/demo:'
run prodlike init chinook.duckdb -o prodlike.toml
run prodlike fit prodlike.toml -o chinook.prodlike
run prodlike generate chinook.prodlike -o synthetic.duckdb
run prodlike evaluate --real prodlike.toml --synthetic synthetic.duckdb --model chinook.prodlike --html report.html

cat <<'END'

target/demo/chinook.duckdb     the real database
target/demo/prodlike.toml      the manifest: what was found in it, for a person to edit
target/demo/chinook.prodlike   the model file: what was learned (opens with unzip)
target/demo/synthetic.duckdb   the synthetic database
target/demo/report.html        the report
target/release/prodlike        the program
END
