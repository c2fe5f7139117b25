# What people type. `make run` and `make test` need Python 3.11 or newer, pip and make; nothing else.
#   make run ARGS="--replicates 20"     make test PYTHON=python3.13     make test ARGS="-k leak"

PYTHON ?= python3
VENV ?= .venv
ARGS ?=

BIN := $(VENV)/bin
BENCH_VENV = $(VENV)-bench
NEWEST_VENV = $(VENV)-newest
NEWEST_BIN = $(NEWEST_VENV)/bin
LOWEST_VENV = $(VENV)-lowest
LOWEST_BIN = $(LOWEST_VENV)/bin
LOWEST_UV = $(LOWEST_BIN)/uv pip install --quiet --python $(LOWEST_BIN)/python
RESULTS = build/benchmarks
# What is measured belongs to a state of the code: a folder for each, so that an interrupted run goes on.
VALIDATION = build/validation/$(shell git rev-parse --short HEAD 2>/dev/null || echo here)
DRAWS ?= 1000
BENCH_BIN = $(BENCH_VENV)/bin
PIP_OPTIONS = -qq --disable-pip-version-check
# Not all modules are compiled ahead: Python keeps the code of those that it imports, if it may.
unexport PYTHONDONTWRITEBYTECODE
PIP_INSTALL = $(BIN)/python -m pip install $(PIP_OPTIONS) --no-compile
PYTEST = $(BIN)/python -m pytest
# A process for each core, four at most: each takes some 700 MB.
SIDE_BY_SIDE = -n auto --maxprocesses 4 --dist worksteal
# Two lanes: what is marked slow or statistical takes longer than all the rest.
FAST_LANE = $(SIDE_BY_SIDE) -m "not slow and not statistical"

# The stamps carry the interpreter's version: another PYTHON makes the environment anew.
PYTHON_VERSION := $(shell $(PYTHON) -c 'import platform; print(platform.python_version())')
VENV_STAMP := $(VENV)/.venv-$(PYTHON_VERSION)
RUN_STAMP := $(VENV)/.run-$(PYTHON_VERSION)
DEV_STAMP := $(VENV)/.dev-$(PYTHON_VERSION)
CUDA_STAMP := $(VENV)/.cuda-$(PYTHON_VERSION)
DOCS_STAMP := $(VENV)-docs/.docs-$(PYTHON_VERSION)
BENCH_STAMP := $(BENCH_VENV)/.bench-$(PYTHON_VERSION)

# Rules and their doctests, as far as they exist.
RULES = $(wildcard tests/rules src/amnok/rules)

.PHONY: run test test-newest test-lowest test-slow wheel check lint rules-uncompiled cuda statistics baselines validation robustness odd docs release bench bench-reduced bench-explorer bench-check \
	format setup setup-run setup-bench lock clean help
.DEFAULT_GOAL := help

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' $(firstword $(MAKEFILE_LIST)) | awk -F'|' '{printf "%-26s%s\n", $$1, $$2}'

run: setup-run ## set up and run the default scenario; more options in ARGS
	@$(BIN)/amnok run $(ARGS)

test: setup ## the fast lane of tests, a few minutes
	@$(PYTEST) $(FAST_LANE) $(ARGS)

# What pip installs today, with no lock; a new pip reads dependency groups. Without `cuda`, which holds NumPy back: see `make cuda`.
test-newest: ## the fast lane with the newest releases that pyproject.toml allows
	@echo "Setting up $(NEWEST_VENV) with the newest releases: a minute or two, each time."
	@$(PYTHON) -m venv --clear $(NEWEST_VENV)
	@$(NEWEST_BIN)/python -m pip install $(PIP_OPTIONS) --upgrade pip
	@$(NEWEST_BIN)/python -m pip install $(PIP_OPTIONS) --no-compile --group dev -e '.[infer,sensitivity,solve,sweep]'
	@$(NEWEST_BIN)/python -m pytest $(FAST_LANE) $(ARGS)

# The oldest that pyproject.toml allows, each; they know not what was deprecated since.
test-lowest: ## the fast lane with the oldest releases that pyproject.toml allows
	@echo "Setting up $(LOWEST_VENV) with the oldest releases: a minute or two, each time."
	@$(PYTHON) -m venv --clear $(LOWEST_VENV)
	@$(LOWEST_BIN)/python -m pip install $(PIP_OPTIONS) uv
	@$(LOWEST_UV) --resolution lowest-direct -e '.[infer,sensitivity,solve,sweep]'
	@$(LOWEST_UV) --group dev
	@$(LOWEST_BIN)/python -m pytest $(FAST_LANE) -W ignore::DeprecationWarning -W ignore::PendingDeprecationWarning \
		-W ignore::FutureWarning $(ARGS)

