"""The board in a real browser, with the real verifier: submit by the page, watch, filter, open, play, compare.

Two policies are played and packed once. One is submitted with scripts, the other with scripts switched off; all tests
look at what came of it.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("playwright", reason="needs the extra `browser`: make test-board")
pytest.importorskip("fastapi", reason="needs the extra `leaderboard`: make test-board")
if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

    Barriers = Callable[[Page], list[str]]

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("stand")]  # of two processes only one makes a stand

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
TASK = "kitchen.hob_light-v1"
LOOKS = Path(__file__).with_name("looks.js").read_text().partition("\n")[2].rstrip()
VERIFY_S = 600  # limit of a wait for a verification
LIMIT = 120_000  # ms: limit of any other wait
FOR_VISITORS = ("submit", "account", "tokens", "audit")  # pages that say something else to who isn't signed in
WIDE: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
LOOKED_AT = {"light": WIDE, "dark": PHONE}
PROGRAM = (sys.executable, "-c", "from switch_bench.cli import main; main()")


def program(*said: str, cwd: Path) -> str:
    """What a command of switch-bench prints; it must succeed."""
    ran = subprocess.run([*PROGRAM, *said], cwd=cwd, capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@dataclass
class Stand:
    """A board that is served, and what is to be submitted to it."""

    address: str
    data: Path
    archives: dict[str, Path]
    tokens: dict[str, str]
    go: Path  # no verification ends before this file is there


@dataclass
class Submitted:
    """What was seen when an archive was submitted by the page: where it went, and which statuses it had."""

    address: str
    statuses: list[str] = field(default_factory=list)
    progress: str = ""  # at the end of its verification


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    from running import serving, token

    folder = tmp_path_factory.mktemp("stand")
    archives = {}
    program("submit", "key", "key.pem", cwd=folder)
    for policy in ("oracle", "noop"):
        asked = ["--policy", policy, "--suite", TASK, "--seed", "7", "--workers", "0", "--no-pictures", "--out", policy]
        program("eval", *asked, cwd=folder)
        program("submit", "pack", policy, "--key", "key.pem", "--name", policy, "--out", f"{policy}.sbz", cwd=folder)
        archives[policy] = folder / f"{policy}.sbz"
    data = folder / "board"
    tokens = {
        "ada": token(data, "ada")["Authorization"].removeprefix("Bearer "),
        "may": token(data, "may", "maintainer")["Authorization"].removeprefix("Bearer "),
    }
    go = folder / "go"
    held = f'"$@"; ended=$?; until [ -e {shlex.quote(str(go))} ]; do sleep 0.1; done; exit $ended'
    verify = ["sh", "-c", held, "held", *PROGRAM, "submit", "verify", "{file}", "--out", "{out}", "--json"]
    with serving(data, "--films", "--verify-command", shlex.join(verify)) as server:
        yield Stand(server.address, data, archives, tokens, go)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    if shutil.which(CHROMIUM) is None:
        pytest.fail(f"there is no {CHROMIUM}: make chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


def opened(browser: Browser, **how: Any) -> BrowserContext:
    context = browser.new_context(viewport=how.pop("viewport", WIDE), **how)
    context.set_default_timeout(LIMIT)
    return context


def sign_in(page: Page, stand: Stand, name: str) -> None:
    page.goto(f"{stand.address}/account")
    page.get_by_label("Token").fill(stand.tokens[name])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name=name).wait_for()


def submit(page: Page, stand: Stand, policy: str) -> Submitted:
    """Submit by the page."""
    page.goto(f"{stand.address}/submit")
    page.locator("input[type=file]").set_input_files(stand.archives[policy])
    page.get_by_role("button", name="Upload and verify").click()
    page.wait_for_url("**/submissions/*")
    return Submitted(page.url)


def look(page: Page, seen: Submitted) -> str:
    """The status that the page shows."""
    status = page.locator("#standing").text_content() or ""
    seen.statuses.append(status.strip().lstrip("○◐✓✗–? "))
    return seen.statuses[-1]


def watch(page: Page, seen: Submitted) -> None:
    """Look until it is verified; nobody reloads."""
    for _ in range(VERIFY_S * 5):
        if look(page, seen) not in ("queued", "verifying"):
            return
        page.wait_for_timeout(200)
    raise AssertionError(f"not verified within {VERIFY_S} s: {seen}")


@pytest.fixture(scope="module")
def with_script(browser: Browser, stand: Stand) -> Submitted:
    """Ada submits the oracle's run."""
    from running import wait

    context = opened(browser)
    page = context.new_page()
    sign_in(page, stand, "ada")
    seen = submit(page, stand, "oracle")
    look(page, seen)
    progress = page.locator("output", has_text=" of ")
    progress.wait_for(timeout=VERIFY_S * 1000)  # held at its end until it was seen
    seen.progress = progress.text_content() or ""
    stand.go.touch()
    watch(page, seen)
    wait(lambda: any((stand.data / "runs").glob("*/films.json")), VERIFY_S, "its film is made, once it is listed")
    context.close()
    return seen


