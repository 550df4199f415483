"""Two engines' agreement for a reader: a table on the screen, and the page of the documentation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich import box
from rich.table import Table

COLUMNS = ("agrees", "done on MuJoCo", "done on Bullet", "events", "controls within", "later things within")

INTRODUCTION = """# Two engines

A result should hang on what an agent did, not on one engine's quirks. So rooms run on two: MuJoCo, the reference, and
Bullet (`engine="bullet"`, the extra `bullet`: PyBullet 3.2.7). `switch-bench audit --engine bullet` carries out every
task's reference solution by the same skills on both, and compares what happened.

## What Bullet gets, and what it doesn't do

Bullet's bodies are made from the compiled MjModel's arrays, so that scenes, tasks, body and skills are the same ones.

| MuJoCo | Bullet |
|---|---|
| a kinematic tree | one multibody; what stands still, static bodies |
| `contype`, `conaffinity` | a collision group for each pair of bits, and its mask |
| armature | mass on slides, round inertia on hinges, less what the links beyond bring along |
| springs, dampers, detents, drives, the hand's actuators | torques before each step, clipped to the same force limits |
| dry friction, also of what is jammed | a motor that holds the joint still with so much force |
| locks and interlocks (equalities) | a motor that holds the joint in its place while the equality is active |
| stops | joint limits |
| cushioned stops (soft limits) | the inertia and damping that they amount to; on loose things a motor that gives way |
| gravity compensation | no gravity; loose things get their weight as a force |
| other people's hands (`qfrc_applied`) | the same, as torques |
| sleeping trees | what is still and untouched for 0.3 s is put to sleep, and left out |

Poses are mirrored into the MjData after each tick, so that cameras, marks, skills and readouts are the same; contacts
are Bullet's own. Runs on Bullet are deterministic: the settings below stand in every trace's manifest. An episode takes
several times as long as on MuJoCo.

Forks, the worlds that a verdict compares an episode with, and bit-exact replay are MuJoCo's alone: asked for on Bullet
they raise an `EngineError` that says so. An episode on Bullet has a trace and a goal that held or didn't (`is_success`
and the sparse reward say that, and no more), but no verdict: whether the agent *caused* it is judged on MuJoCo.

## What is compared

All events but touches and flows: what controls read, and what devices' signals, sounds and displays then do. A task
agrees if in all variations the solution does it on both engines (for a task that can't be done: reports so), and

- each signal takes the same values in the same order; numbers, also those that a display counts down, within 1 %;
- events more than 50 ms apart are in the same order;
- **controls** change within 50 ms, measured from the beginning of the touch that moved them, or from the control's last
  change in the same touch (a knob that goes through several detents); what springs back as the hand lets go is measured
  to the letting go. It is not measured from the start of the episode: a skill feels its way by steps of 50 ms, and
  after a walk and a press two hands that each do right are some steps apart. What a mechanism does under a finger hangs
  on the engine; when the finger comes hangs on the skill;
- **all else** comes within 1 % of the time (or 50 ms) since the control's change that set it off. So is measured what
  flows do: water boils when the heat has been on for so long. What nobody set off is measured from the beginning.

What comes on one engine after the episode on the other has ended isn't compared.

In the rooms that are compared wires and people take their mean delays, and nothing is lost or missed
(`options={"draws": False}`): those draws hang on the microsecond at which a signal is sent, so that a press 10 ms later
gets another delay, on one engine as on two.

## What it found

A gas hob's knob is pushed in to be turned. Let go of while pushed in, it sprang up against the fingertips, and in
MuJoCo was pushed down by them again for 10 ms, so that the hob ticked twice; on Bullet it wasn't. At steps of 2.5 ms
and 1 ms MuJoCo agreed with Bullet: it was an artefact of its 5 ms. The skill that turns knobs now lets them come up
first.
"""


def table(report: Mapping[str, Any]) -> Table:
    """The comparison as a table; what differs stands below it (`lines`)."""
    drawn = Table(box=box.SIMPLE)
    drawn.add_column("task", overflow="fold")
    for title in COLUMNS:
        drawn.add_column(title, justify="center")
    for task, row in report["tasks"].items():
        good, *rest = _cells(row)
        drawn.add_row(task, "[green]✓[/]" if good == "✓" else "[red]✗[/]", *rest)
    return drawn


def lines(report: Mapping[str, Any]) -> list[str]:
    """What differs, a line each."""
    return [f"{task}, seed {seed}: {words}" for task, row in report["tasks"].items() for seed, words in _told(row)]


def summary(report: Mapping[str, Any]) -> str:
    """The whole suite in a sentence."""
    share = report["share"]
    return (
        f"{report['agreeing']} of {len(report['tasks'])} tasks agree"
        + ("" if share is None else f" ({100 * share:.0f} %)")
        + f" over {report['seeds']} variation{'s' * (report['seeds'] != 1)} each; {100 * report['aim']:.0f} % must."
    )


def page(report: Mapping[str, Any], command: str, reasons: Mapping[str, str]) -> str:
    """The comparison as a page of Markdown; command: by which it was made. reasons: of tasks that don't agree."""
    from switch_bench.evaluate.results import versions

    made = ", ".join(f"{name} {version}" for name, version in versions().items())
    settings = ", ".join(f"{name} {value}" for name, value in report["settings"].items())
    rows = [f"| `{task}` | " + " | ".join(_cells(row)) + " |" for task, row in report["tasks"].items()]
    return "\n".join(
        [
            INTRODUCTION,
            "## The table",
            "",
            f"Made by `{command}` with {made}. Bullet's settings: {settings}.",
            "",
            "| task | " + " | ".join(COLUMNS) + " |",
            "|---|" + "---|" * len(COLUMNS),
            *rows,
            "",
            summary(report),
            "",
            "## Disagreements",
            "",
            *_disagreements(report, reasons),
            "",
        ]
    )


def _disagreements(report: Mapping[str, Any], reasons: Mapping[str, str]) -> list[str]:
    out = []
    for task, row in report["tasks"].items():
        told = _told(row)
        if told:
            out += [f"- `{task}`: {reasons.get(task, 'the reason is not known yet.')}"]
            out += [f"  - seed {seed}: {words}" for seed, words in told]
    return out or ["There are none."]


def _told(row: Mapping[str, Any]) -> list[tuple[int, str]]:
    found = [(d["seed"], d["words"]) for d in row["differences"]]
    found += [(b["seed"], f"broke off: {b['raised']}") for b in row["broke"]]
    done, n = row["done"], row["variations"]
    if not row["agrees"] and not found:
        found.append((0, f"done in {done[0]} and {done[1]} of {n} variations"))
    return found


def _cells(row: Mapping[str, Any]) -> list[str]:
    n = row["variations"]
    return [
        "✓" if row["agrees"] else "✗",
        f"{row['done'][0]}/{n}",
        f"{row['done'][1]}/{n}",
        str(row["events"]),
        f"{row['control_ms']:.0f} ms",
        f"{100 * row['share']:.2f} %",
    ]
