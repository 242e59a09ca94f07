"""layers → formulas: how many parameters a layer has in each framework, and why.

A formula is what a layer's record says of its weights, written as people write it; the counts that models are verified
with are polynomials of the same record.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from seqdsl.analysis.parameter_counts import COUNTING
from seqdsl.explain.words import length, listed
from seqdsl.layers import Family, LayerDef, Role, Weight, directions, layer_def
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from seqdsl.analysis.parameter_counts import Counting
    from seqdsl.ir.graph import Layer
    from seqdsl.model.spec import ModelSpec

_NAME = re.compile(r"[a-z_]+")


@dataclass(frozen=True)
class Formula:
    """How a layer's parameters are counted.

    Attributes:
        text: an arithmetic expression of names, ``4 * (units * (features + units) + units)``.
        values: the number behind each name.
        why: what its parts are.
    """

    text: str
    values: dict[str, int]
    why: str

    @property
    def numbers(self) -> str:
        """The expression with its numbers: ``4 * (16 * (8 + 16) + 16)``."""
        return _NAME.sub(lambda match: str(self.values[match.group()]), self.text)


def formula(layer: Layer, spec: ModelSpec, target: str) -> Formula | None:
    """How the parameters of ``layer`` are counted for ``target``; ``None`` if it has none."""
    definition, counting = layer_def(layer.kind), COUNTING[target]
    held = definition.held(layer.arguments)
    if not held:
        return None
    names = _names(definition)
    by_name = definition.sizes(layer.width, layer.units, layer.arguments)
    if definition.is_equations:
        text, why = _equations(layer, definition, _spelled(definition, by_name, names))
    elif definition.family is Family.SCAN:
        text, why = _cell(layer, definition, counting)
    else:
        counted = [item for item in held if counting.copies(definition, item)]
        text = _sum_of(counted, _spelled(definition, by_name, names))
        why = _why(definition, counting, held)
    values = {
        shown: _number(spec, size)
        for name, size in _called(definition, by_name).items()
        if (shown := names.get(name, name)) in _NAME.findall(text)
    }
    return Formula(text, values, why)


def _called(definition: LayerDef, sizes: Mapping[str, Size]) -> Mapping[str, Size]:
    """The sizes by name, each name once."""
    # The output features are what the argument says, unless there is a projection of it.
    if definition.output not in sizes or definition.cell is None:
        return sizes
    return {name: size for name, size in sizes.items() if name != "out"}


def _names(definition: LayerDef) -> dict[str, str]:
    """How the sizes of a layer are called: its output features as the argument that sets them."""
    out = definition.output
    return {"in": "width" if out == "features" else "features", "out": out or "units"}


def _spelled(
    definition: LayerDef, sizes: Iterable[str], names: Mapping[str, str]
) -> dict[str, Size]:
    """How each size in a weight's shape is written; one that follows from others by these: ``heads * key``."""
    return definition.derived({name: Size.of(names.get(name, name)) for name in sizes})


def _sum_of(weights: Iterable[Weight], names: dict[str, Size]) -> str:
    """The sizes of weights added up, equal ones of neighbors taken together.

    ::

    (features, units), (units)                          features * units + units
    gamma (features), beta (features)                   2 * features
    key (m, f), (f); value (m, f), (f)                  2 * (m * f + f)
    """
    parts = [
        _repeated([_product(item.shape, names) for item in group])
        for _, group in groupby(weights, key=lambda item: item.part)
    ]
    return _repeated(parts)


def _repeated(texts: Iterable[str]) -> str:
    terms = []
    for text, alike in groupby(texts):
        times = len(list(alike))
        inner = f"({text})" if " + " in text else text
        terms.append(text if times == 1 else f"{times} * {inner}")
    return " + ".join(terms)


def _product(shape: Iterable[Size], names: dict[str, Size]) -> str:
    factors = [str(size.subs(names)) for size in shape]
    return " * ".join(f"({text})" if " + " in text else text for text in factors)


