# Only Python >= 3.11, git and make are presupposed. `make help` lists what there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup postgres spark sample bulletin ui test lint audit sbom clean
help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

# all is byte-compiled here, so that every start takes half the time, although services may write nothing into the checkout
setup: $(VENV)/ready ## the virtual environment, from the hash-locked requirements
	@$(BIN)/python -m compileall -q dagster_project ingest reports > /dev/null || true

$(VENV)/ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --no-deps --require-hashes --only-binary=:all: --no-compile -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q -j 0 $(VENV)/lib > /dev/null || true
	@touch $@

postgres: setup ## what TONGBAO_POSTGRES needs, locked in a file of its own
	$(BIN)/pip install --quiet --no-deps --require-hashes --only-binary=:all: -r requirements-postgres.lock

spark: setup ## what TONGBAO_ENGINE=spark needs besides a JRE, locked in a file of its own; pyspark comes as source only
	$(BIN)/pip install --quiet --no-deps --require-hashes --only-binary=:all: --no-binary=pyspark --no-build-isolation -r requirements-spark.lock

sample: setup ## synthetic exports, into an empty exports folder only
	$(BIN)/tongbao sample

bulletin: setup ## sample exports where there are none, then the whole run: warehouse, checks, bulletin
	$(BIN)/tongbao sample
	$(BIN)/tongbao run

ui: setup ## the Dagster UI on 127.0.0.1:3000
	$(BIN)/tongbao ui

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/sqlfluff lint --processes 0 dbt/models dbt/tests

test: setup lint ## everything that must pass
	$(BIN)/dagster definitions validate -m dagster_project.definitions
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

# tools that only these two targets need, locked in a file of their own
$(VENV)-audit/ready: requirements-audit.lock
	$(PYTHON) -m venv $(VENV)-audit
	$(VENV)-audit/bin/pip install --quiet --no-deps --require-hashes --only-binary=:all: -r requirements-audit.lock
	@touch $@

audit: $(VENV)-audit/ready ## known vulnerabilities: make audit DATABASE=all.zip, OSV's collection for PyPI, downloaded beforehand
	@test -n "$(DATABASE)" || { echo "DATABASE=<path of OSV's all.zip for PyPI> is needed: machines may be offline" >&2; exit 2; }
	$(VENV)-audit/bin/python .ci/audit.py $(DATABASE)

sbom: setup $(VENV)-audit/ready ## sbom.json: what is installed, in CycloneDX, the same bytes for the same lock
	$(VENV)-audit/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible -o sbom.json $(BIN)/python

clean: ## the virtual environment and dbt's artefacts; data/ is left alone
	rm -rf $(VENV) $(VENV)-audit sbom.json dbt/target dbt/logs
