# make run   serves the laboratory          make test   runs every check (CI runs this)
# make help  lists the rest
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

HOST ?= 127.0.0.1
PORT ?= 8000
PYTHON ?= python3

venv := .venv
bin := $(venv)/bin
pip := $(bin)/python -m pip --disable-pip-version-check --quiet install --require-hashes

.PHONY: help
help: ## list the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

# Set-up -------------------------------------------------------------------------------------------------------

# A stamp file stands for each finished step, so that nothing is installed twice.
$(venv)/made:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	  || { echo "Python 3.11, 3.12 or 3.13 is needed and $(PYTHON) is not one: install it, or name it: make PYTHON=/path/to/python3.13"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "Python's venv module is missing: install it (Debian, Ubuntu: apt-get install python3-venv)"; exit 1; }
	@echo "making $(venv)"
	@rm -rf $(venv) && $(PYTHON) -m venv $(venv) && touch $@

$(venv)/run: requirements/run.txt | $(venv)/made
	@echo "installing what the laboratory needs (a minute or two, the first time only)"
	@$(pip) -r $< && touch $@

$(venv)/ready: requirements/dev.txt $(venv)/run
	@echo "installing what the checks need"
	@$(pip) -r $< && touch $@

# Running ------------------------------------------------------------------------------------------------------

.PHONY: run dev
run: $(venv)/run ## serve on http://HOST:PORT (127.0.0.1:8000)
	@echo "Descent Lab: http://$(HOST):$(PORT)"
	@HOST=$(HOST) PORT=$(PORT) exec $(bin)/python -m app
