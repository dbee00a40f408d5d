# Two commands need nothing but this file, Python 3.10 to 3.13 and make:  make demo,  make test
# Everything is installed into .venv from hashed lock files; a second run starts at once.

PYTHON ?= python3
VENV   := .venv
# The device that `make deb` is for: arm64 boards with Raspberry Pi OS or Debian 12, unless told.
ARCH           ?= arm64
PYTHON_VERSION ?= 3.11
RUN    := $(VENV)/bin/python -m
PIP    := $(RUN) pip install --disable-pip-version-check --quiet
LOCK   := $(RUN) uv pip compile pyproject.toml --quiet --universal --python-version 3.10 \
          --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help demo dev recipes test check lint types format check-lowest lock wheel clean \
        deb image prove-deb prove-systemd prove-image prove-cameras prove-jetson prove-doctor

help:  ## Show this list
	@sed -n 's/^\([a-z-]*\):.*  ## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

demo: $(VENV)/.demo  ## See a fall become an alert: a broker, the daemon and a subscriber
	@$(VENV)/bin/edgepose demo

dev: $(VENV)/.dev  ## Install everything: all runtimes, the converters, the tools

recipes: $(VENV)/.dev  ## Install what made the bundled models: a renderer, and PyTorch (large)
	@$(PIP) --editable '.[recipes]'

test: $(VENV)/.dev  ## Run the tests; what the machine lacks is skipped, with the reason
	$(RUN) pytest

check: lint types test  ## All that must pass before a commit: format, lint, types, tests

lint: $(VENV)/.dev  ## Check format and style
	$(RUN) ruff format --check .
	$(RUN) ruff check .

types: $(VENV)/.dev  ## Check types
	$(RUN) mypy

format: $(VENV)/.dev  ## Format, and mend what can be mended
	$(RUN) ruff format .
	$(RUN) ruff check --fix .

# Without the laws and clips, thousands of lives, and without what is for laptops alone.
check-lowest: $(VENV)/.dev  ## Run the device's tests on the oldest dependencies allowed (Python 3.10 or 3.11)
	$(RUN) uv venv --quiet --clear --seed --python $(VENV)/bin/python $(VENV)/lowest
	$(RUN) uv pip install --quiet --python $(VENV)/lowest --resolution lowest-direct -e '.[test]' --group build
	$(VENV)/lowest/bin/python -m pytest \
	  --ignore tests/laws --ignore tests/benchmarks --ignore tests/recipes \
	  --ignore tests/test_clips.py --ignore tests/test_deb.py --ignore tests/test_image.py \
	  --ignore-glob 'tests/test_doctor_*.py'

lock: $(VENV)/.dev  ## Choose new versions of all dependencies
	$(LOCK) --upgrade --extra demo --group build --output-file requirements.lock
	$(LOCK) --upgrade --extra dev --group build --constraint requirements.lock --output-file requirements-dev.lock
	$(LOCK) --upgrade --extra demo --constraint systemd/deb/constraints.txt --output-file systemd/deb/requirements.lock

wheel: $(VENV)/.demo  ## Build dist/edgepose-*.whl, models included
	$(RUN) pip wheel --disable-pip-version-check --quiet --no-deps --no-build-isolation --wheel-dir dist .

deb: $(VENV)/.dev  ## Build dist/edgepose_*.deb for ARCH=arm64 or amd64, PYTHON_VERSION=3.10 to 3.13
	$(RUN:-m=) systemd/deb/build.py --arch $(ARCH) --python $(PYTHON_VERSION)

image: deb  ## Build dist/edgepose-arm64.img for a Raspberry Pi's card (as root; 15 to 30 minutes, then 1)
	@mkdir -p out/image
	@test -e out/image/root.tar || systemd/image/root.sh out/image/root.tar
	systemd/image/image.sh out/image/root.tar dist/edgepose_*py$(PYTHON_VERSION)_arm64.deb dist/edgepose-arm64.img

# What is said of devices, shown without one, as root. What came out last is in
# systemd/proofs/README.md, and what must be installed before.
prove-deb: $(VENV)/.dev  ## Install, upgrade, remove the package in Debian 12, amd64 and emulated arm64
	systemd/proofs/deb/prove.sh amd64
	systemd/proofs/deb/prove.sh arm64

prove-systemd:  ## What the service promises, under a real systemd (container; VM=1: virtual machine)
	@$(MAKE) --no-print-directory deb ARCH=amd64
	PROOF_MACHINE=$(if $(VM),vm,container) systemd/proofs/systemd/prove.sh $(CLAIM)

prove-image: $(VENV)/.demo  ## Start the image in an emulator: settings, camera, pulled plugs (30 minutes)
	$(RUN:-m=) systemd/proofs/image/prove.py dist/edgepose-arm64.img

prove-cameras: $(VENV)/.dev  ## Cameras on real libcamera, GStreamer and RTSP (2 minutes; 6 the first time)
	systemd/proofs/cameras/prove.sh out/cameras $(CURDIR)/$(VENV)/bin/python

prove-jetson: $(VENV)/.dev  ## What can be shown of JetPack 6 without a Jetson (15 to 40 minutes)
	systemd/proofs/jetson/prove.sh

prove-doctor:  ## Break a camera's world piece by piece; what `edgepose doctor` says of each
	@$(MAKE) --no-print-directory deb ARCH=amd64
	systemd/proofs/doctor/prove.sh $$(ls -t dist/edgepose_*_amd64.deb | head -1)

clean:  ## Remove what make made
	rm -rf $(VENV) dist

# The stamps say what is installed; a newer lock or pyproject.toml installs again.
$(VENV)/.demo: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing into $(VENV) (the first time: about a minute) ..."
	@$(PIP) --require-hashes --requirement requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.demo
	@echo "Installing the development tools into $(VENV) ..."
	@$(PIP) --require-hashes --requirement requirements-dev.lock
	@touch $@

# 64 bits: there is no 32-bit wheel of the TFLite interpreter. ensurepip: Debian packs it apart.
$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "There is no $(PYTHON) here. Install Python 3.10 to 3.13, or say where: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' || { \
	  echo "edgepose needs Python 3.10 to 3.13 and this is $$($(PYTHON) --version 2>&1). Another one: make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.maxsize < 2**32)' || { \
	  echo "edgepose needs a 64-bit system, and $(PYTHON) is a 32-bit one." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make virtual environments. On Debian and Ubuntu: sudo apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)
