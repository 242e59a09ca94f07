"""file of weights ⇄ named arrays: what a worker does for `seqdsl.verify.transfer`."""

from __future__ import annotations

from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from seqdsl.runtime.adapter import DOUBLE, SINGLE
from seqdsl.runtime.settings import certain, explaining
from seqdsl.verify.expected import layers_from
from seqdsl.verify.inputs import arrays_for
from seqdsl.verify.layouts import lay_out
from seqdsl.verify.runner import builder_of, timed
from seqdsl.verify.tolerance import alike

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from seqdsl.runtime.adapter import Array, Framework
    from seqdsl.runtime.named_weights import LayerWeights
    from seqdsl.verify.jobs import Job
    from seqdsl.verify.report import Result


class OtherModel(Exception):
    """A file holds a model whose weights fit the picture, but which computes something else."""


def transfer_file(job: Job, framework: Framework, order: Mapping[str, Any]) -> Iterator[Result]:
    """Read the weights in a file into named arrays, or write a file from them.

    Args:
        job: the generated model.
        framework: the adapter for the file's framework.
        order: what `seqdsl.verify.transfer` orders.
    """
    with ExitStack() as stack:

        def check() -> None:
            builder = builder_of(job, framework, stack)
            transfer = _FileTransfer(job, framework, builder, layers_from(order["layers"]))
            move = transfer.read if order["reading"] else transfer.write
            move(Path(order["file"]), Path(order["arrays"]))

        yield timed(job, "transfer", check)


@dataclass(frozen=True, slots=True)
class _FileTransfer:
    """The generated model of one framework."""

    job: Job
    framework: Framework
    builder: Callable[[], Any]
    layers: Sequence[LayerWeights]

    def read(self, file: Path, arrays: Path) -> None:
        """The weights in ``file``, in the precision that it has them in."""
        # A model of either precision takes what the file holds; the wider loses nothing of it.
        self.framework.reset(DOUBLE, generated=True)
        model = self.framework.load_file(self._blank, file)
        weights = self.framework.read(model, self.layers)
        if self.framework.holds_models(file):
            self._compare(model, weights)
        if self.framework.file_precision(file) == SINGLE:
            weights = {name: array.astype(SINGLE) for name, array in weights.items()}
        # numpy's types take a keyword for its only other option.
        np.savez(arrays, **weights)  # type: ignore[arg-type]

    def write(self, file: Path, arrays: Path) -> None:
        """A file with the weights of ``arrays``."""
        with np.load(arrays) as stored:
            weights = dict(stored)
        double = any(array.dtype == np.float64 for array in weights.values())
        self.framework.reset(DOUBLE if double else SINGLE, generated=True)
        model = self.framework.cast(self.builder(), DOUBLE if double else SINGLE)
        self.framework.write(model, self.layers, weights)
        self.framework.save_file(model, file)

    def _blank(self) -> Any:
        return self.framework.cast(self.builder(), DOUBLE)

    def _compare(self, model: Any, weights: Mapping[str, Array]) -> None:
        """Compare a whole model from a file with the generated one, with the same weights."""
        read = partial(self.framework.settings, model)
        # What single precision does not show, or training alone.
        other = [*certain(self.layers, read), *certain(self.layers, read, trained=True)]
        if other:
            raise OtherModel(f"its settings differ from the picture's: {'; '.join(other)}")
        mine = self._blank()
        for item in (model, mine):
            lay_out(item, self.job, self.framework)
        self.framework.write(mine, self.layers, weights)
        for case in self.job.cases:
            arrays = arrays_for(self.job.inputs, case)
            # Both models hold the same weights here, so that what differs is what they compute.
            with self.framework.sampled() if self.job.samples else nullcontext():
                actual, expected = (self.framework.call(item, arrays) for item in (model, mine))
            pairs = zip(actual, expected, strict=True)
            if not all(_alike(one, other) for one, other in pairs):
                why = explaining(self.layers, read).strip() or (
                    "its activations, its wiring or its padding may differ"
                )
                raise OtherModel(
                    f"with its own weights, it computes different values than the picture: {why}"
                )


def _alike(one: Array, other: Array) -> bool:
    single = np.float32 in (one.dtype, other.dtype)
    actual = one.astype(SINGLE) if single else one
    return one.shape == other.shape and bool(alike(actual, other).all())
