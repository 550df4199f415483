"""The static site in a real browser, opened as files: nothing serves it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import listed
import pytest
import verified

pytest.importorskip("playwright", reason="needs the extra `browser`: make test-board")
pytest.importorskip("jinja2", reason="needs the extra `leaderboard`: make test-board")

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
LIGHT = "kitchen.hob_light-v1"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a site with two verified submissions and one that nobody ran again."""
    from switch_bench.leaderboard import shown, site

    folder = tmp_path_factory.mktemp("site")
    entries = [
        verified.entry(
            verified.run("oracle", (LIGHT,), folder / "oracle"),
            "one",
            submitter="Ada's lab",
            status="hidden-verified",
            hidden=shown.Rate(n=4, k=3, rate=0.75, interval=(0.3, 0.95)),
        ),
        verified.entry(verified.run("noop", (LIGHT,), folder / "noop"), "two", submitter="Eve's lab"),
        site.Entry(listed.row("three", None, submitted="2026-11-30T00:00:00Z"), None),
    ]
    site.export(verified.Folders(entries), folder / "out")
    return (folder / "out").as_uri()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page; what it complains of fails the test."""
    page = browser.new_page()
    page.set_default_timeout(120_000)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    yield page
    page.close()
    assert complaints == []


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright
    from test_browser import CHROMIUM, FLAGS

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


def policies(page: Page) -> list[str]:
    rows = page.locator("table.board .policy a")
    return [row.inner_text() for row in rows.all() if row.is_visible()]


def test_its_table_is_filtered_as_one_types(page: Page, root: str) -> None:
    page.goto(f"{root}/index.html")
    assert sorted(policies(page)) == ["noop", "oracle", "three"]
    page.get_by_label("Policy or submitter").fill("ADA")
    assert policies(page) == ["oracle"]
    page.get_by_label("Status").select_option("self-reported")
    assert policies(page) == []
    assert page.get_by_role("status").get_by_text("Nothing fits these filters").is_visible()
    page.get_by_label("Policy or submitter").fill("")
    assert page.locator("#count").inner_text() == "1 of 3 submissions fit these filters"
    assert policies(page) == ["three"]


def test_its_table_is_sorted(page: Page, root: str) -> None:
    page.goto(f"{root}/index.html")
    page.get_by_role("button", name="policy").first.click()
    assert page.locator("th[aria-sort=ascending]").count() == page.locator("table.board").count()


def test_one_gets_from_the_table_to_an_episode_and_to_a_comparison(page: Page, root: str) -> None:
    page.goto(f"{root}/index.html")
    page.get_by_role("link", name="oracle").click()
    page.get_by_role("link", name="succeeded").click()
    assert page.locator("svg.timeline .event").count() > 0
    page.get_by_role("link", name="oracle").click()
    page.get_by_role("link", name="noop").click()
    page.get_by_role("heading", name="Task by task").wait_for()
    assert "+100" in page.inner_text("main")


def test_two_ticked_rows_are_compared(page: Page, root: str) -> None:
    page.goto(f"{root}/index.html")
    button = page.get_by_role("button", name="Compare")
    assert page.get_by_role("checkbox").count() == 2  # nobody ran the third again
    page.get_by_role("checkbox", name="compare noop").check()
    assert button.is_disabled()
    page.get_by_role("checkbox", name="compare oracle").check()
    button.click()
    page.get_by_role("heading", name="Task by task").wait_for()
    assert page.url.endswith("/compare/one/two/index.html")


def test_without_a_script_everything_is_there_to_be_read(browser: Browser, root: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{root}/index.html")
    assert sorted(policies(page)) == ["noop", "oracle", "three"]
    assert not page.get_by_label("Policy or submitter").is_visible()  # it would do nothing
    assert page.locator("input[type=checkbox]:visible, button:visible").count() == page.locator("button.sort").count()
    page.get_by_role("link", name="oracle").click()
    assert "hidden-verified" in page.inner_text("main")
    context.close()


@pytest.mark.parametrize("width", [320, 390, 720, 768, 1024, 1059, 1060, 1180, 1181, 1280, 1920])
def test_the_table_has_room_at_any_width(browser: Browser, root: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(f"{root}/index.html")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    cells = page.locator("table.board tbody tr").first.locator("td, th")
    boxes = cells.evaluate_all(
        """cells => cells.map(cell => {
            const inner = [...cell.querySelectorAll('*:not(.tip)')].map(e => e.getBoundingClientRect());
            const seen = inner.filter(box => box.width > 1 && box.height > 1), own = cell.getBoundingClientRect();
            return [own.width, Math.max(0, ...seen.map(box => box.right)) - own.right];
        })"""
    )
    names = [name.bounding_box() for name in page.locator("table.board tbody .policy").all()]
    assert min(box["width"] for box in names if box) >= 100  # px for the policy's name
    assert max(over for _, over in boxes) <= 1  # nothing sticks out of its cell
    page.close()


def test_nothing_moves_for_those_who_asked_for_that(browser: Browser, root: str) -> None:
    moving = """() => [...document.querySelectorAll('*')].filter(e => {
        const style = getComputedStyle(e);
        return style.animationName !== 'none' || style.scrollBehavior === 'smooth'
            || style.transitionDuration.split(',').some(duration => parseFloat(duration) > 0);
    }).length"""
    found = {}
    for wish in ("reduce", "no-preference"):
        context = browser.new_context(reduced_motion=wish)
        page = context.new_page()
        page.goto(f"{root}/index.html")
        found[wish] = page.evaluate(moving)
        context.close()
    assert found["reduce"] == 0
    assert found["no-preference"] > 0  # so that what is looked for can be seen


def test_every_page_can_be_read_by_everyone(browser: Browser, root: str, barriers: Callable[[Page], list[str]]) -> None:
    from test_browser import LOOKS

    wrong = {}
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme, viewport={"width": 390, "height": 844})
        page = context.new_page()
        for file in sorted(Path(root.removeprefix("file://")).rglob("*.html")):
            page.goto(file.as_uri())
            for check in ("contrast", "labels", "headings"):
                found = page.evaluate(f"{LOOKS}.{check}()")
                if found:
                    wrong[f"{scheme}, {file.name}: {check}"] = found
            if scheme == "dark" and (found := barriers(page)):
                wrong[f"{file.parent}: barriers"] = found
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, file
        context.close()
    assert wrong == {}
