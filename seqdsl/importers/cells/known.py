"""values of a step → the layer of the language that computes them, for any order of its gates.

::

    c = sigmoid(f) * c + sigmoid(i) * tanh(g)       f, i, g, o: products of x and h, and a bias
    h = sigmoid(o) * tanh(c)                        an `lstm`; of convolutions a `convlstm`
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from seqdsl.importers.cells.values import Applied, Bias, Both, Leaf, Product
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seqdsl.importers.cells.values import Held, Values


@record(frozen=True)
class Known:
    """A layer of the language.

    Attributes:
        word: the layer.
        arguments: its arguments, the units first.
        held: its arrays by their names, each of parts side by side.
    """

    word: str
    arguments: Mapping[str, int | bool]
    held: tuple[tuple[str, tuple[Held, ...]], ...]


@record(frozen=True)
class _Sum:
    """``x @ w + h @ u + b``."""

    of_x: Held
    of_h: Held
    bias: Held | None = None


def known(values: Values, leaves: Sequence[int], output: int, new: Sequence[int]) -> Known | None:
    """The LSTM that computes values; ``None``: none does.

    Args:
        values: all values.
        leaves: the states that a step reads.
        output: the output.
        new: the new states.
    """
    if len(new) != 2 or output not in new or new[0] == new[1]:
        return None
    at = new.index(output)
    h, c = leaves[at], leaves[1 - at]
    for gates in _gates(values, output, new[1 - at], c):
        sums = [_sum(values, gate, h) for gate in gates]
        made = _layer([item for item in sums if item is not None])
        if made is not None:
            return made
    return None


def _gates(values: Values, output: int, memory: int, c: int) -> Iterator[tuple[int, ...]]:
    """What the gates i, f, g and o are made of, as far as the form is that of an LSTM."""
    # Either side of a sum or of a product may be written first.
    for gate, squashed in _sides(values, output, "*"):
        if _inner(values, squashed, "tanh") != memory:
            continue
        for kept, added in _sides(values, memory, "+"):
            for one, two in product(_sides(values, kept, "*"), _sides(values, added, "*")):
                found = (
                    _inner(values, two[0], "sigmoid"),
                    _inner(values, one[0], "sigmoid"),
                    _inner(values, two[1], "tanh"),
                    _inner(values, gate, "sigmoid"),
                )
                if one[1] == c and None not in found:
                    yield tuple(item for item in found if item is not None)


def _sides(values: Values, at: int, sign: str) -> list[tuple[int, int]]:
    node = values.nodes[at]
    if not isinstance(node, Both) or node.sign != sign:
        return []
    return [(node.left, node.right), (node.right, node.left)]


def _inner(values: Values, at: int, word: str) -> int | None:
    """What an activation is applied to."""
    node = values.nodes[at]
    return node.of if isinstance(node, Applied) and node.word == word else None


def _sum(values: Values, at: int, h: int) -> _Sum | None:
    # x @ w + h @ u + b: one product of each, one vector or none, in any order.
    terms = [values.nodes[term] for term in _terms(values, at)]
    biases = [node.vector for node in terms if isinstance(node, Bias)]
    products = {node.of: node.matrix for node in terms if isinstance(node, Product)}
    # Nothing else is added, and nothing twice: a sum of two biases is no array that the model has.
    wanted = {values.add(Leaf("x"), 0), h}
    if products.keys() != wanted or len(terms) != 2 + len(biases[:1]):
        return None
    (x,) = wanted - {h}
    return _Sum(products[x], products[h], *biases)


def _terms(values: Values, at: int) -> Iterator[int]:
    node = values.nodes[at]
    if isinstance(node, Both) and node.sign == "+":
        yield from _terms(values, node.left)
        yield from _terms(values, node.right)
    else:
        yield at


def _layer(sums: Sequence[_Sum]) -> Known | None:
    """The layer with four such gates."""
    shapes = {(item.of_x.shape, item.of_h.shape, item.bias is None) for item in sums}
    if len(sums) != 4 or len(shapes) > 1:
        return None
    ((shape, recurrent, is_bare),) = shapes
    *window, _, units = shape
    # The state has as many features as a gate, and kernels of the same size; a `convlstm` has a bias.
    if recurrent != (*window, units, units) or (window and is_bare):
        return None
    held = [("kernel", _each(sums, "of_x")), ("recurrent_kernel", _each(sums, "of_h"))]
    if is_bare:
        return Known("lstm", {"_0": units, "bias": False}, tuple(held))
    held.append(("bias", _each(sums, "bias")))
    sizes = {f"_{at}": size for at, size in enumerate([units, *window[:1]])}
    return Known("convlstm" if window else "lstm", sizes, tuple(held))


def _each(sums: Sequence[_Sum], part: str) -> tuple[Held, ...]:
    return tuple(getattr(item, part) for item in sums)
