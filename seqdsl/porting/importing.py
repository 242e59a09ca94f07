"""origin → picture that was checked: reading, drawing, compiling and checking, one line each, and nothing half done."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from seqdsl.importers.reading import Reading
from seqdsl.layout.reading import reads
from seqdsl.layout.write import renamed
from seqdsl.lowering.compiled import CompiledModel, uncalled
from seqdsl.pipeline import analyze
from seqdsl.porting.grading import outcome_of
from seqdsl.porting.heading import with_heading
from seqdsl.porting.naming import name_for, named_in
from seqdsl.porting.origin import CannotRead, ReadError
from seqdsl.porting.outcome import CHECKS, Grade, Outcome
from seqdsl.porting.sentences import refused, told, unreadable
from seqdsl.porting.worker import TIMEOUT, OriginWorker, Read
from seqdsl.records import record
from seqdsl.verify.against import factory_job
from seqdsl.verify.jobs import refusal
from seqdsl.verify.oracle_worker import OracleWorker
from seqdsl.verify.spec_weights import layer_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from seqdsl.layout.wiring import Wirings
    from seqdsl.porting.origin import Origin
    from seqdsl.runtime.named_weights import LayerWeights
    from seqdsl.verify.expected import Expected
    from seqdsl.verify.jobs import Job

    Check = Callable[[Job, Sequence[LayerWeights]], list[dict[str, Any]]]
    """What compares a picture with the model that it was read from: answers as of `OriginWorker.check`."""

_NOT_DRAWN = "The model was read, but a picture of it cannot be drawn:"

UNCHECKED_CASES = 2
"""Calls that are compared of a model that is too large for more."""


@record(frozen=True)
class Imported:
    """A picture that was read from a model, and checked against it.

    Attributes:
        text: the picture's text, with what was checked at its head.
        model: the compiled picture.
        read: what the model's process said.
        outcome: what checking it came to; never refused.
        expected: what the picture gives with random weights; ``None``: that was not computed.
    """

    text: str
    model: CompiledModel
    read: Read
    outcome: Outcome
    expected: Expected | None = None


class Refused(ReadError):
    """A model of which no picture is written; the lines say why, and what to do.

    Attributes:
        lines: what to tell.
        reading: what was read, as far as there is anything.
        outcome: what checking the picture came to, if there was one.
    """

    def __init__(
        self, lines: Sequence[str], reading: Reading, outcome: Outcome | None = None
    ) -> None:
        """Why no picture is written."""
        super().__init__("\n".join(lines))
        self.lines, self.reading, self.outcome = tuple(lines), reading, outcome


def import_model(
    origin: Origin,
    *,
    timeout: float = TIMEOUT,
    memory: int | None = None,
    save: Path | None = None,
    worker: OriginWorker | None = None,
) -> Imported:
    """Read a model, and check its picture against it.

    Args:
        origin: where the model comes from.
        timeout: seconds of processor time for each: reading, expected results, checking.
        memory: bytes that each may take; default: any number.
        save: a folder for the model's weights and results, for a port.
        worker: the model's process, where it was started before this module was imported; it is ended here.

    Raises:
        CannotRead: the model cannot be tried.
        Refused: no picture means the model.
    """
    wanted = named_in(origin)
    with (
        closing(worker or OriginWorker(origin, timeout, memory)) as model,
        closing(OracleWorker(timeout, memory)) as oracle,
    ):
        # While the model's process imports its framework, there is time for what is needed then.
        oracle.prepare()
        import_module("seqdsl.layout.of_wirings")
        read = model.read()

        def check(job: Job, layers: Sequence[LayerWeights]) -> list[dict[str, Any]]:
            return model.check(job, layers, read.reading.axes, save)

        return checked(read, origin.text, oracle, check, wanted)


def checked(
    read: Read,
    source: str,
    oracle: Callable[[CompiledModel], Expected],
    check: Check,
    wanted: str = "",
) -> Imported:
    """Draw what was read, and check the picture against the model.

    Args:
        read: what was read.
        source: where the model comes from, in words.
        oracle: computes what a picture must give.
        check: compares the picture with the model.
        wanted: what to call a model that its author did not name; empty: by its topology.

    Raises:
        Refused: no picture means the model.
    """
    wirings = read.reading.wirings
    if wirings is None:
        raise Refused(list(unreadable(read.reading)), read.reading)
    if unread := _unread_inputs(wirings):
        raise Refused([_NOT_DRAWN, *unread], read.reading)
    text, model = _named(_drawn(wirings, read.reading), wirings, read.target, wanted)
    job, skipped = _job(model, read, source, oracle)
    if job.unwritten:
        raise Refused([f"{source} cannot be checked: {job.unwritten}"], read.reading)
    answers = check(job, layer_weights(model.spec))
    outcome = outcome_of(answers, read.reading.differences, read.version, skipped)
    if outcome.grade is Grade.REFUSED:
        raise Refused(list(refused(outcome)), read.reading, outcome)
    whole = with_heading(text, source, outcome)
    # Places in messages are those of the text that is written.
    return Imported(whole, compiled(whole, model.file), read, outcome, job.expected)


def _named(text: str, wirings: Wirings, target: str, wanted: str) -> tuple[str, CompiledModel]:
    """A picture that was drawn, under the name that it is to have."""
    model = compiled(text, f"{wirings.name}.seq")
    name = name_for(model, wirings, target, wanted)
    if name == wirings.name:
        return text, model
    text = renamed(text, wirings.name, name)
    return text, compiled(text, f"{name}.seq")


def _unread_inputs(wirings: Wirings) -> list[str]:
    """Why there is no picture of a model with inputs on which no result depends; empty: there are none."""
    wiring = wirings.at[0]
    read = {source.block for block in wiring.blocks for source in reads(block)}
    names = [wiring.blocks[at].layer for at in wiring.inputs if at not in {*read, *wiring.outputs}]
    said = ", ".join(f"`{name}`" for name in names)
    lines = [f"  no result depends on {said}", *told("remove it from the model's inputs")]
    return lines if names else []


def _drawn(wirings: Wirings, reading: Reading) -> str:
    # Routing takes as long to import as a small picture takes to compile.
    from seqdsl.layout.of_wirings import draw_wirings
    from seqdsl.layout.picture import Unplaceable

    try:
        return draw_wirings(wirings)
    except Unplaceable as problem:
        lines = [_NOT_DRAWN, f"  {problem.reason}", *told(problem.way)]
        raise Refused(lines, reading) from problem


def compiled(text: str, name: str) -> CompiledModel:
    """The model of a picture's text that no other of its models calls.

    Raises:
        CannotRead: it has errors, which is a fault of ours.
    """
    analysis = analyze(text, name)
    errors = [item for item in analysis.diagnostics if item.is_error]
    if errors or not analysis.models:
        why = str(errors[0]) if errors else "it holds no model"
        raise CannotRead(f"internal error in seqdsl: the picture that was drawn is wrong: {why}")
    return uncalled(analysis.models)[-1]


def _job(
    model: CompiledModel,
    read: Read,
    source: str,
    oracle: Callable[[CompiledModel], Expected],
) -> tuple[Job, str]:
    """What the model is checked with, and why that is not random weights, where it is not."""
    job = factory_job(model, source, read.target, CHECKS, oracle)
    reading = read.reading
    job = replace(job, places=tuple(reading.places.items()), columns=tuple(reading.columns.items()))
    skipped = refusal(job) or job.fault
    if refusal(job):
        job = replace(job, cases=job.cases[:UNCHECKED_CASES])
    return job, skipped
