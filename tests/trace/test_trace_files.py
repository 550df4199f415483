"""Traces on disk: what is saved is what is loaded, and a broken file says so."""

from __future__ import annotations

import json
import math
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switch_bench.network.flow import Anchor
from switch_bench.trace.hashing import digest
from switch_bench.trace.schema import SCHEMA_VERSION, Claim, Event, Pose, SignalInfo, Trace, View
from switch_bench.trace.store import TraceFileError, TraceVersionError, load, save


def full() -> Trace:
    """A trace with something in every field."""
    return Trace(
        manifest={"task": "kitchen.boil-v1", "seed": 3, "versions": {"mujoco": "3.17.0"}},
        signals={
            "kettle.water": SignalInfo("flow", "kitchen", Anchor(0, 20.1), "degC"),
            "kettle.lever": SignalInfo("control", "kitchen", "up"),
            "lamp.level": SignalInfo("output", "hall", 0.1 + 0.2),
            "lamp.count": SignalInfo("state", "hall", 1),
            "lamp.lit": SignalInfo("output", "hall", False),
        },
        events=[
            Event(0, 10_000, "kettle.lever", "up", "down", (), "kitchen", "agent"),
            Event(
                1, 10_000, "kettle.water", Anchor(0, 20.1), Anchor(10_000, 1 / 3, -0.0, ((2.5, 1e-3),)), (0,), "k", None
            ),
            Event(2, 20_000, "lamp.count", 1, 2, (0, 1), "hall", None),
        ],
        end=30_000,
        claim=Claim(30_000, "done"),
        views=[View(0, "head", ("lamp.lit", "hall"))],
        poses=[Pose(0, "cup", (0.1, 0.2, 0.3), (1.0, 0.0, 0.0, 0.0), "kitchen", "table")],
        actions=[(0, {"verb": "press", "mark": 3, "amount": 0.5})],
        targets=np.array([[0.0, 0.1, 1 / 3]]),
        base=np.array([[0.0, 1.0, 2.0, 3.0]]),
        hashes=[(30_000, "ab12")],
        jumps=[(10_000, 20_000)],
    )


def facts(trace: Trace) -> dict:
    return {**vars(trace), "targets": trace.targets.tolist(), "base": trace.base.tolist()}


def test_everything_comes_back(tmp_path):
    path = save(full(), tmp_path / "new" / "episode.npz")
    assert facts(load(path)) == facts(full())
    assert digest(load(path)) == digest(full())


def test_types_and_bits_come_back(tmp_path):
    signals = load(save(full(), tmp_path / "t.npz")).signals
    assert [type(info.initial) for info in signals.values()] == [Anchor, str, float, int, bool]
    flow = load(tmp_path / "t.npz").events[1].new
    assert isinstance(flow, Anchor)
    assert math.copysign(1.0, flow.b) == -1.0


VALUES = st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | st.text(max_size=5)


@settings(max_examples=30, deadline=None)
@given(st.lists(VALUES, max_size=6))
def test_any_value_comes_back(tmp_path_factory, values):
    events = [Event(i, i, "a.b", 0, value, (), "hall", None) for i, value in enumerate(values)]
    trace = Trace({}, {"a.b": SignalInfo("state", "hall", 0)}, events, 10)
    back = load(save(trace, tmp_path_factory.mktemp("t") / "t.npz"))
    assert [(type(e.new), e.new) for e in back.events] == [(type(v), v) for v in values]


def test_saving_replaces_the_old_file_whole_or_not_at_all(tmp_path):
    path = save(full(), tmp_path / "t.npz")
    before = path.read_bytes()
    broken = full()
    broken.actions = [(0, object())]
    with pytest.raises(TypeError):
        save(broken, path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["t.npz"]


def test_the_same_trace_makes_the_same_file(tmp_path):
    assert save(full(), tmp_path / "a.npz").read_bytes() == save(full(), tmp_path / "b.npz").read_bytes()


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="no such trace file"):
        load(tmp_path / "none.npz")


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.99])
def test_a_truncated_file_is_refused(tmp_path, share):
    path = save(full(), tmp_path / "t.npz")
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(TraceFileError, match="truncated or corrupt"):
        load(path)


def test_a_flipped_byte_is_noticed(tmp_path):
    path = save(full(), tmp_path / "t.npz")
    data = bytearray(path.read_bytes())
    data[len(data) // 4] ^= 0xFF
    path.write_bytes(bytes(data))
    with pytest.raises(TraceFileError):
        load(path)


def test_a_trace_that_could_not_be_read_is_not_written(tmp_path, monkeypatch):
    monkeypatch.setattr("switch_bench.trace.store.MOST_FACTS", 100)
    with pytest.raises(TraceFileError, match="at most 100"):
        save(full(), tmp_path / "t.npz")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["facts", "targets", "base"])
