"""request → answers, across a process: start a worker, ask it, survive its death."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from time import monotonic
from typing import Any

from seqdsl.sandbox.failures import explain_end
from seqdsl.sandbox.limits import GRACE, INTERVAL, Excess, Limits
from seqdsl.sandbox.pipes import END, Receiver, Sender, Tail
from seqdsl.sandbox.process import Process
from seqdsl.sandbox.program import Program

STARTUP = 300.0
"""Seconds that a program may take to be imported: the first import of a large library on a machine is slow."""

DYING = 10.0
"""Seconds to wait for the end of a process that was killed; one that is within a system call dies when it returns."""


class StartError(Exception):
    """The worker could not import its program."""


class WorkerLost(StartError):
    """The worker was killed by a signal, or is silent, while it was to start: another one may do better."""


class WorkerClient:
    """A process that runs a program. It serves until it dies, then it is to be replaced.

    Attributes:
        program: what it runs.
        forks: whether it forks itself, instead of serving.
    """

    def __init__(self, program: Program, process: Process) -> None:
        """Take a process that is about to import ``program``; `start` waits for it."""
        self.program = program
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
        """Wait for the program to be imported; its version.

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
        # A signal says nothing of the program: the system may have been short of memory, or a job's process at fault.
        kind = WorkerLost if status is not None and status < 0 else StartError
        raise kind(f"{self.program.name} cannot be imported: {why}")

    def ask(
        self, request: Mapping[str, Any], limit: float, memory: int | None = None
    ) -> tuple[list[dict[str, Any]], str]:
        """What is answered to a request, and why there is no more if the worker died of it.

        Args:
            request: what the program takes, as JSON has it.
            limit: the seconds of processor time it may take.
            memory: the bytes it may take; default: any number.
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
            # It says where it is, and ends: see `seqdsl.sandbox.worker`.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(self._process.pid, signal.SIGTERM)
            self._end(GRACE)
        self.kill()
        return excess.why + self.program.locate(self._words.text())

    def _ended(self, limits: Limits) -> str:
        """Why the process has ended by itself."""
        late = limits.late()
        status = self._end()
        self.kill()
        words = self._words.text()
        return late + self.program.locate(words) if late else explain_end(status, words)

    def _end(self, seconds: float = 1) -> int | None:
        try:
            return self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return None

    def _answers(self, limits: Limits) -> Iterator[dict[str, Any] | Excess]:
        """What the process answers, until it ends or has taken too much."""
        # Three states: it works (look every INTERVAL at what it takes), it has taken too much (give what it had sent
        # by then, then stop), it is over (give what is left in its pipe, then stop).
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
        answer = json.loads(line)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None
