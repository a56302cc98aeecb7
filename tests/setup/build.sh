#!/usr/bin/env bash
# Builds target/release/prodlike, the standard plugins and the tools that load test data.

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

build_programs
build_plugins