def test_a_file_that_unpacks_to_more_than_a_trace_has_is_refused(tmp_path, name, monkeypatch):
    path = save(full(), tmp_path / "t.npz")
    with np.load(path) as archive:
        arrays = dict(archive)
    big = np.full(2**24, 32, np.uint8) if name == "facts" else np.zeros((2**19, 4))
    np.savez_compressed(path, **(arrays | {name: big}))
    assert path.stat().st_size < 2**16
    monkeypatch.setattr(f"switch_bench.trace.store.{'MOST_FACTS' if name == 'facts' else 'MOST_NUMBERS'}", 2**24)
    with pytest.raises(TraceFileError, match=f"{name}: more than"):
        load(path)


def test_a_shape_that_its_bytes_do_not_fill_makes_no_room(tmp_path):
    path = save(full(), tmp_path / "t.npz")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    lie = parts["targets.npy"].replace(b"(1, 3)", b"(9" + b"9" * 15 + b", 3)", 1)
    parts["targets.npy"] = lie[:8] + (len(lie) - 8 - 2 - 24).to_bytes(2, "little") + lie[10:]
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    with pytest.raises(TraceFileError, match=r"its shape .* and its length don't fit"):
        load(path)


def rewritten(path, change) -> None:
    """Write the facts of a file anew after `change`."""
    with np.load(path) as archive:
        arrays = dict(archive)
    facts = json.loads(arrays["facts"].tobytes())
    change(facts)
    arrays["facts"] = np.frombuffer(json.dumps(facts).encode(), dtype=np.uint8)
    np.savez(path, **arrays)


def test_a_newer_version_is_refused_by_name(tmp_path):
    path = save(full(), tmp_path / "t.npz")
    rewritten(path, lambda facts: facts.update(version=SCHEMA_VERSION + 1))
    with pytest.raises(TraceVersionError, match=f"reads up to {SCHEMA_VERSION}"):
        load(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda facts: facts.pop("events"),
        lambda facts: facts.update(end="soon"),
        lambda facts: facts["events"][0].pop(),
        lambda facts: facts["events"][0].__setitem__(4, None),
        lambda facts: facts.update(format="something else"),
        lambda facts: facts.update(version="1"),
        lambda facts: facts.update(manifest=[]),
        lambda facts: facts.update(end=math.nan),
        lambda facts: facts["signals"].update(x=["flow", "k", {"float": "one"}, ""]),
    ],
)
def test_facts_that_make_no_trace_are_refused(tmp_path, change):
    path = save(full(), tmp_path / "t.npz")
    rewritten(path, change)
    with pytest.raises(TraceFileError, match=r"t\.npz"):
        load(path)


def test_another_archive_is_no_trace(tmp_path):
    np.savez(tmp_path / "t.npz", pictures=np.zeros(3))
    with pytest.raises(TraceFileError, match="it lacks base, facts, targets"):
        load(tmp_path / "t.npz")


def test_a_pickle_is_never_opened(tmp_path):
    arrays = {name: np.array([object()], dtype=object) for name in ("facts", "targets", "base")}
    np.savez(tmp_path / "t.npz", **arrays)
    with pytest.raises(TraceFileError, match="corrupt"):
        load(tmp_path / "t.npz")


def changed(**fields) -> Trace:
    trace = full()
    for name, value in fields.items():
        setattr(trace, name, value)
    return trace


def test_the_digest_is_of_what_happened():
    same = digest(full())
    assert digest(changed(manifest={}, actions=[], views=[], targets=np.zeros((0, 1)), hashes=[])) == same
    assert digest(changed(end=30_001)) != same
    assert digest(changed(claim=None)) != same
    assert digest(changed(events=full().events[:2])) != same


@pytest.mark.parametrize(
    "new",
    [Anchor(10_000, 1 / 3, 0.0, ((2.5, 1e-3),)), Anchor(10_000, 0.333, -0.0, ((2.5, 1e-3),)), Anchor(10_000, 1 / 3)],
)
def test_the_digest_sees_every_bit_of_a_flow(new):
    events = full().events
    events[1] = Event(1, 10_000, "kettle.water", Anchor(0, 20.1), new, (0,), "k", None)
    assert digest(changed(events=events)) != digest(full())


def test_the_digest_tells_types_apart():
    def of(value) -> str:
        return digest(Trace({}, {"a.b": SignalInfo("state", "hall", value)}))

    assert len({of(1), of(1.0), of(True), of("1")}) == 4
