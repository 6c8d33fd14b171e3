# Two commands do everything on a fresh machine: `make run` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:
.PHONY: help install install-dev run test lint format lock browser pictures

PORT ?= 8000
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
export PYTHONDONTWRITEBYTECODE := 1

help: ## What can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

install: $(VENV)/.installed-run ## The virtual environment, with what the site needs

install-dev: $(VENV)/.installed-dev ## And with what the tests need

$(VENV)/bin/python:
	@echo "Making a virtual environment in $(VENV)…"
	if ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
	    echo "Task Tutor needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version)."; exit 1
	fi
	if ! $(PYTHON) -m venv $(VENV) 2>/dev/null; then
	    rm -rf $(VENV)
	    .ci/need python3-venv "$(PYTHON) -c 'import ensurepip'"
	    $(PYTHON) -m venv $(VENV)
	fi

$(VENV)/.installed-run: .requirements/run.txt | $(VENV)/bin/python
	@echo "Installing what the site needs…"
	$(PIP) install --require-hashes -r .requirements/run.txt
	touch $@

$(VENV)/.installed-dev: .requirements/dev.txt | $(VENV)/bin/python
	@echo "Installing what the tests need…"
	$(PIP) install --require-hashes -r .requirements/dev.txt
	touch $@ $(VENV)/.installed-run

run: install ## Serve the site on http://127.0.0.1:8000/ (PORT= changes it)
	@exec $(BIN)/python -m tutor.serve $(PORT)

lint: install-dev ## Style, types, imports and templates
	@echo "Looking at style, types, imports and templates…"
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --no-logo
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/python manage.py check --fail-level WARNING
	$(BIN)/python manage.py makemigrations --check --dry-run --verbosity 0

format: install-dev ## Put the code in order
	@$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format --quiet .

browser:
	@.ci/need chromium "command -v chromium || command -v chromium-browser || command -v google-chrome"

test: lint browser ## Lint, types and all tests, in Chromium too
	@$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	echo "Running the tests in Chromium…"
	$(BIN)/python -m pytest -q tests/browser
	echo "Running the other tests…"
	$(BIN)/python -m pytest -q --ignore=tests/browser --numprocesses=3 --dist=loadfile
	echo "All is well. Next: make run, then open http://127.0.0.1:8000/"

pictures: install-dev browser ## Take docs/lessons.webp, a picture of every lesson, anew
	@$(BIN)/python -m tests.browser.pictures docs/lessons.webp

lock: ## Pin what pyproject.toml names, with hashes
	@$(BIN)/python -m pip --quiet install uv
	$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --python-version 3.11 --universal pyproject.toml -o .requirements/run.txt
	$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --python-version 3.11 --universal --extra dev pyproject.toml -o .requirements/dev.txt
