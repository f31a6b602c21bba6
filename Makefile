# The same scripts as CI and the README use. `make help` lists everything.
.DEFAULT_GOAL := help
.PHONY: help run demo-services test build release format lint install bench-scan bench-fleet bench-queue bench-similar clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Build and start everything; MUSIC=~/Music names the folder, a demo library is made without it
	./ops/run $(MUSIC)

demo-services: ## Play the outside services on loopback, for developing
	./ops/demo-services

test: ## Install what is missing, check, build, run every test
	./ops/test

build: ## Build for debugging, with the import check
	swift build --build-tests --explicit-target-dependency-import-check error

release: ## Build the optimised executable
	swift build -c release --product sillon --static-swift-stdlib

format: ## Format every Swift file in place
	swift format --in-place --parallel --recursive Package.swift Sources Tests common

lint: ## Check the format of every Swift file
	swift format lint --strict --parallel --recursive Package.swift Sources Tests common

install: ## Install the Debian packages that are missing
	./ops/install test

bench-scan: ## Measure a scan against a bare TagLib loop and a rescan against find
	./ops/bench-scan

bench-fleet: ## Measure how much sooner two workers finish a scan than one, on PostgreSQL
	./ops/bench-fleet

bench-queue: ## Measure the queue against its peers on PostgreSQL and Redis (Benchmarks/queue-peers/README.md)
	./Benchmarks/queue-peers/run

bench-similar: ## Measure the search for similar vectors against FAISS and numpy (Benchmarks/similar/README.md)
	./Benchmarks/similar/run

clean: ## Remove what was built
	swift package clean
