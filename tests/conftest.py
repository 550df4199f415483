"""How pictures are drawn in tests: by what works here, settled once before mujoco is imported; how pages are judged.

And that nothing in them hangs on how busy the machine is: Hypothesis has no deadlines.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")  # axe-core's tags: versions 2.0 to 2.2, levels A and AA


def pytest_configure() -> None:
    if find_spec("hypothesis"):  # LeRobot's environment is without it
        from hypothesis import HealthCheck, settings

        settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
        settings.load_profile("busy")
    if "MUJOCO_GL" not in os.environ:
        from switch_bench.evaluate.doctor import settle_gl

        settle_gl()


@pytest.fixture(scope="session")
def barriers() -> Callable[[Page], list[str]]:
    """What of the WCAG 2.0 to 2.2, A and AA, axe-core finds that a page violates as it stands: rule, where, why."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="needs the extra `browser`: make test-board"
    )
    script = axe.Axe().axe_script

    def look(page: Page) -> list[str]:
        if not page.evaluate("() => 'axe' in window"):
            page.evaluate(script)
        return page.evaluate(
            """async tags => {
                const asked = {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']};
                const found = await axe.run(document, asked);
                return found.violations.flatMap(rule => rule.nodes.map(node =>
                    `${rule.id}: ${node.html.slice(0, 120)}: ${node.failureSummary.replaceAll('\\n', ' ')}`));
            }""",
            WCAG,
        )

    return look
