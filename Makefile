# The four commands of the house. Each installs what it needs and says so.
#
#   make demo    the whole gate with synthetic data, on http://127.0.0.1:8080
#                FRESH=1 starts over · DATA=folder · LISTEN=address:port
#   make test    everything that must hold: units, stories, real browser, the rules of the house
#   make lint    format, clippy, licences
#   make bench   measures the gate beside its baselines and writes docs/benchmarks.md
#                QUICK=1 takes about three minutes · BENCH_DATA=folder keeps the databases
#   make fmt     formats the code

SHELL := /bin/bash
.DEFAULT_GOAL := help

DATA ?= demo-data
LISTEN ?= 127.0.0.1:8080
FRESH ?=
QUICK ?=
BENCH_DATA ?=
CARGO ?= cargo
# The scripts and the browser stories look for the binaries here.
export CARGO_TARGET_DIR := $(CURDIR)/target

.PHONY: help
help:
	@sed -n 's/^#   //p; s/^#                /               /p' Makefile

.PHONY: demo
demo:
	@scripts/install-build-deps
	$(CARGO) build --release --locked -p sluice -p ledger
	target/release/sluice demo --data $(DATA) --listen $(LISTEN) $(if $(filter-out 0,$(FRESH)),--fresh)

# One profile and one build for all: the browser stories drive the binaries that the second line makes.
.PHONY: test
test:
	@scripts/install-test-deps
	$(CARGO) build --workspace --all-targets --locked
	$(CARGO) test --workspace --locked
	DATABASE_URL=nonsense $(CARGO) test --locked -p domain
	$(CARGO) test --locked -p ledger
	scripts/check-pure

# Licences, bans and sources are held by the tests in any case (tests/tidy/supply.rs reads deny.toml);
# cargo-deny, which takes minutes to build, is a second opinion where it is installed.
.PHONY: lint
lint:
	@scripts/install-build-deps
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	@if $(CARGO) deny --version >/dev/null 2>&1; then \
	  $(CARGO) deny --locked check bans licenses sources; \
	else \
	  echo "cargo-deny is not installed: 'make test' checks licences, bans and sources itself."; \
	fi

.PHONY: fmt
fmt:
	$(CARGO) fmt --all

.PHONY: bench
bench:
	@scripts/install-build-deps
	@scripts/debian-packages "baselines and counts of the benchmark" postgresql strace
	$(CARGO) build --release --locked -p sluice
	target/release/sluice bench $(if $(filter-out 0,$(QUICK)),--quick) $(if $(BENCH_DATA),--data $(BENCH_DATA))
