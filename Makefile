# The two commands that matter: `make demo` and `make test`. Both set up what they need.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test oldest ray setup lint bench bench-engines bench-ranking proof quality fuzz opensearch clean

demo: setup
	@$(BIN)/searcher index
	@echo '$$ search "Kerry Sochi"'
	@$(BIN)/search -n 5 --group copy "Kerry Sochi"

test: setup lint
	$(BIN)/python -m pytest

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The Whoosh engine with the oldest Whoosh that pyproject.toml admits.
oldest: .venv/oldest/done
	.venv/oldest/bin/python -m pytest tests/test_engines.py tests/test_agreement.py tests/test_whoosh_*.py

.venv/oldest/done: .venv/done
	$(PYTHON) -m venv .venv/oldest
	grep -v '^whoosh3==' constraints.txt > .venv/oldest/constraints.txt
	.venv/oldest/bin/python -m pip install --quiet --disable-pip-version-check -c .venv/oldest/constraints.txt \
		-e '.[opensearch]' whoosh3==$$(sed -n 's/.*"whoosh3>=\([0-9.]*\),.*/\1.0/p' pyproject.toml) hypothesis pytest
	@touch $@

# What the tests of builds on several machines need.
ray: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[ray]'

# The promises of the query language on 100,000 random and 100,000 mutated texts, then ten minutes led by coverage.
fuzz: setup
	SEARCHER_FUZZ=100000 $(BIN)/python -m pytest tests/test_fuzz.py
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[fuzz]'
	@mkdir -p fuzz/found
	$(BIN)/python fuzz/parse.py -max_total_time=600 -max_len=300 -artifact_prefix=fuzz/found/ fuzz/found

bench: setup
	$(BIN)/python bench/basics.py

# Ours, stock Whoosh, Tantivy and SQLite FTS5 with the same words; about half an hour without the million.
bench-engines: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	$(BIN)/python bench/engines.py --articles 10000 20000 110000

# What bench/ says of whole archives: answers of both engines beside FTS5, building, growth, searching while building, and
# three nodes of a cluster. Some hours on a quiet machine.
proof: setup opensearch
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	$(BIN)/python bench/answers.py
	$(BIN)/python bench/building.py --articles 110000
	$(BIN)/python bench/adding.py --articles 110000
	$(BIN)/python bench/growth.py
	$(BIN)/python bench/crowd.py
	$(BIN)/python bench/cluster.py

# The order of what is found, on test collections, beside BM25 of bm25s; about two minutes.
bench-ranking: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	$(BIN)/python bench/ranking.py

# Cleaning and metadata on pages whose text is known, beside trafilatura and htmldate; about ten minutes.
quality: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	$(BIN)/python bench/quality.py

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

# A real OpenSearch for the tests, from Maven; needs a JDK of version 21 or newer.
opensearch: tests/opensearch/target/done

tests/opensearch/target/done: tests/opensearch/pom.xml tests/opensearch/OneNode.java
	$(PYTHON) tests/opensearch_kit.py
	@touch $@
