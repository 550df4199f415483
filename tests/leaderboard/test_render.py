"""Pages as HTML: what they say, and that nothing in what they say becomes active."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from listed import row as row_of

from switch_bench.evaluate import look
from switch_bench.evaluate.page import SCRIPT, STYLE
from switch_bench.leaderboard import render, shown

pytestmark = pytest.mark.board

VOID = {"meta", "link", "input", "br", "img", "rect", "line", "circle", "path", "polyline"}
OURS = ("/static/board.js", "/static/timeline.js")
NASTY = "<script>alert('x')</script>\"'><img src=x onerror=alert(1)>\u202etxt"
OUT = render.Context(csrf="token-of-the-form")
IN = render.Context(csrf="token-of-the-form", who="Ada", role="submitter")
MAINTAINER = render.Context(csrf="token-of-the-form", who="May", role="maintainer")


class Page(HTMLParser):
    """What a page holds: tags with attributes, text, and whether every tag is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text, self._open = "", []
        self.feed(html.replace("<wbr>", ""))
        self.close()
        assert self._open == []
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += f"{data} "

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of all tags of a kind."""
        return [attributes for name, attributes in self.tags if name == tag]


def board(*rows: shown.Row, **other: Any) -> shown.Board:
    return shown.Board(rows=rows, filters={}, choices={}, ranks=shown.ranks(rows), **other)


def submission(row: shown.Row, **other: Any) -> shown.Submission:
    told: dict[str, Any] = {
        "row": row, "reasons": (), "progress": None, "groups": {}, "episodes": (), "card": "", "versions": {},
        "digest": "0" * 64, "key": "", "parts": {}, "errors": 0, "redone": 0,
    }  # fmt: skip
    return shown.Submission.model_validate(told | other)


def episode(**other: Any) -> shown.Episode:
    row = shown.EpisodeRow(
        task="a.b-v1", episode=0, seed=5, outcome="failure", why="It did not come about.", elapsed_s=12.5, video=False
    )
    told: dict[str, Any] = {
        "submission": "x", "policy": "p", "row": row, "instruction": "Do it.", "parts": (), "timeline": "", "video": "",
        "poster": "", "verdict": "",
    }  # fmt: skip
    return shown.Episode.model_validate(told | other)


def compared(a: shown.Row, b: shown.Row) -> shown.Comparison:
    rate = shown.Rate(n=4, k=2, rate=0.5, interval=(0.15, 0.85))
    return shown.Comparison(
        a=a, b=b, paired=4, difference=-0.125, interval=(-0.4, 0.2), p=0.00001, only_a=1, only_b=2, both=3, neither=4,
        tasks=(shown.Pair(task="a.b-v1", a=rate, b=rate),), said="They differ.", note="Beware.",
    )  # fmt: skip


def every_page(text: str) -> dict[str, str]:
    """Each page, with `text` wherever a stranger may write."""
    row = row_of("x1", 5, n=10, policy=text, submitter=text, suite=text, protocol=text)
    other = row_of("x2", 6, n=10, policy=text, submitter=text)
    waiting = row_of("x3", None, status="verifying", policy=text)
    reason = shown.Reason(code=text, where=text, said=text)
    one = shown.EpisodeRow(task=text, episode=0, seed=1, outcome="error", why=text, elapsed_s=1.0, video=True)
    rate = shown.Rate(n=1, k=1, rate=1.0, interval=(0.2, 1.0))
    group = (shown.Group(name=text, rate=rate),)
    whole = submission(
        row, reasons=(reason,), groups=dict.fromkeys(("level", "ability", "room", "task"), group), episodes=(one,),
        card=text, versions={text: text}, digest=text, key=text, parts={text: rate}, errors=1, redone=1,
    )  # fmt: skip
    part = shown.Part(name=text, judged=True, held=None, words=text)
    round_ = shown.Round(
        id=text, commitment=text, suite=text, episodes=1, opened="2026-11-01T10:00:00Z",
        revealed="2026-11-02T10:00:00Z", salt=text, seeds={text: (1, 2)}, runs=(row,),
    )  # fmt: skip
    line = shown.AuditLine(id=1, at="2026-11-01T10:00:00Z", who=text, what=text, target=text, source=text, detail=text)
    filters = {"track": text, "suite": text, "protocol": "", "status": "", "q": text}
    listed = shown.Board(rows=(row, other, waiting), filters=filters, choices={"suite": (text,), "track": (text,)})
    return {
        "board": render.board(listed, OUT, 2, 3),
        "empty": render.board(board(), OUT),
        "submission": render.submission(whole, MAINTAINER, (other,)),
        "waiting": render.submission(submission(waiting, progress=shown.Progress(done=1, of=4)), OUT),
        "episode": render.episode(
            episode(
                policy=text,
                row=one,
                instruction=text,
                parts=(part,),
                verdict=text,
                video=f"videos/{text}",
                before=(text, 1),
            ),
            OUT,
        ),
        "comparison": render.comparison(compared(row, other), OUT, (row, other)),
        "choose": render.comparison(None, OUT, (row, other), text),
        "upload": render.upload(IN, 64 * 2**20, text),
        "sign in": render.account(OUT, (), text),
        "account": render.account(render.Context(who=text, role="submitter", csrf="c"), (row,), text),
        "rounds": render.rounds((round_,), OUT),
        "audit": render.audit((line,), MAINTAINER, 7),
        "error": render.error(404, text, text, OUT),
    }


PAGES = tuple(every_page("plain"))


@pytest.mark.parametrize("name", PAGES)
def test_what_a_stranger_wrote_stays_text(name: str) -> None:
    html = every_page(NASTY)[name]
    page = Page(html)
    scripts = [script for script in page.all("script") if script.get("src") not in OURS]
    assert scripts == []
    assert page.all("img") == []
    assert not any(attribute.startswith("on") for _, attributes in page.tags for attribute in attributes)
    if name != "empty":
        assert "<script>alert" in page.text


@pytest.mark.parametrize("name", PAGES)
def test_nothing_needs_what_the_content_security_policy_forbids(name: str) -> None:
    page = Page(every_page("plain")[name])
    assert page.all("style") == []
    assert not any("style" in attributes for _, attributes in page.tags)
    for _, attributes in page.tags:
        for link in ("href", "src", "action", "poster"):
            assert not re.match(r"(?i)https?:|//|data:|javascript:", attributes.get(link) or "")


@pytest.mark.parametrize("name", PAGES)
def test_each_page_has_a_language_a_title_one_heading_and_labels(name: str) -> None:
    html = every_page("plain")[name]
    page = Page(html)
    assert page.all("html") == [{"lang": "en"}]
    assert re.search(r"<title>[^<]+ – switch_bench</title>", html)
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", PAGES)
def test_every_form_that_changes_something_carries_the_token(name: str) -> None:
    html = every_page("plain")[name]
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", html, re.S):
        assert re.search(r'<input type="hidden" name="csrf" value="(token-of-the-form|c)">', form)
    for form in re.findall(r"<form[^>]*method=\"get\".*?</form>", html, re.S):
        assert "csrf" not in form


def test_a_row_says_rate_interval_mean_status_and_when() -> None:
    row = row_of("x", 30, n=40, macro=shown.Macro(mean=0.71, interval=(0.6, 0.8)))
    text = Page(render.board(board(row), OUT)).text
    assert "75 % 60 to 86 %" in text  # Wilson's interval of 30 of 40
    assert "71 % 60 to 80 %" in text
    assert "replay-verified" in text
    assert "2026-11-28" in text


def test_rows_that_overlap_share_a_rank() -> None:
    text = Page(render.board(board(row_of("a", 51), row_of("b", 49), row_of("c", 2)), OUT)).text
    assert text.count("rank 1–2") == 2
    assert "rank 3" in text


def picks(html: str) -> list[str | None]:
    """What can be ticked to be compared."""
    return [box["value"] for box in Page(html).all("input") if box.get("name") == "of"]


def test_rows_with_a_score_are_ticked_and_compared_by_one_form() -> None:
    html = render.board(board(row_of("a", 5), row_of("b", 6), row_of("c", None)), OUT)
    page = Page(html)
    assert picks(html) == ["a", "b"]
    [form] = [form for form in page.all("form") if form.get("id") == "pick"]
    assert (form["method"], form["action"]) == ("get", "/compare")
    assert {box["form"] for box in page.all("input") if box.get("name") == "of"} == {"pick"}


def test_where_there_is_nothing_to_compare_with_nothing_can_be_ticked() -> None:
    alone = board(row_of("a", 5), row_of("c", None))
    assert picks(render.board(alone, OUT)) == []
    assert picks(render.board(alone.model_copy(update={"filters": {"q": "a"}}), OUT)) == ["a"]  # others aren't shown
    assert picks(render.board(alone, OUT, 2, 2)) == ["a"]


def test_a_choice_that_cannot_be_compared_is_told_beside_the_form_and_kept_in_it() -> None:
    html = render.comparison(None, OUT, (row_of("a", 5), row_of("b", 6)), "Only one was chosen.", ["b"])
    page = Page(html)
    assert "Only one was chosen." in page.text
    assert [option["value"] for option in page.all("option") if "selected" in option] == ["b"]


def test_a_row_without_a_recomputed_score_shows_none() -> None:
    html = render.board(board(row_of("x", None)), OUT)
    assert "not recomputed, so not shown" in html
    assert not re.search(r"<td[^>]*>[^<]*\d+ %", html)


def test_privileged_policies_stand_apart_and_last() -> None:
    knowing = shown.Track(act="skill", obs=("elements",), privileged=True)
    text = Page(render.board(board(row_of("knows", 99, track=knowing), row_of("sees", 1)), OUT)).text
    assert text.index("sees") < text.index("privileged") < text.index("knows")


def test_every_status_is_a_word_with_a_mark_that_is_explained() -> None:
    for status in shown.STATUSES:
        page = Page(render.board(board(row_of("x", None, status=status)), OUT))
        assert {"href": f"#means-{status}", "class": render.MARKS[status][0]} in page.all("a")
        assert {"id": f"means-{status}"} in page.all("div")
        assert page.text.count(shown.MEANS[status]) == 2  # where it stands, and in the legend


def test_an_empty_board_says_how_to_submit() -> None:
    text = Page(render.board(board(), OUT)).text
    assert "Nothing has been submitted yet" in text
    assert "switch-bench submit pack" in text


def test_filters_that_leave_nothing_say_so() -> None:
    found = shown.Board(rows=(), filters={"q": "kettle"}, choices={})
    assert "Nothing fits these filters" in Page(render.board(found, OUT)).text


def test_the_table_says_how_many_there_are_on_all_pages() -> None:
    found = shown.Board(rows=(row_of("x", 1),), filters={"q": "kettle"}, choices={})
    assert "201 submissions with these filters" in Page(render.board(found, OUT, 3, 3, total=201)).text
    assert "1 submission " in Page(render.board(board(row_of("x", 1)), OUT)).text


def test_names_in_a_sentence_keep_their_own_direction() -> None:
    said = str(render.isolated("On 3 episodes, مفتاح beat <b>.", "مفتاح", "<b>", ""))
    assert said == "On 3 episodes, <bdi>مفتاح</bdi> beat <bdi>&lt;b&gt;</bdi>."
    assert str(render.isolated("a <i>", "", "")) == "a &lt;i&gt;"


def test_filters_and_sort_are_kept_from_page_to_page() -> None:
    found = shown.Board(rows=(row_of("x", 1),), filters={"q": "kettle", "suite": "core"}, choices={}, sort="date")
    links = [link["href"] for link in Page(render.board(found, OUT, 2, 3)).all("a")]
    assert "/?page=3&sort=date&q=kettle&suite=core" in links
    assert "/?page=1&sort=date&q=kettle&suite=core" in links


def test_a_submission_that_waits_looks_again_by_itself() -> None:
    row = row_of("x", None, status="verifying")
    html = render.submission(submission(row, progress=shown.Progress(done=3, of=8)), OUT)
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in html
    assert '<progress id="done" max="8" value="3">' in html
    assert 'data-from="/api/v1/submissions/x/progress"' in html
    assert "refresh" not in render.submission(submission(row_of("x", 1)), OUT)


def test_a_submission_says_why_it_was_refused() -> None:
    reason = shown.Reason(code="hash", where="episodes/3", said="The state differs at 4.2 s.")
    row = row_of("x", None, status="refused")
    text = Page(render.submission(submission(row, reasons=(reason,)), OUT)).text
    assert "hash episodes/3 The state differs at 4.2 s." in text


@pytest.mark.parametrize(("change", "there"), [("", []), ("withdraw", ["Withdraw"]), ("put back", ["Put back"])])
def test_one_is_offered_to_withdraw_or_to_put_back_whichever_one_may(change: str, there: list[str]) -> None:
    page = render.submission(submission(row_of("x", 1)), IN, change=change)
    assert [word for word in ("Withdraw", "Put back") if f">{word}</button>" in page] == there
    assert ("/submissions/x/withdraw" in page) == bool(change)


def test_the_table_tells_how_many_each_submitter_has_withdrawn_from_it() -> None:
    row = row_of("x", 1)
    gone = shown.Gone(submitter="a lab", track=row.track, suite="core", protocol="v1", count=3)
    elsewhere = gone.model_copy(update={"suite": "extra", "count": 7})
    text = Page(render.board(board(row, withdrawn=(gone, elsewhere)), OUT)).text
    assert "a lab , has withdrawn 3" in text
    assert "Withdrawn from this table: 3 of a lab" in text
    assert "7" not in text.partition("How to read this")[0].partition("Withdrawn from")[2]
    assert "ithdrawn" not in Page(render.board(board(row), OUT)).text


def test_only_maintainers_are_offered_what_only_they_may_do() -> None:
    found = submission(row_of("x", 1))
    assert "/submissions/x/again" in render.submission(found, MAINTAINER)
    assert "/submissions/x/again" not in render.submission(found, IN)
    assert "/audit" in render.rounds((), MAINTAINER)
    assert "/audit" not in render.rounds((), IN)


def test_a_comparison_says_the_difference_its_interval_and_the_four_counts() -> None:
    text = Page(render.comparison(compared(row_of("a", 1), row_of("b", 2)), OUT)).text
    assert "−12.5 percentage points, A − B" in text
    assert "95 % interval −40 to +20 points" in text
    assert "p < 0.0001" in text
    assert "A succeeded 3 1 A didn't 2 4" in text


def test_an_unreleased_round_shows_its_commitment_and_no_seed() -> None:
    waiting = shown.Round(
        id="r", commitment="c" * 64, suite="core", episodes=1, opened="2026-11-01T10:00:00Z", revealed=None, salt=None,
        seeds=None,
    )  # fmt: skip
    text = Page(render.rounds((waiting,), OUT)).text
    assert "c" * 64 in text
    assert "salt" not in text.partition("commitment, SHA-256")[2]


@pytest.mark.parametrize(
    ("ctx", "parts", "address"),
    [
        (render.Context(), (), "/"),
        (render.Context(base="/board"), ("submissions", "x"), "/board/submissions/x"),
        (render.Context(), ("submissions", "a/../b?c"), "/submissions/a%2F..%2Fb%3Fc"),
        (render.Context(base="../..", static=True), ("compare", "a", "b"), "../../compare/a/b/index.html"),
        (render.Context(base=".", static=True), (), "./index.html"),
    ],
)
def test_addresses_are_made_for_where_a_page_is(ctx: render.Context, parts: tuple[str, ...], address: str) -> None:
    assert ctx.to(*parts) == address


def test_timelines_look_as_in_the_run_report() -> None:
    page = Page(render.episode(episode(timeline="<svg></svg>"), OUT))
    assert [link["href"] for link in page.all("link") if link.get("rel") == "stylesheet"] == [
        "/static/colours.css", "/static/board.css", "/static/timeline.css",
    ]  # fmt: skip
    assert [script["src"] for script in page.all("script")] == ["/static/timeline.js", "/static/board.js"]
    for text, whole in ((look.COLOURS, STYLE), (look.TIMELINE_STYLE, STYLE), (look.TIMELINE_SCRIPT, SCRIPT)):
        assert text in whole
    board = (render.FOLDER / "static" / "board.css").read_text()
    assert ".timeline " not in board  # there is one place for how timelines look
    assert "prefers-color-scheme" not in board  # and one for colours


@pytest.mark.parametrize(("p", "said"), [(0.5, "p = 0.5"), (0.03125, "p = 0.031"), (0.0, "p < 0.0001")])
def test_a_p_is_never_0(p: float, said: str) -> None:
    assert render.p_value(p) == said


@pytest.mark.parametrize(("d", "said"), [(0.125, "+12.5"), (-1.0, "−100"), (0.0, "0"), (-0.0001, "0"), (0.3, "+30")])
def test_a_difference_has_its_sign(d: float, said: str) -> None:
    assert render.points(d) == said
