# The two commands are `make demo` and `make test`; each does everything from a fresh clone.

.DEFAULT_GOAL := help
.PHONY: help setup build wheel demo test test-full lint bench referee clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

setup: ## Fetch libduckdb, once
	@tests/setup/test.sh setup

build: setup ## Build target/release/prodlike and the standard plugins
	@tests/setup/build.sh

demo: ## Learn and regenerate a real database, in target/demo
	@tests/setup/demo.sh

test: ## Run every check: format, tests, lints, dependencies, metrics against the reference
	@tests/setup/test.sh

test-full: test ## Run every check, all notebooks, and give the fuzz targets a million inputs
	@tests/setup/python.sh full
	@PRODLIKE_FUZZ=$${PRODLIKE_FUZZ:-136} PRODLIKE_FUZZ_SEED=$${PRODLIKE_FUZZ_SEED:-$$(date +%s)} \
		tests/setup/test.sh fuzz

wheel: build ## Build the Python package, one wheel in target/wheels
	@tests/setup/wheel.sh

lint: setup ## Run clippy alone
	@tests/setup/test.sh lint

bench: ## Measure the figures of tests/bench; SAVE=1 (or a name) keeps them in tests/bench/runs
	@tests/bench/run.sh $(if $(SAVE),--save $(SAVE))

referee: ## Judge the data with public packages; DATASETS="adult lahman" SEEDS=1 for less, SAVE=1 keeps it
	@tests/referee/referee.sh $(DATASETS) $(if $(SEEDS),--seeds $(SEEDS)) $(if $(SAVE),--save)

clean: ## Remove everything that was built or fetched
	rm -rf target
