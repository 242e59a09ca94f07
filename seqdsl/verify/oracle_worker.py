"""compiled model → expected results, computed in a limited process of its own, like everything else."""

from __future__ import annotations

import pickle
import zlib
from base64 import b64encode
from collections import deque
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

from seqdsl.sandbox.fork_server import ForkServer
from seqdsl.sandbox.worker_client import STARTUP, StartError, WorkerClient
from seqdsl.targets import find
from seqdsl.verify.check_names import checks_of
from seqdsl.verify.expected import from_dict
from seqdsl.verify.generated_job import guarded_job_for
from seqdsl.verify.jobs import BASIC, refusal
from seqdsl.verify.programs import ORACLE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seqdsl.lowering.compiled import CompiledModel as Model
    from seqdsl.verify.expected import Expected
    from seqdsl.verify.jobs import Job


def job_with_expected(
    model: Model,
    target: str,
    checks: Sequence[str],
    oracle: Callable[[Model], Expected],
    *,
    always: bool = False,
) -> Job:
    """The job that checks ``model``, generated for ``target``, with what it must compute.

    Args:
        model: the compiled model.
        target: the framework.
        checks: the names of the checks.
        oracle: computes the expected results: an `OracleWorker`, or what remembers those of one.
        always: whether there are to be expected results even if none of the checks needs it: it tells layers apart.
    """
    job = replace(guarded_job_for(model, target), checks=checks_of(target, checks))
    # A model that only predicts has no weights before it is given those of the expected results.
    always = always or not find(target).trains
    # What is not written, or too large, is not tried.
    if job.unwritten or refusal(job) or (set(checks) <= set(BASIC) and not always):
        return job
    try:
        return replace(job, expected=oracle(model))
    except OracleFailed as problem:
        return replace(job, fault=str(problem))


class OracleFailed(Exception):
    """A picture could not be worked out by the reference interpreter."""


CACHE_BYTES = 2**26
"""Compressed bytes of results that are kept, of about a thousand models: one framework may be far behind another.

Results that were dropped are computed again.
"""


class _ResultCache:
    """The latest results, compressed, up to a number of bytes; models are compared by identity."""

    def __init__(self, size: int) -> None:
        self._free = size
        self._packed: deque[tuple[Model, bytes]] = deque()

    def get(self, model: Model) -> Expected | OracleFailed | None:
        packed = next((packed for item, packed in self._packed if item is model), None)
        if packed is None:
            return None
        # Safe to unpickle: it never left this process.
        found: Expected | OracleFailed = pickle.loads(zlib.decompress(packed))
        return found

    def put(self, model: Model, result: Expected | OracleFailed) -> None:
        packed = zlib.compress(pickle.dumps(result), level=1)
        self._packed.append((model, packed))
        self._free -= len(packed)
        while self._free < 0:
            self._free += len(self._packed.popleft()[1])


class OracleWorker:
    """The reference interpreter's process; it starts with the first model, and anew when one has ended it."""

    def __init__(self, timeout: float, memory: int | None = None) -> None:
        """Nothing yet.

        Args:
            timeout: seconds of processor time that the results of a model may take.
            memory: bytes that it may take; default: any number.
        """
        self._timeout, self._memory = timeout, memory
        self._lock = Lock()
        self._server = ForkServer(ORACLE, STARTUP)
        self._worker: WorkerClient | None = None
        self._stopped = False
        # The frameworks of a model ask for the same results, not at the same pace.
        self._recent = _ResultCache(CACHE_BYTES)

    def prepare(self) -> None:
        """Start the process already; whoever asks waits for it."""
        with self._lock:
            if self._worker is None:
                self._server.prepare()

    def __call__(self, model: Model) -> Expected:
        """The expected results of a model, computed once for all who ask for it soon after.

        Raises:
            OracleFailed: it takes too much, or the interpreter fails, or has no process.
        """
        with self._lock:
            result = self._recent.get(model)
            if result is None:
                result = self._ask(model)
                self._recent.put(model, result)
        if isinstance(result, OracleFailed):
            raise result
        return result

    def _ask(self, model: Model) -> Expected | OracleFailed:
        # A request is a line of JSON: what is pickled travels as text.
        request = {"model": b64encode(pickle.dumps(model)).decode()}
        try:
            answers, why = self._ready().ask(request, self._timeout, self._memory)
        except StartError as problem:
            return OracleFailed(str(problem))
        for answer in answers:
            if "expected" in answer:
                return from_dict(answer["expected"])
            why = answer["failed"]
        return OracleFailed(f"the interpreter has no result: {why}")

    def _ready(self) -> WorkerClient:
        if self._worker is None or not self._worker.alive:
            self._close()
            self._worker = self._server.worker()
            # Whoever stops us from another thread may have come before the process was there.
            if self._stopped:
                self._close()
                raise StartError("stopped")
        return self._worker

    def stop(self) -> None:
        """Make what is being computed end soon, from another thread; nothing else will be."""
        # No lock: whoever waits for the worker holds it, and is to be woken.
        self._stopped = True
        self._server.stop()
        if worker := self._worker:
            worker.kill()

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._close()
            self._server.close()

    def _close(self) -> None:
        if self._worker:
            self._worker.close()
        self._worker = None
