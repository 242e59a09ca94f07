"""Workers are copies of one process that has imported the framework, and as good as any other process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from seqdsl.verify import zygote
from seqdsl.verify.jobs import Job
from seqdsl.verify.pool import verify_jobs
from seqdsl.verify.remote import StartError, Worker
from seqdsl.verify.zygote import Zygote, can_fork

Make = Callable[..., Job]
pytestmark = pytest.mark.skipif(not can_fork(), reason="this system cannot fork a framework")

TELLS = """
import json, os, sys
from torch import nn

def build_model():
    with open({path!r}, "a") as file:
        print(os.getpid(), os.getppid(), os.getpgid(0), len(os.listdir("/proc/self/fd")), file=file)
    return nn.Linear(8, 4)
"""


@pytest.fixture(scope="module")
def origin() -> Iterator[Zygote]:
    """Where workers come from."""
    found = Zygote("torch", 60)
    yield found
    found.close()


def told(worker: Worker, make_job: Make, path: Path) -> list[int]:
    results = worker.ask(make_job(source=TELLS.format(path=str(path))), 20)
    assert all(item.passed for item in results), results
    return [int(number) for number in path.read_text("utf-8").splitlines()[-1].split()]


def test_copies_of_one_process(origin: Zygote, make_job: Make, tmp_path: Path) -> None:
    workers = [origin.worker() for _ in range(3)]
    seen = [told(worker, make_job, tmp_path / "seen") for worker in workers]
    for worker in workers:
        worker.close()
    pids, parents, groups, files = zip(*seen, strict=True)
    assert len(set(pids)) == 3 and len(set(parents)) == 1
    assert pids == groups, "each is to be killed with all that it has started"
    assert len(set(files)) == 1, "none keeps what belongs to the others"


def test_a_copy_costs_next_to_nothing(origin: Zygote) -> None:
    origin.worker().close()
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import torch"], check=True)
    imported = time.perf_counter() - begun
    begun = time.perf_counter()
    origin.worker().close()
    assert time.perf_counter() - begun < imported / 3


def test_death_of_a_copy_is_its_own(origin: Zygote, make_job: Make, tmp_path: Path) -> None:
    one, other = origin.worker(), origin.worker()
    died = one.ask(make_job(source="import os; os._exit(5)"), 20)
    assert "exit status 5" in died[-1].message and not one.alive
    killed = other.ask(make_job(source="import os; os.kill(os.getpid(), 9)"), 20)
    assert "SIGKILL" in killed[-1].message and not other.alive
    for worker in (one, other):
        worker.close()
    third = origin.worker()
    told(third, make_job, tmp_path / "seen")
    third.close()


def test_an_origin_that_died_is_replaced(make_job: Make, tmp_path: Path) -> None:
    origin = Zygote("torch", 60)
    first = origin.worker()
    parent = told(first, make_job, tmp_path / "seen")[1]
    os.kill(parent, 9)
    assert origin._origin
    origin._origin._process.wait()
    second = origin.worker()
    assert told(second, make_job, tmp_path / "seen")[1] != parent
    for worker in (first, second):
        worker.close()
    origin.close()


def test_nothing_is_left_when_it_is_closed(make_job: Make, tmp_path: Path) -> None:
    origin = Zygote("torch", 60)
    worker = origin.worker()
    pid, parent, *_ = told(worker, make_job, tmp_path / "seen")
    worker.close()
    origin.close()
    for gone in (pid, parent):
        with pytest.raises(ProcessLookupError):
            os.kill(gone, 0)


def test_stopped_while_it_imports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "torch.py").write_text("import time; time.sleep(60)\n", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    origin = Zygote("torch", 60)
    threading.Timer(1, origin.stop).start()
    begun = time.perf_counter()
    with pytest.raises(StartError):
        origin.worker()
    assert time.perf_counter() - begun < 20
    with pytest.raises(StartError):
        origin.worker()
    origin.close()


def test_where_nothing_can_be_forked(
    make_job: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zygote, "can_fork", lambda: False)
    origin = Zygote("torch", 60)
    worker = origin.worker()
    assert told(worker, make_job, tmp_path / "seen")[1] == os.getpid()
    worker.close()
    origin.close()


def test_a_process_with_threads_is_not_forked(
    make_job: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(99,), daemon=True).start()\n",
        "utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    origin = Zygote("torch", 60)
    workers = [origin.worker(), origin.worker()]
    assert {told(worker, make_job, tmp_path / "seen")[1] for worker in workers} == {os.getpid()}
    for worker in workers:
        worker.close()
    origin.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fork that is waited for no longer than two seconds."""
    monkeypatch.setattr(zygote, "FORKING", 2.0)


def parent_of(origin: Zygote) -> int:
    assert origin._origin
    return origin._origin._process.pid


@pytest.mark.usefixtures("impatient")
def test_an_origin_that_is_stopped_is_replaced(make_job: Make, tmp_path: Path) -> None:
    origin = Zygote("torch", 60)
    first = origin.worker()
    stopped = parent_of(origin)
    os.kill(stopped, signal.SIGSTOP)
    begun = time.perf_counter()
    second = origin.worker()
    assert told(second, make_job, tmp_path / "seen")[1] == parent_of(origin) != stopped
    # The first one works without the process that it was forked from, and dies without it.
    told(first, make_job, tmp_path / "seen")
    for worker in (first, second):
        worker.close()
        assert not worker.alive
    assert time.perf_counter() - begun < 40
    origin.close()
    with pytest.raises(ProcessLookupError):
        os.kill(stopped, 0)


def test_copies_of_a_stopped_origin_can_be_ended(make_job: Make, tmp_path: Path) -> None:
    origin = Zygote("torch", 60)
    worker = origin.worker()
    told(worker, make_job, tmp_path / "seen")
    os.kill(parent_of(origin), signal.SIGSTOP)
    begun = time.perf_counter()
    assert worker.alive
    worker.close()
    assert not worker.alive
    origin.close()
    assert time.perf_counter() - begun < 15


ENDS_ITS_PARENT = """
import os
from torch import nn

def build_model():
    os.kill(os.getppid(), {signal})
    os._exit(3)
"""


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGKILL])
def test_models_that_end_what_they_were_forked_from(number: int, make_job: Make) -> None:
    bad = ENDS_ITS_PARENT.format(signal=int(number))
    jobs = [make_job(source=bad, model="bad", line=1), make_job(model="good", line=2)]
    # It dies itself as well, so that another one has to be forked.
    report = verify_jobs(jobs, workers=1, timeout=20)
    assert {item.model for item in report.failures} == {"bad"}
    assert [item.passed for item in report.results if item.model == "good"] == [True] * 3


def test_an_origin_that_is_killed_between_two_forks(
    make_job: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    origin = Zygote("torch", 60)
    origin.worker().close()
    # It is dead, and nobody knows yet.
    os.kill(parent_of(origin), signal.SIGKILL)
    monkeypatch.setattr(Worker, "alive", property(lambda worker: not worker._killed))
    worker = origin.worker()
    told(worker, make_job, tmp_path / "seen")
    worker.close()
    origin.close()


def test_an_origin_that_is_killed_whenever_it_imports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = tmp_path / "count"
    (tmp_path / "torch.py").write_text(
        f"import os\nopen({str(count)!r}, 'a').write('x')\nos.kill(os.getpid(), 9)\n", "utf-8"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    origin = Zygote("torch", 60)
    for _ in range(2):
        with pytest.raises(StartError, match="SIGKILL"):
            origin.worker()
    origin.close()
    assert count.read_text() == "x" * zygote.ATTEMPTS
