# The few commands there are. `make help` lists them.

CARGO ?= cargo

.DEFAULT_GOAL := help
.PHONY: help test lint doc browser pictures bench python tools validators

help: ## List the commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/make \1\t\2/' | expand -t 16

test: lint doc ## All that must hold: lint, documentation, every test, the library alone, the page in a browser, the Python package
	$(CARGO) test --locked
	$(CARGO) check --locked --no-default-features --lib
	tests/browser/run
	@$(MAKE) --no-print-directory python

# The Python package's crates are checked in the same run, so that what all depend on is checked once.
CRATES = -p flong $(if $(shell command -v python3),-p flong-python -p flong-cli)

lint: tools ## Formatting and clippy, warnings refused
	$(CARGO) fmt --check $(CRATES)
	$(CARGO) clippy --locked $(CRATES) --all-targets -- -D warnings

doc: ## The library's documentation, warnings refused
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --no-deps --lib

browser: ## The page of flong report, in Chromium; skipped where that cannot be installed
	$(CARGO) build --locked
	tests/browser/run

pictures: ## The pictures of README and docs, made anew in Chromium
	$(CARGO) build --locked
	tests/browser/run pictures

bench: ## Speed by stage, then quality
	$(CARGO) bench --locked --bench stages
	$(CARGO) bench --locked --bench quality

# Where the Python package is built and tested: nothing of the system's Python is touched.
VENV = target/python

python: tools ## Build the Python package, install it into a fresh environment, and run its tests
	@if command -v python3 >/dev/null; then $(MAKE) --no-print-directory python-tests; \
	else echo "skipped: there is no python3, so the Python package is not tested"; fi

.PHONY: python-tests
python-tests:
	@python3 -c 'import ensurepip' 2>/dev/null || { apt-get update && apt-get install -y --no-install-recommends python3-venv; }
	rm -rf $(VENV) && python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check maturin
	$(VENV)/bin/maturin build --quiet --locked --manifest-path python/Cargo.toml --out $(VENV)/wheels
	$(VENV)/bin/pip install --quiet --disable-pip-version-check "$$(ls $(VENV)/wheels/*.whl)[test$$(command -v java >/dev/null && echo ,spark)]"
	@command -v java >/dev/null || echo "skipped: there is no Java, so flong.spark is not tested"
	@for extra in ray datatrove $$(command -v java >/dev/null && echo connect); do \
	$(VENV)/bin/pip install --quiet --disable-pip-version-check "$$(ls $(VENV)/wheels/*.whl)[$$extra]" \
	|| echo "skipped: $$extra cannot be installed, so flong on $$extra is not tested"; done
	cd python && PYSPARK_PYTHON=$(CURDIR)/$(VENV)/bin/python ../$(VENV)/bin/pytest tests
	cd python && ../$(VENV)/bin/pytest --doctest-modules --doctest-ignore-import-errors --pyargs flong
	cd python && ../$(VENV)/bin/mypy --no-error-summary && ../$(VENV)/bin/pyright --pythonpath ../$(VENV)/bin/python

validators: ## Install xmllint and feedparser: tests then ask them about the feeds that are written, too
	@command -v xmllint >/dev/null || { apt-get update && apt-get install -y --no-install-recommends libxml2-utils; }
	@python3 -c 'import feedparser' 2>/dev/null || python3 -m pip install --quiet feedparser

# What lint needs beside cargo; where rustup did not bring it along, it is asked to.
tools:
	@$(CARGO) fmt --version >/dev/null 2>&1 || rustup component add rustfmt
	@$(CARGO) clippy --version >/dev/null 2>&1 || rustup component add clippy
