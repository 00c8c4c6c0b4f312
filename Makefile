# Every command of the project. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
CONFIGURATION ?= Release
FILTER := *
# Set here, for a shell may have its own SECONDS in the environment.
SECONDS := 60
RUNNER := builtin
LISTEN := 127.0.0.1:8888
SOAK :=
PACK :=
PACKAGES := out/packages
DOTNET := $(shell command -v dotnet 2>/dev/null)
LINKER := $(shell command -v clang 2>/dev/null || command -v gcc 2>/dev/null)
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

.PHONY: help build native pack run test stress faults lint bench micro soak ci sdk

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: sdk ## Build the engine binary, out/hotloop
	@echo "building out/hotloop, which takes about a minute the first time and a few seconds later"
	@dotnet publish src/HotLoop.Engine -c $(CONFIGURATION) -o out --nologo -v quiet

# Beside the other builds, in artifacts/: they differ in what they restore and in the paths they write into symbols.
native: sdk ## Build the engine as one native binary, out/native/hotloop; needs clang or gcc
ifeq ($(LINKER),)
	@echo "make native links with clang or gcc: install one of the packages clang and gcc" >&2; exit 1
endif
	@dotnet publish src/HotLoop.Engine -c Release --artifacts-path artifacts/native -p:HotLoopNative=true -o out/native --nologo -v quiet

pack: sdk ## Pack the library into PACKAGES, out/packages by default; PACK='-p:RepositoryUrl=...': further properties (see docs/packages.md)
	@dotnet pack src/HotLoop -c Release --artifacts-path artifacts/pack -p:ContinuousIntegrationBuild=true -o $(PACKAGES) --nologo -v quiet $(PACK)

run: build ## Build, and serve echo on LISTEN, 127.0.0.1:8888, until Ctrl-C
	@echo "to talk to it, in another terminal: nc $(subst :, ,$(LISTEN))"
	@exec out/hotloop echo --listen $(LISTEN)

test: sdk ## Run every test, and say which backends the conformance suite ran on
	@rm -f artifacts/conformance.txt
	@native-tests/test.sh $(CONFIGURATION); status=$$?; \
	cat artifacts/conformance.txt 2>/dev/null || echo "conformance: did not end"; exit $$status

stress: sdk ## Run the stress tests RUNS times, 20 by default, in Release and in Debug (the better part of an hour)
	@native-tests/HotLoop.Stress/run.sh

faults: sdk ## The reliability scenarios, 20 minutes; ONLY=9: one; SEEDS=n: instead, n seeds of faults (see native-tests/RELIABILITY.md)
	@ONLY='$(ONLY)' SEEDS='$(SEEDS)' CONFIGURATION=$(CONFIGURATION) native-tests/HotLoop.Faults/run.sh

lint: sdk ## Check format and analyzers; warnings are errors
	@dotnet format HotLoop.sln --verify-no-changes --severity warn
	@dotnet build HotLoop.sln -c $(CONFIGURATION) --nologo -v quiet

bench: build ## Compare with C, Go and stock .NET, tens of minutes; CASE=echo PEERS=c-epoll,go: a part (see bench/README.md)
	@bench/run.sh

micro: sdk ## Micro-benchmarks; FILTER='*Wheel*' for some (see bench/README.md)
	@dotnet run --project bench/HotLoop.Micro -c Release -- --filter '$(FILTER)'

soak: build ## Mixed load on the engine for SECONDS (60); fails on leaks, wrong bytes, errors, slowness
ifeq ($(RUNNER),nbomber)
	@dotnet run --project bench/HotLoop.Soak.NBomber -c $(CONFIGURATION) -- $(SECONDS)
else
	@mkdir -p artifacts/soak
	@dotnet run --project bench/HotLoop.Soak -c $(CONFIGURATION) -- --seconds $(SECONDS) \
		--json artifacts/soak/soak.json --svg artifacts/soak/soak.svg $(SOAK)
endif

ci: ## What .ci/run runs: lint, build, test, and one line of totals
	@.ci/steps

sdk:
ifeq ($(DOTNET),)
	@echo "hotloop needs the .NET 10 SDK: install the package dotnet-sdk-10.0, or see https://dotnet.microsoft.com/download" >&2; exit 1
endif
