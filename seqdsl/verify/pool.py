"""models × targets → report: one worker for each framework, all frameworks at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import closing
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


def verify(
    models: Iterable[Model],
    targets: Sequence[str],
    *,
    timeout: float = TIMEOUT,
    startup: float = STARTUP,
    progress: Callable[[Progress], None] | None = None,
) -> Report:
    """Hold the generated code of every model against its picture, in each of ``targets``.

    Args:
        models: the compiled models.
        targets: ``"keras"``, ``"torch"`` or both.
        timeout: seconds that a model may take in one framework.
        startup: seconds that a framework may take to be imported.
        progress: called after each model and target, never by two threads at once.
    """
    jobs = [job_for(model, target) for model in models for target in targets]
    return verify_jobs(jobs, timeout=timeout, startup=startup, progress=progress)


def verify_jobs(
    jobs: Sequence[Job],
    *,
    timeout: float = TIMEOUT,
    startup: float = STARTUP,
    progress: Callable[[Progress], None] | None = None,
) -> Report:
    """`verify`, of jobs that need not come from a picture."""
    places: dict[str, list[int]] = {}
    for place, job in enumerate(jobs):
        places.setdefault(job.target, []).append(place)
    threads = max(1, (os.cpu_count() or 1) // max(1, len(places)))
    lanes = {target: Lane(target, timeout, startup, threads) for target in places}
    run = _Run(jobs, progress)
    with ThreadPoolExecutor(max(1, len(lanes))) as executor:
        futures = [executor.submit(run.through, lanes[t], places[t]) for t in lanes]
        try:
            for future in wait(futures, return_when=FIRST_EXCEPTION).done:
                future.result()
        # An interrupt, or an error of ours: the other threads must not go on to their end.
        except BaseException:
            for lane in lanes.values():
                lane.stop()
            raise
    return run.report()


class Lane:
    """One framework's worker, replaced whenever a model has killed it."""

    def __init__(
        self, target: str, timeout: float = TIMEOUT, startup: float = STARTUP, threads: int = 1
    ) -> None:
        """A lane that starts its worker with the first job."""
        self._target, self._timeout, self._startup = target, timeout, startup
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
        return worker.ask(job, self._timeout)

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
        worker = self._worker = Worker(self._target, self._threads)
        try:
            worker.start(self._startup)
        except StartError as problem:
            self._unusable = f'{problem}\nIs it installed? pip install "seqdsl[{self._target}]"'
            raise StartError(self._unusable) from problem
        return worker


class _Run:
    """The results of one `verify_jobs` as they come in from its threads."""

    def __init__(self, jobs: Sequence[Job], progress: Callable[[Progress], None] | None) -> None:
        self._jobs, self._progress = jobs, progress
        self._results: dict[int, list[Result]] = {}
        self._lock = Lock()

    def through(self, lane: Lane, places: list[int]) -> None:
        with closing(lane):
            for place in places:
                results = lane.run(self._jobs[place])
                if lane.stopped:
                    return
                self._add(place, results)

    def _add(self, place: int, results: list[Result]) -> None:
        job = self._jobs[place]
        with self._lock:
            self._results[place] = results
            if self._progress:
                done, total = len(self._results), len(self._jobs)
                self._progress(
                    Progress(job.model, job.target, job.file, tuple(results), done, total)
                )

    def report(self) -> Report:
        return Report(tuple(r for place in sorted(self._results) for r in self._results[place]))


def _failure(job: Job, check: str, why: str) -> Result:
    return Result(job.model, job.target, check, False, why, 0.0, job.file)
