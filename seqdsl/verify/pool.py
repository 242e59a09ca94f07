"""models × targets → report: workers for each framework, all frameworks at once."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import ExitStack, closing
from dataclasses import replace
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING, overload

from seqdsl.verify.compare import compare
from seqdsl.verify.jobs import Job, refusal
from seqdsl.verify.promises import CHECKS
from seqdsl.verify.prover import Prover, proven_job
from seqdsl.verify.remote import STARTUP, StartError, Worker
from seqdsl.verify.report import Progress, Report, Result
from seqdsl.verify.zygote import Zygote, can_fork

if TYPE_CHECKING:
    from seqdsl.model.compiled import CompiledModel as Model

TIMEOUT = 60.0
"""Seconds of processor time that a model may take in one framework."""

WORTH, WORTH_AN_IMPORT = 4, 20
"""Models for which another worker pays: if it is a copy, and if it has to import its framework."""


def verify(  # noqa: PLR0913 - all but two are options, given by name
    models: Iterable[Model],
    targets: Sequence[str],
    *,
    checks: Sequence[str] = CHECKS,
    timeout: float = TIMEOUT,
    memory: int | None = None,
    workers: int | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Report:
    """Hold the generated code of every model against its picture, in each of ``targets``.

    Args:
        models: the compiled models.
        targets: ``"keras"``, ``"torch"`` or both.
        checks: the promises to hold them to.
        timeout: seconds of processor time that a model may take in one framework; ten times that on the clock.
        memory: bytes that a model may take in one framework, beside the framework itself.
        workers: processes for each framework; as many as pay off if left out.
        progress: called after each model and target, never by two threads at once.
    """
    with closing(Prover(timeout, memory)) as prover:
        return verify_jobs(
            _Jobs(tuple(models), targets, checks, prover),
            timeout=timeout,
            memory=memory,
            workers=workers,
            progress=progress,
        )


class _Jobs(Sequence[Job]):
    """The jobs of all models in all targets, each made when it is asked for: a thousand take a lot of room."""

    def __init__(
        self,
        models: Sequence[Model],
        targets: Sequence[str],
        checks: Sequence[str],
        prover: Prover,
    ) -> None:
        self._models, self._checks, self._prover = models, checks, prover
        self.targets = [target for _ in models for target in targets]
        self.stop = prover.stop

    def __len__(self) -> int:
        return len(self.targets)

    @overload
    def __getitem__(self, place: int) -> Job: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Job]: ...
    def __getitem__(self, place: int | slice) -> Job | Sequence[Job]:
        if isinstance(place, slice):
            return [self[number] for number in range(len(self))[place]]
        model = self._models[place * len(self._models) // len(self)]
        return proven_job(model, self.targets[place], self._checks, self._prover)


def verify_jobs(
    jobs: Sequence[Job],
    *,
    timeout: float = TIMEOUT,
    startup: float = STARTUP,
    memory: int | None = None,
    workers: int | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Report:
    """`verify`, of jobs that need not come from a picture; ``startup`` is what an import of a framework may take."""
    places: dict[str, deque[int]] = {}
    targets = jobs.targets if isinstance(jobs, _Jobs) else [job.target for job in jobs]
    for place, target in enumerate(targets):
        places.setdefault(target, deque()).append(place)
    wanted = [
        target
        for target, queue in places.items()
        for _ in range(lanes_for(len(queue), len(places), workers))
    ]
    threads = max(1, _processors() // max(1, len(wanted)))
    run = _Run(jobs, progress)
    with ExitStack() as stack:
        zygotes = {
            target: stack.enter_context(closing(Zygote(target, startup, threads)))
            for target in places
        }
        lanes = [Lane(target, timeout, memory, zygotes[target]) for target in wanted]
        executor = stack.enter_context(ThreadPoolExecutor(max(1, len(lanes))))
        futures = [executor.submit(run.through, lane, places[lane.target]) for lane in lanes]
        try:
            for future in wait(futures, return_when=FIRST_EXCEPTION).done:
                future.result()
        # An interrupt, or an error of ours: the other threads must not go on to their end.
        except BaseException:
            _stop(jobs, *zygotes.values(), *lanes)
            raise
    return run.report()


def _stop(*things: object) -> None:
    for thing in things:
        if isinstance(thing, _Jobs | Zygote | Lane):
            thing.stop()


def lanes_for(jobs: int, targets: int, workers: int | None = None) -> int:
    """How many workers take ``jobs`` of one framework, if ``targets`` frameworks run at once."""
    if workers is None:
        # Copies of a process cost little, and while one framework's wait, another's work.
        beside = 1 if can_fork() else targets
        worth = WORTH if can_fork() else WORTH_AN_IMPORT
        workers = min(_processors() // max(1, beside), -(-jobs // worth))
    return max(1, min(workers, jobs))


def _processors() -> int:
    return os.cpu_count() or 1


class Lane:
    """One framework's worker, replaced whenever a model has killed it."""

    def __init__(
        self,
        target: str,
        timeout: float = TIMEOUT,
        memory: int | None = None,
        zygote: Zygote | None = None,
    ) -> None:
        """A lane that starts its worker with the first job.

        Args:
            target: the framework.
            timeout: seconds of processor time that a model may take.
            memory: bytes that a model may take; any number if left out.
            zygote: what its workers come from; one of its own if left out.
        """
        self.target = target
        self._timeout, self._memory = timeout, memory
        self._own = Zygote(target, STARTUP) if zygote is None else None
        self._zygote = zygote or self._own
        self._workers: dict[str, Worker] = {}
        self.stopped = False

    def run(self, job: Job) -> list[Result]:
        """The results of ``job``, whatever becomes of the worker."""
        if why := refusal(job):
            return [_failure(job, "size", why)]
        if job.fault:
            return [_failure(job, "proof", job.fault)]
        try:
            builder = self._ready("builder")
            # It loads what the other has saved: a process that never saw the model.
            loader = self._ready("loader") if "saving" in job.checks else builder
        except StartError as problem:
            return [_failure(job, "import", str(problem))]
        with TemporaryDirectory(prefix="seqdsl-") as folder:
            results = builder.ask(job, self._timeout, self._memory, folder=folder)
            for place, saved in enumerate(results):
                if saved.check == "saving" and saved.passed:
                    found = loader.ask(job, self._timeout, self._memory, folder=folder, reload=True)
                    seconds = found[-1].seconds + saved.seconds
                    results[place] = replace(found[-1], seconds=seconds)
            return results

    def stop(self) -> None:
        """Make `run` return soon, from another thread."""
        self.stopped = True
        for worker in list(self._workers.values()):
            worker.kill()

    def close(self) -> None:
        """End the workers."""
        while self._workers:
            self._workers.popitem()[1].close()
        if self._own:
            self._own.close()

    def _ready(self, role: str) -> Worker:
        if self.stopped:
            raise StartError("stopped")
        if role in self._workers:
            if self._workers[role].alive:
                return self._workers[role]
            self._workers.pop(role).close()
        assert self._zygote
        worker = self._workers[role] = self._zygote.worker()
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
                job = self._jobs[place]
                results = lane.run(job)
                if lane.stopped:
                    return
                self._add(place, job, results)

    def _add(self, place: int, job: Job, results: list[Result]) -> None:
        results = [replace(result, line=job.line) for result in results]
        with self._lock:
            self._results[place] = results
            if self._progress:
                done, total = len(self._results), len(self._jobs)
                self._progress(
                    Progress(job.model, job.target, job.file, tuple(results), done, total)
                )

    def report(self) -> Report:
        found = [result for place in sorted(self._results) for result in self._results[place]]
        return Report(tuple(compare(found)))


def _next(places: deque[int]) -> int | None:
    # Looking first and taking then would let another thread come between.
    try:
        return places.popleft()
    except IndexError:
        return None


def _failure(job: Job, check: str, why: str) -> Result:
    return Result(job.model, job.target, check, False, why, 0.0, job.file)
