# Every target makes what it needs: `.venv` at the first run, and again only when the requirements change.
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt
NEEDS := setup.cfg pyproject.toml constraints.txt
RUN ?= runs/demo
LEROBOT_PYTHON ?= python3.12

.PHONY: demo test test-slow test-rl test-lerobot lint docs speed attacks audit engines clean

# The extra `bullet` is empty where PyBullet has no wheel (Python 3.12 and later): its tests say so and are skipped.
.venv/.test: $(NEEDS)
	@test -n "$(PYTHON)" || { echo "switch_bench needs Python 3.11 or later (apt-get install python3.11 python3.11-venv), or say PYTHON=/path/to/python"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) -e ".[test,bullet]"
	@touch $@

.venv/.dev: .venv/.test
	$(PIP) -e ".[test,dev]"
	@touch $@

.venv/.rl: .venv/.test
	$(PIP) -e ".[test,rl]"
	@touch $@

.venv/.docs: .venv/.test
	$(PIP) -e ".[test,docs]"
	@touch $@

demo: .venv/.test
	rm -rf $(RUN)
	$(BIN)/switch-bench eval --policy oracle,noop,random --suite core --episodes 1 --seed 0 --out $(RUN)

test: .venv/.test
	$(BIN)/python -m pytest -n 2 -m "not slow and not rl and not lerobot"

test-slow: .venv/.test
	$(BIN)/python -m pytest -n 2 -m "slow and not rl and not lerobot"

# LeRobot wants Python 3.12 and an OpenCV before 5, and our panels an OpenCV from 5 on: it is put in place of LeRobot's.
.venv-lerobot/.done: $(NEEDS)
	test -x .venv-lerobot/bin/python || $(LEROBOT_PYTHON) -m venv .venv-lerobot
	.venv-lerobot/bin/python -m pip install -q "lerobot[dataset]==0.6.1" "mujoco==3.17.0" pydantic ruamel.yaml scipy typer rich pytest
	.venv-lerobot/bin/python -m pip install -q --no-deps "opencv-python-headless==5.0.0.93" -e .
	@touch $@

test-lerobot: .venv-lerobot/.done
	.venv-lerobot/bin/python -m pytest -m lerobot tests/serve/test_under_lerobot.py

test-rl: .venv/.rl
	$(BIN)/python -m pytest -m rl

lint: .venv/.dev
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/pyright

docs: .venv/.test
	$(BIN)/python docs/write_devices.py
	$(BIN)/python docs/write_causes.py

speed: .venv/.docs
	-$(BIN)/switch-bench bench --write README.md --write docs/speed.md
	-$(BIN)/python benchmarks/peers.py --write README.md --write docs/speed.md
	$(BIN)/python docs/write_speed.py

attacks: .venv/.test
	$(BIN)/switch-bench eval --policy $$($(BIN)/python -c 'from switch_bench.evaluate.policies import cheats; print(",".join(cheats()))') \
		--suite all --episodes 3 --seed 0 --no-pictures --out runs/attacks
	$(BIN)/python docs/write_attacks.py runs/attacks

audit: .venv/.test
	$(BIN)/switch-bench audit --suite all --seeds 5 --write docs/audit.md --record tasks/reference_runs.json

engines: .venv/.test
	$(BIN)/switch-bench audit --engine bullet --suite all --seeds 2 --write docs/engines.md

clean:
	rm -rf .venv .venv-lerobot runs build *.egg-info
