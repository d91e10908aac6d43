# `make help` lists what there is. PORT and DIR of `make run` can be chosen: make run PORT=9000 DIR=/tmp/quickstart
# The variables of `make bench-plan` stand in docs/performance.md.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help deps build release run test race lint format schemas bench-plan torture bench-runtime torture-apply

export DIR PORT

SWIFT ?= swift
# With Swift's own libraries in it the program starts in two thirds of the time, and runs where no Swift is.
# Nobody links with it: names that it would offer to others are only read by the loader.
RELEASE := --configuration release --static-swift-stdlib -Xlinker --no-export-dynamic
# A target may import only what Package.swift lists for it: the order of the modules is kept by the build.
CHECK := --explicit-target-dependency-import-check error
FORMATTED := $(wildcard Sources Tests Benchmarks Package.swift)
MAX_LINES := 500

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

deps: ## install the C libraries that are missing (Debian; sudo where not root)
	@Scripts/install-libraries.sh

build: deps ## build everything for debugging, tests included
	$(SWIFT) build --build-tests $(CHECK)

release: deps ## build .build/release/writ
	$(SWIFT) build $(RELEASE) --product writ

run: ## start the quick start: build, plan, apply and serve examples/quickstart
	@Scripts/install-libraries.sh openssl curl
	$(SWIFT) build $(RELEASE) --product writ
	@WRIT_BINARY="$$($(SWIFT) build $(RELEASE) --show-bin-path)/writ" exec Scripts/run-quickstart.sh

TALKING = 'AgentsTests|OutboundTests|RuntimeTests|ServerTests'

test: build ## run all tests
	$(SWIFT) test --skip-build $(CHECK) --skip ReconcilerTests --skip $(TALKING)
	@echo "Now those that talk over the network, one after the other: their peers are in the same process."
	$(SWIFT) test --skip-build $(CHECK) --no-parallel --filter $(TALKING)
	@echo "Now the tests of the whole program, one after the other too: each keeps the machine busy."
	$(SWIFT) test --skip-build $(CHECK) --no-parallel --filter ReconcilerTests

race: build ## read a repository COUNT times (50000) while it is forced back, repacked and pruned
	WRIT_RACE_READS="$${COUNT:-50000}" $(SWIFT) test --skip-build $(CHECK) --filter ReconcilerTests.RaceTests

lint: ## check the format and that no Swift file is over 500 lines
	$(SWIFT) format lint --strict --parallel --recursive $(FORMATTED)
	@find $(FORMATTED) -name '*.swift' -exec wc -l {} + \
		| awk '$$2 != "total" && $$1 > $(MAX_LINES) {print $$2 ": " $$1 " lines, at most $(MAX_LINES) are allowed: split it"; found = 1} \
			END {exit found}'

format: ## put every Swift file into the format
	$(SWIFT) format --in-place --parallel --recursive $(FORMATTED)

schemas: deps ## write the generated files in schemas/
	$(SWIFT) build --product writ
	@mkdir -p schemas
	@writ="$$($(SWIFT) build --show-bin-path)/writ"; \
		"$$writ" schema > schemas/writ.schema.json; \
		"$$writ" schema settings > schemas/settings.schema.json

BENCH := .build/bench
BENCH_TOOLS := $(BENCH)/generate $(BENCH)/bound $(BENCH)/terraform $(BENCH)/measure

$(BENCH)/generate: Benchmarks/generate.c Benchmarks/fleet.c
$(BENCH)/bound: Benchmarks/bound.c
$(BENCH)/terraform: Benchmarks/terraform.c Benchmarks/resources.c Benchmarks/manifests.c
$(BENCH)/terraform: Benchmarks/resources.h Benchmarks/manifests.h
$(BENCH)/measure: Benchmarks/measure.c
$(BENCH_TOOLS): Benchmarks/fleet.h | deps
	@mkdir -p $(@D)
	$(CC) -std=c11 -O2 -Wall -Wextra -Werror -o $@ $(filter %.c,$^) $$(pkg-config --cflags --libs libgit2 yaml-0.1)

bench-plan: release $(BENCH_TOOLS) ## time validate, plan and apply of up to 100,000 manifests (docs/performance.md)
	@WRIT_BINARY="$$($(SWIFT) build $(RELEASE) --show-bin-path)/writ" Scripts/bench-plan.sh

torture: build ## kill `serve` COUNT times (200) under a storm of events; a full disk, syncs that fail, clocks that jump
	WRIT_TORTURE_CRASHES="$${COUNT:-200}" $(SWIFT) test --skip-build $(CHECK) --no-parallel \
		--filter 'ReconcilerTests.TortureTests|RuntimeTests.ScheduleTortureTests'
bench-runtime: deps ## measure webhooks, schedules and the queue (docs/performance.md; wants wrk, and webhook to compare)
	$(SWIFT) build $(RELEASE) --product RuntimeBenchmark
	@WRIT_BENCHMARK="$$($(SWIFT) build $(RELEASE) --show-bin-path)/RuntimeBenchmark" Scripts/bench-runtime.sh

torture-apply: build release ## kill apply of 10,000 resources 100 times at random points, and look at what it leaves
	WRIT_BINARY="$$($(SWIFT) build $(RELEASE) --show-bin-path)/writ" \
		WRIT_TORTURE_KILLS=100 WRIT_TORTURE_MANIFESTS=10000 \
		$(SWIFT) test --skip-build $(CHECK) --filter ReconcilerTests.KillTests
