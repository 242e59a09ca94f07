"""live model + expected results → the model with the weights that these are of, also if it is hand-written."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from seqdsl.runtime.named_weights import draw, in_pieces
from seqdsl.runtime.weight_binding import NoSuchWeights
from seqdsl.verify.checks.reference import check_case
from seqdsl.verify.layer_matching import MOST, assignments
from seqdsl.verify.set_aside import drawn_aside

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.runtime.named_weights import Array, LayerWeights
    from seqdsl.verify.checks.context import Context
    from seqdsl.verify.expected import Expected


def take_weights(context: Context) -> None:
    """Give the model the weights of the expected results; ``context.fault`` says why if it cannot take them."""
    expected = context.job.expected
    if expected is None:
        return
    context.layers = expected.layers
    try:
        if context.job.places:
            job = context.job
            context.layers = placed(expected.layers, dict(job.places), dict(job.columns))
        elif context.job.factory:
            _find_layers(context, expected, draw(expected.layers, expected.scale))
        for piece in in_pieces(context.layers):
            weights = drawn_aside(piece, expected.scale)
            context.framework.write(context.model, piece, weights)
    except NoSuchWeights as problem:
        context.fault = f"{problem}{context.unlike()}"


def placed(
    layers: Sequence[LayerWeights],
    places: Mapping[str, str],
    columns: Mapping[str, tuple[int, ...]],
) -> list[LayerWeights]:
    """The layers of a picture, each with its known place, and order of features, in the user's model.

    Raises:
        NoSuchWeights: the place of one is unknown.
    """
    missing = [layer.name for layer in layers if layer.name not in places]
    if missing:
        raise NoSuchWeights(f"the place of `{missing[0]}` in the model is unknown")
    return [
        replace(layer, place=places[layer.name], columns=columns.get(layer.name, ()))
        for layer in layers
    ]


def _find_layers(context: Context, expected: Expected, weights: Mapping[str, Array]) -> None:
    """Find out which layer of a hand-written model is which; where several could be, the values decide.

    Here both layers of the picture have the same shapes, so that each fits in either place of the model:

        picture            places in the model    ways to match them                right cases
        lstm_h, lstm_g     first, second          lstm_h = first, lstm_g = second   none
                                                  lstm_h = second, lstm_g = first   all: this is it
    """
    model, framework = context.model, context.framework
    ways = assignments(
        expected.layers, framework.places(model), lambda layer: framework.fits(model, layer)
    )
    context.ways = matched = list(islice(ways, MOST + 1))
    context.layers, most = matched[0], 0
    # In the shortest case nothing is elided, so that two ways may give the same there.
    for way in matched[:MOST]:
        framework.write(model, way, weights)
        context.forget()
        right = _count_right(context)
        if right > most:
            context.layers, most = way, right
        if right == len(context.job.cases):
            return
    context.forget()
    if len(matched) > MOST:
        context.doubt = (
            f"\nits layers match those of the picture in more than the {MOST} ways that were tried; give some "
            "of them the picture's names"
        )


def _count_right(context: Context) -> int:
    """How many cases are right, up to the first that is not."""
    for number in range(len(context.job.cases)):
        try:
            if check_case(context, number) is not None:
                return number
        # What is wrong with a call is for the checks to say.
        except Exception:
            return number
    return len(context.job.cases)
