"""A report in Debian's Chromium, opened as a file: films play, tables answer, and nothing is asked of the network."""

from __future__ import annotations

import re

import fake_bench
import long_run
import pytest

from switch_bench.evaluate import report

pytestmark = pytest.mark.browser
QUIETLY = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
LIMIT = 120_000  # ms
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=list(QUIETLY))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    out = tmp_path_factory.mktemp("short")
    return report.write(*long_run.run(out, 3), out / "Presser", fake_bench.read_trace)


@pytest.fixture(scope="module")
def long(tmp_path_factory):
    out = tmp_path_factory.mktemp("long")
    return report.write(*long_run.run(out, 30), out / "Presser", fake_bench.read_trace)


@pytest.fixture
def page(chromium):
    """A fresh page that notes what it asks for and what goes wrong."""
    page = chromium.new_page(viewport=WIDE)
    page.set_default_timeout(LIMIT)
    page.asked, page.wrong = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.on("console", lambda line: page.wrong.append(line.text) if line.type == "error" else None)
    yield page
    assert page.wrong == []
    assert [url for url in page.asked if not url.startswith(("file://", "data:"))] == []
    page.close()


def shown(page):
    return page.locator("table.episodes tbody tr:visible").count()


def play(page, film):
    """Play a film; how far it is [s] after it has gone on."""
    film.evaluate("film => { film.muted = true; return film.play(); }")
    page.wait_for_function("film => film.currentTime > 0.3", arg=film.element_handle())
    return film.evaluate("film => film.currentTime")


def test_a_film_in_the_page_plays(page, short):
    page.goto(short.as_uri())
    film = page.locator("video").first
    assert film.get_attribute("src").startswith("data:video/webm")
    assert film.evaluate("film => film.readyState") == 0  # nothing is loaded before it is played
    assert play(page, film) > 0.3
    assert film.evaluate("film => [film.videoWidth, film.videoHeight]") == [64, 48]
    assert film.evaluate("film => film.duration") == pytest.approx(2.0, abs=0.2)


def test_a_film_beside_the_page_plays(page, long):
    page.goto((long.parent / "pages" / "fake.lamp-v1.0.html").as_uri())
    film = page.locator("video").first
    assert film.get_attribute("src") == "../videos/fake.lamp-v1.0.webm"
    assert play(page, film) > 0.3


def test_episodes_are_filtered_and_the_address_keeps_it(page, long):
    page.goto(long.as_uri())
    assert shown(page) == 60
    page.select_option("select[name=outcome]", "failure")
    assert shown(page) == 20
    page.select_option("select[name=level]", "2")
    assert shown(page) == 10
    assert page.locator("output").inner_text() == "10 of 60 episodes"
    assert page.url.endswith("#outcome=failure&level=2")
    page.reload()
    assert shown(page) == 10
    assert page.input_value("select[name=level]") == "2"
    page.click("text=show all")
    page.wait_for_function("() => document.querySelector('output').textContent === '60 of 60 episodes'")
    page.fill("input[name=text]", "KETTLE")
    assert shown(page) == 30


def test_what_is_told_below_is_filtered_alike(page, short):
    page.goto(short.as_uri())
    page.select_option("select[name=outcome]", "failure")
    told = page.locator("details.episode:visible")
    assert told.count() == 2
    assert {told.nth(i).get_attribute("data-outcome") for i in range(2)} == {"failure"}


def test_a_column_is_sorted_there_and_back_with_empty_cells_last(page, short):
    page.goto(short.as_uri())
    button = page.locator("table.episodes thead button", has_text="goal after")

    def column():
        return page.locator("table.episodes tbody tr td:nth-child(5)").all_inner_texts()

    button.click()
    assert page.locator("table.episodes th[aria-sort]").get_attribute("aria-sort") == "ascending"
    up = column()
    assert up[-2:] == ["–", "–"]
    button.click()
    assert page.locator("table.episodes th[aria-sort]").get_attribute("aria-sort") == "descending"
    assert column()[-2:] == ["–", "–"]
    page.reload()
    assert page.locator("table.episodes th[aria-sort]").get_attribute("aria-sort") == "descending"


def test_a_task_leads_to_its_episodes_and_these_to_where_they_are_told(page, long):
    page.goto(long.as_uri())
    page.locator("table.tasks a", has_text="fake.kettle-v1").click()
    page.wait_for_function("() => document.querySelector('output').textContent === '30 of 60 episodes'")
    assert set(page.locator("table.episodes tbody tr:visible a").all_inner_texts()) == {"fake.kettle-v1"}
    page.locator("table.episodes tbody tr:visible a").first.click()
    page.wait_for_function("() => document.querySelector('details#e30').open")
    page.locator("table.episodes tbody tr:visible a").nth(4).click()
    page.wait_for_url(re.compile(r"pages/fake\.kettle-v1\.4\.html$"))
    page.locator("text=the whole run").click()
    page.wait_for_url(re.compile(r"report\.html$"))


def test_without_scripts_all_of_it_is_there(chromium, short):
    page = chromium.new_page(java_script_enabled=False)
    page.goto(short.as_uri())
    assert shown(page) == 6
    assert page.locator("form.filter").is_hidden()
    assert page.locator("details.episode svg.timeline:visible").count() == 4  # in two nothing happened
    page.close()


def test_by_the_keyboard_one_goes_from_event_to_event(page, short):
    page.goto(short.as_uri())
    timeline = page.locator("svg.timeline").first
    assert timeline.locator(".event[tabindex='0']").count() == 1  # one stop, not as many as there are events
    timeline.locator(".event[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    focused = page.evaluate("() => document.activeElement.dataset.id")
    assert focused == sorted(e.get_attribute("data-id") for e in timeline.locator(".event").all())[1]
    assert "on" in page.evaluate("() => document.activeElement.getAttribute('class')").split()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_no_page_scrolls_sideways(chromium, short, long, size, scheme):
    page = chromium.new_page(viewport=size, color_scheme=scheme)
    for path in (short, long, long.parent / "pages" / "fake.lamp-v1.1.html"):
        page.goto(path.as_uri())
        assert page.evaluate("() => document.documentElement.scrollWidth") <= size["width"]
    page.close()


@pytest.mark.parametrize(("scheme", "size"), [("light", WIDE), ("dark", PHONE)])
def test_nobody_meets_a_barrier(chromium, short, long, barriers, scheme, size):
    page = chromium.new_page(viewport=size, color_scheme=scheme)
    found = {}
    for path in (short, long, long.parent / "pages" / "fake.lamp-v1.1.html"):
        page.goto(path.as_uri())
        found[path.name] = barriers(page)
    page.close()
    assert {where: what for where, what in found.items() if what} == {}


def test_every_control_has_a_name(page, short):
    page.goto(short.as_uri())
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('select, input, button, a, video, summary')]
            .filter(e => !(e.labels?.length || e.ariaLabel || e.textContent.trim())).map(e => e.outerHTML)"""
    )
    assert nameless == []
