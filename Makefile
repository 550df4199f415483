# Every target makes what it needs: `.venv` at the first run, and again only when the requirements change.
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt
NEEDS := setup.cfg pyproject.toml constraints.txt
RUN ?= runs/demo
LEROBOT_PYTHON ?= python3.12
PLAIN := not rl and not learn and not inspect and not lerobot and not ray and not board and not browser

.PHONY: demo test fuzz test-slow test-rl test-learn test-inspect test-ray test-extras test-board test-board-load test-lerobot chromium lint docs speed attacks audit engines ppo lerobot baselines planner clean

# The extra `bullet` is empty where PyBullet has no wheel (Python 3.12 and later): its tests say so and are skipped.
.venv/.test: $(NEEDS)
	@test -n "$(PYTHON)" || { echo "switch_bench needs Python 3.11 or later (apt-get install python3.11 python3.11-venv), or say PYTHON=/path/to/python"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) -e ".[test,bullet]"
	@touch $@

.venv/.dev: .venv/.test
	$(PIP) -e ".[test,dev,leaderboard]"
	@touch $@

.venv/.rl: .venv/.test
	$(PIP) -e ".[test,rl]"
	@touch $@

.venv/.learn: .venv/.test
	$(PIP) -e ".[test,learn]"
	@touch $@

.venv/.inspect: .venv/.test
	$(PIP) -e ".[test,inspect]"
	@touch $@

.venv/.ray: .venv/.test
	$(PIP) -e ".[test,ray]"
	@touch $@

.venv/.board: .venv/.test
	$(PIP) -e ".[test,leaderboard,browser]"
	@touch $@

.venv/.docs: .venv/.test
	$(PIP) -e ".[test,docs]"
	@touch $@

demo: .venv/.test
	rm -rf $(RUN)
	$(BIN)/switch-bench eval --policy oracle,noop,random --suite core --episodes 1 --seed 0 --out $(RUN)

test: .venv/.test
	$(BIN)/python -m pytest -n 2 -m "not slow and $(PLAIN)"

test-slow: .venv/.test
	$(BIN)/python -m pytest -n 2 -m "slow and $(PLAIN)"

# The readers of archives and traces get many more cases than in `test`, drawn anew: some minutes.
FUZZ_CASES ?= 5000
fuzz: .venv/.test
	FUZZ_CASES=$(FUZZ_CASES) $(BIN)/python -m pytest -n 2 tests/submit/test_fuzz_readers.py

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

test-learn: .venv/.learn
	$(BIN)/python -m pytest -m learn

test-inspect: .venv/.inspect
	$(BIN)/python -m pytest -m inspect

test-ray: .venv/.ray
	$(BIN)/python -m pytest -m ray

# These four in one go.
.venv/.extras: .venv/.test
	$(PIP) -e ".[test,rl,learn,inspect,ray]"
	@touch $@ .venv/.rl .venv/.learn .venv/.inspect .venv/.ray

test-extras: .venv/.extras
	$(BIN)/python -m pytest -n 2 -m "(rl or learn or inspect or ray) and not slow"

# The browser is Debian's: `chromium` installs it where it isn't there.
test-board: .venv/.board chromium
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m "(board or browser) and not slow"

# Fifty uploads at once beside two hundred reads a second; it prints what it measured.
test-board-load: .venv/.board
	$(BIN)/python -m pytest -s -m "board and slow"

chromium:
	@command -v chromium >/dev/null || { apt-get update -q && apt-get install -y -q --no-install-recommends chromium; }

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

baselines: .venv/.test
	$(BIN)/switch-bench eval --policy $$($(BIN)/python -c 'from switch_bench.evaluate.policies import baselines; print(",".join(baselines()))') \
		--suite core --episodes 3 --seed 2026 --no-pictures --out runs/baselines
	$(BIN)/python docs/write_baselines.py runs/baselines

planner: .venv/.test
	$(BIN)/switch-bench eval --policy oracle,planner --suite all --episodes 1 --seed 0 --no-pictures --out runs/planner
	$(BIN)/python docs/write_planner.py runs/planner/oracle runs/planner/planner

engines: .venv/.test
	$(BIN)/switch-bench audit --engine bullet --suite all --seeds 2 --write docs/engines.md

# Trains the baseline `ppo` anew (it took twenty minutes beside other work), draws its learning curve and measures it.
ppo: .venv/.rl .venv/.docs
	$(BIN)/python -m switch_bench.baselines._ppo_train
	$(BIN)/python docs/write_ppo.py

# Whether LeRobot's own library reads what `export` writes; it has requirements that clash with ours, so an environment
# of its own. Its torchvision is taken without what it requires: only its Python is used.
LEROBOT := .venv-lerobot-sets/bin/python
.venv-lerobot-sets/.done: Makefile
	test -x $(LEROBOT) || $(PYTHON) -m venv .venv-lerobot-sets
	$(LEROBOT) -m pip install -q torch==2.13.0
	$(LEROBOT) -m pip install -q --no-deps lerobot==0.4.4 torchvision==0.24.1 draccus==0.10.0
	$(LEROBOT) -m pip install -q "datasets>=4,<5" "huggingface-hub>=0.34.2,<0.36" "av>=15,<16" accelerate deepdiff einops gymnasium \
		"imageio[ffmpeg]" jsonlines mergedeep packaging pyyaml pyyaml-include termcolor toml typing-inspect
	@touch $@

lerobot: .venv/.learn .venv-lerobot-sets/.done
	rm -rf runs/lerobot
	$(BIN)/switch-bench eval --policy oracle --suite core --episodes 1 --seed 0 --no-pictures --out runs/lerobot/run
	$(BIN)/switch-bench export runs/lerobot/run --format lerobot --size 128 128 --out runs/lerobot/set
	$(BIN)/python tests/export/lerobot_reads.py expect runs/lerobot/run runs/lerobot/expected.npz
	HF_HUB_OFFLINE=1 $(LEROBOT) tests/export/lerobot_reads.py read runs/lerobot/set runs/lerobot/expected.npz

clean:
	rm -rf .venv .venv-lerobot .venv-lerobot-sets runs build *.egg-info