@pytest.fixture(scope="module")
def without_script(browser: Browser, stand: Stand, with_script: Submitted) -> Submitted:
    """Ada submits the run of idle hands, with scripts switched off."""
    context = opened(browser, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, stand, "ada")
    stand.go.unlink()
    seen = submit(page, stand, "noop")
    look(page, seen)
    stand.go.touch()
    watch(page, seen)
    context.close()
    return seen


@pytest.fixture(scope="module")
def film(browser: Browser, with_script: Submitted) -> str:
    """The address of the episode's page once it has its film, which is made after the run is listed."""
    from running import wait

    address = f"{with_script.address}/episodes/{TASK}/0"
    context = opened(browser)
    page = context.new_page()

    def there() -> bool:
        page.goto(address)
        return page.locator("video").count() == 1

    wait(there, VERIFY_S, "there is a film")
    context.close()
    return address


@pytest.fixture(params=[True, False], ids=["script", "no_script"])
def page(
    request: pytest.FixtureRequest, browser: Browser, with_script: Submitted, without_script: Submitted
) -> Iterator[Page]:
    """A page of a visitor who isn't signed in, with and without scripts; what it complains of fails the test."""
    context = opened(browser, java_script_enabled=request.param)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def policies(page: Page) -> list[str]:
    return page.locator("table.board .policy a").all_inner_texts()


def test_a_submission_is_watched_until_it_is_verified(with_script: Submitted) -> None:
    assert with_script.statuses[0] in ("queued", "verifying")
    assert with_script.statuses[-1] == "replay-verified"
    assert with_script.progress == "1 of 1"


def test_without_a_script_the_page_looks_again_by_itself(without_script: Submitted) -> None:
    assert without_script.statuses[0] in ("queued", "verifying")
    assert without_script.statuses[-1] == "replay-verified"


def test_what_was_verified_is_listed_with_its_recomputed_score(page: Page, stand: Stand) -> None:
    page.goto(stand.address)
    assert sorted(policies(page)) == ["noop", "oracle"]
    [oracle] = page.get_by_role("row").filter(has_text="oracle").all()
    assert "100 %" in oracle.inner_text()
    assert "21 to 100 %" in oracle.inner_text()  # Wilson's interval of 1 of 1
    assert "replay-verified" in oracle.inner_text()


def test_the_table_is_filtered(page: Page, stand: Stand) -> None:
    page.goto(stand.address)
    page.get_by_label("Policy or submitter").fill("orac")
    page.get_by_role("button", name="Filter").click()
    page.wait_for_url("**q=orac*")
    assert policies(page) == ["oracle"]
    page.get_by_label("Track").select_option("delta_pose · proprio")
    page.get_by_role("button", name="Filter").click()
    page.wait_for_url("**track=delta*")
    assert "Nothing fits these filters" in page.inner_text("main")
    page.get_by_role("link", name="Show all").click()
    assert len(policies(page)) == 2


