# The two commands that matter: `make demo` and `make test`. Both set up what they need.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test setup lint bench clean

demo: setup
	@$(BIN)/searcher index
	@echo '$$ search "Kerry Sochi"'
	@$(BIN)/search -n 5 --group story "Kerry Sochi"

test: setup lint
	$(BIN)/python -m pytest

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: setup
	$(BIN)/python bench/basics.py

setup: .venv/done

.venv/done: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 setup"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@$(BIN)/python -m compileall -q searcher
	@touch $@

clean:
	rm -rf .venv index/0* index/current index/lock index/writer.json
