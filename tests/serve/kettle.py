"""A player without a model: it boils the water by what it is told."""

from __future__ import annotations

import json

TASK = "kitchen.boil_water-v1"
SEED = 18  # of the run: the kettle's lever is in view at the start of its first episode
WAIT = {"seconds": 150}
DONE = {"what": "done"}


def lever(text: str) -> int:
    """The number of the kettle's lever in what an agent on the track llm is told."""
    view = json.loads(text.partition("In view: ")[2])
    marks = [mark for thing in view["things"] if thing["thing"] == "kettle" for mark in thing.get("marks", ())]
    return next(mark["mark"] for mark in marks if mark["what"] == "lever")
