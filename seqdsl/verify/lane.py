"""job → results: a worker of one framework, replaced whenever a model has killed it."""

from __future__ import annotations

from dataclasses import replace
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from seqdsl.sandbox.fork_server import ForkServer
from seqdsl.sandbox.worker_client import STARTUP, StartError, WorkerClient
from seqdsl.verify.jobs import refusal
from seqdsl.verify.programs import framework_program
from seqdsl.verify.report import Result
from seqdsl.verify.requests import ask

if TYPE_CHECKING:
    from seqdsl.verify.jobs import Job

TIMEOUT = 60.0
"""Seconds of processor time that a model may take in one framework."""


class Lane:
    """One framework's worker, replaced whenever a model has killed it."""

    def __init__(
        self,
        target: str,
        timeout: float = TIMEOUT,
        memory: int | None = None,
        server: ForkServer | None = None,
    ) -> None:
        """A lane that starts its worker with the first job.

        Args:
            target: the framework.
            timeout: seconds of processor time that a model may take.
            memory: bytes that a model may take; default: any number.
            server: where its workers are forked; default: one of its own.
        """
        self.target = target
        self._limits = timeout, memory
        self._own = ForkServer(framework_program(target), STARTUP) if server is None else None
        self._server = server or self._own
        self._workers: dict[str, WorkerClient] = {}
        self.stopped = False

    def run(self, job: Job) -> list[Result]:
        """The results of ``job``, whatever becomes of the worker."""
        if job.unwritten:
            return [_failure(job, "source", job.unwritten)]
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
            results = ask(builder, job, *self._limits, folder=folder)
            for place, saved in enumerate(results):
                if saved.check == "saving" and saved.passed:
                    reloaded = ask(loader, job, *self._limits, folder=folder, reload=True)
                    seconds = reloaded[-1].seconds + saved.seconds
                    results[place] = replace(reloaded[-1], seconds=seconds)
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

    def _ready(self, role: str) -> WorkerClient:
        if self.stopped:
            raise StartError("stopped")
        if role in self._workers:
            if self._workers[role].alive:
                return self._workers[role]
            self._workers.pop(role).close()
        assert self._server
        worker = self._workers[role] = self._server.worker()
        return worker


def _failure(job: Job, check: str, why: str) -> Result:
    return Result(job.model, job.target, check, False, why, 0.0, job.file)
