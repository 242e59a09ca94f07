"""The workers of a framework are forked from one process that has imported it, and share the models."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from seqdsl.sandbox import fork_server
from seqdsl.sandbox.fork_server import ForkServer, can_fork
from seqdsl.sandbox.memory_limit import parse_size
from seqdsl.sandbox.worker_client import WorkerClient
from seqdsl.verify.jobs import Job
from seqdsl.verify.lane import Lane
from seqdsl.verify.pool import verify_jobs
from seqdsl.verify.programs import framework_program
from seqdsl.verify.requests import ask

Make = Callable[..., Job]
forking = pytest.mark.skipif(not can_fork(), reason="this system cannot fork a framework")

TELLS = """
import os
from torch import nn

def build_model():
    with open({path!r}, "a") as file:
        print(os.getpid(), os.getppid(), os.getpgid(0), len(os.listdir("/proc/self/fd")), file=file)
    return nn.Linear(8, 4)
"""


@pytest.fixture(scope="module")
def origin() -> Iterator[ForkServer]:
    """Where workers come from."""
    found = ForkServer(framework_program("torch"), 60)
    yield found
    found.close()


def told(worker: WorkerClient, make_job: Make, path: Path) -> list[int]:
    results = ask(worker, make_job(source=TELLS.format(path=str(path))), 20)
    assert all(item.passed for item in results), results
    return [int(number) for number in path.read_text("utf-8").splitlines()[-1].split()]


@forking
def test_workers_are_forked(origin: ForkServer, make_job: Make, tmp_path: Path) -> None:
    workers = [origin.worker() for _ in range(3)]
    seen = [told(worker, make_job, tmp_path / "seen") for worker in workers]
    for worker in workers:
        worker.close()
    pids, parents, groups, files = zip(*seen, strict=True)
    assert len(set(pids)) == 3 and len(set(parents)) == 1
    assert pids == groups and len(set(files)) == 1


@forking
def test_a_fork_costs_next_to_nothing(origin: ForkServer) -> None:
    origin.worker().close()
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import torch"], check=True)
    imported = time.perf_counter() - begun
    begun = time.perf_counter()
    origin.worker().close()
    assert time.perf_counter() - begun < imported / 3


def test_where_nothing_can_be_forked(
    make_job: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fork_server, "can_fork", lambda: False)
    origin = ForkServer(framework_program("torch"), 60)
    worker = origin.worker()
    assert told(worker, make_job, tmp_path / "seen")[1] == os.getpid()
    worker.close()
    origin.close()


ENDS_ITS_PARENT = """
import os
from torch import nn

def build_model():
    os.kill(os.getppid(), {signal})
    os._exit(3)
"""


@forking
@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGKILL])
def test_models_that_end_what_they_were_forked_from(
    number: int, make_job: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fork_server, "FORK_TIMEOUT", 2.0)
    bad = ENDS_ITS_PARENT.format(signal=int(number))
    jobs = [make_job(source=bad, model="bad", line=1), make_job(model="good", line=2)]
    # It dies itself as well, so that another one has to be forked.
    report = verify_jobs(jobs, workers=1, timeout=20)
    assert {item.model for item in report.failures} == {"bad"}
    assert [item.passed for item in report.results if item.model == "good"] == [True] * 3


GREEDY = """
from torch import nn

def build_model():
    kept = []
    while True:
        kept.append(b"x" * 2**24)
"""


def test_memory_beyond_the_limit_is_the_models_failure(make_job: Make) -> None:
    lane = Lane("torch", timeout=30, memory=parse_size("300MiB"))
    try:
        assert all(result.passed for result in lane.run(make_job()))
        (failure,) = lane.run(make_job(source=GREEDY))
        assert (failure.check, failure.passed) == ("build", False)
        assert failure.message == "took more than the memory limit of 300 MiB"
        assert all(result.passed for result in lane.run(make_job()))
    finally:
        lane.close()


PID = """
import os, time
from torch import nn

def build_model():
    open({folder!r} + "/" + str(os.getpid()), "w").close()
    # Where the machine is busy, the second worker takes longer to start than the first one for all models.
    end = time.monotonic() + 60
    while len(os.listdir({folder!r})) < 2 and time.monotonic() < end:
        time.sleep(0.05)
    return nn.Linear(8, 4)
"""


def test_workers_share_the_models(make_job: Make, tmp_path: Path) -> None:
    source = PID.format(folder=str(tmp_path))
    jobs = [make_job(model=f"m{number}", source=source, line=number) for number in range(12)]
    report = verify_jobs(jobs, workers=2)
    assert report.passed
    assert len(list(tmp_path.iterdir())) == 2
    # In the order of the models, whichever was done first.
    assert [item.line for item in report.results] == sorted(item.line for item in report.results)
    assert {item.line for item in report.results} == set(range(12))
