# The two commands a stranger needs: `make demo` and `make test`. Each does all its own set-up.
# Options pass on: make demo ARGS=--no-serve        make test ARGS="-k roster"

ARGS ?=
PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3,$(shell command -v $(name) 2>/dev/null)) python3)

.PHONY: demo test check setup lock clean

demo:
	@$(PYTHON) pipelines/set_up.py demo
	@.venv/bin/gcidesk demo $(ARGS)

test:
	@$(PYTHON) pipelines/set_up.py test
	@.venv/bin/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

check:  ## what CI checks before the tests
	@$(PYTHON) pipelines/set_up.py demo
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

setup:
	@$(PYTHON) pipelines/set_up.py test

lock:  ## pin all packages anew from pyproject.toml; needs uv
	printf 'hatchling\neditables\n' | uv pip compile --python-version 3.11 --universal pyproject.toml - --extra dev \
		--generate-hashes --no-header --no-annotate --no-emit-index-url -o requirements.lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache
