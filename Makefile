# Two commands on a fresh machine: `make run` and `make test`. Python 3.11 to 3.13 and make are all they need.
SHELL := /bin/sh
VENV := .venv
UV_VERSION := 0.13.9
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON := $(shell for name in python3.13 python3.12 python3.11 python3 python; do \
	command -v $$name >/dev/null 2>&1 && $$name -c '$(FITS)' 2>/dev/null && { command -v $$name; break; }; done)
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SIZES := 300000 3000000
RUNS := 200
# Side by side; each builds the sample for itself. A file's tests stay together, for they share what is built.
TEST_WORKERS := 2
SEEDS := 100
export DAGSTER_DISABLE_TELEMETRY := 1
export DO_NOT_TRACK := 1

.PHONY: help run test test-browser test-documents test-documents-long test-other-tools lint format ui ui-readonly bench bench-effect bench-country bench-extracts architecture pictures lock clean

help:
	@echo "make run          make the sample country, run the whole way, answer the three questions"
	@echo "make test         all tests that need Python alone"
	@echo "make test-browser the tests that need Chromium"
	@echo "make test-documents the commands of the documents, run as a reader runs them, and the servers"
	@echo "make test-documents-long those that take minutes: builds, benchmarks, every estimate"
	@echo "make test-other-tools R (haven) and PSPP read the files of a release (Debian: apt-get install r-cran-haven pspp)"
	@echo "make lint         format, lint, types"
	@echo "make ui           graph, runs and checks for engineers     http://127.0.0.1:3000"
	@echo "make ui-readonly  the same for stakeholders, to look at    http://127.0.0.1:3001"
	@echo "make bench        time and memory beside a bare floor and plain pandas (SIZES=\"300000 30000000\" for more)"
	@echo "make bench-effect bias, coverage and size of the effect's estimators in worlds of known truth (RUNS=200)"
	@echo "make bench-country the same in whole synthetic countries, with the planted effects and without any (SEEDS=100)"
	@echo "make bench-extracts the primary estimate beside its truth in five countries, from extract to table"
	@echo "make architecture draw docs/pictures/architecture.svg from the code"
	@echo "make pictures     the screenshots of the documents, out of what make run has made (Chromium)"
	@echo "make lock         resolve the lock file anew"

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "No fitting Python found: install Python 3.11, 3.12 or 3.13 (Debian: apt-get install python3 python3-venv)."; exit 1; }
	@echo "Making the environment with $(PYTHON) ..."
	@test -x $(BIN)/python && $(BIN)/python -c '$(FITS)' 2>/dev/null || { rm -rf $(VENV); $(PYTHON) -m venv $(VENV) || { echo "$(PYTHON) cannot make a virtual environment: install its venv module (Debian: apt-get install python3-venv)."; exit 1; }; }
	@if $(BIN)/python -m pip install -q --disable-pip-version-check "uv==$(UV_VERSION)" 2>/dev/null; then \
		$(BIN)/uv pip sync -q --system-certs --compile-bytecode --python $(BIN)/python requirements.lock && \
		$(BIN)/uv pip install -q --no-deps --no-build-isolation --python $(BIN)/python -e . ; \
	else \
		echo "uv could not be had: pip takes its place (minutes instead of seconds)."; \
		$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock && \
		$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . ; \
	fi
	@touch $@

run: $(READY)
	@$(BIN)/fodfaeste run-sample

test: $(READY)
	@$(BIN)/python -m pytest --ignore=tests/browser --ignore=tests/contributing/test_worked_examples.py -n $(TEST_WORKERS) --dist loadfile

test-browser: $(READY)
	@$(BIN)/python -m pytest tests/browser

test-documents: $(READY)
	@$(BIN)/python -m pytest tests/documents/runs tests/contributing/test_worked_examples.py

test-documents-long: $(READY)
	@$(BIN)/python -m pytest tests/documents/heavy

test-other-tools: $(READY)
	@$(BIN)/python -m pytest tests/other_tools

lint: $(READY)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/sqlfluff lint -q transforms/models
	@$(BIN)/mypy

format: $(READY)
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(BIN)/sqlfluff fix -q transforms/models

ui: $(READY)
	@$(BIN)/fodfaeste ui

ui-readonly: $(READY)
	@$(BIN)/fodfaeste ui --read-only

bench: $(READY)
	@$(BIN)/python benchmarks/bench.py --sizes $(SIZES)

bench-effect: $(READY)
	@$(BIN)/python benchmarks/bench_effect.py --runs $(RUNS)

bench-country: $(READY)
	@$(BIN)/python benchmarks/bench_country.py --seeds $(SEEDS)
	@$(BIN)/python benchmarks/bench_country.py --seeds $(SEEDS) --null

bench-extracts: $(READY)
	@$(BIN)/python benchmarks/bench_extracts.py

pictures: $(READY)
	@$(BIN)/python -m tests.browser.pictures

architecture: $(READY)
	@$(BIN)/python -m tests.architecture.draw

lock:
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
		--extra dev --python-version 3.11 --system-certs pyproject.toml -o requirements.lock

clean:
	@rm -rf $(VENV) transforms/target transforms/logs .pytest_cache .ruff_cache .mypy_cache
