"""two live models with the same weights → how they differ: results case by case, and gradients.

Where something is padded, results may differ on the padded steps alone: Keras repeats the last output there, which
nobody should read. That is told apart from results that differ elsewhere.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import numpy as np

from seqdsl.porting.arguments import arguments
from seqdsl.porting.outcome import Comparison, Taken
from seqdsl.porting.streaming import is_close
from seqdsl.runtime.adapter import DOUBLE, SINGLE
from seqdsl.runtime.loss import goals
from seqdsl.verify.checks.agreement import DOUBLE as GRADIENT_DOUBLE
from seqdsl.verify.checks.agreement import SINGLE as GRADIENT_SINGLE
from seqdsl.verify.expected import MAIN_CASE
from seqdsl.verify.set_aside import put_aside
from seqdsl.verify.tolerance import alike

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from seqdsl.runtime.adapter import Array, Framework
    from seqdsl.runtime.named_weights import LayerWeights
    from seqdsl.verify.jobs import Case, Job, Port

    Results = Callable[[int, Sequence[Array]], Sequence[Array]]
    """The results of a case, by its number and its arguments."""

    Gradients = Callable[[int], dict[str, Array]]
    """The gradients in a case, by its number."""

Value = TypeVar("Value")


def results_of(model: Any, framework: Framework, job: Job) -> Results:
    """What a live model gives."""

    def results(number: int, arrays: Sequence[Array]) -> Sequence[Array]:
        with framework.sampled() if job.samples else nullcontext():
            return framework.call_once(model, arrays)

    return results


def compare_results(
    original: Results, mine: Results, job: Job, taken: Taken = Taken.ALL
) -> Comparison:
    """Compare what two models give in all cases of a job, up to the first in which they differ.

    Args:
        original: one model.
        mine: the other.
        job: the cases.
        taken: which samples the original takes.
    """
    compared = Comparison(0, DOUBLE, 0.0, taken=taken)
    for number, case in enumerate(job.cases):
        arrays = arguments(job, number, taken)
        ones, others = original(number, arrays), mine(number, arrays)
        compared = replace(compared, cases=number + 1)
        if wrong := _misshapen(ones, others, job.outputs, case):
            return replace(compared, fault=wrong)
        for port, one, other in zip(job.outputs, ones, others, strict=True):
            compared = _with_result(
                compared, port, one, other, _padded(job.inputs, arrays, one), case
            )
            if compared.fault:
                return compared
    return compared


def _misshapen(
    ones: Sequence[Array], others: Sequence[Array], ports: Sequence[Port], case: Case
) -> str:
    """How the shapes of results differ."""
    shapes = [[item.shape for item in results] for results in (ones, others)]
    if shapes[0] == shapes[1] and len(shapes[0]) == len(ports):
        return ""
    return f"the model gives {_shown(shapes[0])}, the picture {_shown(shapes[1])} ({case})"


def _shown(shapes: Sequence[tuple[int, ...]]) -> str:
    return ", ".join(map(str, shapes)) or "nothing"


def _with_result(
    compared: Comparison,
    port: Port,
    one: Array,
    other: Array,
    padded: NDArray[np.bool_] | None,
    case: Case,
) -> Comparison:
    """The comparison, with one result more."""
    if np.float32 in (one.dtype, other.dtype):
        one, other = one.astype(SINGLE), other.astype(SINGLE)
        compared = replace(compared, precision=SINGLE)
    wrong = ~alike(one, other)
    # one      1 2 3 3      the last step is padded: the language has zero there
    # other    1 2 3 0
    # wrong    . . . x
    if padded is not None and wrong.any() and not wrong[~padded].any():
        what = f"`{port.name}` differs on padded steps ({case})"
        one, other = one[~padded], other[~padded]
        compared = replace(compared, padding=compared.padding or what)
    elif wrong.any():
        place = tuple(int(index) for index in np.argwhere(wrong)[0])
        if not np.isfinite(one[place]):
            what = f"`{port.name}` at {place} is {one[place]} in the model ({case}), which cannot be compared"
            return replace(compared, fault=f"{what}: look for weights that are not finite")
        values = f"{one[place]:.6g} in the model, {other[place]:.6g} in the picture"
        what = f"`{port.name}` at {place} is {values} ({case}); {wrong.mean():.0%} of its values differ"
        return replace(compared, fault=what)
    distance = float(np.max(np.abs(one.astype(float) - other), initial=0))
    return replace(compared, largest=max(compared.largest, distance))


def _padded(
    ports: Sequence[Port], arrays: Sequence[Array], result: Array
) -> NDArray[np.bool_] | None:
    """Which steps of a result, (batch, steps), are padded in an input that has as many steps; nothing if none does."""
    for port, array in zip(ports, arrays, strict=True):
        marks = _marks(port, array, arrays)
        if marks is not None and marks.shape == result.shape[:2] and result.ndim > 1:
            return marks
    return None


def _marks(port: Port, array: Array, arrays: Sequence[Array]) -> NDArray[np.bool_] | None:
    if port.counts is not None:
        steps = arrays[port.counts].shape[1]
        behind: NDArray[np.bool_] = np.arange(steps) >= array[:, None]
        return behind
    if not (port.padding and port.has_steps):
        return None
    marked = array == port.marks
    # (batch, steps, features): all features of a padded step have the value.
    padded: NDArray[np.bool_] = marked.reshape(*array.shape[:2], -1).all(axis=2)
    return padded


def gradients_of(
    model: Any, layers: Sequence[LayerWeights], framework: Framework, job: Job, taken: Taken
) -> Gradients:
    """The gradients of a loss by a live model's weights; large ones wait in files, or many would be in memory."""

    def gradients(number: int) -> dict[str, Array]:
        arrays, aims = arguments(job, number, taken), goals(job.cases[number].outputs)
        with framework.sampled() if job.samples else nullcontext():
            return put_aside(framework.gradients(model, layers, arrays, aims)[1])

    return gradients


