"""What reports and boards have in common: their colours, and how timelines look, answer and are explained.

The files are in `static/`: a report has their text in it, a board serves them.
"""

from __future__ import annotations

from importlib import resources

FOLDER = resources.files("switch_bench.evaluate") / "static"
COLOURS = (FOLDER / "colours.css").read_text("utf-8")
TIMELINE_STYLE = (FOLDER / "timeline.css").read_text("utf-8")
TIMELINE_SCRIPT = (FOLDER / "timeline.js").read_text("utf-8")

TIMELINE_KEY = (
    '<p class="key">'
    '<span><svg viewBox="-6 -6 12 12" aria-hidden="true"><path class="agent" d="M0 -6l6 6 -6 6 -6 -6z"/></svg>'
    "the agent</span>"
    '<span><svg viewBox="-6 -6 12 12" aria-hidden="true"><circle class="device" r="3.6"/></svg>'
    "a device by itself</span>"
    '<span><svg viewBox="-6 -6 12 12" aria-hidden="true"><rect class="person" x="-4" y="-4" width="8" height="8"/>'
    "</svg>someone or something else</span>"
    '<span><svg viewBox="-6 -6 12 12" aria-hidden="true"><path class="came" d="M0 -6v12"/></svg>'
    "the goal came about</span>"
    "<span>lines lead from causes to effects; point at an event, or go from one to the next by the arrow keys, to see "
    "all that led to it</span>"
    "<span>long waits are drawn short</span>"
    "</p>"
)
