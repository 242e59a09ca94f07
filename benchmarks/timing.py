"""tasks → seconds: taken in turn, so that a machine that drifts, or that others use, does not count.

Tools that measure one function after the other (pyperf, pytest-benchmark) put the drift of minutes between two
figures whose ratio is wanted. Here the tasks of one ratio alternate every few milliseconds, and the least of many
rounds is what the code takes when nothing else runs.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Task = Callable[[], object]


def least(*tasks: Task, rounds: int = 7, slice_: float = 0.02, budget: float = 0.0) -> list[float]:
    """The least seconds of each task, the tasks taken in turn.

    Args:
        tasks: what to measure; each has run before.
        rounds: how many turns each has.
        slice_: seconds that a turn takes at least: short tasks are repeated in it.
        budget: go on for so many seconds a task, however many turns that takes.
    """
    counts = [max(1, round(slice_ / max(once(task), 1e-7))) for task in tasks]
    best = [float("inf")] * len(tasks)
    end = time.perf_counter() + budget * len(tasks)
    turn = 0
    while turn < rounds or time.perf_counter() < end:
        # Whoever comes first finds cold caches: take turns in that, too.
        places = range(len(tasks)) if turn % 2 else reversed(range(len(tasks)))
        for place in places:
            task, count = tasks[place], counts[place]
            start = time.perf_counter()
            for _ in range(count):
                task()
            best[place] = min(best[place], (time.perf_counter() - start) / count)
        turn += 1
    return best


def once(task: Task) -> float:
    """The seconds that a task takes this time."""
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table: names to the left, figures to the right."""
    lines = ["| " + " | ".join(head) + " |", "| --- |" + " ---: |" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def short(seconds: float) -> str:
    """Seconds for people."""
    return f"{seconds:.2f} s" if seconds >= 1 else f"{1000 * seconds:.3g} ms"
