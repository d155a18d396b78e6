# The two commands for newcomers are `make demo` and `make test`; `make` lists all.
# Needs Python 3.11 or later and git; whatever else is missing is named and done without.

PORT ?= 8000
DATA_DIR ?= demo-data
PYTHON ?=

BIN := .venv/bin
SAY := @printf '\n== %s\n'
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test coverage check bench build fonts scripts format clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

demo: .venv/.runtime fonts scripts ## prepare a demo office and serve it (PORT=8000, DATA_DIR=demo-data)
	$(SAY) "Preparing the demo office in $(DATA_DIR); stop it with Ctrl+C"
	@$(BIN)/issuer demo --data-dir "$(DATA_DIR)" --port "$(PORT)"

test: .venv/.development fonts scripts ## run every test that this machine can run
	$(SAY) "Looking for the tools the tests use"
	@$(BIN)/python tests/tools.py
	$(SAY) "Running the tests in two processes"
	@$(BIN)/python -m pytest -n 2

coverage: .venv/.development fonts scripts ## the tests with branch coverage, in almost twice the time
	$(SAY) "Running the tests in two processes, with branch coverage"
	@$(BIN)/python -m pytest -n 2 --cov --cov-report=term

check: .venv/.development ## check format, lint, types and import contracts
	$(SAY) "Format (ruff format)"
	@$(BIN)/ruff format --check .
	$(SAY) "Lint (ruff check)"
	@$(BIN)/ruff check .
	$(SAY) "Types (mypy --strict)"
	@$(BIN)/mypy
	$(SAY) "Import contracts (lint-imports)"
	@$(BIN)/lint-imports

bench: .venv/.development fonts ## measure against the baselines and print the table
	$(SAY) "Measuring; this takes some minutes and wants a quiet machine"
	@$(BIN)/python -m tests.benchmarks

build: .venv/.runtime fonts scripts ## build the wheel and an offline wheelhouse, and prove both
	$(SAY) "Building the wheel into dist/"
	@rm -rf build dist
	@$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .
	$(SAY) "Collecting what it needs into dist/wheelhouse/"
	@$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --wheel-dir dist/wheelhouse dist/issuer-*.whl
	@$(BIN)/python tests/list_parts.py dist/wheelhouse dist/parts.cdx.json
	$(SAY) "Proving it: empty environment, no network, another folder"
	@$(BIN)/python tests/prove_wheel.py dist/wheelhouse

fonts: .venv/bin/python ## fetch the typeface of the letters (npm, else Debian, else Vera)
	@$(BIN)/python templates/scripts/fetch.py fonts

scripts: .venv/bin/python ## fetch the packages of the offline verifier (npm)
	@$(BIN)/python templates/scripts/fetch.py scripts

format: .venv/.development ## format the code and mend what lint can mend
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean: ## remove everything made here except demo data
	@rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache .coverage* templates/fonts/*.ttf templates/fonts/OFL.txt \
		templates/offline/vendor
	@find issuer tests templates -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.runtime: .venv/bin/python setup.cfg pyproject.toml
	$(SAY) "Installing the office and what it needs into .venv (about a minute the first time)"
	@$(PIP) --editable .
	@touch $@

.venv/.development: .venv/.runtime
	$(SAY) "Installing the tools for tests and checks into .venv"
	@$(PIP) --editable '.[dev]'
	@touch $@

.venv/bin/python:
	$(SAY) "Making the Python environment .venv"
	@for python in $(PYTHON) python3.11 python3; do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			"$$python" -m venv .venv && exit 0; \
			rm -rf .venv; \
			echo "$$python cannot make an environment; on Debian: apt install python3-venv" >&2; \
			exit 1; \
		fi; \
	done; \
	echo "Python 3.11 or later is needed and was not found; say where: make PYTHON=/path/to/python" >&2; \
	exit 1
