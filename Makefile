PYTHON ?= python3.11
BIN := .venv/bin
STAMP := .venv/.ready
RUN ?= runs/demo

.PHONY: demo test test-slow test-rl lint clean

$(STAMP): setup.cfg pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q -c constraints.txt -e ".[test]"
	touch $@

demo: $(STAMP)
	rm -rf $(RUN)
	$(BIN)/switch-bench eval --policy oracle,noop,random --suite core --episodes 1 --seed 0 --out $(RUN)

test: $(STAMP)
	$(BIN)/python -m pytest -n 2 -m "not slow and not rl"

test-slow: $(STAMP)
	$(BIN)/python -m pytest -n 2 -m "slow and not rl"

test-rl: $(STAMP)
	$(BIN)/pip install -q -c constraints.txt -e ".[test,rl]"
	$(BIN)/python -m pytest -m rl

lint: $(STAMP)
	$(BIN)/pip install -q -c constraints.txt -e ".[test,dev]"
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/pyright

clean:
	rm -rf .venv runs build *.egg-info
