"""live model + job → failure or none: an output step moves with an input step if and only if a path joins them.

Every input step is changed, all in one batch, and what moves is compared with reachability in the picture. Before that,
every sample is changed by itself: no other sample of its batch may move.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from seqdsl.verify.expected import MAIN_CASE, Reach
from seqdsl.verify.perturb import (
    columns,
    moved,
    one_sample_changed,
    perturbed,
    result_counts,
    samples_moved,
    step_counts,
    with_features,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from seqdsl.verify.checks.context import Context
    from seqdsl.verify.jobs import Case, Job, Port

_STATISTICS = "is something computed over the axis of samples, such as the statistics of a batch?"
_WHY_MIXED = {
    "torch": "is a `batch_first=True` missing, or something computed over the axis of samples?"
}

LARGEST_MATRIX = 16
"""Steps up to which the whole matrix is shown."""


def _visible(reach: Sequence[str], outputs: Sequence[Any]) -> list[str]:
    """What these outputs can show of a dependence: a fine one in double precision only."""
    double = all(output.dtype == np.float64 for output in outputs)
    fine = Reach.JOINED if double else Reach.FAINT
    return [row.replace(Reach.FINE.value, fine.value) for row in reach]


def check(context: Context) -> str | None:
    """What is wrong with what depends on what, if anything."""
    job = context.job
    assert job.expected is not None
    case = job.cases[MAIN_CASE]
    ins, outs = _inputs(job, case), _outputs(job, case)
    if not ins:
        return None
    # What samples do to each other would look like steps that do.
    if mixed := _mixed_samples(context):
        return mixed
    outputs = context.call(perturbed(job.inputs, case))
    actual = moved(with_features(job.outputs, outputs), len(ins))
    reach = _visible(job.expected.reach, outputs)
    if len(actual) != len(reach):
        return f"the results have {len(actual)} steps, expected {len(reach)}"
    wrong = _wrong_pairs(reach, actual)
    if not wrong:
        context.note = _unseen("".join(reach))
        return None
    lines = [_describe(outs[row], ins[column], bool(actual[row][column])) for row, column in wrong]
    rest = [f"and {len(wrong) - 3} more"] if len(wrong) > 3 else []
    return "\n".join([*lines[:3], *rest, *_matrix(ins, outs, reach, actual, case)])


def _wrong_pairs(reach: Sequence[str], actual: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The output steps that move though nothing joins them to an input step, or stay though something does.

    Where a path is too faint, either is right:

        reach   1 ? 0         actual   x x x      wrong: row 0, column 2
    """
    return [
        (row, column)
        for row, expected in enumerate(reach)
        for column, joined in enumerate(expected)
        if joined == (Reach.UNJOINED if actual[row][column] else Reach.JOINED)
    ]


def _mixed_samples(context: Context) -> str | None:
    """Whether a sample depends on others of its batch, without and (where there is a mask) with padding.

    The same batch is run again for each sample, with all of that one sample changed:

        call    sample 1  sample 2  sample 3
        base    a         b         c
        1       A'        b         c           samples 2 and 3 must give what they gave
        2       a         B'        c           samples 1 and 3
    """
    job = context.job
    padded = (case for case in job.cases if case.padded)
    for case in (job.cases[MAIN_CASE], *islice(padded, 1)):
        base = context.arrays(case)
        before = context.outputs(case)
        for sample in range(case.batch):
            after = context.call(one_sample_changed(job.inputs, base, sample))
            others = [other for other in samples_moved(before, after) if other != sample]
            if others:
                return (
                    f"the samples of a batch depend on each other: sample {others[0] + 1} changes when only "
                    f"sample {sample + 1} is changed ({case}); {_WHY_MIXED.get(job.target, _STATISTICS)}"
                )
    return None


def _unseen(signs: str) -> str:
    """What could not be decided, if anything."""
    hidden, joined = signs.count(Reach.FAINT.value), len(signs) - signs.count(Reach.UNJOINED.value)
    if not hidden:
        return ""
    return (
        f"{hidden} of the {joined} pairs of steps that the picture connects have too small an effect to be "
        "measured: they were not tried"
    )


def _inputs(job: Job, case: Case) -> list[str]:
    """A name for each input step that is changed."""
    names = _labels(job.inputs, step_counts(job.inputs, case))
    return [names[column] for column in columns(len(names))]


def _outputs(job: Job, case: Case) -> list[str]:
    """A name for each output step."""
    return _labels(job.outputs, result_counts(job.outputs, case))


def _labels(ports: Sequence[Port], counts: Sequence[int]) -> list[str]:
    """A name for each step of each input or output."""
    return [
        f"step {step + 1} of `{port.name}`"
        if len(port.shape) - port.grid > 1 or count > 1
        else f"`{port.name}`"
        for port, count in zip(ports, counts, strict=True)
        for step in range(count)
    ]


def _describe(output: str, source: str, moves: bool) -> str:
    if moves:
        return f"{output} also depends on {source}, but the picture does not connect them"
    return f"{output} does not depend on {source}, but the picture connects them"


def _matrix(
    ins: Sequence[str],
    outs: Sequence[str],
    reach: Sequence[str],
    actual: NDArray[np.bool_],
    case: Case,
) -> list[str]:
    """A row for each output step, a column for each input step."""
    if max(len(ins), len(outs)) > LARGEST_MATRIX:
        return []
    signs = {
        (Reach.JOINED.value, True): "x",
        (Reach.UNJOINED.value, False): ".",
        (Reach.UNJOINED.value, True): "+",
        (Reach.JOINED.value, False): "-",
    }
    # step 1 of `y`  x . .
    # step 2 of `y`  x x +     the third input step moves it, though no path joins them
    width = max(map(len, outs))
    rows = [
        f"  {label:>{width}}  "
        + " ".join(
            signs.get((joined, bool(moves)), "?") for joined, moves in zip(row, cells, strict=True)
        )
        for label, row, cells in zip(outs, reach, actual, strict=True)
    ]
    key = (
        "x depends as drawn, . independent as drawn, "
        "+ depends but is not connected, - is connected but does not depend"
    )
    return [f"columns: {ins[0]} to {ins[-1]} ({case}); {key}", *rows]
