"""How much a model may take, and how many workers share the models."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from seqdsl.verify import pool, processor
from seqdsl.verify.jobs import Job
from seqdsl.verify.memory import parse, resident, said
from seqdsl.verify.pool import Lane, lanes_for, verify_jobs
from seqdsl.verify.processor import used

Make = Callable[..., Job]

GREEDY = """
from torch import nn

def build_model():
    kept = []
    while True:
        kept.append(b"x" * 2**24)
"""


def test_memory_beyond_the_limit_is_the_models_failure(make_job: Make) -> None:
    lane = Lane("torch", timeout=30, memory=parse("300MiB"))
    try:
        assert all(result.passed for result in lane.run(make_job()))
        begun = time.perf_counter()
        (failure,) = lane.run(make_job(source=GREEDY))
        assert (failure.check, failure.passed) == ("build", False)
        assert failure.message == "took more than the memory limit of 300 MiB"
        assert time.perf_counter() - begun < 80
        assert all(result.passed for result in lane.run(make_job()))
    finally:
        lane.close()


SIZES = {
    "512MiB": 2**29,
    "512M": 2**29,
    "1.5G": 3 * 2**29,
    "2 GiB": 2**31,
    "2GB": 2 * 10**9,
    "2gb": 2 * 10**9,
    "1T": 2**40,
    "2048K": 2**21,
}


@pytest.mark.parametrize("text", SIZES)
def test_size(text: str) -> None:
    assert parse(text) == SIZES[text]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5",
        "G",
        "-1G",
        "1e3M",
        "12X",
        "1K",
        "0M",
        "1GBit",
        "nan",
        "9" * 400 + "GiB",
        "9" * 400 + "K",
        "8388608TiB",
    ],
)
def test_no_size(text: str) -> None:
    with pytest.raises(ValueError, match=r"size|too little|is none"):
        parse(text)


def test_a_size_in_words() -> None:
    assert (said(2**29), said(2**31)) == ("512 MiB", "2 GiB")


def test_memory_of_a_process() -> None:
    assert resident(os.getpid()) > 2**22
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert resident(process.pid) == 0


BUSY = "exec('import time\\nwhile time.process_time() < 0.5: pass')"
IDLE = "import sys; sys.stdin.read()"

SPENDERS = {
    "itself": f"{BUSY}\n{IDLE}",
    "a child that is over": f"import os\nif not os.fork(): {BUSY}; os._exit(0)\nos.wait()\n{IDLE}",
    "a child's child": f"import os\nos.fork() or os.fork() or {BUSY}\n{IDLE}",
}


@pytest.mark.parametrize("name", SPENDERS)
@pytest.mark.parametrize("how", [used, processor._asked], ids=["proc", "ps"])
def test_processor_time_of_a_process(name: str, how: Callable[[int], float]) -> None:
    command = [sys.executable, "-c", SPENDERS[name]]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
    try:
        least = 0.4 if how is used else 0
        end = time.monotonic() + 60
        while not least < (found := how(process.pid)) and time.monotonic() < end:
            time.sleep(0.05)
            # ps of Linux tells whole seconds only, and nothing of children that are over.
            least = least or -1
        assert least <= found < 5
    finally:
        process.communicate()
    assert how(process.pid) == 0


@pytest.mark.parametrize(
    ("jobs", "targets", "workers", "expected"),
    [
        (pool.WORTH, 2, None, (1, 1)),
        (pool.WORTH + 1, 2, None, (2, 1)),
        (pool.WORTH_AN_IMPORT + 1, 2, None, (6, 2)),
        (1000, 2, None, (8, 4)),
        (1000, 1, None, (8, 8)),
        (1000, 16, None, (8, 1)),
        (5, 2, 3, (3, 3)),
        (2, 2, 3, (2, 2)),
    ],
)
@pytest.mark.parametrize("forks", [True, False])
def test_number_of_workers(
    jobs: int,
    targets: int,
    workers: int | None,
    expected: tuple[int, int],
    forks: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    monkeypatch.setattr(pool, "can_fork", lambda: forks)
    assert lanes_for(jobs, targets, workers) == expected[not forks]


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