def test_with_a_script_filters_act_at_once_say_what_is_left_and_leave_the_focus(
    browser: Browser, stand: Stand, with_script: Submitted, without_script: Submitted
) -> None:
    context = opened(browser)
    page = context.new_page()
    page.goto(stand.address)
    assert page.locator("#count").inner_text() == "2 submissions"
    page.evaluate("() => { window.sameDocument = true; }")
    page.get_by_label("Policy or submitter").press_sequentially("orac")
    page.get_by_role("status").get_by_text("1 submission with these filters").wait_for()
    assert policies(page) == ["oracle"]
    assert page.url.endswith("/?q=orac")
    assert page.evaluate("document.activeElement.name") == "q"
    page.get_by_label("Status").focus()
    page.keyboard.press("End")  # by the keyboard one goes through choices, each of which acts
    page.get_by_role("status").get_by_text("Nothing fits these filters").wait_for()
    assert page.url.endswith("/?status=refused&q=orac")
    assert page.evaluate("document.activeElement.name") == "status"
    assert page.evaluate("window.sameDocument")
    context.close()


def test_the_table_is_sorted(page: Page, stand: Stand) -> None:
    page.goto(stand.address)
    page.get_by_role("link", name="submitted", exact=True).first.click()
    page.wait_for_url("**sort=date*")
    assert page.locator("th[aria-sort]").first.inner_text().startswith("submitted")


def test_a_status_explains_itself_to_mouse_and_keyboard(page: Page, stand: Stand) -> None:
    page.goto(stand.address)
    status = page.locator(".status").first
    tip = status.get_by_text("That proves that these actions succeed")
    assert not tip.is_visible()
    status.hover()
    assert tip.is_visible()
    page.mouse.move(0, 0)
    page.locator(".policy a").first.focus()
    page.keyboard.press("Tab")
    assert tip.is_visible()


def test_episodes_are_filtered_by_outcome(page: Page, without_script: Submitted) -> None:
    page.goto(without_script.address)
    row = page.locator(".episodes li")
    assert row.is_visible()
    page.get_by_text("failed 1", exact=False).first.click()
    assert row.is_visible()
    assert page.get_by_role("radio", name="failed").is_checked()


def test_an_episodes_page_has_verdict_timeline_and_film(page: Page, with_script: Submitted, film: str) -> None:
    page.goto(with_script.address)
    page.get_by_role("link", name="succeeded").click()
    page.get_by_role("heading", name=TASK).wait_for()
    text = page.inner_text("main")
    assert "Switch on the light over the hob" in text
    for part in ("temporal", "spatial", "causal", "effects", "honesty"):
        assert part in text
    assert page.locator("svg.timeline .event").count() > 0
    assert page.url == film
    source = page.locator("video").get_attribute("src")
    answer = page.request.get(f"{page.url.partition('/submissions')[0]}{source}", headers={"Range": "bytes=0-99"})
    assert answer.status == 206
    assert len(answer.body()) == 100


def test_a_film_plays(browser: Browser, film: str) -> None:
    from running import wait

    context = opened(browser)
    page = context.new_page()
    page.goto(film)
    video = page.locator("video")
    video.evaluate("video => { video.muted = true; return video.play(); }")
    wait(lambda: video.evaluate("video => video.currentTime") > 0.5, LIMIT / 1000, "the film goes on")
    assert video.evaluate("video => video.videoWidth") > 0
    context.close()


def test_pointing_at_an_event_lights_what_led_to_it(browser: Browser, with_script: Submitted) -> None:
    context = opened(browser)
    page = context.new_page()
    page.goto(f"{with_script.address}/episodes/{TASK}/0")
    caused = page.locator("svg.timeline .event:not([data-causes=''])").last
    caused.focus()
    assert page.locator("svg.timeline.lit").count() == 1
    lit = page.locator("svg.timeline .event.on").evaluate_all("marks => marks.map(mark => mark.dataset.id)")
    assert caused.get_attribute("data-id") in lit
    assert len(lit) > 1
    context.close()


