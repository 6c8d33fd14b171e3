# `make run` and `make test` also install what they need.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:
.PHONY: help install install-dev run test test-postgresql test-thorough test-fleet lint format lock browser services pictures

PORT ?= 8000
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
STORE_TESTS := $(addprefix tests/runs/test_,event_store.py run_queue.py thread_queue.py reaper.py versions.py enqueue.py limits.py recorder.py store_copy.py move.py tidy.py room.py json_text.py) \
    tests/quizzes/test_attempts.py tests/classroom/test_races.py tests/assignments/test_taking.py tests/operations
export PYTHONDONTWRITEBYTECODE := 1

help: ## List the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

install: $(VENV)/.installed-run ## Install the site's dependencies in a virtual environment

install-dev: $(VENV)/.installed-dev ## Install the tests' dependencies too

$(VENV)/bin/python:
	@echo "Creating a virtual environment in $(VENV)…"
	if ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
	    echo "Task Tutor needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version)."; exit 1
	fi
	if ! $(PYTHON) -m venv $(VENV) 2>/dev/null; then
	    rm -rf $(VENV)
	    .ci/need python3-venv "$(PYTHON) -c 'import ensurepip'"
	    $(PYTHON) -m venv $(VENV)
	fi

$(VENV)/.installed-run: .requirements/run.txt | $(VENV)/bin/python
	@echo "Installing the site's dependencies…"
	$(PIP) install --require-hashes -r .requirements/run.txt
	touch $@

$(VENV)/.installed-dev: .requirements/dev.txt | $(VENV)/bin/python
	@echo "Installing the tests' dependencies…"
	$(PIP) install --require-hashes -r .requirements/dev.txt
	touch $@ $(VENV)/.installed-run

run: install ## Serve the site on http://127.0.0.1:8000/ (PORT= changes it)
	@exec $(BIN)/python -m tutor.serve $(PORT)

lint: install-dev ## Check style, types, imports and templates
	@echo "Checking style, types, imports and templates…"
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --no-logo
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/python manage.py check --fail-level WARNING
	$(BIN)/python manage.py makemigrations --check --dry-run --verbosity 0

format: install-dev ## Format the code
	@$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format --quiet .

browser:
	@.ci/need chromium "command -v chromium || command -v chromium-browser || command -v google-chrome"

services:
	@.ci/need postgresql "ls /usr/lib/postgresql/*/bin/postgres"
	.ci/need redis-server "command -v redis-server"
	.ci/need nginx-light "PATH=\$$PATH:/usr/sbin command -v nginx"
	.ci/need openssl "command -v openssl"
	.ci/need iproute2 "PATH=\$$PATH:/sbin command -v ip"
	.ci/need systemd "command -v systemd-analyze"

test: lint browser services ## Run the checks of `make lint` and all tests, including those in Chromium
	@$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	echo "Running the tests in Chromium…"
	$(BIN)/python -m pytest -q tests/browser --numprocesses=2 --dist=loadfile
	echo "Running the other tests…"
	$(BIN)/python -m pytest -q --ignore=tests/browser --numprocesses=3 --dist=loadfile
	echo "Running the store's tests on PostgreSQL…"
	$(BIN)/python -m tests.on_postgresql -q --numprocesses=2 --dist=loadfile $(STORE_TESTS)
	echo "All checks and tests passed. Next: make run, then open http://127.0.0.1:8000/"

test-postgresql: install-dev services ## Run all tests but those in Chromium on PostgreSQL, which takes many minutes
	@$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	$(BIN)/python -m tests.on_postgresql -q --ignore=tests/browser --numprocesses=3 --dist=loadfile

test-thorough: install-dev browser services ## Run the tests that take many minutes, such as those of every style at every step
	@$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	$(BIN)/python -m pytest -q -m thorough --numprocesses=2 --dist=loadfile

test-fleet: install-dev browser services ## Run the browser tests of walks, quizzes and classes on a deployment of many processes
	@export TUTOR_TEST_SITE=fleet
	$(BIN)/python -m pytest -q tests/browser/test_walk.py tests/browser/test_quiz.py tests/browser/test_class.py

pictures: install-dev browser ## Update docs/lessons.webp, a picture of the catalogue, which takes minutes
	@$(BIN)/python -m tests.browser.pictures docs/lessons.webp

lock: ## Pin the dependencies in pyproject.toml, with hashes
	@$(BIN)/python -m pip --quiet install uv
	$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --python-version 3.11 --universal pyproject.toml -o .requirements/run.txt
	$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --python-version 3.11 --universal --extra dev pyproject.toml -o .requirements/dev.txt
