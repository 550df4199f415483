"""A hidden round: what is published binds, what is revealed can be checked, and who plays doesn't learn the seeds."""

from __future__ import annotations

import hashlib
import json
import stat
from pathlib import Path

import pytest
from rich.console import Console
from submitted_runs import TASK, key

from switch_bench.evaluate.episode import episode_seed
from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.folder import read_episodes
from switch_bench.serve.scripted_llm import ScriptedServer
from switch_bench.submit import check, hidden, pack


def test_what_is_published_is_the_hash_of_salt_and_seeds() -> None:
    said = b'{"salt":"ab","seeds":{"t-v1":[1,2]}}'  # RFC 8785: keys in order, no spaces
    assert hidden.commitment("ab", {"t-v1": [1, 2]}) == hashlib.sha256(said).hexdigest()


def test_a_round_is_drawn_anew_kept_secret_and_read_again(tmp_path: Path) -> None:
    one, other = hidden.draw(TASK, 3), hidden.draw(TASK, 3)
    assert one.seed != other.seed
    assert one.salt != other.salt
    assert one.seeds() == {TASK: [episode_seed(one.seed, TASK, n) for n in range(3)]}
    file = tmp_path / "round.json"
    hidden.keep(one, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert hidden.load(file) == one
    assert not {"seed", "salt", "seeds"} & one.public().keys()
    with pytest.raises(InputError, match="a file already"):
        hidden.keep(other, file)
    file.write_text(file.read_text().replace(one.salt, "salt"))
    with pytest.raises(InputError, match="salt is wrong"):
        hidden.load(file)


def test_a_reveal_that_is_not_what_was_published_is_told() -> None:
    made = hidden.draw(TASK, 2)
    told = json.loads(json.dumps(made.reveal()))
    assert hidden.check(made.commitment, told) == []
    other = json.loads(json.dumps(told))
    other["seeds"][TASK][1] += 1
    assert "hash to" in hidden.check(made.commitment, other)[0]
    assert hidden.check(made.commitment, {"salt": made.salt}) == ["it reveals no salt and seeds"]


def test_only_an_endpoint_plays(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="played by an endpoint"):
        hidden.play(hidden.draw(TASK, 1), "oracle", tmp_path / "run", 1, Console(quiet=True))
    assert not (tmp_path / "run").exists()


def test_a_whole_round(tmp_path: Path) -> None:
    made = hidden.draw(TASK, 2)
    with ScriptedServer() as server:
        policy = f"openai:scripted@{server.url}?track=llm&calls=30"
        run = hidden.play(made, policy, tmp_path / "run", 1, Console(quiet=True))
    assert sorted(record["seed"] for record in read_episodes(run.folder)) == sorted(made.seeds()[TASK])
    packed = pack.pack(run.folder, tmp_path / "run.sbz", key(), commitment=made.commitment)
    found = check.verify(packed.path, tmp_path / "out")
    assert found.status == "replay-verified", found.reasons
    told = json.loads(json.dumps(made.reveal()))
    assert hidden.check(made.commitment, told, found.manifest) == []
    another = hidden.draw(TASK, 2)
    wrong = hidden.check(another.commitment, another.reveal(), found.manifest)
    assert wrong == ["the submission names another commitment", "the submission's episodes have other seeds"]