test-slow: setup ## the slow lane: statistics, robustness, a wheel
	@$(PYTEST) $(SIDE_BY_SIDE) -m "slow or statistical" $(ARGS)

check: lint rules-uncompiled ## what CI runs: style, types, layers, rules without compilation, all tests
	@$(MAKE) --no-print-directory test
	@$(MAKE) --no-print-directory test-slow

wheel: setup-run ## a wheel with compiled code in dist/, for this version of Python
	@$(BIN)/python -m pip wheel $(PIP_OPTIONS) --no-deps --no-build-isolation --wheel-dir dist .

lint: setup ## style, types and layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

rules-uncompiled: setup ## the rules as plain Python
	@$(if $(RULES),NUMBA_DISABLE_JIT=1 $(PYTEST) --quiet $(RULES),echo "no rules yet")

cuda: $(CUDA_STAMP) ## compile the rules for a GPU, without one (downloads some 190 MB, once)
	@$(PYTEST) --quiet tests/cuda $(ARGS)

statistics: setup ## statistical verification only
	@$(PYTEST) tests/statistical $(ARGS)

baselines: setup ## simulate the main job anew and agree on its numbers; ARGS=--look only shows what moved
	@$(BIN)/python -m tests.statistical.baselines $(ARGS)

validation: setup ## verify the patterns, and write docs/validation.md from what is found (an hour or two; resumes; DRAWS=1000)
	@mkdir -p $(VALIDATION)
	@test -e $(VALIDATION)/ablations.json || { \
		$(BIN)/amnok verify --ablate --json > $(VALIDATION)/ablations.part && \
		mv $(VALIDATION)/ablations.part $(VALIDATION)/ablations.json; }
	@test -e $(VALIDATION)/robustness.json || { \
		$(BIN)/amnok verify --robust --draws $(DRAWS) --out $(VALIDATION)/draws --json > $(VALIDATION)/robustness.part && \
		mv $(VALIDATION)/robustness.part $(VALIDATION)/robustness.json; }
	@test -e $(VALIDATION)/reality.json || $(BIN)/python validation/reality.py hold $(VALIDATION)
	@$(BIN)/python validation/report.py $(VALIDATION)

