"""ports + case → a batch in which every input step is changed once, and what that moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqdsl.verify.inputs import valid_ids, values_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from seqdsl.runtime.named_weights import Array
    from seqdsl.verify.jobs import Case, Port

DRAWS = 3
"""How many random inputs every change is tried on."""

FAINT, FAINT_SINGLE = 1e-11, 1e-5
"""How far a value has to move to have been moved by a change and not by rounding, in double and in single precision:
beside its own size or, if that is more, beside the largest of its result, up to 1."""

MOST_STEPS = 96
"""Input steps to change; of more, the first, the last and some between."""


def step_counts(ports: Sequence[Port], case: Case) -> list[int]:
    """How many steps each input has that may change; a vector has one, and lengths are what they are."""
    pairs = zip(ports, case.inputs, strict=True)
    return [
        0 if port.counts is not None else shape[1] if port.has_steps else 1 for port, shape in pairs
    ]


def result_counts(ports: Sequence[Port], case: Case) -> list[int]:
    """How many steps each result has; a vector has one."""
    pairs = zip(ports, case.outputs, strict=True)
    return [shape[1] if port.has_steps else 1 for port, shape in pairs]


def columns(total: int) -> list[int]:
    """The input steps that are changed, of so many."""
    if total <= MOST_STEPS:
        return list(range(total))
    end = MOST_STEPS // 3
    between = np.random.default_rng(0).choice(total - 2 * end, end, replace=False) + end
    return [*range(end), *sorted(map(int, between)), *range(total - end, total)]


def perturbed(ports: Sequence[Port], case: Case) -> list[Array]:
    """For each draw a sample, and behind it a copy for each of `columns`, in which that step is changed."""
    # The batch for three input steps, of which ' is a change:
    #
    #     draw 0   x0 x1 x2,  x0' x1 x2,  x0 x1' x2,  x0 x1 x2'
    #     draw 1   y0 y1 y2,  y0' y1 y2,  ...
    random = np.random.default_rng(1)
    counts = step_counts(ports, case)
    chosen = columns(sum(counts))
    arrays = []
    before = 0
    for port, shape, count in zip(ports, case.inputs, counts, strict=True):
        if port.counts is not None:
            # Whole sequences: what is behind the length of a sample moves nothing.
            arrays.append(np.full(DRAWS * (1 + len(chosen)), case.inputs[port.counts][1], np.int32))
            continue
        base = values_for(random, port, (DRAWS, 1, *shape[1:]))
        whole = np.repeat(base, 1 + len(chosen), axis=1)
        other = _other(random, port, base[:, 0])
        for place, column in enumerate(chosen, start=1):
            if not before <= column < before + count:
                continue
            if port.has_steps:
                whole[:, place, column - before] = other[:, column - before]
            else:
                whole[:, place] = other
        before += count
        arrays.append(whole.reshape(-1, *shape[1:]))
    return arrays


def one_sample_changed(ports: Sequence[Port], base: Sequence[Array], sample: int) -> list[Array]:
    """A copy of the arguments ``base`` in which everything about one sample is different."""
    random = np.random.default_rng(2)
    arrays = []
    for port, array in zip(ports, base, strict=True):
        changed = array.copy()
        if port.counts is not None:
            # 3 of 4 steps become 1, 4 become 0
            changed[sample] = base[port.counts].shape[1] - array[sample]
            arrays.append(changed)
            continue
        changed[sample] = _other(random, port, array[sample])
        arrays.append(changed)
    return arrays


def samples_moved(before: Sequence[Array], after: Sequence[Array]) -> list[int]:
    """The samples of a batch whose results are not the same in two calls."""
    moved = np.zeros(len(before[0]), bool)
    for one, other in zip(before, after, strict=True):
        size = np.abs(one)
        faint = FAINT if one.dtype == np.float64 else FAINT_SINGLE
        least = min(1.0, float(size.max(initial=0)))
        far = np.abs(other - one) > faint * np.maximum(least, size)
        # What is no number in one call alone has moved as well.
        far |= np.isnan(one) != np.isnan(other)
        moved |= far.reshape(len(far), -1).any(1)
    return [int(sample) for sample in np.flatnonzero(moved)]


def _other(random: np.random.Generator, port: Port, base: Array) -> Array:
    """Values that differ from ``base`` everywhere."""
    if port.vocabulary is None:
        return values_for(random, port, base.shape)
    ids = valid_ids(port)
    count = len(ids)
    # Ids go round by 1 to count - 1 places, so that none stays what it is; with a single id, none can change.
    shift = random.integers(1, max(2, count), size=base.shape)
    changed: Array = ids[(np.searchsorted(ids, base) + shift) % count].astype(base.dtype)
    return changed


def with_features(ports: Sequence[Port], outputs: Sequence[Array]) -> list[Array]:
    """The results with one axis of features each: ids, (batch, steps), have none, grids several."""
    # (batch, steps, height, width, features) -> (batch, steps, all numbers of a step)
    pairs = zip(ports, outputs, strict=False)
    return [array.reshape(*array.shape[: 1 + port.has_steps], -1) for port, array in pairs]


def moved(outputs: Sequence[Array], count: int, faint: float | None = None) -> NDArray[np.bool_]:
    """A row for each step of each output, a column for each of ``count`` changes: whether it moved.

    ``faint`` is what must be exceeded; default: it follows from the precision.
    """
    rows = [row for output in outputs for row in _rows(output, count, faint)]
    return np.array(rows, bool).reshape(len(rows), count)


def _rows(output: Array, count: int, faint: float | None) -> Iterator[NDArray[np.bool_]]:
    steps = output if output.ndim == 3 else output[:, None]
    draws = steps.reshape(DRAWS, 1 + count, *steps.shape[1:])
    # (draws, changes, steps, features): a step has moved if any feature has, in any draw.
    base, changed = draws[:, :1], draws[:, 1:]
    if faint is None:
        faint = FAINT if output.dtype == np.float64 else FAINT_SINGLE
    least = min(1.0, float(np.abs(base).max(initial=0)))
    differs = np.abs(changed - base) > faint * np.maximum(least, np.abs(base))
    yield from differs.any(axis=(0, 3)).T