def test_two_submissions_are_compared(page: Page, with_script: Submitted, without_script: Submitted) -> None:
    page.goto(with_script.address)
    page.get_by_label("Another submission on the same suite").select_option(without_script.address.split("/")[-1])
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("heading", name="oracle and").wait_for()
    text = page.inner_text("main")
    assert "+100" in text
    assert "different tracks" in text
    assert [cell.strip() for cell in page.locator("table.four td").all_inner_texts()] == ["", "0", "1", "0", "0"]


def test_two_ticked_rows_are_compared(page: Page, stand: Stand) -> None:
    page.goto(stand.address)
    for name in ("oracle", "noop"):
        page.get_by_role("checkbox", name=f"compare {name}").check()
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("heading", name="noop and").wait_for()  # in the order of the table: the oracle is privileged
    assert "Task by task" in page.inner_text("main")


def test_one_ticked_row_is_told_to_be_too_few_without_a_script(
    browser: Browser, stand: Stand, with_script: Submitted, without_script: Submitted
) -> None:
    context = opened(browser, java_script_enabled=False)
    page = context.new_page()
    page.goto(stand.address)
    page.get_by_role("checkbox", name="compare oracle").check()
    page.get_by_role("button", name="Compare").click()
    assert "only one was chosen" in page.get_by_role("alert").inner_text()
    assert page.locator("select[name=of]").first.input_value() == with_script.address.split("/")[-1]
    context.close()


def test_with_a_script_the_button_waits_for_two_and_says_why(
    browser: Browser, stand: Stand, with_script: Submitted, without_script: Submitted
) -> None:
    context = opened(browser)
    page = context.new_page()
    page.goto(stand.address)
    button, said = page.get_by_role("button", name="Compare"), page.locator("#picked")
    assert button.is_disabled()
    page.get_by_role("checkbox", name="compare oracle").check()
    assert button.is_disabled()
    assert said.inner_text() == "oracle is ticked. Tick another one to compare."
    button.click(force=True)  # as Enter in it does
    assert page.url.rstrip("/") == stand.address
    page.goto(f"{stand.address}/?q=noop")  # where the ticked one isn't shown
    page.get_by_role("checkbox", name="compare noop").check()
    assert said.inner_text() == "oracle and noop"
    assert button.is_enabled()
    button.click()
    page.get_by_role("heading", name="Task by task").wait_for()
    page.goto(stand.address)
    page.get_by_role("button", name="Untick").click()
    assert page.locator(":checked").count() == page.locator("option:checked").count()
    assert button.is_disabled()
    context.close()


def test_an_archive_that_is_too_large_is_refused_before_it_is_sent(
    browser: Browser, stand: Stand, tmp_path: Path
) -> None:
    from switch_bench.leaderboard.settings import Limits

    large = tmp_path / "large.sbz"
    with large.open("wb") as file:
        file.truncate(Limits().archive_bytes + 2**20)
    context = opened(browser)
    page = context.new_page()
    sign_in(page, stand, "ada")
    page.goto(f"{stand.address}/submit")
    page.locator("input[type=file]").set_input_files(large)
    assert f"large.sbz has {Limits().archive_bytes / 2**20 + 1:.1f} MiB" in page.inner_text("#toolarge")
    page.get_by_role("button", name="Upload and verify").click()
    assert page.url.endswith("/submit")
    context.close()


@pytest.mark.parametrize("script", [True, False])
def test_the_same_archive_again_is_refused_with_the_reason(
    browser: Browser, stand: Stand, with_script: Submitted, script: bool
) -> None:
    context = opened(browser, java_script_enabled=script)
    page = context.new_page()
    sign_in(page, stand, "ada")
    page.goto(f"{stand.address}/submit")
    page.locator("input[type=file]").set_input_files(stand.archives["oracle"])
    with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
        page.get_by_role("button", name="Upload and verify").click()
    assert sent.value.status == 409
    assert page.get_by_role("alert").first.inner_text().strip() != ""
    context.close()


