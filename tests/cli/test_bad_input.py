"""Bad input gives one clear error with place and hint, exit code 2, and nothing is written."""

import io
import json
import zipfile

import numpy as np
import pytest

EVAL = ("eval", "--workers", "0", "--suite", "quick", "--no-pictures")


def corrupt_trace(path):
    path.write_bytes(b"PK\x03\x04 not really a trace")


def other_archive(path):
    np.savez(path, x=np.zeros(3))


def newer_trace(path):
    facts = json.dumps({"format": "switch_bench.trace", "version": 99}).encode()
    np.savez(path, facts=np.frombuffer(facts, np.uint8), targets=np.zeros((0, 1)), base=np.zeros((0, 4)))


def truncated_trace(path):
    newer_trace(path)
    path.write_bytes(path.read_bytes()[:-40])


def pickled(path):
    np.savez(path, facts=np.array([{}], dtype=object), targets=np.zeros(1), base=np.zeros(1))


def a_file(path):
    path.write_text("")


def a_thesis(path):
    path.mkdir()
    (path / "thesis.tex").write_text("")


def another_run(path):
    path.mkdir()
    (path / "run.json").write_text(json.dumps({"policy": "oracle", "seed": 7}))


def a_broken_module(path):
    path.write_text("import this_is_nowhere\n")


def a_raising_module(path):
    path.write_text("raise RuntimeError('no GPU')\n")


# (what is typed, what lies at "there", what the error must say)
BAD = [
    (("evl",), None, "No such command 'evl'"),
    (("eval",), None, "Missing option '--policy'"),
    (("eval", "--polcy", "noop"), None, "No such option: --polcy"),
    ((*EVAL, "--policy", "nop"), None, "did you mean noop"),
    ((*EVAL, "--policy", ""), None, "no baseline ''"),
    ((*EVAL, "--policy", "noop,,random"), None, "no baseline ''"),
    ((*EVAL, "--policy", "noop,noop"), None, "noop is named twice"),
    ((*EVAL, "--policy", "ws://127.0.0.1:1?tries=1"), None, "can't be reached: Connection refused"),
    ((*EVAL, "--policy", "ws://127.0.0.1:1?trys=1"), None, "unknown option 'trys'"),
    ((*EVAL, "--policy", "no_module_here:Policy"), None, "no module no_module_here"),
    ((*EVAL, "--policy", "fake_policies:Pressr"), None, "did you mean Presser"),
    ((*EVAL, "--policy", "fake_policies:FailsWhenMade"), None, "no such checkpoint"),
    ((*EVAL, "--policy", "fake_policies:UnknownAct"), None, "one of delta_pose, pixel, skill"),
    ((*EVAL, "--policy", "fake_policies:NoReset"), None, "isn't a policy"),
    ((*EVAL, "--policy", "there:Policy"), a_broken_module, "no module this_is_nowhere"),
    ((*EVAL, "--policy", "there:Policy"), a_raising_module, "RuntimeError: no GPU"),
    ((*EVAL, "--policy", "noop", "--suite", "qick"), None, "did you mean quick"),
    ((*EVAL, "--policy", "noop", "--suite", "fake.lamb-v1"), None, "did you mean fake.lamp-v1"),
    ((*EVAL, "--policy", "noop", "--episodes", "0"), None, "Invalid value for '--episodes'"),
    ((*EVAL, "--policy", "noop", "--episodes", "two"), None, "Invalid value for '--episodes'"),
    ((*EVAL, "--policy", "noop", "--seed", "-1"), None, "Invalid value for '--seed'"),
    ((*EVAL, "--policy", "noop", "--workers", "-2"), None, "Invalid value for '--workers'"),
    ((*EVAL, "--policy", "noop", "--out", "there"), a_file, "is a file, not a folder"),
    ((*EVAL, "--policy", "noop", "--out", "there/below"), a_file, "is a file, not a folder"),
    ((*EVAL, "--policy", "noop", "--out", "there"), a_thesis, "no run of switch-bench"),
    ((*EVAL, "--policy", "noop", "--out", "there"), another_run, 'policy: "oracle" there, "noop" now'),
    ((*EVAL, "--policy", "noop,random", "--out", "there"), another_run, "several were named"),
    ((*EVAL, "--policy", "noop", "--out", "/proc/nowhere/run"), None, "can't write"),
    ((*EVAL, "noop"), None, "--policy|unexpected extra argument"),
    (("audit", "--suite", "kichen"), None, "no suite 'kichen'"),
    (("audit", "--seeds", "0"), None, "Invalid value for '--seeds'"),
    (("bench", "--only", "forks"), None, "did you mean fork"),
    (("bench", "--only", "fork,"), None, "no part ''"),
    (("bench", "--only", "fork", "--write", "README.md"), None, "tables of a whole run"),
    (("bench", "--write", "there"), None, "can't be read"),
    (("bench", "--write", "there"), a_file, "has no place for a table"),
    (("audit", "--engine", "ode"), None, "engine: unknown 'ode'"),
    (("audit", "--engine", "bullet", "--record", "there"), None, "--record: what solutions took"),
    (("replay",), None, "Missing argument"),
    (("replay", "there"), None, "no such trace file"),
    (("replay", "there"), a_thesis, "is a folder, not a trace"),
    (("replay", "there"), a_file, "corrupt"),
    (("replay", "there"), corrupt_trace, "corrupt"),
    (("replay", "there.npz"), other_archive, "not a trace"),
    (("replay", "there.npz"), newer_trace, "version 99"),
    (("replay", "there.npz"), truncated_trace, "corrupt"),
    (("replay", "there.npz"), pickled, "corrupt"),
    (("render", "fake.lamb-v1"), None, "unknown task 'fake.lamb-v1'"),
    (("render", "fake.lamp-v1", "--view", "sideways"), None, "no view 'sideways'"),
    (("render", "fake.lamp-v1", "--out", "film.mp4"), None, "film.mp4"),
    (("render", "fake.lamp-v1", "--out", "there/picture.png"), a_file, "is a file, not a folder"),
    (("render", "fake.lamp-v1", "--seed", "x"), None, "Invalid value for '--seed'"),
]


@pytest.mark.parametrize(("words", "make", "said"), BAD, ids=[" ".join(words)[:70] for words, _, _ in BAD])
def test_bad_input(fake, run, words, make, said):
    if make is not None:
        name = "there.py" if "module" in make.__name__ else "there.npz" if "there.npz" in words else "there"
        make(fake / name)
    before = sorted(fake.rglob("*"))
    result = run(*words)
    assert result.exit_code == 2, result.output
    assert any(part in result.stderr for part in said.split("|")), result.stderr
    assert result.stderr.lower().count("error: ") >= 1
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    after = [path for path in sorted(fake.rglob("*")) if "__pycache__" not in path.parts]
    assert after == before


def test_errors_say_where_and_what_would_help(fake, run):
    result = run(*EVAL, "--policy", "nop")
    assert result.stderr == (
        "error: --policy nop: there is no baseline 'nop'\n"
        "hint: did you mean noop?; your own policy is named module:attribute, ws://host:port or openai:MODEL@BASE_URL\n"
    )


def test_a_trace_that_is_a_bomb_of_zeros_is_no_trace(fake, run):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("facts.npy", b"\0" * 1000)
    (fake / "there.npz").write_bytes(packed.getvalue())
    result = run("replay", "there.npz")
    assert (result.exit_code, result.stdout) == (2, "")
