# One command a task. `make` lists them; CI calls the same ones.
# PYTHON makes the environment, VENV is where it lives; an environment of your own works too:
#   make test BIN=/path/to/env/bin
PYTHON ?= python3
VENV ?= .venv
BIN ?= $(VENV)/bin
JOBS ?= 2

.DEFAULT_GOAL := help
.PHONY: help install lock format lint types layers generated check test equivalence theory verify
.PHONY: oracles systems schema results notebooks benchmark clean browser verify-logs

help: ## list the tasks
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

install: $(BIN)/python ## make the environment from the locked versions
	$(BIN)/python -m pip install --require-hashes -r requirements-lock.txt
	$(BIN)/python -m pip install --no-deps -e .

LOCK_HEAD = \# Tested versions of the base and dev dependencies, with hashes, for Python 3.11-3.13 on any system.\n\# No address is recorded, so any mirror serves. Made by `make lock`; do not edit.\n

lock: ## resolve the newest versions anew (needs uv)
	@printf '$(LOCK_HEAD)' > requirements-lock.txt
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --upgrade \
	  --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links \
	  --quiet >> requirements-lock.txt

format: ## lay out the code and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lint: ## style and layout, nothing changed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: ## strict types of the package
	$(BIN)/mypy

layers: ## who may import whom
	$(BIN)/lint-imports

generated: ## generated files are up to date
	$(BIN)/gridgov schema --check scenarios/scenario.schema.json
	$(BIN)/python -m tests.oracles.page --check
	$(BIN)/python -m tests.mechanisms.page --check

check: lint types layers generated ## all static checks

test: ## the fast suite
	$(BIN)/python -m pytest -q -n $(JOBS)

equivalence: ## both engines write the same log, event for event
	$(BIN)/python -m pytest -q -n $(JOBS) -m "" tests/equivalence tests/traces

theory: ## textbook models against exact results, the small set that CI plays
	$(BIN)/python -m pytest -q -n $(JOBS) -m "slow and not verify" tests

verify: ## every test there is, hours included
	$(BIN)/python -m pytest -q -n $(JOBS) -m ""

browser: ## the report in a real Chromium
	GRIDGOV_BROWSER=required $(BIN)/python -m pytest -q -m browser

verify-logs: ## the real logs of cities in DATA=DIR, which are not kept here
	@test -n "$(DATA)" || { echo "make verify-logs DATA=DIR: the folder of the logs"; exit 2; }
	GRIDGOV_LOGS="$(abspath $(DATA))" $(BIN)/python -m pytest -q tests/cli/test_real_logs.py

oracles: ## the page of exact results and the tests that cover them
	$(BIN)/python -m tests.oracles.page

systems: ## the page of mechanisms and the scenarios that play them
	$(BIN)/python -m tests.mechanisms.page

schema: ## the JSON Schema of the scenario language
	$(BIN)/gridgov schema --out scenarios/scenario.schema.json

results: ## what README and docs show, made anew by the commands beside it (two minutes)
	$(BIN)/python scripts/reference.py

notebooks: ## the executed copies in notebooks/, made anew from their sources (a minute or two)
	$(BIN)/python scripts/notebooks.py

# Not part of `results`: times are never the same bytes. OPTIONS=--reference writes what docs show.
benchmark: ## speed beside other programs, ten minutes (OPTIONS=--quick: one)
	$(BIN)/python -m benchmarks $(OPTIONS)

clean: ## remove caches and builds; results stay
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis htmlcov .coverage
	find sim tests -name __pycache__ -type d -prune -exec rm -rf {} +
