"""results that are wrong → a sentence that names the usual mistake with which they are right.

Each suspect (see `seqdsl.verify.common_mistakes`) is computed by the interpreter; if a model agrees with it in all
cases, that is what the model does.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from seqdsl.passes.logits import LogitsError, with_logits
from seqdsl.runtime.named_weights import draw
from seqdsl.verify.common_mistakes import Suspect, suspects
from seqdsl.verify.inputs import arrays_for
from seqdsl.verify.interpreted_picture import InterpretedPicture
from seqdsl.verify.tolerance import alike

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seqdsl.lowering.compiled import CompiledModel as Model
    from seqdsl.runtime.named_weights import Array, LayerWeights
    from seqdsl.verify.checks.context import Context

    Ways = Sequence[tuple[Sequence[LayerWeights], list[Array]]]

MOST, MOST_WAYS = 500, 24
"""Suspects, and ways to match layers, that are tried."""

MOST_NUMBERS = 2**28
"""Numbers that all variants together may take."""


def name_suspect(context: Context, number: int) -> str:
    """A line that names what is wrong with the values of case ``number``; nothing if no suspect fits."""
    from seqdsl.pipeline import analyze

    job, expected = context.job, context.expected()
    if not job.picture:
        return ""
    # The last one is the model itself, those before it are what it calls.
    *_, model = analyze(job.picture).models
    weights = draw(expected.layers, expected.scale)
    most = MOST_NUMBERS // max(1, job.cases[number].values)
    try:
        ways = _ways(context, number, weights)
        for taken, suspect in islice(_tried(model, logits=job.logits), min(MOST, most)):
            if _fits(context, taken, suspect, number, ways, weights):
                return f"\nthe values match if {suspect.sentence}"
    # The checks that follow need the weights in the places that were settled before.
    finally:
        context.framework.write(context.model, context.layers, weights)
    return ""


def _tried(drawn: Model, *, logits: bool) -> Iterator[tuple[Model, Suspect]]:
    """All suspects, each with the model that it is a mistake of: as drawn, or without its last activations."""
    # First what explains all outputs at once: of a single one, its layer's activation would do as well.
    if logits:
        yield drawn, Suspect("its last activations are not omitted", drawn.drawing)
        drawn = with_logits(drawn)
    else:
        with suppress(LogitsError):
            sentence = "its last activations are omitted: it gives logits, as `--logits` verifies"
            yield with_logits(drawn), Suspect(sentence, drawn.drawing)
    yield from ((drawn, suspect) for suspect in suspects(drawn))


def _ways(context: Context, number: int, weights: Mapping[str, Array]) -> Ways:
    """The model's results for each way to match its layers: it is open which is right where none gives the values."""
    arrays = context.arrays(context.job.cases[number])
    results = []
    for layers in context.ways[:MOST_WAYS] or (context.layers,):
        context.framework.write(context.model, layers, weights)
        results.append((layers, context.call(arrays)))
    return results


def _fits(
    context: Context,
    model: Model,
    suspect: Suspect,
    number: int,
    ways: Ways,
    weights: Mapping[str, Array],
) -> bool:
    """Whether the model agrees with a suspect in all cases."""
    expected = _expected(context, model, suspect, number, weights)
    for layers, outputs in ways:
        if expected is None or not _agree(outputs, expected):
            continue
        context.framework.write(context.model, layers, weights)
        if all(
            (rest := _expected(context, model, suspect, other, weights)) is not None
            and _agree(context.call(context.arrays(case)), rest)
            for other, case in enumerate(context.job.cases)
        ):
            return True
    return False


def _agree(actual: Sequence[Array], expected: Sequence[Array]) -> bool:
    return all(
        one.shape == other.shape and bool(alike(one, other).all())
        for one, other in zip(actual, expected, strict=True)
    )


def _expected(
    context: Context, model: Model, suspect: Suspect, number: int, weights: Mapping[str, Array]
) -> list[Array] | None:
    """What a suspect's variant gives; ``None`` if it cannot be computed, as its shapes do not fit the rest."""
    picture = InterpretedPicture(replace(model, drawing=suspect.drawing))
    case = context.job.cases[number]
    inputs = arrays_for(context.job.inputs, case)
    try:
        with np.errstate(all="ignore"):
            return picture.walk(
                case, inputs, _ordered(weights, *suspect.order), variant=suspect.variant
            ).outputs()
    except (ValueError, IndexError, KeyError):
        return None


def _ordered(
    weights: Mapping[str, Array], layers: Sequence[str], order: Sequence[int]
) -> dict[str, Array]:
    """The weights with the gates of some layers taken from other places."""
    return {
        name: _taken(array, order) if name.partition("/")[0] in layers else array
        for name, array in weights.items()
    }


def _taken(array: Array, order: Sequence[int]) -> Array:
    parts = np.split(array, len(order), -1)
    return np.concatenate([parts[place] for place in order], -1)