def _why(definition: LayerDef, counting: Counting, held: Sequence[Weight] = ()) -> str:
    words = definition.words
    roles = dict.fromkeys(item.role.value for item in definition.weights if item.role.is_trained)
    why = words.weights or listed(list(roles))
    if not isinstance(why, str):
        # query/kernel, query/bias, scale: the parts `query` and `scale`
        why = why[tuple(dict.fromkeys(item.part or item.name for item in held))]
    if not definition.has_statistics:
        return why
    if counting.statistics:
        return words.statistics or f"{why}, and statistics"
    return f"{why}; the moving statistics are buffers"


def _cell(layer: Layer, definition: LayerDef, counting: Counting) -> tuple[str, str]:
    """What the gates of a cell have in common, so many times."""
    (kernel,) = (item for item in definition.weights if item.role is Role.KERNEL)
    biases = _biases_of_a_gate(layer, definition, counting)
    gates, two_biases = len(definition.gates), biases > 1
    # All gates are alike, side by side in one matrix: features * 4 * units is 4 * (features * units).
    assert kernel.shape[-1] in (Size.of("out") * gates, Size.of("units") * gates)
    # What the gates read of the state is the projection, whose matrix is one for all of them.
    is_projected = any(item.role is Role.PROJECTION for item in definition.held(layer.arguments))
    state = "projection" if is_projected else "units"
    added = f" + {'2 * ' if two_biases else ''}units" if biases else ""
    inner = f"units * (features + {state}){added}"
    # lstm, Keras: 4 * (units * (features + units) + units)
    # gru:         3 * (units * (features + units) + 2 * units)
    text = inner if gates == 1 else f"{gates} * ({inner})"
    text += " + units * projection" if is_projected else ""
    why = _why(definition, counting)
    if len(directions(layer.arguments)) > 1:
        # H=H=H, an rnn: 2 * (units * (features + units) + units)
        text = f"2 * ({text})" if gates == 1 or is_projected else f"2 * {text}"
        why += ", in two directions"
    return text, why + _more(gates, two_biases=two_biases, is_projected=is_projected)


def _more(gates: int, *, two_biases: bool, is_projected: bool) -> str:
    """What a cell has besides the parts of its gates."""
    biases = ", each with two biases" if gates > 1 else " with two biases"
    return biases * two_biases + ", and the projection" * is_projected


def _biases_of_a_gate(layer: Layer, definition: LayerDef, counting: Counting) -> int:
    """How many biases a gate has."""
    #                                 Keras   PyTorch
    # lstm, bias (4 * units)            1        2      one for x and one for h, of which only the sum counts
    # gru, bias (2, 3 * units)          2        2      the reset gate comes between the two
    return sum(
        (item.shape[0].constant or 1 if len(item.shape) > 1 else 1)
        * counting.copies(definition, item)
        for item in definition.held(layer.arguments)
        if item.role is Role.BIAS
    )


def _equations(layer: Layer, definition: LayerDef, names: dict[str, Size]) -> tuple[str, str]:
    """What the equations of a cell hold, one after the other."""
    # f = sigmoid(dense(x, h)); n = tanh(dense(x, f * h)): 2 * (features * units + units * units + units)
    assert definition.cell is not None
    shapes = {item.name: item.shape for item in definition.held(layer.arguments)}
    parts = [
        _repeated([_product(shapes[name], names) for name in item.weights if name in shapes])
        for item in definition.cell.weighted()
    ]
    text, why = _repeated(parts), _words_of(definition)
    if len(directions(layer.arguments)) > 1:
        text, why = f"2 * ({text})", f"{why}, in two directions"
    return text, why


def _words_of(definition: LayerDef) -> str:
    words = definition.words.weights
    assert isinstance(words, str)
    return words


def _number(spec: ModelSpec, size: Size) -> int:
    number = length(spec, size)
    assert isinstance(number, int)
    return number
