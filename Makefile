# The same scripts as CI and the README use. `make help` lists everything.
.DEFAULT_GOAL := help
.PHONY: help run demo-services test build release package test-package format lint install check check-migrations \
	check-examples bench-smoke bench-scan bench-fleet bench-queue bench-similar contracts notices sbom image clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

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

package: ## Build the Debian package and the archive into dist
	./ops/package

test-package: ## Try the Debian package in a clean system (as root)
	./ops/test-package

format: ## Format every Swift file in place
	swift format --in-place --parallel --recursive Package.swift Sources Tests common

lint: ## Check the format of every Swift file
	swift format lint --strict --parallel --recursive Package.swift Sources Tests common

install: ## Install the Debian packages that are missing
	./ops/install test

check: ## Check documents and workflows; needs no build
	./ops/check-docs
	./ops/check-workflows
	./ops/check-compose

check-migrations: ## Take the schema up, down and up again on both engines
	./ops/check-migrations

check-examples: ## Run every example of docs/api.md and of examples/ on a real server
	./ops/check-examples

contracts: ## Make docs/contracts.md from common/schemas
	./ops/contracts

notices: ## Make THIRD-PARTY-NOTICES.md from what is built
	./ops/notices

sbom: ## Write the bill of materials of the built program to sillon.cdx.json
	./ops/sbom sillon.cdx.json

image: ## Build the container image and look whether it runs
	./ops/image

bench-smoke: ## Run each built-in benchmark in small
	./ops/bench-smoke

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
