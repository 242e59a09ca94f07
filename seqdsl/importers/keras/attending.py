"""an attention written by hand → ``attention``: scores, their softmax, dropout of it, the sum of values by it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from seqdsl.importers.keras import energies, stepwise, tied
from seqdsl.importers.keras.attended import Products, Scores, Weights
from seqdsl.importers.keras.contraction import sides
from seqdsl.importers.keras.ledger import SAMPLES
from seqdsl.importers.keras.refusals import Multiplied, Refused
from seqdsl.importers.keras.site import Site
from seqdsl.importers.keras.values import Truth, Value, values_in
from seqdsl.importers.keras.written import activation, written
from seqdsl.layout.wiring import Block, Steps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from seqdsl.importers.keras.attended import MakeRow
    from seqdsl.layout.wiring import Operand

    Ids = NDArray[np.int64]

_CLOSE = 1e-6
"""How near a factor has to be to one over the root of a width."""


def activated(site: Site) -> Value:
    """``Activation``: a softmax over steps has the weights of an attention."""
    is_softmax = activation(site.config["activation"]) == "softmax"
    made = _softmax(site, -1) if is_softmax else None
    return stepwise.activated(site) if made is None else made


def softmax(site: Site) -> Value:
    """``Softmax``, ``ops.softmax``."""
    given = {name: item for name, item in site.kwargs.items() if not isinstance(item, Value)}
    made = _softmax(site, {**given, **site.config}.get("axis", -1))
    return stepwise.function(site) if made is None else made


def log_softmax(site: Site) -> Value:
    """``ops.log_softmax``: over steps a vector of all, as no attention sums values by logarithms."""
    (value,), axis = (
        values_in((site.args, site.kwargs)),
        {**site.kwargs, **site.config}.get("axis", -1),
    )
    ids, is_axis = value.ids, isinstance(axis, int)
    if value.whole or not is_axis or ids.ndim < 3 or axis % ids.ndim == ids.ndim - 1:
        return stepwise.function(site)
    spread = np.moveaxis(ids, axis % ids.ndim, -1)
    groups = spread.reshape(SAMPLES, -1, spread.shape[-1])
    if groups.shape[1] > 1 or site.walk.lengths or site.walk.each:
        raise Refused(
            "it is a log_softmax over steps of several features, or of a free number of them",
            "give what it reads as the result: the loss can take the logarithm, as from_logits=True does",
        )
    made = stepwise.row(site, "activation(log_softmax)", groups[:, 0]).reshape(spread.shape)
    return Value(np.moveaxis(made, -1, axis % ids.ndim))


def dropout(site: Site) -> Value:
    """``Dropout``: of the weights of an attention it is one of its arguments."""
    (value,) = values_in(site.args)
    found = site.walk.attended.of(value.ids)
    if found is None or not isinstance(found[0], Weights) or site.config.get("noise_shape"):
        return stepwise.dropout(site)
    lost = replace(found[0], dropout=float(site.config["rate"]), row=None)
    return Value(site.walk.attended.again(value.ids, lost))


def _softmax(site: Site, axis: Any) -> Value | None:
    """The weights of an attention, or a row over all steps; ``None``: it is over features."""
    (value,) = values_in((site.args, site.kwargs))
    ids, walk = value.ids, site.walk
    if value.whole or not isinstance(axis, int) or ids.ndim < 2:
        return None
    # What is applied at each step does not know of the steps.
    axis = axis + 1 if walk.each and axis > 0 else axis % ids.ndim
    spread = np.moveaxis(ids, axis, -1)
    groups = spread.reshape(SAMPLES, -1, spread.shape[-1])
    made = energies.compared(walk, groups[0])
    if made is None:
        over = None if axis == ids.ndim - 1 else _over_steps(site, groups).reshape(spread.shape)
        return None if over is None else Value(np.moveaxis(over, -1, axis))
    walk.ledger.check_samples(groups)
    is_row = groups.shape[1] == 1 and walk.attended.of(groups) is None
    row = _row_of(site, groups) if is_row else None
    made = replace(made, factor=value.factor, mask=_counting(site, value, groups), row=row)
    return Value(np.moveaxis(walk.attended.add(made, spread.shape), -1, axis))


def _over_steps(site: Site, groups: Ids) -> Ids:
    """A softmax of one number of each step that compares nothing, as a vector of all.

    Raises:
        Refused: there are several of each step, or their length is free.
    """
    if groups.shape[1] > 1 or site.walk.lengths:
        raise Refused(
            "it is a softmax over steps, and what it reads does not compare queries with keys",
            "compute the scores with Dense(1) without an activation; a Dense may come before it",
        )
    return _row_of(site, groups)()


def _row_of(site: Site, groups: Ids) -> MakeRow:
    """The softmax of one group of numbers as a row: a vector that reads all of them side by side."""
    return lambda: stepwise.row(site, "activation(softmax)", groups[:, 0])


def _counting(site: Site, value: Value, groups: Ids) -> Truth | None:
    """The keys that count: the others have a large negative number, or are masked."""
    given = site.option("mask")
    mask, number = value.filled or (given, -np.inf)
    if mask is None:
        return None
    numbers = np.asarray(mask.numbers)
    if number > -1e4 or numbers.size != len(numbers) * groups.shape[-1]:
        raise Refused("its mask is not one of the steps that it attends to")
    return Truth(numbers.reshape(len(numbers), -1).astype(bool), mask.origins)


def product(site: Site) -> Value:
    """``Dot``, ``ops.matmul``, ``ops.einsum`` of two tensors: scores, or a sum of values by weights."""
    values = values_in((site.args, site.kwargs))
    if len(values) != 2:
        raise Refused("it multiplies by numbers", "use a Dense layer")
    if any(item.whole or item.filled for item in values):
        raise Refused("it multiplies ids of tokens, or values that are filled in")
    one, other = values
    # A weight has no samples.
    is_weight = ".ops" in site.record.module and one.ids.ndim > 1 and 0 < other.ids.ndim < 3
    if is_weight and site.record.kind != "Einsum" and len(other.ids) == one.ids.shape[-1]:
        return _by_weight(site, one, other)
    return _of_values(site, one, other)


def _of_values(site: Site, one: Value, other: Value) -> Value:
    factor = one.factor * other.factor
    left, right, finish = sides(site.record, [one.ids, other.ids])
    made = _product(site, left, right)
    is_scores = isinstance((site.walk.attended.of(made) or (None,))[0], Scores)
    if factor != 1 and not is_scores:
        raise Multiplied("it sums up values that are multiplied by a number")
    return Value(finish(made), factor=factor)


def _by_weight(site: Site, value: Value, weight: Value) -> Value:
    """A product with a weight, (features, units) or (features,)."""
    is_vector = weight.ids.ndim == 1
    made = tied.matrix(site, Value(weight.ids[:, None]) if is_vector else weight)
    record = replace(site.record, path=made.path) if made.path else tied.calling(site.record)
    given = Site(site.walk, record, [value], {})
    result = stepwise.at_each_step(given, made.call, made.units)
    return Value(result.ids[..., 0]) if is_vector else result


def _product(site: Site, left: Ids, right: Ids) -> Ids:
    """Of (samples, a, k) and (samples, b, k), the products summed over k: (samples, a, b)."""
    walk = site.walk
    for one, other, is_left in ((left, right, True), (right, left, False)):
        found = walk.attended.of(one)
        if found is not None and isinstance(found[0], Weights):
            made = _attentions(site, one, np.swapaxes(other, -1, -2)[:, None])
            return made if is_left else np.swapaxes(made, -1, -2)
    count = len(left) // SAMPLES
    # One chain after the other in each sample.
    asked, keys = (item.reshape(SAMPLES, -1, item.shape[-1]) for item in (left, right))
    queries, others = walk.ledger.steps(asked).of, walk.ledger.steps(keys).of
    each, most = left.shape[1], right.shape[1]
    chains = [others[at * most : (at + 1) * most] for at in range(count) for _ in range(each)]
    scores = Scores(queries, tuple(chains), left.shape[-1])
    return walk.attended.add(scores, (len(left), each, most))


def weighted(site: Site, arrays: Sequence[Ids], row: MakeRow) -> Value | None:
    """Values times weights, arrays of one rank; ``None``: none are the weights of an attention."""
    walk = site.walk
    parts = [walk.attended.of(item) for item in arrays]
    mine = [at for at, item in enumerate(parts) if item and isinstance(item[0], Weights)]
    if len(arrays) != 2 or len(mine) != 1 or parts[1 - mine[0]] is not None:
        return None
    weights, values = np.broadcast_arrays(arrays[mine[0]], arrays[1 - mine[0]])
    return Value(walk.attended.add(Products(weights.ravel(), values.ravel(), row), values.shape))


def summed(site: Site, ids: Ids, axis: int) -> Ids | None:
    """The sum over an axis; ``None``: it is not one of values times their weights."""
    made, places = site.walk.attended.of(ids) or (None, ids)
    if not isinstance(made, Products) or ids.ndim < 3:
        return None
    # (samples, ..., features, keys): features are the last axis but for the one that is summed over.
    weights, values = (np.moveaxis(item[places], axis, -1) for item in (made.weights, made.values))
    if (weights != weights[..., :1, :]).any():
        return None
    lead, features = weights.shape[:-2], weights.shape[-2]
    keys = weights[..., 0, :].reshape(SAMPLES, -1, weights.shape[-1])
    memory = np.swapaxes(values, -1, -2).reshape(*keys.shape, features)
    return _attentions(site, keys, memory).reshape(*lead, features)


def _attentions(site: Site, weights: Ids, values: Ids) -> Ids:
    """Rows of attention: weights (chains, queries, keys), values (chains, queries or 1, keys, features)."""
    shape = (*weights.shape[:2], values.shape[-1])
    weights = weights.reshape(SAMPLES, -1, weights.shape[-1])
    values = np.broadcast_to(values, (len(values), shape[1], *values.shape[2:]))
    values = values.reshape(*weights.shape, -1)
    site.walk.ledger.check_samples(weights)
    if (values == values[:, :1]).all():
        return _attention(site, weights[0], values[:, 0]).reshape(shape)
    # Chains of their own: each has a memory of its own.
    each = [
        _attention(site, weights[0, at : at + 1], values[:, at]) for at in range(weights.shape[1])
    ]
    return np.concatenate(each, axis=1).reshape(shape)


def _attention(site: Site, weights: Ids, values: Ids) -> Ids:
    """A row of the queries of weights, (queries, keys), that reads values, (samples, keys, features)."""
    ledger = site.walk.ledger
    made, places = site.walk.attended.of(weights) or (None, weights)
    if not isinstance(made, Weights):
        raise Refused("it sums with numbers other than the weights of an attention")
    scores, asked = made.scores, _asked(places)
    keys = {scores.keys[at] for at in asked}
    if len(keys) > 1:
        raise Refused("its queries are compared with different keys")
    (compared,) = keys
    queries = tuple(scores.queries[at] for at in asked)
    operands: list[Operand] = [Steps(queries), ledger.bus(values)]
    if compared != ledger.steps(values).of:
        operands.append(ledger.bus_of(compared, (scores.width,)))
    call = written(
        "attention",
        score="additive" if made.score == "additive" else None,
        scale=_scale(made),
        dropout=made.dropout or None,
    )
    return _noted(site, made, call, tuple(operands), values.shape[-1])


def _asked(places: Ids) -> list[int]:
    """The number of the query of each row of weights, (queries, keys).

    Raises:
        Refused: they are in another order than their keys.
    """
    query, place = np.divmod(places, places.shape[1])
    if (query != query[:, :1]).any() or (place != np.arange(places.shape[1])).any():
        raise Refused("the weights of an attention are moved before they are used")
    return [int(at) for at in query[:, 0]]


def _noted(
    site: Site, made: Weights, call: str, operands: tuple[Operand, ...], features: int
) -> Ids:
    walk, record = site.walk, site.record
    # The layer that has the vector of additive scores, or one of the model that takes the sum.
    is_layer = ".ops" not in record.module and record.kind != "Lambda"
    path = made.path or (record.path if is_layer else "")
    name = walk.names.of(path) if path else walk.names.new("attention")
    (asked, *_) = operands
    assert isinstance(asked, Steps)
    count = len(asked.of)
    ids = walk.ledger.add(
        Block(name, call, None if count == 1 else count, operands), (features,), path
    )
    walk.masks.use(path or record.path, len(walk.ledger.blocks) - 1, 1, made.mask)
    return ids.reshape(SAMPLES, count, features)


def _scale(made: Weights) -> bool | None:
    """Whether scores are divided by the root of the width.

    Raises:
        Refused: they are multiplied by something else.
    """
    factor, width = made.factor, made.scores.width
    if abs(factor - 1) < _CLOSE:
        return None
    if made.score == "dot" and abs(factor * width**0.5 - 1) < _CLOSE:
        return True
    raise Refused(
        f"its scores are multiplied by {factor:.6g}; the language has 1, and 1 / sqrt(features)"
    )
