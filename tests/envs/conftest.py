import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parent.parent / "world"))


@pytest.fixture(scope="session")
def task_file(tmp_path_factory) -> Path:
    """A task at the bench, from a file outside the package."""
    from bench_env import write_task

    return write_task(tmp_path_factory.mktemp("tasks"))
