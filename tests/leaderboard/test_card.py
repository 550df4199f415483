"""A stranger's model card does nothing but say something."""

from __future__ import annotations

import re
import time

import pytest

from switch_bench.leaderboard import card

pytestmark = pytest.mark.board


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "a <b onclick='alert(1)'>bold</b> word",
        "[press](javascript:alert(1))",
        "[press](JaVaScRiPt:alert(1))",
        "[press](data:text/html;base64,PHNjcmlwdD4=)",
        "[press](//evil.example/x)",
        "![it](https://evil.example/pixel.png)",
        "![it](https://evil.example/pixel.png \"onerror='x'\")",
        '<https://example.org/"onmouseover=alert(1)>',
        "| a |\n|:-:|\n| <i style='x'>b</i> |",
        "[x]: javascript:alert(1)\n\n[press][x]",
    ],
)
def test_nothing_in_it_becomes_active(text: str) -> None:
    html = str(card.html(text))
    tags = re.findall(r"<\s*/?\s*([a-zA-Z0-9]+)([^>]*)>", html)
    assert {name for name, _ in tags} <= {"p", "a", "em", "table", "thead", "tbody", "tr", "th", "td"}
    for _, attributes in tags:
        assert not re.search(r"\bon\w+\s*=|style\s*=|src\s*=", attributes)
        assert not re.search(r"href=\"(?!https?://|mailto:)", attributes)


def test_a_link_vouches_for_nothing() -> None:
    assert 'rel="nofollow ugc noopener noreferrer"' in card.html("[home](https://example.org)")


def test_a_picture_is_named_and_not_loaded() -> None:
    html = card.html("![a kettle](https://example.org/kettle.png)")
    assert "a kettle" in html
    assert "https://example.org/kettle.png" in html
    assert "<img" not in html


def test_its_headings_stand_below_those_of_the_page() -> None:
    assert "<h3>A policy</h3>" in card.html("# A policy")
    assert "<h6>Deep</h6>" in card.html("##### Deep")


def test_its_table_is_a_table() -> None:
    html = card.html("| part | of |\n|:--|--:|\n| 1 | 2 |")
    assert '<th scope="col">part</th>' in html
    assert "<td>2</td>" in html


def test_a_long_card_is_shown_as_it_was_written_and_cut_at_its_limit() -> None:
    html = card.html("# <b>\n" * card.MOST)
    assert html.startswith('<pre tabindex="0"># &lt;b&gt;')
    assert "<b>" not in html
    assert html.count("# ") == card.MOST // len("# <b>\n") + 1  # the last of them is cut


@pytest.mark.parametrize("piece", ["[", "![", "*a_", "> ", "`", "<", "&#", "- ", "|a", "[a](b", "***"])
def test_no_card_takes_long(piece: str) -> None:
    began = time.process_time()
    card.html((piece * card.MOST_READ)[: card.MOST_READ])
    assert time.process_time() - began < 8  # s of the processor; a plain card takes some milliseconds
