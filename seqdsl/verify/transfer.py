"""a file of trained weights → a file for another framework: through the named arrays that all frameworks share."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from seqdsl.verify.jobs import job_for
from seqdsl.verify.process import spawn
from seqdsl.verify.remote import Worker

if TYPE_CHECKING:
    from seqdsl.pipeline import Model

FORMATS = {
    ".keras": "keras",
    ".weights.h5": "keras",
    ".pt": "torch",
    ".pth": "torch",
    ".safetensors": "torch",
}
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
        ValueError: a suffix tells of no framework.
    """
    with TemporaryDirectory(prefix="seqdsl-") as folder:
        arrays = str(Path(folder) / ARRAYS)
        _ask(model, source, arrays, timeout, reading=True)
        _ask(model, destination, arrays, timeout, reading=False)


def _ask(model: Model, file: Path, arrays: str, timeout: float, *, reading: bool) -> None:
    from seqdsl.verify.weights import layer_weights

    target = framework_of(file)
    order = {
        "layers": [asdict(item) for item in layer_weights(model.spec)],
        "file": str(file.absolute()),
        "arrays": arrays,
        "reading": reading,
    }
    with closing(Worker(target, spawn(target))) as worker:
        worker.start(timeout)
        result = worker.ask(job_for(model, target), timeout, transfer=order)[-1]
    if not result.passed:
        # What libraries advise from the second line on is not ours to advise.
        why = result.message.splitlines()[0]
        what = "does not hold the weights of" if reading else "cannot take the weights of"
        raise TransferError(f"{file}: {what} {model.name}: {why}")


def framework_of(file: Path) -> str:
    """The framework of a file.

    Raises:
        ValueError: its suffix tells of none.
    """
    for suffix, target in FORMATS.items():
        if file.name.endswith(suffix):
            return target
    raise ValueError(f"{file}: its suffix is none of {', '.join(FORMATS)}")