def every_page(stand: Stand, with_script: Submitted, without_script: Submitted) -> dict[str, str]:
    first, second = (one.address.split("/")[-1] for one in (with_script, without_script))
    told = {
        "board": "/", "filtered": "/?q=nothing", "submission": f"/submissions/{first}",
        "episode": f"/submissions/{first}/episodes/{TASK}/0", "choose": "/compare",
        "comparison": f"/compare?of={first}&of={second}", "submit": "/submit", "account": "/account",
        "rounds": "/rounds", "tokens": "/tokens", "audit": "/audit", "error": "/nowhere",
    }  # fmt: skip
    return {name: stand.address + path for name, path in told.items()}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("who", ["", "may"])
def test_every_page_can_be_read_by_everyone(
    browser: Browser, stand: Stand, with_script: Submitted, without_script: Submitted, barriers: Barriers, scheme: str,
    who: str,
) -> None:  # fmt: skip
    """Each page is loaded once in either scheme; axe-core looks at the light one wide, at the dark one on a phone."""
    context = opened(browser, color_scheme=scheme)
    page = context.new_page()
    if who:
        sign_in(page, stand, who)
    found = {}
    for name, address in every_page(stand, with_script, without_script).items():
        page.goto(address)
        for check in ("contrast", "labels", "headings"):
            wrong = page.evaluate(f"{LOOKS}.{check}()")
            if wrong:
                found[f"{name}: {check}"] = wrong
        if who or name in FOR_VISITORS:  # maintainers see all there is on the others
            page.set_viewport_size(LOOKED_AT[scheme])
            if wrong := barriers(page):
                found[f"{name}: barriers"] = wrong
            page.set_viewport_size(WIDE)
    context.close()
    assert found == {}


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_no_page_scrolls_sideways(
    browser: Browser, stand: Stand, with_script: Submitted, without_script: Submitted, width: int
) -> None:
    context = opened(browser, viewport={"width": width, "height": 844})
    page = context.new_page()
    sign_in(page, stand, "may")
    wide = {}
    for name, address in every_page(stand, with_script, without_script).items():
        page.goto(address)
        found = page.evaluate("document.documentElement.scrollWidth")
        if found > width:
            wide[name] = found
    context.close()
    assert wide == {}


def test_everything_is_reached_by_the_keyboard_and_shows_that_it_has_the_focus(
    browser: Browser, stand: Stand, with_script: Submitted, without_script: Submitted
) -> None:
    context = opened(browser)
    page = context.new_page()
    for name, address in every_page(stand, with_script, without_script).items():
        page.goto(address)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip", name
        wanted = page.evaluate(
            """() => [...document.querySelectorAll(`a[href], button, input:not([type=hidden]), select, summary,
            [tabindex="0"], video[controls]`)].filter(e => e.checkVisibility({visibilityProperty: true}))
            .filter(e => e.type !== 'radio' || e.checked)
            .map((e, i) => { e.dataset.stop = i; return String(i); })"""
        )
        reached, hidden = set(), []
        for _ in range(len(wanted) * 3 + 20):  # a film's controls are several stops
            stop, shown, what = page.evaluate(
                """() => { const e = document.activeElement;
                const seen = e.type === 'radio' ? e.nextElementSibling : e, style = getComputedStyle(seen);
                return [e.dataset.stop, style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0,
                e.outerHTML.slice(0, 80)]; }"""
            )
            if stop is not None:
                reached.add(stop)
                if not shown and not what.startswith("<video"):
                    hidden.append(what)
            page.keyboard.press("Tab")
        missed = [page.locator(f"[data-stop='{stop}']").evaluate("e => e.outerHTML.slice(0, 80)")
                  for stop in wanted if stop not in reached]  # fmt: skip
        assert missed == [], name
        assert hidden == [], name
    context.close()


def test_the_skip_link_leads_past_the_menu(browser: Browser, stand: Stand) -> None:
    context = opened(browser)
    page = context.new_page()
    page.goto(stand.address)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    context.close()