def ahead(compute: Callable[[int], Value], numbers: Iterable[int]) -> Callable[[int], Value]:
    """What is computed of each number, all of it now; what that raises is raised when its number is asked for."""
    found = {number: _tried(compute, number) for number in numbers}
    return lambda number: found[number]()


def _tried(compute: Callable[[int], Value], number: int) -> Callable[[], Value]:
    try:
        value = compute(number)
    # Whatever the model's code raises: it may never be asked for.
    except Exception as problem:
        return partial(_raise, problem)
    return lambda: value


def _raise(problem: Exception) -> NoReturn:
    raise problem


def compare_gradients(
    original: Gradients,
    mine: Gradients,
    untrained: Mapping[str, int],
    job: Job,
    compared: Comparison,
) -> Comparison:
    """The comparison, with the gradients of a loss by the weights in one case, and in those with padding.

    Args:
        original: the gradients of one model.
        mine: those of the other.
        untrained: the rows that the first does not train.
        job: the cases.
        compared: the comparison of what the two models give.
    """
    for number in derived(job, with_padding=not compared.padding):
        case = job.cases[number]
        one, other = original(number), mine(number)
        names = sorted(one.keys() & other.keys())
        compared = _without_untrained(compared, untrained, other, job)
        compared = replace(compared, gradients=len(names))
        double = all(item.dtype == np.float64 for item in (*one.values(), *other.values()))
        limits = GRADIENT_DOUBLE if double else GRADIENT_SINGLE
        wrong = [name for name in names if not is_close(one[name], other[name], *limits)]
        if wrong:
            return replace(compared, fault=f"the gradient of `{wrong[0]}` differs ({case})")
    return compared


def _without_untrained(
    compared: Comparison, untrained: Mapping[str, int], gradients: dict[str, Array], job: Job
) -> Comparison:
    """Leave the rows that the original does not train out of other gradients; the comparison names them."""
    # With a mask or lengths the id may never be read; without them some data have it, if not these few.
    is_read = not any(port.padding or port.counts is not None for port in job.inputs)
    for name, row in untrained.items():
        if is_read or gradients[name][row].any():
            gradients[name] = gradients[name].copy()
            gradients[name][row] = 0.0
            names = dict.fromkeys((*compared.untrained, name))
            compared = replace(compared, untrained=tuple(names))
    return compared


def derived(job: Job, *, with_padding: bool) -> Iterator[int]:
    """The numbers of the cases whose gradients are compared."""
    yield min(MAIN_CASE, len(job.cases) - 1)
    yield from (place for place, case in enumerate(job.cases) if case.padded and with_padding)
