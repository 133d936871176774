# `make serve` and `make test` create the environment first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST_ARGS ?=
# `make serve EXTRAS=fast` adds compiled training kernels, EXTRAS=cluster PostgreSQL and Dask.
EXTRAS ?=
SUFFIX := $(if $(EXTRAS),-$(EXTRAS))

.PHONY: serve test check format firefox pictures pythons unit chaos soak fuzz explore mutants audit contract pins clean bench clients exercises-bars numbas-marks

serve: $(VENV)/.served$(SUFFIX)
	@$(BIN)/chainrule serve

test: check unit

check: $(VENV)/.tested
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Processes that tests start read compiled modules, also where the surroundings let none be written.
unit: $(VENV)/.tested
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

# Random kills for SECONDS while clients work, then a verdict; SEED repeats a run.
chaos: $(VENV)/.tested
	$(BIN)/python -m tests.acceptance.chaos --seconds $(or $(SECONDS),60) $(if $(SEED),--seed $(SEED))

# Mixed load for SECONDS; memory, descriptors, threads and database must not grow.
soak: $(VENV)/.tested
	$(BIN)/python -m tests.acceptance.soak --seconds $(or $(SECONDS),3600)

# Attacks over raw sockets until REQUESTS responses, none of them a 5xx; SEED repeats a run.
fuzz: $(VENV)/.tested
	$(BIN)/python -m tests.security.fuzz --requests $(or $(REQUESTS),1000000) $(if $(SEED),--seed $(SEED))

# Coverage-guided search (atheris) for formulas and bodies that break a guarantee of their parsers,
# SECONDS each; SEED repeats a run.
explore: $(VENV)/.tested
	for target in formula body; do $(BIN)/python -m tests.security.coverage $$target \
	  -max_total_time=$(or $(SECONDS),600) -seed=$(or $(SEED),1) || exit 1; done

# Random small changes of the code, and the share of them that the tests notice; the seed repeats it.
mutants: $(VENV)/.tested
	$(BIN)/pip install --quiet "pytest-cov>=7.0,<8"
	$(BIN)/python -m tests.mutants --count $(or $(N),200) --seed $(or $(SEED),1) $(if $(SINCE),--changed $(SINCE)) $(if $(REACH),--reach $(REACH))

# SBOM of the pinned dependencies (CycloneDX) and their known vulnerabilities. Fails if a
# dependency cannot be checked.
audit:
	$(PYTHON) -m venv $(VENV)-audit
	$(VENV)-audit/bin/pip install --quiet cyclonedx-bom pip-audit
	$(VENV)-audit/bin/cyclonedx-py requirements requirements-cluster.txt --of JSON -o sbom.json
	$(VENV)-audit/bin/pip-audit --strict --require-hashes --disable-pip -r requirements-cluster.txt

# The OpenAPI document by every supported Python that uv finds: it must be the same.
pythons: $(VENV)/.tested
	$(BIN)/pip install --quiet uv
	for version in 3.11 3.12 3.13 3.14; do \
	  $(BIN)/uv python find --quiet --no-python-downloads $$version >/dev/null || continue; \
	  $(BIN)/uv run --quiet --no-project --isolated --python $$version --with-requirements \
	    requirements.txt --with-editable . --no-python-downloads chainrule openapi \
	    | cmp - openapi/openapi.json && echo "Python $$version: the same" || exit 1; \
	done

format: $(VENV)/.tested
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Every view of the page in Debian's firefox-esr; an error of a script fails.
firefox: $(VENV)/.tested
	$(BIN)/python -m tests.page.firefox

# Every view of the page in three widths, compared with tests/page/pictures.
pictures: $(VENV)/.tested
	$(BIN)/python -m tests.page.pictures

# Write the OpenAPI document of the application.
contract: $(VENV)/.tested
	$(BIN)/chainrule openapi > openapi/openapi.json

# Pin exact versions with hashes, without an index address.
pins: $(VENV)/.tested
	$(BIN)/pip install --quiet uv
	compile="$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --upgrade \
	  --generate-hashes --no-header --no-annotate pyproject.toml --extra export"; \
	$$compile -o requirements.txt; \
	$$compile --extra fast -o requirements-fast.txt; \
	$$compile --extra postgres --extra cluster --extra telemetry -o requirements-cluster.txt; \
	$$compile --extra postgres --extra cluster --extra telemetry --extra test -o requirements-test.txt

# Honest sheets, planted mistakes and random wrong numbers for /check: about half an hour.
exercises-bars: $(VENV)/.tested
	$(BIN)/python benchmarks/exercises_bars.py

# NUMBAS is a copy of the repository of Numbas: its marker is in no package registry.
numbas-marks: $(VENV)/.tested
	NUMBAS=$(NUMBAS) SHEETS=$(SHEETS) $(BIN)/python benchmarks/numbas_marks.py

# Chainrule beside its peers, which have an environment of their own (1 GB).
bench: .venv-bench/.made
	.venv-bench/bin/chainrule compile
	.venv-bench/bin/python benchmarks/training.py
	.venv-bench/bin/python benchmarks/approximation.py

.venv-bench/.made: pyproject.toml
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/pip install --quiet -e '.[bench]'
	@touch $@

# The clients of the inference protocol that pin other versions of what the service needs; without
# them their tests skip.
clients: .venv-kserve/.made .venv-mlserver/.made

.venv-kserve/.made .venv-mlserver/.made: pyproject.toml
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/pip install --quiet $(CLIENT$(suffix $(subst -,.,$(@D))))
	@touch $@

CLIENT.kserve := kserve==0.21.0
CLIENT.mlserver := mlserver==1.7.1

clean:
	rm -rf $(VENV) .venv-bench .venv-kserve .venv-mlserver

$(VENV)/.served$(SUFFIX): requirements$(SUFFIX).txt pyproject.toml
	@$(MAKE) --no-print-directory $(VENV)/bin/pip
	$(BIN)/pip install --quiet --require-hashes -r requirements$(SUFFIX).txt
	$(BIN)/pip install --quiet --no-deps -e .
	$(if $(filter fast,$(EXTRAS)),$(BIN)/chainrule compile)
	@touch $@

$(VENV)/.tested: requirements-test.txt pyproject.toml
	@$(MAKE) --no-print-directory $(VENV)/bin/pip
	.ci/debian-packages
	$(BIN)/pip install --quiet --require-hashes -r requirements-test.txt
	$(BIN)/pip install --quiet --no-deps -e .
	-$(BIN)/chainrule compile  # there is no numba for every platform
	-command -v npm >/dev/null && npm install --prefix $(VENV)/javascript --no-package-lock --no-audit \
	  --no-fund --silent $(JAVASCRIPT)  # without them the page's modules are not checked
	@touch $@ $(VENV)/.served

JAVASCRIPT := typescript@7.0.2 oxlint@1.94.0

$(VENV)/bin/pip:
	$(PYTHON) -m venv $(VENV) || { .ci/debian-packages && $(PYTHON) -m venv --clear $(VENV); }
