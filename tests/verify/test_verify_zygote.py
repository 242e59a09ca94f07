"""Workers are copies of one process that has imported the framework, and as good as any other process."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from seqdsl.verify import zygote
from seqdsl.verify.jobs import Job
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
