"""a file of trained weights → a file for another framework: through the named arrays that all frameworks share."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from seqdsl.atomic import whole
from seqdsl.sandbox.fork_server import ForkServer
from seqdsl.targets import TARGETS, find
from seqdsl.verify.generated_job import job_for
from seqdsl.verify.programs import framework_program
from seqdsl.verify.requests import ask

if TYPE_CHECKING:
    from seqdsl.lowering.compiled import CompiledModel as Model

FORMATS = {suffix: name for name in TARGETS for suffix in find(name).weight_files}
"""The framework of each kind of file: a whole Keras model, Keras weights, a PyTorch ``state_dict``."""

ARRAYS = "arrays.npz"


class TransferError(Exception):
    """A file does not hold the weights of the picture's model, or cannot be written."""


def transfer(model: Model, source: Path, destination: Path, *, timeout: float = 300.0) -> None:
    """Carry the weights in ``source`` over to ``destination``, each in the format of its suffix.

    Args:
        model: the compiled picture whose generated model was trained.
        source: a file of `FORMATS`.
        destination: the file to write; it is replaced.
        timeout: seconds of processor time that each of the two frameworks may take, and seconds that its import may.

    Raises:
        TransferError: what keeps the weights from being read or written.
        OSError: the file cannot be written, or there is no folder for temporary files.
        ValueError: a suffix tells of no framework.
    """
    with TemporaryDirectory(prefix="seqdsl-") as folder:
        arrays = str(Path(folder) / ARRAYS)
        _ask(model, source, source, arrays, timeout, reading=True)
        # Frameworks write where they are told, step by step; the destination is replaced once the file is whole.
        made = Path(folder) / f"weights{_suffix(destination)}"
        _ask(model, destination, made, arrays, timeout, reading=False)
        with made.open("rb") as weights, whole(destination) as stream:
            copyfileobj(weights, stream)


def _ask(
    model: Model, named: Path, file: Path, arrays: str, timeout: float, *, reading: bool
) -> None:
    """Let a worker read ``file`` into ``arrays``, or write it from them; messages call it ``named``."""
    from seqdsl.verify.spec_weights import layer_weights

    target = framework_of(file)
    order = {
        "layers": [asdict(item) for item in layer_weights(model.spec)],
        "file": str(file.absolute()),
        "arrays": arrays,
        "reading": reading,
    }
    with (
        closing(ForkServer(framework_program(target), timeout)) as server,
        closing(server.worker()) as worker,
    ):
        result = ask(worker, job_for(model, target), timeout, transfer=order)[-1]
    if not result.passed:
        # What libraries advise from the second line on is not ours to advise.
        why = result.message.splitlines()[0]
        what = "does not hold the weights of" if reading else "cannot take the weights of"
        raise TransferError(f"{named}: {what} {model.name}: {why}")


def framework_of(file: Path) -> str:
    """The framework of a file.

    Raises:
        ValueError: its suffix tells of none.
    """
    return FORMATS[_suffix(file)]


def _suffix(file: Path) -> str:
    for suffix in FORMATS:
        if file.name.endswith(suffix):
            return suffix
    raise ValueError(f"{file}: the suffix must be one of {', '.join(FORMATS)}")
