# The few commands there are. `make help` lists them.

CARGO ?= cargo

.DEFAULT_GOAL := help
.PHONY: help test lint doc browser bench tools validators

help: ## List the commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/make \1\t\2/' | expand -t 16

test: lint doc ## All that must hold: lint, documentation, every test, the library without the command line, the page in a browser
	$(CARGO) test --locked
	$(CARGO) check --locked --no-default-features --lib
	tests/browser/run

lint: tools ## Formatting and clippy, warnings refused
	$(CARGO) fmt --check
	$(CARGO) clippy --locked --all-targets -- -D warnings

doc: ## The library's documentation, warnings refused
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --no-deps --lib

browser: ## The page of flong report, in Chromium; skipped where that cannot be installed
	$(CARGO) build --locked
	tests/browser/run

bench: ## Speed by stage, then quality
	$(CARGO) bench --locked --bench stages
	$(CARGO) bench --locked --bench quality

validators: ## Install xmllint and feedparser: tests then ask them about the feeds that are written, too
	@command -v xmllint >/dev/null || { apt-get update && apt-get install -y --no-install-recommends libxml2-utils; }
	@python3 -c 'import feedparser' 2>/dev/null || python3 -m pip install --quiet feedparser

# What lint needs beside cargo; where rustup did not bring it along, it is asked to.
tools:
	@$(CARGO) fmt --version >/dev/null 2>&1 || rustup component add rustfmt
	@$(CARGO) clippy --version >/dev/null 2>&1 || rustup component add clippy
