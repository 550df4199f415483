"""The audit of two engines."""

from __future__ import annotations

import fake_bench
import pytest
from rich.console import Console

from switch_bench.evaluate import engines, engines_table
from switch_bench.evaluate.errors import InputError


class Deaf(fake_bench.Room):
    """A room in which a press reaches the switch, and the lamp stays off."""

    def _event(self, signal, old, new, causes, actor):
        if signal == "switch.gang_1":
            super()._event(signal, old, new, causes, actor)


def audited(suite="quick", seeds=1, engine="bullet"):
    return engines.audit(suite, seeds, 0, 0, Console(quiet=True), engine=engine, bench="fake_bench")


def deaf_by(monkeypatch, engine, tasks):
    """Make these tasks' rooms deaf on an engine."""
    make = fake_bench.make

    def made(id, *, obs, act, size=(256, 256), engine="mujoco"):
        deaf = engine == wrong and id in tasks
        return Deaf(id, obs, act) if deaf else make(id, obs=obs, act=act, engine=engine)

    wrong = engine
    monkeypatch.setattr(fake_bench, "make", made)


def test_engines_that_do_the_same_agree():
    report = audited(seeds=2)
    assert (report["ok"], report["agreeing"], report["share"]) == (True, 2, 1.0)
    row = report["tasks"]["fake.lamp-v1"]
    assert (row["agrees"], row["done"], row["differences"]) == (True, [2, 2], [])
    assert row["events"] == 2 * 3


def test_an_engine_on_which_nothing_comes_of_the_press_falls_short(monkeypatch):
    deaf_by(monkeypatch, "bullet", ("fake.lamp-v1",))
    report = audited()
    assert (report["ok"], report["agreeing"]) == (False, 1)
    row = report["tasks"]["fake.lamp-v1"]
    assert row["done"] == [1, 0]
    assert {d["signal"] for d in row["differences"]} == {"lamp.lit", "mug.owner"}


def test_one_task_in_twenty_may_disagree():
    agreement = engines.compare(*[fake_trace()] * 2)
    for tasks, good in ((20, True), (19, False)):
        names = [f"t{i}" for i in range(tasks)]
        found = [engines.Compared(name, 0, 0, (True, name != "t0"), agreement) for name in names]
        assert engines.summarise(names, 1, 0, "bullet", found)["ok"] is good


def test_what_a_task_raises_is_told_of_it(monkeypatch):
    def carry_out(env, plan):
        raise RuntimeError("the knob is out of reach")

    monkeypatch.setattr(fake_bench, "carry_out", carry_out)
    report = audited("fake.lamp-v1")
    assert report["ok"] is False
    assert "RuntimeError: the knob is out of reach" in engines_table.lines(report)[0]


def test_an_engine_that_is_not_there_is_bad_input():
    with pytest.raises(InputError, match="--engine ode"):
        audited(engine="ode")


def test_the_page_has_a_row_for_each_task_and_a_reason_for_each_disagreement(monkeypatch):
    deaf_by(monkeypatch, "bullet", ("fake.lamp-v1",))
    page = engines_table.page(audited(), "switch-bench audit", {"fake.lamp-v1": "its ears are full of wax"})
    assert "| `fake.lamp-v1` | ✗ | 1/1 | 0/1 |" in page
    assert "| `fake.kettle-v1` | ✓ | 1/1 | 1/1 |" in page
    assert "- `fake.lamp-v1`: its ears are full of wax" in page
    assert "lamp.lit at " in page


def test_the_page_says_so_where_no_reason_is_known(monkeypatch):
    deaf_by(monkeypatch, "bullet", ("fake.lamp-v1",))
    assert "- `fake.lamp-v1`: the reason is not known yet." in engines_table.page(audited(), "", {})


def fake_trace():
    env = fake_bench.make("fake.lamp-v1", obs=(), act="")
    env.reset(seed=0)
    fake_bench.carry_out(env, fake_bench.spec("fake.lamp-v1").solution)
    return fake_bench.trace(env)
