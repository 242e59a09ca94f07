"""job → results, across a process: start a worker, ask it, survive its death."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from time import monotonic, perf_counter
from typing import Any

from seqdsl.verify.failures import explain_end, explain_place
from seqdsl.verify.jobs import Job
from seqdsl.verify.limits import GRACE, INTERVAL, Excess, Limits
from seqdsl.verify.pipes import END, Receiver, Sender, Tail
from seqdsl.verify.process import Process
from seqdsl.verify.report import Result

STARTUP = 300.0
"""Seconds that a framework may take to be imported: the first import on a machine is slow."""

DYING = 10.0
"""Seconds to wait for the end of a process that was killed; one that is in the kernel's hands dies when it is out."""


class StartError(Exception):
    """The worker could not import its framework."""


class Lost(StartError):
    """The worker was killed by a signal, or is silent, while it was to start: another one may do better."""


class Worker:
    """A process that holds one framework. It serves until it dies, then it is to be replaced.

    Attributes:
        target: the framework.
        forks: whether it makes copies of itself, instead of serving.
    """

    def __init__(self, target: str, process: Process) -> None:
        """Take a process that is about to import ``target``; `start` waits for it."""
        self.target = target
        self.forks = False
        self._process = process
        self._words = Tail(process.stderr)
        self._received, self._requests = Receiver(process.stdout), Sender(process.stdin)
        self._killed = False

    @property
    def alive(self) -> bool:
        """Whether it can still be asked."""
        return not self._killed and self._process.poll() is None

    def start(self, limit: float) -> str:
        """Wait for the framework to be imported; its version.

        Raises:
            StartError: it cannot be, or not within ``limit`` seconds.
        """
        end = monotonic() + limit
        line = self._received.next(limit)
        answer = _parsed(line) if line else None
        if answer and "ready" in answer:
            self.forks = bool(answer.get("forks"))
            return str(answer["ready"])
        late = monotonic() >= end
        status = None if late else self._end()
        why = f"not done within {limit:g} s" if late else explain_end(status, self._words.text())
        self.close()
        if answer and "failed" in answer:
            why = answer["failed"]
        kind = Lost if status is not None and status < 0 else StartError
        raise kind(f"{self.target} cannot be imported: {why}")

    def ask(
        self,
        job: Job,
        limit: float,
        memory: int | None = None,
        *,
        folder: str = "",
        reload: bool = False,
        transfer: Mapping[str, Any] | None = None,
    ) -> list[Result]:
        """The results of ``job``; the last is a failure if the worker died of it.

        Args:
            job: what to hold against its picture.
            limit: the seconds of processor time it may take.
            memory: the bytes it may take; any number if left out.
            folder: where to save the model.
            reload: only load the model that another worker has saved there.
            transfer: only read or write a file of weights, as `seqdsl.verify.transfer` orders it.
        """
        begun = perf_counter()
        request = {"job": asdict(job), "folder": folder, "reload": reload, "transfer": transfer}
        answers, why = self.talk(request, limit, memory)
        results = [_result(answer["result"]) for answer in answers if "result" in answer]
        if not why:
            return results
        step = "saving" if reload else "build"
        step = next((item["check"] for item in reversed(answers) if "check" in item), step)
        seconds = perf_counter() - begun
        return [*results, Result(job.model, job.target, step, False, why, seconds, job.file)]

    def talk(
        self, request: Mapping[str, Any], limit: float, memory: int | None = None
    ) -> tuple[list[dict[str, Any]], str]:
        """What is answered to a request, and why there is no more if the worker died of it.

        Args:
            request: what `seqdsl.verify.worker` takes, but for the limit.
            limit: the seconds of processor time it may take.
            memory: the bytes it may take; any number if left out.
        """
        limits = Limits(self._process.pid, limit, memory)
        line = json.dumps({**request, "limit": limits.clock}).encode()
        self._requests.send(line + b"\n")
        answers: list[dict[str, Any]] = []
        for answer in self._answers(limits):
            if isinstance(answer, Excess):
                return answers, self._exceeded(answer)
            if "done" in answer:
                return answers, ""
            answers.append(answer)
        return answers, self._ended(limits)

    def kill(self) -> None:
        """End the process and whatever it started."""
        self._killed = True
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(DYING)
        # Whoever waits for it in another thread need not wait for what still holds its pipes.
        self._received.end()

    def close(self) -> None:
        """End the process and give its pipes back."""
        self.kill()
        self._requests.close()

    def _exceeded(self, excess: Excess) -> str:
        """End the process; why, and where it was if it can tell."""
        if excess.busy:
            # It says where it is, and ends: see `seqdsl.verify.worker`.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(self._process.pid, signal.SIGTERM)
            self._end(GRACE)
        self.kill()
        return excess.why + explain_place(self._words.text())

    def _ended(self, limits: Limits) -> str:
        """Why the process has ended by itself."""
        late = limits.late()
        status = self._end()
        self.kill()
        words = self._words.text()
        return late + explain_place(words) if late else explain_end(status, words)

    def _end(self, seconds: float = 1) -> int | None:
        try:
            return self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return None

    def _answers(self, limits: Limits) -> Iterator[dict[str, Any] | Excess]:
        """What the process answers, until it ends or has taken too much."""
        excess, over = None, False
        while (line := self._received.next(0 if excess else INTERVAL)) != END:
            answer = _parsed(line) if line else None
            if answer is not None:
                yield answer
            elif excess:
                yield excess
                return
            elif over:
                return
            # What it had answered by then counts all the same.
            excess = excess or limits.excess()
            # Its pipes need not have an end: what it has started may hold them.
            over = self._process.poll() is not None


def _parsed(line: bytes) -> dict[str, Any] | None:
    """An answer; ``None`` if it is not whole."""
    # Only a line cut short by the worker's death is no JSON.
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _result(data: dict[str, Any]) -> Result:
    return Result(**{**data, "figures": tuple(data["figures"])})
