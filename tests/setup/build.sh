#!/usr/bin/env bash
# Builds target/release/prodlike and the tools that load test data.

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

build_programs
