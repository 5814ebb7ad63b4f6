# Everything a person does with the project. `make help` lists it; each line below with ## is a target.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PORT   ?= 8000
METERS ?= 2000
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.stamps
UV     := $(shell command -v uv)
# uv where the machine has it already, plain pip otherwise; both check every hash of the lock file
INSTALL = $(if $(UV),$(UV) pip install --quiet --python $(BIN)/python,$(BIN)/python -m pip install --quiet --disable-pip-version-check)
EDITABLE = $(INSTALL) --no-deps --no-build-isolation --editable .
PYTEST  = $(BIN)/python -m pytest -q -n $(or $(JOBS),2)
CATALOGUES := $(shell find src/payvand -name '*.po' 2>/dev/null)

export PYTHON

.PHONY: help venv dev assets demo serve test test-sqlite test-postgresql check bench lock messages docs clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1|/' | awk -F'|' '{printf "%-22s %s\n", $$1, $$2}'

venv: $(STAMP)/runtime ## the environment in .venv, from the hashed lock file

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Payvand needs Python 3.11 or newer; set PYTHON=/path/to/python3.11" >&2; exit 1; }
	@scripts/need.sh ensurepip python3-venv
	$(PYTHON) -m venv $(VENV)

$(STAMP)/runtime: requirements.lock pyproject.toml | $(BIN)/python
	@mkdir -p $(STAMP)
	@echo "Installing the libraries (once; every hash is checked) ..."
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(EDITABLE)
	@touch $@

dev: $(STAMP)/dev ## the environment with the tools for development

$(STAMP)/dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	@mkdir -p $(STAMP)
	@echo "Installing the libraries and tools (once; every hash is checked) ..."
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@$(EDITABLE)
	@touch $@ $(STAMP)/runtime

# Fonts, icons and map come from locked, hash-checked packages. Without a registry the pages use system fonts,
# no stamp is left, and the next start tries again.
$(STAMP)/assets: $(wildcard src/payvand/ui/assets*.py src/payvand/ui/assets/*) | $(STAMP)/runtime
	@$(BIN)/python -m payvand.ui.assets && touch $@ \
	  || echo "Fonts, icons and map could not be built; Payvand runs on system fonts. Try again with: make assets"

assets: ## build fonts, icons and map again
	@rm -f $(STAMP)/assets
	@$(MAKE) --no-print-directory $(STAMP)/assets

$(STAMP)/messages: $(CATALOGUES) scripts/compile_messages.py | $(STAMP)/runtime
	@$(BIN)/python scripts/compile_messages.py && touch $@

demo: $(STAMP)/runtime $(STAMP)/assets $(STAMP)/messages ## try it: two sample provinces at http://127.0.0.1:8000 (PORT=... to change, METERS=100000 for more)
	@PAYVAND_DEMO_METERS=$(METERS) exec $(BIN)/payvand demo serve --port $(PORT)

serve: $(STAMP)/runtime $(STAMP)/assets $(STAMP)/messages ## serve with your own settings (PAYVAND_* variables)
	@exec $(BIN)/payvand serve --port $(PORT)

# One run holds all tests on SQLite (rules, pages, browser), the second the database tests on PostgreSQL.
# Both run even when the first fails; both summaries stand at the end. A selection (ARGS) may hold no database test.
test: $(STAMP)/dev $(STAMP)/assets $(STAMP)/messages ## all tests: SQLite, then the database tests on PostgreSQL
	@scripts/need.sh chromium chromium -- "The browser tests will be skipped." || true
	@scripts/need.sh libatomic libatomic1 -- "The browser tests will fail." || true
	@scripts/need.sh java default-jre-headless -- "The tests of the Spark engine will be skipped." || true
	@scripts/need.sh xgettext gettext -- "The test of complete translations will be skipped." || true
	@log=$$(mktemp -d); trap 'rm -rf $$log' EXIT; set -o pipefail; failed=0; \
	echo "== SQLite: all tests"; \
	PAYVAND_TEST_DB=sqlite $(PYTEST) $(ARGS) 2>&1 | tee $$log/sqlite || failed=1; \
	echo "== PostgreSQL: the tests that use the database"; \
	PAYVAND_TEST_DB=postgresql $(PYTEST) $(ARGS) 2>&1 | tee $$log/postgresql \
	  || { [ $$? = 5 ] && [ -n "$(ARGS)" ]; } || failed=1; \
	echo; echo "SQLite:     $$(tail -n 1 $$log/sqlite)"; echo "PostgreSQL: $$(tail -n 1 $$log/postgresql)"; \
	exit $$failed

test-sqlite: $(STAMP)/dev $(STAMP)/assets $(STAMP)/messages ## only the first half (ARGS="tests/ledger -k silence")
	PAYVAND_TEST_DB=sqlite $(PYTEST) $(ARGS)

test-postgresql: $(STAMP)/dev $(STAMP)/assets $(STAMP)/messages ## only the second half
	PAYVAND_TEST_DB=postgresql $(PYTEST) $(ARGS)

check: $(STAMP)/dev ## style, types, import contracts, templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python scripts/contracts.py --check
	$(BIN)/lint-imports
	@if find src -name '*.html' | grep -q .; then $(BIN)/djlint --lint --quiet src; fi

bench: $(STAMP)/dev $(STAMP)/messages ## measure; prints a table and writes bench/results/latest.json (ONLY=window for one group)
	$(BIN)/python -m bench $(if $(ONLY),--only $(ONLY))

# uv compiles; it reads no other package index than the machine's default and writes no host name
LOCK = $(or $(UV),$(BIN)/uv) pip compile pyproject.toml --quiet --universal --generate-hashes --no-emit-index-url \
       --python-version 3.11 --no-header --no-annotate --extra postgres --extra assets --extra build --extra energy --extra simulate
lock: ## renew requirements.lock and requirements-dev.lock (UPGRADE=1 takes newer versions)
	$(LOCK) $(if $(UPGRADE),--upgrade) -o requirements.lock
	$(LOCK) $(if $(UPGRADE),--upgrade) --extra dev --extra bench --extra spark --extra semantic -c requirements.lock -o requirements-dev.lock

messages: $(STAMP)/dev ## collect the texts to translate, then compile the catalogues
	@scripts/need.sh xgettext gettext
	cd src/payvand && ../../$(BIN)/python -m django makemessages -l fa --no-wrap --no-obsolete --add-location file
	$(BIN)/python scripts/compile_messages.py

docs: $(STAMP)/dev ## write the reference pages that come from the code, and the import contracts
	$(BIN)/python scripts/contracts.py
	$(BIN)/python scripts/reference.py

clean: ## remove the environment and everything built
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
