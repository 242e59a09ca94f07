"""models × targets → report: workers for each framework, all frameworks at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, overload

from seqdsl.runtime.adapter import MANY_WEIGHTS
from seqdsl.sandbox.fork_server import ForkServer
from seqdsl.sandbox.pool import drain, processors, worker_count
from seqdsl.sandbox.worker_client import STARTUP
from seqdsl.verify.check_names import CHECKS
from seqdsl.verify.compare import compare
from seqdsl.verify.jobs import Job
from seqdsl.verify.lane import TIMEOUT, Lane
from seqdsl.verify.oracle_worker import OracleWorker, job_with_expected
from seqdsl.verify.programs import framework_program
from seqdsl.verify.report import Progress, Report, Result

if TYPE_CHECKING:
    from seqdsl.lowering.compiled import CompiledModel as Model


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
    """Check the generated code of every model against its picture, in each of ``targets``.

    Args:
        models: the compiled models.
        targets: the names of the targets, such as ``"keras"``.
        checks: the names of the checks.
        timeout: seconds of processor time that a model may take in one framework; ten times that on the clock.
        memory: bytes that a model may take in one framework, beside the framework itself.
        workers: processes for each framework; default: automatic.
        progress: called after each model and target, never by two threads at once.
    """
    with closing(OracleWorker(timeout, memory)) as oracle:
        return verify_jobs(
            _Jobs(tuple(models), targets, checks, oracle),
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
        oracle: OracleWorker,
    ) -> None:
        self._models, self._checks, self._oracle = models, checks, oracle
        self.targets = [target for _ in models for target in targets]
        self.weights = [max(model.parameters.values(), default=0) for model in models]
        self.stop = oracle.stop

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
        return job_with_expected(model, self.targets[place], self._checks, self._oracle)


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
    # For three models in both frameworks: {"keras": [0, 2, 4], "torch": [1, 3, 5]}, each shared by several lanes.
    queues = _queues(jobs)
    wanted = [
        target
        for target, queue in queues.items()
        for _ in range(worker_count(len(queue), len(queues), workers))
    ]
    threads = _threads(jobs, len(wanted))
    run = _Run(jobs, progress)
    with ExitStack() as stack:
        servers = {
            target: ForkServer(framework_program(target, threads), startup) for target in queues
        }
        for server in servers.values():
            stack.enter_context(closing(server))
        consumers = [
            _Consumer(Lane(target, timeout, memory, servers[target]), run) for target in wanted
        ]

        def stop() -> None:
            if isinstance(jobs, _Jobs):
                jobs.stop()
            for server in servers.values():
                server.stop()
            for consumer in consumers:
                consumer.lane.stop()

        drain([(consumer, queues[consumer.lane.target]) for consumer in consumers], stop)
    return run.report()


def _threads(jobs: Sequence[Job], workers: int) -> int:
    """How many threads each worker's framework may use.

    Small models are not faster with more, and much slower where processors are busy: a thread that waits for another
    one, which the system has put aside, waits in a loop.
    """
    weights = jobs.weights if isinstance(jobs, _Jobs) else [job.parameters for job in jobs]
    if max(weights, default=0) < MANY_WEIGHTS:
        return 1
    return max(1, processors() // max(1, workers))


def _queues(jobs: Sequence[Job]) -> dict[str, deque[int]]:
    """The places of the jobs, by framework."""
    queues: dict[str, deque[int]] = {}
    targets = jobs.targets if isinstance(jobs, _Jobs) else [job.target for job in jobs]
    for place, target in enumerate(targets):
        queues.setdefault(target, deque()).append(place)
    return queues


class _Run:
    """The results of one `verify_jobs` as they come in from its threads."""

    def __init__(self, jobs: Sequence[Job], progress: Callable[[Progress], None] | None) -> None:
        self._jobs, self._progress = jobs, progress
        self._results: dict[int, list[Result]] = {}
        self._lock = Lock()

    def job(self, place: int) -> Job:
        """The job in a place; it is made now, perhaps."""
        return self._jobs[place]

    def add(self, place: int, job: Job, results: list[Result]) -> None:
        """Take the results of a job, from any thread."""
        results = [replace(result, line=job.line) for result in results]
        with self._lock:
            self._results[place] = results
            if self._progress:
                done, total = len(self._results), len(self._jobs)
                self._progress(
                    Progress(job.model, job.target, job.file, tuple(results), done, total)
                )

    def report(self) -> Report:
        """What there is, in the order of the jobs."""
        results = [result for place in sorted(self._results) for result in self._results[place]]
        return Report(tuple(compare(results)))


class _Consumer:
    """A lane whose results go to a run."""

    def __init__(self, lane: Lane, run: _Run) -> None:
        self.lane, self._run = lane, run

    @property
    def stopped(self) -> bool:
        return self.lane.stopped

    def take(self, job: int) -> None:
        wanted = self._run.job(job)
        results = self.lane.run(wanted)
        # What was stopped has failed for no fault of the model's.
        if not self.lane.stopped:
            self._run.add(job, wanted, results)

    def close(self) -> None:
        self.lane.close()
