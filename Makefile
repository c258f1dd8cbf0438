# Reported Figures. 'make help' prints what there is; 'make run' is all it takes from a fresh clone.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
export PYTHONHASHSEED := 0
# nothing of this project asks for the network once it is installed
export GX_ANALYTICS_ENABLED := False
export JUPYTER_PLATFORM_DIRS := 1

.PHONY: help run test lab report bench evaluate notebooks docs setup browser clean

help: ## print this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/\1|\2/' | awk -F'|' '{ printf "  make %-10s %s\n", $$1, $$2 }'
	@echo "  parameters of a run: make run ARGS='--raw my/articles -p keep_runs=3'; all of them: $(BIN)/figures run --help"

setup: $(STAMP) ## make .venv with the locked packages (the other targets do it where needed)

# A changed lock installs anew, an unchanged one costs nothing. Bytecode is compiled here, once, or every start pays for it.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 13) else f"python {sys.version.split()[0]} does not fit: Reported Figures needs Python 3.11, 3.12 or 3.13. Name one: make PYTHON=python3.12 run")'
	@if command -v uv > /dev/null; then \
	  uv venv --quiet --allow-existing --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv \
	  && uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.lock \
	  && uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	else \
	  $(PYTHON) -m venv .venv; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock; \
	  $(BIN)/python -m compileall -q -j 0 .venv/lib > /dev/null 2>&1 || true; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	fi
	@touch $(STAMP)

run: $(STAMP) ## work through the articles in data/raw; the report is data/processed/latest/report.html
	@$(BIN)/figures run $(ARGS)

lab: $(STAMP) ## open the notebooks in JupyterLab
	@$(BIN)/figures lab $(ARGS)

report: $(STAMP) ## write the report of the latest run anew
	@$(BIN)/figures report data/processed/latest

bench: $(STAMP) ## measure throughput, run time by stage and memory
	@$(BIN)/python benchmarks/bench.py $(ARGS)

evaluate: $(STAMP) ## score the extraction: make evaluate ARGS='--gold FILE --articles DIR'
	@$(BIN)/figures evaluate $(ARGS)

notebooks: $(STAMP) ## execute the notebooks on the sample and write their outputs back
	@$(BIN)/figures notebooks

docs: $(STAMP) ## write the generated docs and expectations anew
	@$(BIN)/figures docs

browser: $(STAMP)
	@scripts/browser.sh $(BIN)/python

test: $(STAMP) browser ## everything that continuous integration checks
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest -q
	$(BIN)/python -m pytest -q -p no:cacheprovider --nbval --nbval-current-env --nbval-cell-timeout 120 \
	  --nbval-sanitize-with notebooks/nbval.cfg notebooks

clean: ## remove .venv and caches (never data)
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
