# Two commands are all a newcomer needs: `make demo` and `make test`. Each sets itself up.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
RUN_READY := $(VENV)/.run-ready
DEV_READY := $(VENV)/.dev-ready
PYTEST := $(BIN)/python -m pytest

.PHONY: demo tutorial golden test test-all gate lint bench docs evaluate quiet-cities lock clean
.DELETE_ON_ERROR:

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is missing: install Python 3.11 or newer, or say make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV) || { echo "venv is missing: apt install python3-venv"; rm -rf $(VENV); exit 1; }

$(RUN_READY): requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-index --no-build-isolation --editable .
	@touch $@

$(DEV_READY): requirements-dev.lock $(RUN_READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.lock
	@touch $@

demo: $(RUN_READY) ## a made-up city with a hidden rogue, investigated; the report lies in demo/result/report.html
	$(BIN)/cellwarden demo --out demo

test: $(DEV_READY) lint ## everything but the slow scenario suites
	$(PYTEST) -m "not slow" -n 2 --dist loadfile

test-all: $(DEV_READY) lint ## with the slow scenario suites
	CELLWARDEN_KILLS=50 CELLWARDEN_CITY_SEEDS=1-10 $(PYTEST) -n 2 --dist loadfile
	$(QUIET) --days 3000000

gate: $(DEV_READY) ## the gate end to end: real tunnels in network namespaces; prints its table
	$(PYTEST) tests/scenario/gate -m "not slow" -q

lint: $(DEV_READY)
	$(BIN)/ruff check src tests bench docs
	$(BIN)/ruff format --check src tests bench docs
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(DEV_READY) ## speed and memory, as ratios against a named peer
	$(BIN)/python -m bench

docs: $(DEV_READY) ## generate docs/reference
	$(BIN)/python docs/generate.py

QUIET := nice $(BIN)/python -m bench.quiet_cities --state $$(git describe --always --dirty --abbrev=10)
quiet-cities: $(DEV_READY) ## is an honest cell ever accused? 300,000 cell-days in cities without a rogue; goes on where it was stopped
	$(QUIET)

evaluate: $(DEV_READY) ## every system on every scenario, into docs/reference/evaluation.md; goes on where it was stopped (SEEDS=1-3)
	nice $(BIN)/python docs/evaluate.py --seeds $(or $(SEEDS),1-3) --jobs 2

LOCK := $(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options --no-header --strip-extras --allow-unsafe
lock: $(DEV_READY) ## pin anew what pyproject.toml and requirements-dev.in ask for
	$(LOCK) --upgrade --build-deps-for editable -o requirements.lock pyproject.toml
	$(LOCK) --upgrade -o requirements-dev.lock requirements-dev.in

tutorial: $(DEV_READY) ## the case of 2025 in small: from records to three reports and a bundle that a stranger checks
	rm -rf tutorial
	$(BIN)/python docs/tutorial/replay.py tutorial

golden: $(DEV_READY) ## write the golden files anew, the replay's among them; read what git shows before you commit it
	UPDATE_GOLDEN=1 $(PYTEST) -q tests/docs/test_replay.py tests/unit/incident/test_report.py tests/unit/incident/filing/test_parts.py tests/unit/incident/notices/test_notice.py

clean:
	rm -rf tutorial $(VENV) demo build .mypy_cache .ruff_cache .pytest_cache .hypothesis
