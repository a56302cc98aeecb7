#!/usr/bin/env bash
# Builds what is measured and runs tests/bench/run.py; `make bench`.

source "$(dirname "${BASH_SOURCE[0]}")/../setup/common.sh"

need_rust
need_python
tests/setup/libduckdb.sh
build_programs --example ratio --example bench --example throughput
build_plugins
tests/setup/python.sh setup
tests/setup/data.sh chinook nycflights13 lahman tpch tpcds
exec python3 tests/bench/run.py "$@"
