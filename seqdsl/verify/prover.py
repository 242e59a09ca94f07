"""compiled model → proof, made in a process of its own: it has limits of time and memory like everything else."""

from __future__ import annotations

import pickle
from base64 import b64encode
from collections import deque
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

from seqdsl.verify.jobs import BASIC, job_for, refusal
from seqdsl.verify.process import spawn
from seqdsl.verify.proof import from_dict
from seqdsl.verify.remote import STARTUP, StartError, Worker
from seqdsl.verify.worker import REFERENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seqdsl.model.compiled import CompiledModel as Model
    from seqdsl.verify.jobs import Job
    from seqdsl.verify.proof import Proof


def proven_job(
    model: Model,
    target: str,
    checks: Sequence[str],
    prover: Callable[[Model], Proof],
    *,
    always: bool = False,
) -> Job:
    """The job that holds ``model``, generated for ``target``, to ``checks``.

    Args:
        model: the compiled model.
        target: the framework.
        checks: the promises.
        prover: makes the proof: a `Prover`, or what remembers those of one.
        always: whether there is to be a proof even if none of the checks needs it: it tells layers apart.
    """
    job = replace(job_for(model, target), checks=tuple(checks))
    # What is out of proportion is not tried.
    if refusal(job) or (set(checks) <= set(BASIC) and not always):
        return job
    try:
        return replace(job, proof=prover(model))
    except Unproven as problem:
        return replace(job, fault=str(problem))


class Unproven(Exception):
    """A picture could not be worked out by the reference interpreter."""


RECENT = 32
"""Proofs that are remembered: a framework that is farther behind the others has them made anew."""


class Prover:
    """The reference interpreter's process; it starts with the first model, and anew when one has ended it."""

    def __init__(self, timeout: float, memory: int | None = None) -> None:
        """Nothing yet.

        Args:
            timeout: seconds of processor time that a proof may take.
            memory: bytes that it may take; any number if left out.
        """
        self._timeout, self._memory = timeout, memory
        self._lock = Lock()
        self._worker: Worker | None = None
        self._stopped = False
        # The frameworks of a model ask for the same proof, not at the same pace; the model itself tells which it is.
        self._known: deque[tuple[Model, Proof | Unproven]] = deque(maxlen=RECENT)

    def __call__(self, model: Model) -> Proof:
        """The proof of a model, made once for all who ask for it soon after.

        Raises:
            Unproven: it takes too much, or the interpreter fails, or has no process.
        """
        with self._lock:
            found = next((proof for item, proof in self._known if item is model), None)
            if found is None:
                found = self._ask(model)
                self._known.append((model, found))
        if isinstance(found, Unproven):
            raise found
        return found

    def _ask(self, model: Model) -> Proof | Unproven:
        request = {"model": b64encode(pickle.dumps(model)).decode()}
        try:
            answers, why = self._ready().talk(request, self._timeout, self._memory)
        except StartError as problem:
            return Unproven(str(problem))
        for answer in answers:
            if "proof" in answer:
                return from_dict(answer["proof"])
            why = answer["failed"]
        return Unproven(f"the interpreter has no result: {why}")

    def _ready(self) -> Worker:
        if self._worker is None or not self._worker.alive:
            self._close()
            self._worker = Worker(REFERENCE, spawn(REFERENCE))
            # Whoever stops us from another thread may have come before the process was there.
            if self._stopped:
                self._close()
                raise StartError("stopped")
            self._worker.start(STARTUP)
        return self._worker

    def stop(self) -> None:
        """Make a proof that is being made end soon, from another thread; there will be no other."""
        self._stopped = True
        if worker := self._worker:
            worker.kill()

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._worker:
            self._worker.close()
        self._worker = None
