"""Where the films of a report are: in the page as far as it stays one that can be sent, the others beside it."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any

from switch_bench.evaluate import videos
from switch_bench.evaluate.video_size import HEIGHT, WIDTH

MOST = 30_000_000  # bytes of films in one page


class Films:
    """The films of the episodes shown on a page.

    folder: the run folder. above: from the page up to it, "" or "../". most: bytes of films that go into the page, in
    the order of `records`; 0: all are linked.
    """

    def __init__(self, folder: Path, records: Iterable[Mapping[str, Any]], *, above: str = "", most: int):
        self._folder, self._above = folder, above
        self._inside: set[str] = set()
        self.embedded = self.linked = 0
        for record in records:
            name = videos.file(record)
            if not (folder / name).exists():
                continue
            size = (folder / name).stat().st_size
            if size <= most:
                most -= size
                self._inside.add(name)
                self.embedded += 1
            else:
                self.linked += 1

    def there(self, record: Mapping[str, Any]) -> bool:
        """Whether an episode has a film."""
        return (self._folder / videos.file(record)).exists()

    def player(self, record: Mapping[str, Any]) -> str:
        """An episode's film as HTML, "" where there is none. Nothing is loaded before it is played."""
        name = videos.file(record)
        if not self.there(record):
            return ""
        path = self._folder / name
        still = path.with_suffix(".jpg")
        poster = f' poster="{_data("image/jpeg", still)}"' if still.exists() else ""
        source = _data("video/webm", path) if name in self._inside else escape(self._above + name)
        said = f"Film of {record['task']}, episode {record['episode']}"
        return (
            f'<figure class="film"><video controls preload="none" playsinline width="{WIDTH}" height="{HEIGHT}" '
            f'aria-label="{escape(said)}"{poster} src="{source}"></video><figcaption>Replayed from its trace: from '
            "outside, and by the head camera. Long waits are sped up, as it says.</figcaption></figure>"
        )


def _data(kind: str, path: Path) -> str:
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"
