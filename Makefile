# Every target sets up .venv first if it is missing or out of date; nothing else has to be installed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(BIN)/python
READY := $(VENV)/.ready
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# The constraints hold for the build tools too, so that two machines install the same versions.
export PIP_CONSTRAINT := $(abspath constraints.txt)

VENDOR ?=
SEED ?= 1
SECONDS ?=
QUICK ?=
PORT ?= 8080

.PHONY: help setup demo test generate check fuzz bench emulator lint types clean
.DEFAULT_GOAL := help

help: ## print this table
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "assaykit needs Python 3.11 or later; name one with: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV) || \
	  { echo "Python cannot make virtual environments; on Debian: apt-get install python3-venv"; exit 1; }
	@echo "Installing the pinned packages into $(VENV) (a minute or two, once)"
	@$(RUN) -m pip install --quiet --editable '.[dev]'
	@touch $@

setup: $(READY) ## install the pinned packages into .venv

demo: $(READY) ## run the hiring flow of every vendor against the emulator
	@$(RUN) -m scripts.demo $(VENDOR)

test: $(READY) ## run the whole test suite
	$(RUN) -m pytest

generate: $(READY) ## specs -> generated; VENDOR= for one
	$(RUN) -m scripts.sdkgen generate $(VENDOR)

check: $(READY) lint types ## specs, generated code, style, types, layers, README
	$(RUN) -m scripts.sdkgen lint
	$(RUN) -m scripts.sdkgen generate --check
	$(BIN)/lint-imports
	$(RUN) -m pytest --quiet tests/docs

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

fuzz: $(READY) ## schemathesis against a fresh emulator; VENDOR= SEED= SECONDS= QUICK= narrow or deepen
	$(RUN) -m scripts.fuzz $(VENDOR) --seed $(SEED) $(if $(SECONDS),--seconds $(SECONDS)) $(if $(QUICK),--quick)

bench: $(READY) ## measure client, emulator and generator as ratios against peers
	$(RUN) -m scripts.bench

emulator: $(READY) ## serve the emulator on 127.0.0.1; PORT= for another port
	$(BIN)/assaykit emulator --port $(PORT)

clean: ## remove what the other targets made
	rm -rf $(VENV) .fuzz .bench .hypothesis .schemathesis .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
