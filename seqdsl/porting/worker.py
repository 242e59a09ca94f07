"""origin → reading and answers, across a process with limits: a model's own code may crash, hang, or fill memory."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from seqdsl.porting.origin import CannotRead, origin_to_json
from seqdsl.porting.outcome import Comparison, Taken
from seqdsl.porting.programs import ORIGIN, port_program
from seqdsl.porting.reading_json import from_json
from seqdsl.porting.untrusted import BadReading, sentence
from seqdsl.records import record
from seqdsl.sandbox.process import spawn
from seqdsl.sandbox.worker_client import STARTUP, StartError, WorkerClient

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from seqdsl.importers.reading import Reading
    from seqdsl.porting.origin import Origin
    from seqdsl.runtime.named_weights import LayerWeights
    from seqdsl.sandbox.program import Program
    from seqdsl.verify.jobs import Job

TIMEOUT = 300.0
"""Seconds of processor time that reading a model may take, that checking it may, and that writing its port may."""


@record(frozen=True)
class Read:
    """What the process of a model says of it.

    Attributes:
        reading: what was read.
        target: the name of its framework; empty where something cannot be read.
        version: its framework with its version.
    """

    reading: Reading
    target: str
    version: str


class _Worker:
    """A process that serves one program."""

    def __init__(self, program: Program, timeout: float, memory: int | None) -> None:
        self._client = WorkerClient(program, spawn(program))
        self._advice, self._limits = program.advice, (timeout, memory)
        self._is_closed = False

    def close(self) -> None:
        """End the process, once: another one may have its number then."""
        if not self._is_closed:
            self._is_closed = True
            self._client.close()

    def start(self) -> None:
        """Wait until it can be asked.

        Raises:
            CannotRead: it cannot.
        """
        try:
            self._client.start(STARTUP)
        except StartError as problem:
            raise CannotRead("\n".join(filter(None, (str(problem), self._advice)))) from problem

    def ask(self, request: Mapping[str, Any], doing: str) -> list[dict[str, Any]]:
        """The answers to a request.

        Raises:
            CannotRead: it says that it cannot, or has ended before it was done.
        """
        answers, why = self._client.ask(request, *self._limits)
        why = next((sentence(item["cannot"]) for item in answers if "cannot" in item), why)
        if why:
            raise CannotRead(f"{doing}: {why}" if doing else why)
        return answers


class OriginWorker(_Worker):
    """The process of one model: first it reads, then it may check."""

    def __init__(self, origin: Origin, timeout: float = TIMEOUT, memory: int | None = None) -> None:
        """Start the process.

        Args:
            origin: where the model comes from.
            timeout: seconds of processor time that reading it may take, and checking it.
            memory: bytes that it may take; default: any number.
        """
        super().__init__(ORIGIN, timeout, memory)
        self._origin = origin

    def read(self) -> Read:
        """What can be read of the model.

        Raises:
            CannotRead: nothing can be said of it.
        """
        self.start()
        text = self._origin.text
        answers = self.ask({"read": origin_to_json(self._origin)}, text)
        try:
            answer = next(item for item in answers if "reading" in item)
            reading = from_json(answer["reading"])
            return Read(reading, sentence(answer["target"]), sentence(answer["version"]))
        except (BadReading, KeyError, StopIteration, RecursionError) as problem:
            raise CannotRead(f"{text}: what was read of it is not valid: {problem}") from problem

    def check(
        self,
        job: Job,
        layers: Sequence[LayerWeights],
        axes: Sequence[str] = (),
        save: Path | None = None,
    ) -> list[dict[str, Any]]:
        """What `seqdsl.porting.checking.Original.check` gives.

        Args:
            job: what is generated from the picture, with the places of its layers.
            layers: the layers of the picture.
            axes: the order of axes of its inputs.
            save: a folder for the model's weights and results.
        """
        request = {
            "check": asdict(job),
            "layers": [asdict(item) for item in layers],
            "axes": list(axes),
            "save": "" if save is None else str(save),
        }
        return self.ask(request, f"{self._origin.text} cannot be checked")


def settle_port(
    job: Job,
    layers: Sequence[LayerWeights],
    folder: Path,
    file: Path | None,
    taken: Taken = Taken.ALL,
    limits: tuple[float, int | None] = (TIMEOUT, None),
) -> list[dict[str, Any]]:
    """What `seqdsl.porting.settling.settle` gives, in a process of the job's framework.

    Raises:
        CannotRead: the framework cannot be imported, or the process has ended before it was done.
    """
    order = {
        "job": asdict(replace(job, factory="", places=(), columns=())),
        "layers": [asdict(item) for item in layers],
        "folder": str(folder),
        "taken": taken.name,
        "file": "" if file is None else str(file),
    }
    with closing(_Worker(port_program(job.target), *limits)) as worker:
        worker.start()
        return worker.ask({"settle": order}, f"the {job.target} model")


def comparison_in(answers: Sequence[Mapping[str, Any]]) -> Comparison | None:
    """The comparison with the model's own weights, if it was made."""
    return next((Comparison.from_json(item["own"]) for item in answers if "own" in item), None)
