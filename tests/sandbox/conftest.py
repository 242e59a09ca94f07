"""A program whose jobs are Python code, and one worker of it that the tests of a module share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from seqdsl.sandbox.fork_server import ForkServer
from seqdsl.sandbox.worker_client import WorkerClient
from tests.sandbox.jobs_of_code import CODE, FOLDER

Run = Callable[..., tuple[list[dict[str, Any]], str]]


@pytest.fixture(autouse=True, scope="module")
def importable() -> Iterator[None]:
    """Workers find the program beside the tests; whoever sets PYTHONPATH for a test puts `FOLDER` behind it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", FOLDER)
        yield


@pytest.fixture(scope="module")
def server(importable: None) -> Iterator[ForkServer]:
    """Where workers come from."""
    found = ForkServer(CODE, 60)
    yield found
    found.close()


@pytest.fixture(scope="module")
def run(server: ForkServer) -> Iterator[Run]:
    """Run code in a worker, a new one if the last has died: what is answered, and what it died of."""
    workers: list[WorkerClient] = []

    def ask(code: str, limit: float = 3.0, memory: int | None = None) -> Any:
        if not (workers and workers[-1].alive):
            workers.append(server.worker())
        return workers[-1].ask({"code": code}, limit, memory)

    yield ask
    for worker in workers:
        worker.close()
