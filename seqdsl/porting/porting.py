"""imported model + target → its port: source, weights, and the check that both compute the same."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from seqdsl.atomic import whole
from seqdsl.porting.grading import results_in
from seqdsl.porting.importing import Imported, Refused, import_model
from seqdsl.porting.origin import CannotRead
from seqdsl.porting.outcome import CHECKS, Comparison, Failed, Taken
from seqdsl.porting.untrusted import sentence
from seqdsl.porting.worker import TIMEOUT, comparison_in, settle_port
from seqdsl.records import record
from seqdsl.targets import find
from seqdsl.verify.jobs import refusal
from seqdsl.verify.oracle_worker import OracleWorker, job_with_expected
from seqdsl.verify.spec_weights import layer_weights

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from seqdsl.porting.origin import Origin
    from seqdsl.porting.worker import OriginWorker
    from seqdsl.verify.jobs import Job

PLAIN_FILE = ".safetensors"
"""The weights of a target that has no kind of file of its own: by the names that a module of PyTorch has."""

WEIGHTS = "model-weights"


@record(frozen=True)
class Ported:
    """A model that was written for another framework.

    Attributes:
        imported: its picture, as it was read and checked.
        target: the framework.
        source: the Python source for it.
        own: the comparison with the original, with the original's weights.
        passed: the checks with random weights.
        skipped: why there were none; empty: there were.
        inexact: the arrays of weights that the file does not hold to the last bit.
    """

    imported: Imported
    target: str
    source: str
    own: Comparison
    passed: tuple[str, ...]
    skipped: str
    inexact: tuple[str, ...]


def weight_suffixes(target: str) -> tuple[str, ...]:
    """The suffixes of files that a target's weights can be written to."""
    return find(target).weight_files or (PLAIN_FILE,)


def suffix_for(file: Path, target: str) -> str:
    """The suffix of a file of weights.

    Raises:
        CannotRead: it is of no file that the target takes.
    """
    suffixes = weight_suffixes(target)
    found = next((suffix for suffix in suffixes if file.name.endswith(suffix)), None)
    if found is None:
        raise CannotRead(
            f"{file}: weights for {find(target).title} are written to {', '.join(suffixes)}"
        )
    return found


def port_model(
    origin: Origin,
    target: str,
    *,
    weights: Path | None = None,
    timeout: float = TIMEOUT,
    memory: int | None = None,
    worker: OriginWorker | None = None,
) -> Ported:
    """Read a model, and write it for another framework.

    Args:
        origin: where the model comes from.
        target: the framework.
        weights: the file of weights to write; it is replaced once everything is checked.
        timeout: seconds of processor time for each: reading, expected results, checking, writing.
        memory: bytes that each may take; default: any number.
        worker: the model's process, if it was started already.

    Raises:
        CannotRead: the model cannot be tried.
        Refused: no picture means the model, or what is written for the target is not equal to it.
        OSError: the file cannot be written.
    """
    suffix = "" if weights is None else suffix_for(weights, target)
    with TemporaryDirectory(prefix="seqdsl-") as name:
        folder = Path(name)
        imported = import_model(origin, timeout=timeout, memory=memory, save=folder, worker=worker)
        file = None if weights is None else folder / f"{WEIGHTS}{suffix}"
        ported = settled(imported, target, folder, file, timeout, memory)
        if weights is not None and file is not None:
            # Nothing of it stands where it was asked for before all of it is checked.
            with file.open("rb") as made, whole(weights) as stream:
                copyfileobj(made, stream)
    return ported


def settled(
    imported: Imported,
    target: str,
    folder: Path,
    file: Path | None,
    timeout: float = TIMEOUT,
    memory: int | None = None,
) -> Ported:
    """The port of a model that was read, once it is checked.

    Args:
        imported: the model.
        target: the framework.
        folder: what `import_model` has saved.
        file: the file of weights to write.
        timeout: seconds of processor time that it may take.
        memory: bytes that it may take.

    Raises:
        CannotRead: the framework is not there.
        Refused: what is written for it is not equal to the model.
    """
    job = _job(imported, target, timeout, memory)
    if job.unwritten:
        raise Refused(
            [f"it cannot be written for {find(target).title}: {job.unwritten}"],
            imported.read.reading,
        )
    skipped = refusal(job) or job.fault
    layers = layer_weights(imported.model.spec)
    theirs = imported.outcome.own
    taken = theirs.taken if theirs is not None else Taken.ALL
    answers = settle_port(job, layers, folder, file, taken, (timeout, memory))
    own, passed = _equal(job, answers, imported)
    inexact = [name for answer in answers for name in answer.get("inexact", ())]
    return Ported(
        imported,
        target,
        job.source,
        own,
        passed,
        skipped,
        tuple(map(sentence, inexact)),
    )


def _job(imported: Imported, target: str, timeout: float, memory: int | None) -> Job:
    """What the port is checked with: its picture gives what it gave when the model was checked."""
    expected = imported.expected
    if expected is not None:
        return job_with_expected(imported.model, target, CHECKS, lambda model: expected)
    with closing(OracleWorker(timeout, memory)) as oracle:
        return job_with_expected(imported.model, target, CHECKS, oracle)


def _equal(
    job: Job, answers: Sequence[Mapping[str, Any]], imported: Imported
) -> tuple[Comparison, tuple[str, ...]]:
    """How near the port is to the model with its own weights, and the checks that it passed with random ones.

    Raises:
        Refused: it computes something else.
    """
    own = comparison_in(answers)
    passed, failed = results_in(answers)
    if own is None or own.fault:
        failed.insert(0, Failed("own weights", own.fault if own else "nothing was compared"))
    if failed or own is None:
        raise Refused(list(_unequal(job, failed)), imported.read.reading, imported.outcome)
    # What cannot be built fails: of what is built there is nothing more to say.
    return own, tuple(name for name in passed if name != "build")


def _unequal(job: Job, failed: Sequence[Failed]) -> Iterator[str]:
    title = find(job.target).title
    yield f"What is written for {title} does not compute what the model computes:"
    for item in failed:
        yield f"  {item.check}: {item.why}"
