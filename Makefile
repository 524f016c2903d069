# What is usually typed. The build itself is CMake's: see CMakePresets.json.
JOBS ?= $(shell nproc)
# `make SETUP=: test` where packages do not come from apt.
SETUP ?= tools/setup
RELEASE := build/release
SANITIZE := build/sanitize

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup build demo test sanitize bench format tidy clean

help: ## this list
	@grep -hE '^[a-z]+:.* ## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.* ## /  make \1\t/' | expand -t 18

setup: ## install the packages that are missing (Debian, Ubuntu)
	@$(SETUP)

# Configured once; afterwards the build notices by itself when it must configure again.
build/%/build.ninja: | setup
	cmake --preset $*

build: $(RELEASE)/build.ninja ## compile everything
	cmake --build $(RELEASE) --parallel $(JOBS)

demo: $(RELEASE)/build.ninja ## hunt the unsafe bank, replay what was found, sample the safe bank
	@cmake --build $(RELEASE) --parallel $(JOBS) --target product
	@tools/demo

test: sanitize build ## every test
	ctest --test-dir $(RELEASE) --parallel $(JOBS) --output-on-failure

sanitize: $(SANITIZE)/build.ninja ## the unit tests of the pure rooms, under ASan and UBSan
	cmake --build $(SANITIZE) --parallel $(JOBS)
	ctest --test-dir $(SANITIZE) --parallel $(JOBS) --output-on-failure

bench: $(RELEASE)/build.ninja ## measure, against the figures to reach
	@cmake --build $(RELEASE) --parallel $(JOBS) --target product
	@cmake --build $(RELEASE) --parallel $(JOBS) --target bench

format: $(RELEASE)/build.ninja ## format all C++ sources
	@cmake --build $(RELEASE) --target format

tidy: $(RELEASE)/build.ninja ## clang-tidy over src/
	@cmake --build $(RELEASE) --parallel $(JOBS) --target tidy -- -k 0

clean: ## remove the build
	rm -rf build
