# Every target builds .venv from the hashed lock file first; nothing else is needed on the machine but python3, git and make.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
X12 := tests/shared/x12
# The codec's tests whose reach is measured. Measuring makes them slow, so generated and hostile input runs without it.
REACHING := $(filter-out $(X12)/fuzz/% $(patsubst %,$(X12)/test_%.py,corpus hostile properties readme validators),\
	$(wildcard $(X12)/test_*.py $(X12)/*/test_*.py))
REACH := .codec-reach.txt
COLLECTED := .collected.txt
# A test run starts some sixty processes; without compiled modules each of them would compile all that it imports.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo up test fuzz mutants safeguards check read collected format bench sbom lock clean
.DEFAULT_GOAL := help

help:  ## show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Handbill needs Python 3.11 or newer; set PYTHON=python3.12 or the like") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

demo: $(READY)  ## run a practice's day against the simulator and explain every cent
	$(BIN)/handbill demo

up: $(READY)  ## start all services and keep them up
	$(BIN)/handbill up

test: $(READY)  ## run all tests, and print how much of the codec its own tests reach
	@$(BIN)/python -m pytest -n 1 $(REACHING) $(X12)/test_hostile.py --cov=shared.x12 --cov-branch \
		--cov-report=term:skip-covered --cov-precision=2 --cov-fail-under=98 >$(REACH) 2>&1 & reach=$$!; \
	$(BIN)/python -m pytest $(REACHING:%=--ignore=%) --ignore=$(X12)/test_hostile.py; rest=$$?; \
	wait $$reach; reach=$$?; cat $(REACH); exit $$((rest + reach))

fuzz: $(READY)  ## try the properties with other inputs than the tests, then broken X12 files for FUZZ_SECONDS (300)
	$(BIN)/python -m pytest -m hypothesis --hypothesis-profile=random tests/shared tests/services
	$(BIN)/python -m tests.shared.x12.fuzz

mutants: $(READY)  ## break MUTANTS (300) lines, chosen by MUTANTS_SEED (1), for MUTANTS_SECONDS (2400); list what no test noticed
	$(BIN)/python -m tests.mutants

safeguards: $(READY)  ## write docs/security.md from the marks in the tests
	$(BIN)/python -m tests.safeguards

torture: $(READY)  ## kill processes at random, TORTURE_KILLS (7) in each of TORTURE_ROUNDS (23) days on each database, by TORTURE_SEED (1)
	$(BIN)/python -m tests.torture

check: $(READY)  ## format, lint, types, import contracts, and whether every test can be collected
	@$(MAKE) --no-print-directory -j2 read collected

read:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# On the core that reading leaves idle. It leaves all modules compiled, which the processes of a test run that follows
# would otherwise each do for themselves, all at once.
collected:
	@$(BIN)/python -m pytest -n 0 --collect-only -qq >$(COLLECTED) 2>&1 || { tail -50 $(COLLECTED); exit 1; }

format: $(READY)  ## fix formatting and what the linter can fix
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY)  ## print every performance figure as a ratio measured in this run
	$(BIN)/python -m bench

sbom: $(READY)  ## write what the image ships (CycloneDX), and the licence of each package, into build/sbom
	$(BIN)/python -m deploy.sbom

COMPILE := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-header --no-annotate --quiet

lock:  ## resolve pyproject.toml anew into requirements.lock, and what runs of it into requirements-run.lock (needs uv)
	$(COMPILE) --extra dev --extra otel --output-file requirements.lock
	$(COMPILE) --extra build --extra otel --constraint requirements.lock --output-file requirements-run.lock

clean:  ## remove .venv and caches
	rm -rf .venv build $(REACH) $(COLLECTED) .mypy_cache .pytest_cache .ruff_cache .hypothesis .fuzz .mutants
