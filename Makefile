# What does one do with Hufu? `make run`, `make test`, `make check`, `make bench`. Only python3 (with venv) and make must be there.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Names the installation after what it was made from: another lock is another stamp, and the same one is not made twice.
LOCKED := $(shell $(PYTHON) -c 'import hashlib; print(hashlib.sha256(open("requirements-dev.lock", "rb").read()).hexdigest()[:16])')
STAMP := $(VENV)/.installed-$(LOCKED)
# At the desk too: see ENVIRONMENT in app/gateways/vision/child.py.
export ORT_DISABLE_TELEMETRY := 1
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input

.PHONY: run test interop check bench bench-full setup format table clean

run: setup
	@exec $(BIN)/hufu up

# Chromium last and alone: somebody before a camera moves in real time, and beside other tests the machine is late.
test: setup
	@$(BIN)/python -m pytest -n 2 --dist worksteal --ignore tests/interop
	@$(BIN)/python -m pytest tests/interop

# The capture page in Debian's Chromium; skipped, and says so, where that is not there.
interop: setup
	@$(BIN)/python -m pytest tests/interop

check: setup
	@$(BIN)/python -m checks.all

bench: setup
	@$(BIN)/python -m benchmarks

# In pieces of ten minutes: run it again until it says nothing is missing.
bench-full: setup
	@$(BIN)/python -m benchmarks.memory 500
	@$(BIN)/python -m benchmarks.reading_memory 1000
	@$(BIN)/python -m benchmarks.marks 300
	@$(BIN)/python -m benchmarks.faces 5000

format: setup
	@$(BIN)/ruff check --fix --quiet .; $(BIN)/ruff format .

table: setup
	@$(BIN)/python -m checks.rules --write
	@$(BIN)/python -m checks.readme --write

setup: $(STAMP) $(VENV)/.hufu

# --no-deps: face-recognition asks for dlib, which needs a compiler; the lock holds dlib-bin instead.
# The build back ends come from the lock too and first, for one package is a source archive and would fetch its own.
$(STAMP): requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Hufu needs Python 3.11 or newer; set PYTHON")'
	@echo "… Python packages from the lock (some minutes, this once)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@awk '/^[a-z]/ {wanted = /^(setuptools|flit-core)==/} wanted' requirements-dev.lock > $(VENV)/build.lock
	@$(PIP) install --quiet --no-deps --require-hashes -r $(VENV)/build.lock 2> $(VENV)/install.log || { cat $(VENV)/install.log; exit 1; }
	@{ $(PIP) install --no-deps --require-hashes --no-build-isolation --use-pep517 --progress-bar off \
	       -r requirements-dev.lock 2> $(VENV)/install.log || touch $(VENV)/.failed; } \
	 | awk -v all="$$(grep -c == requirements-dev.lock)" \
	       '/^(Collecting|Processing)/ {n++; if (n % 10 == 0) print "  " n " of about " all " packages"; fflush()} /^Installing/ {print "  unpacking them"; fflush()}'
	@if test -e $(VENV)/.failed; then rm $(VENV)/.failed; cat $(VENV)/install.log; exit 1; fi
	@$(BIN)/python -m checks.strip
	@rm -f $(VENV)/.installed-*
	@touch $@
	@echo "✓ Python packages from the lock"

$(VENV)/.hufu: pyproject.toml $(STAMP)
	@$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

clean:
	@rm -rf $(VENV)
