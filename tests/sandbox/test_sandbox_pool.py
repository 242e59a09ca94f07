"""How many workers share the jobs, and that each job is done once, whatever happens to the others."""

from __future__ import annotations

import os
import time
from collections import deque
from threading import Event, Lock

import pytest

from seqdsl.sandbox import pool
from seqdsl.sandbox.pool import drain, worker_count


@pytest.mark.parametrize(
    ("jobs", "programs", "workers", "expected"),
    [
        (pool.JOBS_PER_WORKER, 2, None, (1, 1)),
        (pool.JOBS_PER_WORKER + 1, 2, None, (2, 1)),
        (pool.JOBS_PER_IMPORT + 1, 2, None, (6, 2)),
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
    programs: int,
    workers: int | None,
    expected: tuple[int, int],
    forks: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    monkeypatch.setattr(pool, "can_fork", lambda: forks)
    assert worker_count(jobs, programs, workers) == expected[not forks]


class Taking:
    """Takes jobs, and notes which."""

    def __init__(self, done: list[int], *, failing: bool = False) -> None:
        self.done, self.failing = done, failing
        self.closed = False
        self._stop, self._lock = Event(), Lock()

    @property
    def stopped(self) -> bool:
        return self._stop.is_set()

    def take(self, job: int) -> None:
        if self.failing:
            raise ZeroDivisionError
        self._stop.wait(0.001)
        with self._lock:
            self.done.append(job)

    def stop(self) -> None:
        self._stop.set()

    def close(self) -> None:
        self.closed = True


def test_every_job_is_done_once() -> None:
    done: list[int] = []
    one, other = deque(range(50)), deque(range(50, 60))
    consumers = [Taking(done) for _ in range(3)]
    drain(list(zip(consumers, (one, one, other), strict=True)), lambda: None)
    assert sorted(done) == list(range(60)) and all(item.closed for item in consumers)


def test_nothing_to_do() -> None:
    drain([], lambda: None)
    taking = Taking([])
    drain([(taking, deque())], lambda: None)
    assert taking.closed


def test_an_error_stops_all_others() -> None:
    done: list[int] = []
    slow, failing = Taking(done), Taking(done, failing=True)
    begun = time.perf_counter()
    with pytest.raises(ZeroDivisionError):
        drain([(slow, deque(range(10**6))), (failing, deque([0]))], slow.stop)
    assert time.perf_counter() - begun < 30 and len(done) < 10**6
    assert slow.closed and failing.closed
