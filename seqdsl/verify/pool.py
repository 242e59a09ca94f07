"""models × targets → report: workers for each framework, all frameworks at once."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

from seqdsl.verify.jobs import Job, job_for, refusal
from seqdsl.verify.remote import StartError, Worker
from seqdsl.verify.report import Progress, Report, Result

if TYPE_CHECKING:
    from seqdsl.pipeline import Model

TIMEOUT = 60.0
"""Seconds that a model may take in one framework."""

STARTUP = 300.0
"""Seconds that a framework may take to be imported: the first import on a machine is slow."""

WORTH = 20
"""Models for which another worker is worth the import of its framework."""


def verify(
    models: Iterable[Model],
    targets: Sequence[str],
    *,
    timeout: float = TIMEOUT,
    memory: int | None = None,
    workers: int | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Report:
    """Hold the generated code of every model against its picture, in each of ``targets``.

    Args:
        models: the compiled models.
        targets: ``"keras"``, ``"torch"`` or both.
        timeout: seconds that a model may take in one framework.
        memory: bytes that a model may take in one framework, beside the framework itself.
        workers: processes for each framework; as many as pay off if left out.
        progress: called after each model and target, never by two threads at once.
    """
    jobs = [job_for(model, target) for model in models for target in targets]
    return verify_jobs(
        jobs,
        timeout=timeout,
        memory=memory,
        workers=workers,
        progress=progress,
    )


def verify_jobs(
    jobs: Sequence[Job],
    *,
    timeout: float = TIMEOUT,
    startup: float = STARTUP,
    memory: int | None = None,
    workers: int | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Report:
    """`verify`, of jobs that need not come from a picture."""
    places: dict[str, deque[int]] = {}
    for place, job in enumerate(jobs):
        places.setdefault(job.target, deque()).append(place)
    wanted = [
        target
        for target, queue in places.items()
        for _ in range(lanes_for(len(queue), len(places), workers))
    ]
    threads = max(1, _processors() // max(1, len(wanted)))
    lanes = [Lane(target, timeout, startup, threads, memory) for target in wanted]
    run = _Run(jobs, progress)
    with ThreadPoolExecutor(max(1, len(lanes))) as executor:
        futures = [executor.submit(run.through, lane, places[lane.target]) for lane in lanes]
        try:
            for future in wait(futures, return_when=FIRST_EXCEPTION).done:
                future.result()
        # An interrupt, or an error of ours: the other threads must not go on to their end.
        except BaseException:
            for lane in lanes:
                lane.stop()
            raise
    return run.report()


def lanes_for(jobs: int, targets: int, workers: int | None = None) -> int:
    """How many workers take ``jobs`` of one framework, if ``targets`` frameworks run at once."""
    if workers is None:
        workers = min(_processors() // max(1, targets), -(-jobs // WORTH))
    return max(1, min(workers, jobs))


def _processors() -> int:
    return os.cpu_count() or 1


class Lane:
    """One framework's worker, replaced whenever a model has killed it."""

    def __init__(
        self,
        target: str,
        timeout: float = TIMEOUT,
        startup: float = STARTUP,
        threads: int = 1,
        memory: int | None = None,
    ) -> None:
        """A lane that starts its worker with the first job."""
        self.target = target
        self._timeout, self._startup, self._memory = timeout, startup, memory
        self._threads = threads
        self._worker: Worker | None = None
        self._unusable = ""
        self.stopped = False

    def run(self, job: Job) -> list[Result]:
        """The results of ``job``, whatever becomes of the worker."""
        if why := refusal(job):
            return [_failure(job, "size", why)]
        try:
            worker = self._ready()
        except StartError as problem:
            return [_failure(job, "import", str(problem))]
        return worker.ask(job, self._timeout, self._memory)

    def stop(self) -> None:
        """Make `run` return soon, from another thread."""
        self.stopped = True
        if self._worker:
            self._worker.kill()

    def close(self) -> None:
        """End the worker."""
        if self._worker:
            self._worker.close()
            self._worker = None

    def _ready(self) -> Worker:
        if self.stopped:
            raise StartError("stopped")
        # A framework that failed once would fail for every model, each after the same wait.
        if self._unusable:
            raise StartError(self._unusable)
        if self._worker and self._worker.alive:
            return self._worker
        self.close()
        worker = self._worker = Worker(self.target, self._threads)
        try:
            worker.start(self._startup)
        except StartError as problem:
            self._unusable = f'{problem}\nIs it installed? pip install "seqdsl[{self.target}]"'
            raise StartError(self._unusable) from problem
        return worker


class _Run:
    """The results of one `verify_jobs` as they come in from its threads."""

    def __init__(self, jobs: Sequence[Job], progress: Callable[[Progress], None] | None) -> None:
        self._jobs, self._progress = jobs, progress
        self._results: dict[int, list[Result]] = {}
        self._lock = Lock()

    def through(self, lane: Lane, places: deque[int]) -> None:
        """Do what is left of ``places``, which other lanes may take from as well."""
        with closing(lane):
            while (place := _next(places)) is not None:
                results = lane.run(self._jobs[place])
                if lane.stopped:
                    return
                self._add(place, results)

    def _add(self, place: int, results: list[Result]) -> None:
        job = self._jobs[place]
        results = [replace(result, line=job.line) for result in results]
        with self._lock:
            self._results[place] = results
            if self._progress:
                done, total = len(self._results), len(self._jobs)
                self._progress(
                    Progress(job.model, job.target, job.file, tuple(results), done, total)
                )

    def report(self) -> Report:
        return Report(tuple(r for place in sorted(self._results) for r in self._results[place]))


def _next(places: deque[int]) -> int | None:
    # Looking first and taking then would let another thread come between.
    try:
        return places.popleft()
    except IndexError:
        return None


def _failure(job: Job, check: str, why: str) -> Result:
    return Result(job.model, job.target, check, False, why, 0.0, job.file)
