"""weights of a model that exists + generated model of another framework → file of its weights, and what is equal.

The weights come in a file of arrays by name, each of which is read when it is needed: they are in memory once, as the
weights of the model that takes them.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from seqdsl.porting.comparing import compare_results, results_of
from seqdsl.porting.outcome import Taken
from seqdsl.runtime.adapter import DOUBLE, SINGLE
from seqdsl.runtime.named_weights import in_pieces
from seqdsl.targets import find
from seqdsl.verify import runner
from seqdsl.verify.build import release
from seqdsl.verify.jobs import refusal
from seqdsl.verify.layouts import lay_out
from seqdsl.verify.runner import builder_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from seqdsl.porting.comparing import Results
    from seqdsl.runtime.adapter import Array, Framework
    from seqdsl.runtime.named_weights import LayerWeights
    from seqdsl.verify.jobs import Job


def settle(
    job: Job, layers: Sequence[LayerWeights], framework: Framework, order: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """The answers of a port, as JSON has them.

    Args:
        job: the generated model, in the framework to which the model is ported.
        layers: the layers of the picture.
        framework: the adapter of that framework.
        order: ``folder``, which has ``weights.npz`` and ``results.npz``; ``taken``, which samples the original takes;
            and ``file``, the file of weights to write, empty: none.
    """
    with framework.threads_for(job.parameters):
        yield from _settled(job, layers, framework, order)


def _settled(
    job: Job, layers: Sequence[LayerWeights], framework: Framework, order: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    folder = Path(order["folder"])
    with ExitStack() as stack:
        build = builder_of(job, framework, stack)
        weights = stack.enter_context(np.load(folder / "weights.npz"))
        if order["file"]:
            file = Path(order["file"])
            inexact = _write(build, layers, framework, weights, file, again=find(job.target).trains)
            yield {"inexact": inexact}
        stored = stack.enter_context(np.load(folder / "results.npz"))
        # A model that is too large for random weights was called with the first few samples alone.
        called = len({name.partition("/")[0] for name in stored.files})
        job = replace(job, cases=job.cases[:called])

        def original(number: int, arrays: Sequence[Array]) -> Sequence[Array]:
            return [stored[f"{number}/{place}"] for place in range(len(job.outputs))]

        # Its model is gone before the next is built for random weights.
        given = _results_with(build, job, layers, framework, weights)
        compared = compare_results(original, given, job, Taken[order["taken"]])
        del given
        yield {"own": compared.to_json()}
        framework.reset(DOUBLE, generated=True)
        release(job.parameters)
    if not compared.fault and not refusal(job):
        for result in runner.run(job, framework, lambda name: None):
            yield {"result": asdict(result)}


def _results_with(
    build: Callable[[], Any],
    job: Job,
    layers: Sequence[LayerWeights],
    framework: Framework,
    weights: Mapping[str, Array],
) -> Results:
    """What the generated model gives with the weights of the original."""
    framework.reset(DOUBLE, generated=True)
    release(job.parameters)
    with framework.undrawn():
        mine = framework.cast(build(), DOUBLE)
    lay_out(mine, job, framework)
    for piece in in_pieces(layers):
        framework.write(mine, piece, weights)
    return results_of(mine, framework, job)


def _write(
    build: Callable[[], Any],
    layers: Sequence[LayerWeights],
    framework: Framework,
    weights: Mapping[str, Array],
    file: Path,
    *,
    again: bool,
) -> list[str]:
    """Write a file of weights; the arrays that are not in it to the last bit, if it can be read ``again``."""
    double = any(weights[name].dtype == np.float64 for name in weights)
    precision = DOUBLE if double else SINGLE
    framework.reset(precision, generated=True)

    def undrawn() -> Any:
        with framework.undrawn():
            return framework.cast(build(), precision)

    model = undrawn()
    for piece in in_pieces(layers):
        framework.write(model, piece, weights)
    framework.save_file(model, file)
    count = framework.count_parameters(model)
    # Two models at once would hold the weights twice.
    del model
    release(count)
    if not again:
        return []
    stored = framework.load_file(undrawn, file)
    return [
        name
        for layer in layers
        for name, array in framework.read(stored, [layer], copied=False).items()
        if not np.array_equal(array, weights[name])
    ]
