# `make serve` and `make test` are all a newcomer needs; both create the environment first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST_ARGS ?=

.PHONY: serve test check format unit chaos soak fuzz explore audit contract pins clean bench

serve: $(VENV)/.served
	@$(BIN)/chainrule serve

test: check unit

check: $(VENV)/.tested
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: $(VENV)/.tested
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

# Kills at random for SECONDS while clients work, then a verdict; the seed it prints repeats it.
chaos: $(VENV)/.tested
	$(BIN)/python -m tests.acceptance.chaos --seconds $(or $(SECONDS),60) $(if $(SEED),--seed $(SEED))

# Mixed load for SECONDS; then memory, descriptors, threads and the database must not have grown.
soak: $(VENV)/.tested
	$(BIN)/python -m tests.acceptance.soak --seconds $(or $(SECONDS),3600)

# Attacks over raw sockets until REQUESTS were answered, none of them by a 5xx; the seed repeats it.
fuzz: $(VENV)/.tested
	$(BIN)/python -m tests.security.fuzz --requests $(or $(REQUESTS),1000000) $(if $(SEED),--seed $(SEED))

# A search for formulas and bodies that break a promise of their parsers, led by the lines that they
# reach (atheris), for SECONDS each; the seed repeats it.
explore: $(VENV)/.tested
	for target in formula body; do $(BIN)/python -m tests.security.coverage $$target \
	  -max_total_time=$(or $(SECONDS),600) -seed=$(or $(SEED),1) || exit 1; done

# The list of all that is pinned (an SBOM, CycloneDX), and its known weaknesses. What cannot be
# looked up is a failure: an audit that has not looked says nothing.
audit:
	$(PYTHON) -m venv $(VENV)-audit
	$(VENV)-audit/bin/pip install --quiet cyclonedx-bom pip-audit
	$(VENV)-audit/bin/cyclonedx-py requirements requirements-cluster.txt --of JSON -o sbom.json
	$(VENV)-audit/bin/pip-audit --strict --require-hashes --disable-pip -r requirements-cluster.txt

format: $(VENV)/.tested
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# The committed contract, from the application as it is now.
contract: $(VENV)/.tested
	$(BIN)/chainrule openapi > openapi/openapi.json

# New pins: exact versions with hashes, and no address of an index.
pins: $(VENV)/.tested
	$(BIN)/pip install --quiet uv
	compile="$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --upgrade \
	  --generate-hashes --no-header --no-annotate pyproject.toml"; \
	$$compile -o requirements.txt; \
	$$compile --extra postgres --extra cluster --extra telemetry -o requirements-cluster.txt; \
	$$compile --extra postgres --extra cluster --extra telemetry --extra test -o requirements-test.txt

# Ours beside the peers, which live in an environment of their own: they weigh a gigabyte.
bench: .venv-bench/.made
	.venv-bench/bin/python benchmarks/training.py
	.venv-bench/bin/python benchmarks/approximation.py

.venv-bench/.made: pyproject.toml
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/pip install --quiet -e '.[bench]'
	@touch $@

clean:
	rm -rf $(VENV) .venv-bench

$(VENV)/.served: requirements.txt pyproject.toml
	@$(MAKE) --no-print-directory $(VENV)/bin/pip
	$(BIN)/pip install --quiet --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --no-deps -e .
	@touch $@

$(VENV)/.tested: requirements-test.txt pyproject.toml
	@$(MAKE) --no-print-directory $(VENV)/bin/pip
	.ci/debian-packages
	$(BIN)/pip install --quiet --require-hashes -r requirements-test.txt
	$(BIN)/pip install --quiet --no-deps -e .
	@touch $@ $(VENV)/.served

$(VENV)/bin/pip:
	$(PYTHON) -m venv $(VENV) || { .ci/debian-packages && $(PYTHON) -m venv --clear $(VENV); }
