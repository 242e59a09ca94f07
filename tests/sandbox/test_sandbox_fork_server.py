"""Workers are forked from one process that has imported the program, and as good as any other process."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from seqdsl.sandbox import fork_server
from seqdsl.sandbox.fork_server import ForkServer, can_fork
from seqdsl.sandbox.worker_client import StartError, WorkerClient
from tests.sandbox.jobs_of_code import CODE, FOLDER

pytestmark = pytest.mark.skipif(not can_fork(), reason="this system cannot fork safely")

TELLS = "send(told=[os.getpid(), os.getppid(), os.getpgid(0), len(os.listdir('/proc/self/fd'))])"


@pytest.fixture(scope="module")
def origin(importable: None) -> Iterator[ForkServer]:
    """Where workers come from."""
    found = ForkServer(CODE, 60)
    yield found
    found.close()


def told(worker: WorkerClient) -> list[int]:
    ((answer,), why) = worker.ask({"code": TELLS}, 20)
    assert not why
    found: list[int] = answer["told"]
    return found


def ended(worker: WorkerClient, code: str) -> str:
    """What a worker died of."""
    return worker.ask({"code": code}, 20)[1]


def test_copies_of_one_process(origin: ForkServer) -> None:
    workers = [origin.worker() for _ in range(3)]
    seen = [told(worker) for worker in workers]
    for worker in workers:
        worker.close()
    pids, parents, groups, files = zip(*seen, strict=True)
    assert len(set(pids)) == 3 and len(set(parents)) == 1
    assert pids == groups, "each is to be killed with all that it has started"
    assert len(set(files)) == 1, "none keeps what belongs to the others"


def test_death_of_a_copy_is_its_own(origin: ForkServer) -> None:
    one, other = origin.worker(), origin.worker()
    assert "exit status 5" in ended(one, "os._exit(5)") and not one.alive
    assert "SIGKILL" in ended(other, "os.kill(os.getpid(), 9)") and not other.alive
    for worker in (one, other):
        worker.close()
    third = origin.worker()
    told(third)
    third.close()


def test_an_origin_is_there_before_it_is_asked() -> None:
    origin = ForkServer(CODE, 60)
    origin.prepare()
    assert origin._origin
    begun = origin._origin._process.pid
    origin.prepare()
    worker = origin.worker()
    assert told(worker)[1] == begun
    worker.close()
    origin.close()


def test_an_origin_that_died_is_replaced() -> None:
    origin = ForkServer(CODE, 60)
    first = origin.worker()
    parent = told(first)[1]
    os.kill(parent, 9)
    assert origin._origin
    origin._origin._process.wait()
    second = origin.worker()
    assert told(second)[1] != parent
    for worker in (first, second):
        worker.close()
    origin.close()


def test_nothing_is_left_when_it_is_closed() -> None:
    origin = ForkServer(CODE, 60)
    worker = origin.worker()
    pid, parent, *_ = told(worker)
    worker.close()
    origin.close()
    for gone in (pid, parent):
        with pytest.raises(ProcessLookupError):
            os.kill(gone, 0)


def test_stopped_while_it_imports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "slow.py").write_text("import time; time.sleep(60)\n", "utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{FOLDER}")
    origin = ForkServer(replace(CODE, preload=("slow",)), 60)
    threading.Timer(1, origin.stop).start()
    begun = time.perf_counter()
    with pytest.raises(StartError):
        origin.worker()
    assert time.perf_counter() - begun < 20
    with pytest.raises(StartError):
        origin.worker()
    origin.close()


def test_where_nothing_can_be_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fork_server, "can_fork", lambda: False)
    origin = ForkServer(CODE, 60)
    worker = origin.worker()
    assert told(worker)[1] == os.getpid()
    worker.close()
    origin.close()


def test_a_process_with_threads_is_not_forked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(99,), daemon=True).start()\n",
        "utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{FOLDER}")
    origin = ForkServer(CODE, 60)
    workers = [origin.worker(), origin.worker()]
    assert {told(worker)[1] for worker in workers} == {os.getpid()}
    for worker in workers:
        worker.close()
    origin.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fork that is waited for no longer than two seconds."""
    monkeypatch.setattr(fork_server, "FORK_TIMEOUT", 2.0)


def parent_of(origin: ForkServer) -> int:
    assert origin._origin
    return origin._origin._process.pid


@pytest.mark.usefixtures("impatient")
def test_an_origin_that_is_stopped_is_replaced() -> None:
    origin = ForkServer(CODE, 60)
    first = origin.worker()
    stopped = parent_of(origin)
    os.kill(stopped, signal.SIGSTOP)
    begun = time.perf_counter()
    second = origin.worker()
    assert told(second)[1] == parent_of(origin) != stopped
    # The first one works without the process that it was forked from, and dies without it.
    told(first)
    for worker in (first, second):
        worker.close()
        assert not worker.alive
    assert time.perf_counter() - begun < 40
    origin.close()
    with pytest.raises(ProcessLookupError):
        os.kill(stopped, 0)


def test_copies_of_a_stopped_origin_can_be_ended() -> None:
    origin = ForkServer(CODE, 60)
    worker = origin.worker()
    told(worker)
    os.kill(parent_of(origin), signal.SIGSTOP)
    begun = time.perf_counter()
    assert worker.alive
    worker.close()
    assert not worker.alive
    origin.close()
    assert time.perf_counter() - begun < 15


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGKILL])
def test_a_job_that_ends_what_it_was_forked_from(number: int) -> None:
    origin = ForkServer(CODE, 60)
    bad = origin.worker()
    # It dies itself as well, so that another one has to be forked. How it ended nobody is left to tell.
    assert ended(bad, f"os.kill(os.getppid(), {int(number)}); os._exit(3)") and not bad.alive
    good = origin.worker()
    told(good)
    for worker in (bad, good):
        worker.close()
    origin.close()


def test_an_origin_that_is_killed_between_two_forks(monkeypatch: pytest.MonkeyPatch) -> None:
    origin = ForkServer(CODE, 60)
    origin.worker().close()
    # It is dead, and nobody knows yet.
    os.kill(parent_of(origin), signal.SIGKILL)
    monkeypatch.setattr(WorkerClient, "alive", property(lambda worker: not worker._killed))
    worker = origin.worker()
    told(worker)
    worker.close()
    origin.close()


def test_an_origin_that_is_killed_whenever_it_imports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = tmp_path / "count"
    (tmp_path / "fatal.py").write_text(
        f"import os\nopen({str(count)!r}, 'a').write('x')\nos.kill(os.getpid(), 9)\n", "utf-8"
    )
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{FOLDER}")
    origin = ForkServer(replace(CODE, preload=("fatal",)), 60)
    for _ in range(2):
        with pytest.raises(StartError, match="SIGKILL"):
            origin.worker()
    origin.close()
    assert count.read_text() == "x" * fork_server.ATTEMPTS
