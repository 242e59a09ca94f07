"""job → results, across a process: start a worker, ask it, survive its death."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from threading import Thread, Timer
from time import perf_counter
from typing import IO, Any

from seqdsl.verify.channel import MARK
from seqdsl.verify.failures import explain_end, explain_hang
from seqdsl.verify.jobs import Job
from seqdsl.verify.memory import said, watched
from seqdsl.verify.process import Process
from seqdsl.verify.report import Result

STARTUP = 300.0
"""Seconds that a framework may take to be imported: the first import on a machine is slow."""

GRACE = 3.0
"""Seconds after a time limit before a worker is killed: one that ends itself tells where it was."""


class StartError(Exception):
    """The worker could not import its framework."""


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
        self._words = _Tail(self._process.stderr)
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
        begun = perf_counter()
        with self._limited(limit):
            answer = next(self._answers(), {})
        if "ready" in answer:
            self.forks = bool(answer.get("forks"))
            return str(answer["ready"])
        late = perf_counter() - begun >= limit
        why = answer.get("failed") or (
            f"not done within {limit:g} s" if late else explain_end(self._end(), self._words.text())
        )
        self.close()
        raise StartError(f"{self.target} cannot be imported: {why}")

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
            limit: the seconds it may take.
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
            limit: the seconds it may take.
            memory: the bytes it may take; any number if left out.
        """
        begun = perf_counter()
        answers: list[dict[str, Any]] = []
        pid = self._process.pid
        with self._limited(limit + GRACE), watched(pid, memory, self.kill) as watch:
            for answer in self._exchange({**request, "limit": limit}):
                if "done" in answer:
                    return answers, ""
                answers.append(answer)
        why = self._why(perf_counter() - begun, limit)
        if watch and memory and watch.exceeded:
            why = f"took more than the memory limit of {said(memory)}"
        return answers, why

    def kill(self) -> None:
        """End the process and whatever it started."""
        self._killed = True
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def close(self) -> None:
        """End the process and give its pipes back."""
        self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                _present(pipe).close()

    def _why(self, seconds: float, limit: float) -> str:
        status = self._end()
        self.kill()
        words = self._words.text()
        return explain_hang(limit, words) if seconds >= limit else explain_end(status, words)

    def _end(self) -> int | None:
        try:
            return self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return None

    def _exchange(self, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
        pipe = _present(self._process.stdin)
        with contextlib.suppress(OSError):
            pipe.write(json.dumps(request).encode() + b"\n")
            pipe.flush()
        yield from self._answers()

    def _answers(self) -> Iterator[dict[str, Any]]:
        for line in _present(self._process.stdout):
            try:
                yield json.loads(line)
            # Only a line cut short by the worker's death is no JSON.
            except ValueError:
                return

    @contextlib.contextmanager
    def _limited(self, seconds: float) -> Iterator[None]:
        # Killing the process ends a read or write on its pipes that would block for ever.
        timer = Timer(seconds, self.kill)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def _result(data: dict[str, Any]) -> Result:
    return Result(**{**data, "figures": tuple(data["figures"])})


class _Tail:
    """The end of what a process says on standard error, read so that it never blocks on it."""

    def __init__(self, pipe: IO[bytes] | None) -> None:
        self._lines: deque[bytes] = deque(maxlen=40)
        self._thread = Thread(target=self._read, args=(_present(pipe),), daemon=True)
        self._thread.start()

    def _read(self, pipe: IO[bytes]) -> None:
        # Closed only here: another thread that closed it would wait for a read that may never end,
        # for what a model started, and detached, may still hold the other end.
        with pipe:
            while line := pipe.readline(500):
                self._lines.append(line)
                if line == MARK:
                    self._lines.clear()

    def text(self) -> str:
        self._thread.join(timeout=1)
        return b"".join(self._lines.copy()).decode(errors="replace").strip()


def _present(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None, "all three pipes were asked for"
    return pipe
