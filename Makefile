# stockpot. `make` alone says what there is. Everything runs in .venv, which each target makes if need be.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
LOG := $(VENV)/install.log

# What `make demo` cooks.
TABLE ?= examples/penguins.csv
ROWS ?= 500
OUT ?= runs/demo

# One test process a core, four at most; each holds torch, so each keeps to one thread of it.
WORKERS ?= auto

# Where `make ui` shows the Prefect UI.
PORT ?= 4200

# Options of `make bench`. What is measured is kept in benchmarks/figures: a line that is there is not measured again.
BENCH ?= --out docs --lines benchmarks/figures

# `make lock` finds all versions anew but torch's, which it keeps unless told another.
TORCH ?= $(shell sed -n 's/^torch==//p' constraints.txt)

.PHONY: help
help:  ## say what there is
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-14s%s\n", $$1, $$2 }'

.PHONY: demo
demo: $(READY)  ## cook synthetic rows from 80 penguins, and say where the report is
	@$(BIN)/stockpot cook $(TABLE) --rows $(ROWS) --out $(OUT) --force
	@echo "Report: $(CURDIR)/$(OUT)/report.html"

.PHONY: test
test: export OMP_NUM_THREADS := 1
test: $(READY)  ## run all tests
	@$(BIN)/pytest -n $(WORKERS) --maxprocesses 4 --dist worksteal

.PHONY: lint
lint: $(READY)  ## check style, types, the direction of imports and the Dockerfile
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/hadolint deployments/Dockerfile

.PHONY: format
format: $(READY)  ## mend what of the style can be mended by a tool
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

.PHONY: bench
bench: $(READY)  ## measure what docs/benchmarks.md quotes and write it (hours; BENCH=--quick: minutes, into runs/benchmark)
	@$(BIN)/stockpot benchmark $(BENCH)

# make says that a target which was interrupted failed: it did not, and this has said what there is to say.
.PHONY: ui
ui: $(READY)  ## keep a Prefect server with its UI, a worker and the deployments running, until Ctrl-C (PORT=4200)
	@$(BIN)/stockpot serve --port $(PORT) || { code=$$?; [ $$code -eq 130 ] || exit $$code; }

.PHONY: lock
lock: python  ## find all versions anew, and pin them in constraints.txt
	@$(PYTHON) -m venv --clear build/lock
	@$(call install,build/lock,"torch==$(TORCH)" -e ".[dev]",build/lock.log)
	@{ sed -n '/^#/p' constraints.txt; build/lock/bin/pip freeze --all --exclude pip --exclude stockpot \
	  | sed 's/^\(torch==[^+]*\)+.*/\1/'; } > build/constraints.txt
	@mv build/constraints.txt constraints.txt
	@rm -rf build/lock
	@echo "constraints.txt pins $$(grep -c == constraints.txt) packages; run: make test"

.PHONY: clean
clean:  ## remove the environment, builds and caches (not runs/)
	rm -rf $(VENV) build dist src/*.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find src flows tasks tests benchmarks examples -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment. Made once, brought up to date when the project's needs or pins have changed.

$(READY): pyproject.toml constraints.txt | python
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV)
	@$(call install,$(VENV),-c constraints.txt -e ".[dev]",$(LOG))
	@touch $@

.PHONY: python
python:
	@command -v $(PYTHON) > /dev/null || { echo "stockpot needs python3, 3.11 or newer: '$(PYTHON)' was not found." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "stockpot needs Python 3.11 or newer: '$(PYTHON)' is $$($(PYTHON) -V 2>&1). Name another: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || { echo "stockpot needs Python's venv module, which '$(PYTHON)' lacks; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

# $(call install,environment,what,log): pip tells the log everything, and a person how far it is.
define install
echo "Installing into $(1), a few minutes the first time (all that pip says: $(3))"; \
$(1)/bin/python -m pip --disable-pip-version-check install $(2) 2>&1 | tee $(3) | { found=0; \
while read -r word file rest; do case "$$word $$rest" in \
  Collecting*|Processing*) found=$$((found + 1)); [ $$((found % 25)) -ne 0 ] || echo "  $$found packages found" ;; \
  Downloading*[0-9][0-9].[0-9]" MB)"*) echo "  downloading $${file%%-*} $$rest" ;; \
  "Installing collected"*|Installing*) [ $$found -eq 0 ] || echo "  $$found packages found; unpacking them" ;; \
esac; done; } || { tail -n 15 $(3) >&2; echo "pip could not install; see $(3)" >&2; exit 1; }
endef
