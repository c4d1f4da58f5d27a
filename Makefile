# Set-up, run, test and lint. Each target does the set-up it needs, once: the stamps in .venv tell what is there.
#
#   PYTHON=/path/to/python  the interpreter to build .venv with, 3.11 or newer
#   UV=                     install with pip even where uv is found
#   ARGS="..."              passed on: make test ARGS="-k fgsm", make up ARGS="--help", make lock ARGS="--upgrade"

.DEFAULT_GOAL := help
.PHONY: help env up dev-env test check lock clean

BIN := .venv/bin
PYTHON := python3
UV := $(shell uv --version >/dev/null 2>&1 && echo uv)

ifneq ($(UV),)
MAKE_VENV = $(UV) venv --quiet --allow-existing --python "$$python" .venv
INSTALL = $(UV) pip install --quiet --python $(BIN)/python
else
MAKE_VENV = "$$python" -m venv .venv
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
endif

help: ## show the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

env: .venv/.runtime ## make .venv with what mtaa needs to run
	@:

dev-env: .venv/.dev ## add the tools for tests and linters
	@:

up: env ## start the workbench on 127.0.0.1
	@exec $(BIN)/mtaa up $(ARGS)

test: dev-env ## run the tests
	@$(BIN)/python -m pytest $(ARGS)

check: dev-env ## run the linters, the type checker and the import rules
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m ruff format --check .
	@$(BIN)/python -m mypy
	@$(BIN)/lint-imports

# One file for every Python from 3.11 and every system; the dev lock holds the runtime lock's versions.
LOCK = $(UV) pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --extra build

lock: ## write requirements.txt and requirements-dev.txt anew from pyproject.toml (needs uv)
	@test -n "$(UV)" || { echo "make lock needs uv; install it with: python3 -m pip install uv" >&2; exit 1; }
	@$(LOCK) --output-file requirements.txt $(ARGS)
	@$(LOCK) --extra dev --constraints requirements.txt --output-file requirements-dev.txt $(ARGS)

clean: ## remove .venv, build products and caches; runs/ and checkpoints/ stay
	@rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@for folder in mtaa app pages tests benchmarks; do \
		if [ -d $$folder ]; then find $$folder -type d -name __pycache__ -prune -exec rm -rf {} +; fi; \
	done

.venv/.runtime: requirements.txt pyproject.toml
	@python=`"$(PYTHON)" -c 'import sys; print(sys.executable if sys.version_info >= (3, 11) else "")' 2>/dev/null`; \
	if [ -z "$$python" ]; then \
		echo "mtaa needs Python 3.11 or newer, and $(PYTHON) is not; name one: make PYTHON=python3.12 ..." >&2; exit 1; \
	fi; \
	$(MAKE_VENV)
	@echo "Installing the locked packages into .venv (the first time a download of some 3 GB on Linux)"
	@$(INSTALL) --require-hashes -r requirements.txt
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.runtime
	@echo "Adding the development tools to .venv"
	@$(INSTALL) --require-hashes -r requirements-dev.txt
	@touch $@
