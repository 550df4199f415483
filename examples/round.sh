#!/usr/bin/env bash
# Plays a whole round, from runs to a board, in a clean clone:
#   three baselines evaluated · packed and signed · uploaded and verified · a forged submission refused ·
#   a hidden round: committed to, played by an endpoint, revealed · the board as a static site.
#
#   examples/round.sh [FOLDER]      default: runs/round. SUITE, EPISODES and PORT are taken from the environment.
#
# Everything runs on this machine. It ends with an error at the first thing that doesn't come out as it should.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
FOLDER=${1:-runs/round}
SUITE=${SUITE:-core}
EPISODES=${EPISODES:-1}
PORT=${PORT:-8137}
[ ! -e "$FOLDER" ] || { echo "$FOLDER is there already; name another folder" >&2; exit 2; }

make -s .venv/.board
BIN="$PWD/.venv/bin"
PATH="$BIN:$PATH"
mkdir -p "$FOLDER"
cd "$FOLDER"

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
field() { python -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }
started=()
trap 'kill "${started[@]}" 2>/dev/null || true; wait' EXIT
up() { # an address that answers within 30 s
  for _ in $(seq 150); do curl -s -o /dev/null --max-time 2 "$1" && return; sleep 0.2; done
  echo "$1 doesn't answer" >&2; return 1
}
refused() { # a command that must end with exit code 1
  local code=0; "$@" || code=$?
  [ "$code" = 1 ] || { echo "expected exit code 1, got $code: $*" >&2; return 1; }
}

say "An endpoint to be evaluated: rules behind an OpenAI-style address"
python -m switch_bench.serve.scripted_llm --port "$PORT" > endpoint.log 2>&1 & started+=($!)
ENDPOINT="openai:scripted@http://127.0.0.1:$PORT/v1?track=llm&calls=60"
up "http://127.0.0.1:$PORT/v1/models"

say "Three baselines on $SUITE, $EPISODES episode(s) a task"
switch-bench eval --policy explorer,random_skill --suite "$SUITE" --episodes "$EPISODES" --seed 7 --no-pictures --out runs
switch-bench eval --policy "$ENDPOINT" --suite "$SUITE" --episodes "$EPISODES" --seed 7 --no-pictures --out runs/scripted

say "Packed and signed"
switch-bench submit key ada.pem > ada.pub
for name in explorer random_skill scripted; do
  switch-bench submit pack "runs/$name" --key ada.pem --name "$name" --out "$name.sbz"
done

say "A board"
switch-bench leaderboard migrate --data board
ADA=$(switch-bench leaderboard token add ada --role submitter --data board)
EVE=$(switch-bench leaderboard token add eve --role submitter --data board)
MAY=$(switch-bench leaderboard token add may --role maintainer --data board)
BOARD="http://127.0.0.1:$((PORT + 1))"
switch-bench leaderboard serve --data board --port $((PORT + 1)) > board.log 2>&1 & started+=($!)
up "$BOARD/"

say "Uploaded and verified"
for name in explorer random_skill scripted; do
  SWITCH_BENCH_TOKEN=$ADA switch-bench submit upload "$name.sbz" --board "$BOARD" --wait 1800 --json | tee "$name.json"
done

say "A forged submission: random_skill, given out for a success"
switch-bench submit key eve.pem > eve.pub
python "$OLDPWD/examples/forge.py" random_skill.sbz forged.sbz eve.pem
refused switch-bench submit verify forged.sbz --out forged
SWITCH_BENCH_TOKEN=$EVE refused switch-bench submit upload forged.sbz --board "$BOARD" --wait 1800

say "A hidden round: the commitment is published before anybody plays"
switch-bench submit hidden draw round.json --suite "$SUITE" --episodes "$EPISODES" | tee published.json
ROUND=$(curl -fsS "$BOARD/api/v1/rounds" -H "Authorization: Bearer $MAY" -H 'Content-Type: application/json' -d @published.json | field id)

say "The endpoint plays on the hidden seeds; the run is attached to its submission"
switch-bench submit key may.pem > may.pub
switch-bench submit hidden run round.json --policy "$ENDPOINT" --out hidden
switch-bench submit pack hidden --key may.pem --name scripted --round round.json --out hidden.sbz
SWITCH_BENCH_TOKEN=$MAY switch-bench submit upload hidden.sbz --board "$BOARD" --hidden-for "$(field id < scripted.json)" --wait 1800

say "The round is revealed, and anybody can check it"
switch-bench submit hidden reveal round.json > revealed.json
python -c 'import json; r = json.load(open("revealed.json")); print(json.dumps({"salt": r["salt"], "seeds": r["seeds"]}))' > body.json
curl -fsS "$BOARD/api/v1/rounds/$ROUND/reveal" -H "Authorization: Bearer $MAY" -H 'Content-Type: application/json' -d @body.json -o /dev/null
switch-bench submit verify hidden.sbz --out hidden-verified
switch-bench submit hidden check "$(field commitment < published.json)" revealed.json --verification hidden-verified/verification.json

say "What the board says now"
curl -fsS "$BOARD/api/v1/board" | python -c '
import json, sys
rows = {row["policy"]: row for row in json.load(sys.stdin)["board"]["rows"]}
for row in rows.values():
    print("{policy:14} {status:16} {rate[k]} of {rate[n]}".format(**row))
assert {name: row["status"] for name, row in rows.items()} == {
    "explorer": "replay-verified", "random_skill": "replay-verified", "scripted": "hidden-verified"}, rows
'

say "The same as a static site"
switch-bench leaderboard export site --data board
test -s site/index.html
echo "$PWD/site/index.html"
