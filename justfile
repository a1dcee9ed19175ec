# The project's chores. `just` without a name lists them.
# Every one works in .venv, which README.md's first command makes; `just setup` completes it for development.

set positional-arguments

bin := justfile_directory() / ".venv/bin"
compile := bin / "uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --no-strip-extras"

# This list.
default:
    @{{ bin }}/just --list

# Make .venv and put everything into it that development needs.
setup:
    python3 -m venv .venv
    {{ bin }}/pip install -r requirements/dev.txt
    {{ bin }}/pip install -e .
    {{ bin }}/pre-commit install

# What CI does, from the README's two commands to the last interpreter.
check:
    .ci/run

# Run the tests; arguments go to pytest.
test *arguments:
    {{ bin }}/pytest "$@"

# The tests that take no second and no browser.
quick *arguments:
    {{ bin }}/pytest -m "not slow and not browser" "$@"

# The tests that a change touches, nearest first; `just changed HEAD~2 -x` compares with another commit than main.
changed base="main" *arguments:
    #!/usr/bin/env bash
    set -euo pipefail
    selected=$({{ bin }}/python tools/changed.py "$1")
    shift
    {{ bin }}/pytest $selected "$@"

# Measure whole passes and the start of commands, next to `reader`. `just bench --sources 500` takes longer.
bench *arguments:
    {{ bin }}/python benchmarks/passes.py "$@"

# The shape of the code: sizes, one-caller helpers, comments; `just shape --helpers monitor/store` lists the helpers.
shape *arguments:
    {{ bin }}/python tools/shape.py "$@"

# Format the code, and fix what ruff can fix.
fmt:
    {{ bin }}/ruff check --fix
    {{ bin }}/ruff format

# Everything that is checked without running the program.
lint: style types imports

# Does the code look as agreed?
style:
    {{ bin }}/ruff check
    {{ bin }}/ruff format --check

# Do the types hold?
types:
    {{ bin }}/mypy

# Do the layers and doors hold?
imports:
    {{ bin }}/lint-imports

# Branch coverage of the parts that promise it, from the data of the last `just cover`.
coverage:
    .ci/coverage

# Run the tests with coverage, then judge it.
cover:
    {{ bin }}/pytest --cov=monitor --cov-branch --cov-report= -n {{ num_cpus() }} --dist worksteal
    .ci/coverage

# Write docs/sources.schema.json; a test fails when it is out of date.
schema:
    {{ bin }}/python -m monitor.config.schema

# Write the locked requirements; pins stay unless pyproject.toml asks otherwise. `just lock --upgrade` moves them all.
lock *arguments:
    {{ compile }} "$@" --extra postgres pyproject.toml --output-file requirements/run.txt
    {{ compile }} "$@" --extra postgres --group dev --constraint requirements/run.txt pyproject.toml --output-file requirements/dev.txt
    # With hashes pip wants each extra pinned by name; but the pip of Python 3.11 ends on the extra of lxml.
    sed -i 's/^lxml\[html-clean\]==/lxml==/' requirements/run.txt requirements/dev.txt
    {{ compile }} "$@" --group build --constraint requirements/dev.txt --output-file requirements/build.txt
