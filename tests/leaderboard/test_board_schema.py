"""The whole JSON API against its own OpenAPI document, by schemathesis: whatever is sent, answers are as documented."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from archives import archive
from fastapi.testclient import TestClient
from halls import VERIFY, Hall
from hypothesis import HealthCheck, given, settings
from schemathesis import checks
from schemathesis.specs.openapi import checks as openapi

from switch_bench.leaderboard.app import make_app
from switch_bench.leaderboard.asking import Served
from switch_bench.leaderboard.server import open_board
from switch_bench.leaderboard.settings import Limits, Settings

pytestmark = pytest.mark.board

MANY = Limits(requests_a_minute=10**6, uploads_an_hour=10**6, failures_a_minute=10**6, waiting=10**6)
CHECKS = [
    checks.not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_schema_conformance,
    openapi.response_headers_conformance,
    openapi.unsupported_method,
]


@pytest.fixture(scope="module")
def peopled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """A board on which something is, so that what is asked for by id may be there."""
    told = Settings(tmp_path_factory.mktemp("schema") / "board", verify=VERIFY, secure=False, films=False, limits=MANY)
    told.make_folders()
    served = Served(told, open_board(told))
    with TestClient(make_app(served), raise_server_exceptions=False) as client:
        hall = Hall(served, client)
        for policy in ("first", "second"):
            hall.verified(archive(policy, salt=policy))
        yield hall
    served.database.close()


@pytest.fixture(scope="module")
def document(peopled: Hall):
    """The API's document, bound to the application in this process."""
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", peopled.client.app)


FEW = settings(
    max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True
)  # fmt: skip


@pytest.mark.parametrize("name", [None, "mia"])
def test_whatever_is_sent_answers_are_as_documented(document: Any, peopled: Hall, name: str | None) -> None:
    operations = [result.ok() for result in document.get_all_operations()]
    assert len(operations) >= 18
    for operation in operations:

        @FEW
        @given(case=operation.as_strategy())
        def answers(case: Any) -> None:
            sent(case, peopled, peopled.by(name) if name else None)

        answers()


def sent(case: Any, peopled: Hall, headers: dict[str, str] | None) -> None:
    """Send it, every other time for something that is there, and hold the answer against the document."""
    known = [row["id"] for row in peopled.get("/board?status=replay-verified")["board"]["rows"]]
    parts, query = case.path_parameters or {}, case.query or {}
    if known and len(str(parts.get("number", ""))) % 2:
        parts["number"] = known[0]
    if known and "a" in query and "b" in query:
        query["a"], query["b"] = known[0], known[-1]
    case.validate_response(case.call(headers=headers), checks=CHECKS)


def test_every_operation_is_documented_with_the_errors_it_may_come_to(peopled: Hall) -> None:
    told = peopled.get("/openapi.json")
    assert {path for path in told["paths"] if path.startswith("/api/v1/")} == set(told["paths"])
    for path, operations in told["paths"].items():
        for method, operation in operations.items():
            for status in ("401", "422", "429"):
                body = operation["responses"][status]["content"]["application/json"]["schema"]
                assert body == {"$ref": "#/components/schemas/ProblemBody"}, (method, path, status)
