# Everything a person types to set up, try and test Machikane. Windows: see README.md.
#
#   make demo        set up (once), then run a small sample city from files to portal
#   make test        set up (once), then lint, formatting, types and the test suite
#
# The lock is made, after a change of the dependencies in pyproject.toml, by:
#   .venv/bin/uv pip compile --universal --generate-hashes --no-emit-index-url \
#     --no-emit-package torch --group dev pyproject.toml -o requirements.lock

PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
STAMP := .venv/.machikane-setup

# What the shell has set must not decide where the packages go.
unexport VIRTUAL_ENV CONDA_PREFIX PYTHONPATH PYTHONHOME

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-slow check clean

help:
	@echo 'make setup      必要なものを .venv に入れます(2度目からはすぐ終わります)'
	@echo 'make demo       架空の市のデータで、収集から公開・分析までを動かします'
	@echo 'make test       書き方の検査とテストを実行します'
	@echo 'make test-slow  時間のかかるテストを実行します'
	@echo 'make check      書き方・形・型の検査だけを実行します'
	@echo 'make clean      .venv と作業用のファイルを消します(data/ は消しません)'

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo 'Python 3.11 以上が必要です。'; \
	  echo '  場所: $(PYTHON)('"$$($(PYTHON) --version 2>&1 | head -n 1)"')'; \
	  echo '  次にすること: 新しい Python を入れ、make setup PYTHON=python3.11 のように名前を指定してください。'; \
	  exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo 'Python の venv(仮想環境をつくる部品)がありません。'; \
	  echo '  場所: $(PYTHON)'; \
	  echo '  次にすること: Debian・Ubuntu では sudo apt install python3-venv を実行してください。'; \
	  exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	$(BIN)/uv pip sync --quiet --require-hashes --compile-bytecode requirements.lock
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

demo: setup
	$(BIN)/machikane demo

test: setup check
	$(BIN)/python -m pytest -m 'not slow'

test-slow: setup
	$(BIN)/python -m pytest -m slow

check: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/ty check

clean:
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis .import_linter_cache .grimp_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
