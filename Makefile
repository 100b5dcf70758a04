# `make` lists what there is. Everything happens in .venv, which is made when it is first needed.

VENV := .venv
BIN := $(VENV)/bin

# The first Python that is new enough; `make PYTHON=/path/to/python …` takes another.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)

# Worker processes of the tests and the corpus.
JOBS ?= 2

# How many steps the generative run takes.
STEPS ?= 2000

CORPUS ?= $(SCHEMA_SYNC_CORPUS)
HISTORIES ?= $(SCHEMA_SYNC_HISTORIES)

.DEFAULT_GOAL := help
.PHONY: help demo test check corpus generative bench fix clean

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.run  ## install, and see the whole story on five SQLite tenants
	$(BIN)/schema-sync demo

test: $(VENV)/.test  ## install, and run the whole test suite
	$(BIN)/python -m pytest -n $(JOBS)

check: $(VENV)/.dev  ## lint, formatting, types, and the laws of the house
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/laws

corpus: $(VENV)/.test  ## every case and history of CORPUS=… and HISTORIES=…
	$(BIN)/python -m tests.corpus $(if $(CORPUS),--corpus $(CORPUS)) $(if $(HISTORIES),--histories $(HISTORIES)) \
		--jobs $(JOBS) --out corpus.jsonl

generative: $(VENV)/.test  ## STEPS=2000 between random PostgreSQL schemas, and what they changed
	$(BIN)/python -m tests.generative --steps $(STEPS)

bench: $(VENV)/.test  ## measure, as ratios within one run
	$(BIN)/python -m tests.bench

fix: $(VENV)/.dev  ## format, and fix what can be fixed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:  ## remove what the other commands made
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis corpus.jsonl
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "schema-sync needs Python 3.11 or newer: make PYTHON=/path/to/python …" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.test: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@
