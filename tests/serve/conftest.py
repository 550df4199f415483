"""A served policy for a test, and the client's side of openpi's wire."""

import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "agents"))


@pytest.fixture
def served():
    """`with served("random") as port`: a policy's server that ends with the test."""
    from switch_bench.serve.policy import PolicyServer

    @contextmanager
    def served(name, **options):
        server = PolicyServer(name, port=0, **options)
        thread = threading.Thread(target=server.serve)
        thread.start()
        try:
            yield server.port
        finally:
            server.close()
            thread.join(5)
            assert not thread.is_alive()

    return served
