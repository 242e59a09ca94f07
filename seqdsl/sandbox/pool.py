"""queues of jobs → all done: several consumers for each queue, all queues at once, each consumer in a thread."""

from __future__ import annotations

import os
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import closing
from typing import TYPE_CHECKING, Protocol

from seqdsl.sandbox.fork_server import can_fork

if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Callable, Sequence

JOBS_PER_WORKER, JOBS_PER_IMPORT = 4, 20
"""Jobs for which another worker pays: if it is forked, and if it has to import its program."""


class Consumer(Protocol):
    """Who takes jobs of a queue, in a thread of its own."""

    @property
    def stopped(self) -> bool:
        """Whether it is to take no more."""

    def take(self, job: int) -> None:
        """Do the job of this number, whatever becomes of its worker."""

    def close(self) -> None:
        """End its workers."""


def drain(consumers: Sequence[tuple[Consumer, deque[int]]], stop: Callable[[], None]) -> None:
    """Let every consumer take jobs from its queue, which others may share, until all queues are empty.

    Args:
        consumers: each with its queue.
        stop: makes all of them return soon; called when one of them raises, or the user interrupts.
    """
    with ThreadPoolExecutor(max(1, len(consumers))) as executor:
        futures = [executor.submit(_drain, consumer, queue) for consumer, queue in consumers]
        try:
            for future in wait(futures, return_when=FIRST_EXCEPTION).done:
                future.result()
        # An interrupt, or an error of ours: the other threads must not go on to their end.
        except BaseException:
            stop()
            raise


def _drain(consumer: Consumer, queue: deque[int]) -> None:
    with closing(consumer):
        while not consumer.stopped and (job := _next(queue)) is not None:
            consumer.take(job)


def _next(queue: deque[int]) -> int | None:
    # Looking first and taking then would let another thread come between.
    try:
        return queue.popleft()
    except IndexError:
        return None


def worker_count(jobs: int, programs: int, workers: int | None = None) -> int:
    """How many workers take ``jobs`` of one program, if ``programs`` run at once; ``workers`` if it is given."""
    if workers is None:
        # Forked processes cost little, and while those of one program wait, those of another work.
        # With 8 processors, 2 programs and 100 jobs of each: 8 workers each if they are forked, 4 each if not.
        beside = 1 if can_fork() else programs
        worth = JOBS_PER_WORKER if can_fork() else JOBS_PER_IMPORT
        workers = min(processors() // max(1, beside), -(-jobs // worth))
    return max(1, min(workers, jobs))


def processors() -> int:
    """The number of processors of this machine."""
    return os.cpu_count() or 1