# Draws of a border that is finished are thrown away, so that the next ones are of the code as it is then.
robustness: setup ## effects of each built-in border under draws from its prior, for pages; resumes
	@set -e; for file in src/amnok/scenario/builtin/*/scenario.yaml; do \
		border=$$(basename $$(dirname $$file)); echo "== $$border"; \
		$(BIN)/amnok effects $$border --robust --out build/robustness/$$border --save $$(dirname $$file)/robustness.json.gz $(ARGS) > /dev/null; \
		rm -rf build/robustness/$$border; done

odd: setup ## write docs/odd.md, the description of the model, from the default border and the source
	@$(BIN)/amnok odd --out docs/odd.md

docs: $(DOCS_STAMP) ## the documentation site in build/docs; its tutorials run, and any warning fails
	@rm -rf build/docs
	@$(VENV)-docs/bin/python -m sphinx --quiet --fail-on-warning --keep-going docs build/docs
	@echo "build/docs/index.html"

release: wheel docs ## a wheel, the documentation and the changes of this version in dist/
	@tar -czf dist/amnok-docs.tar.gz -C build docs
	@$(BIN)/python .ci/release.py dist/CHANGES.md
	@ls dist

bench: setup-bench ## every benchmark, and docs/performance.md from what they find
	@mkdir -p $(RESULTS)
	@set -e; for name in full_day growth limit; do echo "== $$name"; \
		PYTHONPATH=. $(BENCH_BIN)/python benchmarks/$$name.py --json $(RESULTS)/$$name.json; done
	@echo "== reduced day"
	@$(BENCH_BIN)/python benchmarks/reduced/check.py
	@$(BENCH_BIN)/python benchmarks/reduced/run.py --json $(RESULTS)/reduced.json
	@$(BENCH_BIN)/python benchmarks/report.py $(RESULTS)

bench-reduced: setup-bench ## the reduced day only; writes every time with ARGS="--json FILE"
	@$(BENCH_BIN)/python benchmarks/reduced/run.py $(ARGS)

bench-explorer: setup ## how soon the explorer's page follows a lever; needs a browser
	@$(BIN)/python benchmarks/explorer.py $(ARGS)

bench-check: setup-bench ## do all engines simulate the same reduced day?
	@$(BENCH_BIN)/python benchmarks/reduced/check.py $(ARGS)

format: setup ## put the code into the house style
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

setup: $(DEV_STAMP) ## the environment for development

setup-run: $(RUN_STAMP) ## the environment for running

setup-bench: $(BENCH_STAMP) ## the environment for benchmarks, with the engines to compare with

$(VENV_STAMP):
	@test -n "$(PYTHON_VERSION)" || { echo "make: $(PYTHON) does not run; name another: make PYTHON=python3.13" >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Amnok needs Python 3.11 or newer; name one: make PYTHON=python3.13")'
	@echo "Setting up $(VENV) with Python $(PYTHON_VERSION): a minute or two, once."
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(RUN_STAMP): $(VENV_STAMP) requirements/run.lock pyproject.toml
	@$(PIP_INSTALL) --require-hashes -r requirements/run.lock
	@$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_STAMP): $(RUN_STAMP) requirements/dev.lock
	@$(PIP_INSTALL) --require-hashes -r requirements/dev.lock
	@touch $@

$(CUDA_STAMP): $(DEV_STAMP) requirements/cuda.lock
	@$(PIP_INSTALL) --require-hashes -r requirements/cuda.lock
	@touch $@

$(DOCS_STAMP): requirements/docs.lock pyproject.toml
	@$(PYTHON) -m venv --clear $(VENV)-docs
	@$(VENV)-docs/bin/python -m pip install $(PIP_OPTIONS) --no-compile --require-hashes -r requirements/docs.lock
	@$(VENV)-docs/bin/python -m pip install $(PIP_OPTIONS) --no-deps --no-build-isolation -e .
	@touch $@

# Without the check of dependencies, since the lock does not heed all of them (bench.override).
$(BENCH_STAMP): requirements/bench.lock pyproject.toml
	@test -n "$(PYTHON_VERSION)" || { echo "make: $(PYTHON) does not run; name another: make PYTHON=python3.13" >&2; exit 2; }
	@echo "Setting up $(BENCH_VENV) with Python $(PYTHON_VERSION): some minutes and 1.7 GB, once."
	@$(PYTHON) -m venv --clear $(BENCH_VENV)
	@$(BENCH_BIN)/python -m pip install $(PIP_OPTIONS) --no-deps --require-hashes -r requirements/bench.lock
	@$(BENCH_BIN)/python -m pip install $(PIP_OPTIONS) --no-deps --no-build-isolation -e .
	@touch $@

# One lock for every platform and every Python from 3.11 on; NumPy is older in cuda.lock. uv only resolves; nothing else needs it.
LOCK_VENV = $(VENV)-lock
LOCK = $(LOCK_VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
	--no-config --no-header --no-annotate --no-emit-index-url --no-emit-find-links --group build pyproject.toml

lock: ## resolve the newest versions and write requirements/*.lock
	@$(PYTHON) -m venv --clear $(LOCK_VENV)
	@$(LOCK_VENV)/bin/python -m pip install -qq --disable-pip-version-check uv
	@$(LOCK) --output-file requirements/run.lock
	@$(LOCK) --group dev --extra sensitivity --extra solve --extra sweep --constraints requirements/run.lock \
		--output-file requirements/dev.lock
	@sed -n '/^numpy==/d; s/^\([A-Za-z].*\) \\$$/\1/p' requirements/dev.lock > $(LOCK_VENV)/but-numpy
	@$(LOCK) --group dev --extra sensitivity --extra solve --extra sweep --extra cuda --constraints $(LOCK_VENV)/but-numpy \
		--output-file requirements/cuda.lock
	@$(LOCK) --group docs --extra sensitivity --extra solve --extra sweep --constraints requirements/dev.lock \
		--output-file requirements/docs.lock
	@$(LOCK) --group bench --override requirements/bench.override --constraints requirements/run.lock \
		--output-file requirements/bench.lock
	@date -u +%Y-%m-%d > requirements/resolved
	@rm -rf $(LOCK_VENV)

clean: ## remove the environment and every cache; saved runs stay
	@rm -rf $(VENV) $(VENV)-docs $(BENCH_VENV) $(LOCK_VENV) $(NEWEST_VENV) $(LOWEST_VENV) build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
