"""weights of a layer → their places in PyTorch's ``state_dict``, without PyTorch: names, shapes, layouts, stated once.

The adapter for PyTorch binds arrays to tensors by it, the numpy target takes files of PyTorch's weights by it.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from seqdsl.cells.cell import Normalize, Scale
from seqdsl.layers import Family, Gate, Role
from seqdsl.records import record
from seqdsl.targets.emit.cells import module_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.layers import LayerDef


class Projections(Enum):
    """How an attention keeps what it projects with."""

    PACKED = "in one tensor, one below the other"
    SEPARATE = "in a tensor each"
    OWN = "in layers of a class of the module's own"


_EXPORTED = frozenset({"code", "graph", "meta"})
"""What the graph module of `torch.export` has: a model with a submodule of such a name cannot be exported."""

METHODS = frozenset({"encode", "decode", "generate", "zero_states"})
"""What a generated class may define: an attribute of such a name would be called in the method's place."""


def attribute_name(name: str) -> str:
    """Where a module keeps a layer, or a parameter, of this name: ``self.code_`` for ``code``.

    Two names never get the same attribute: ``code_`` is kept as ``code__``, which is nobody's name.
    """
    return f"{name}_" if name.rstrip("_") in _EXPORTED | METHODS else name


def attribute_path(name: str) -> str:
    """The same for a layer of a picture that is called: ``sentence.code_`` for ``sentence.code``."""
    return ".".join(map(attribute_name, name.split(".")))


COUNTER = "num_batches_tracked"
"""What PyTorch keeps beside statistics: a whole number, which only a momentum that is not set would read."""


@record(frozen=True)
class Place:
    """Where PyTorch keeps a weight, or half of one.

    Attributes:
        tensor: the tensor's name within its module: ``weight_ih_l0``.
        third: which third of the tensor's rows it is; ``None``: it is the tensor.
        is_transposed: whether the features that are read and given, which are last with us, come first, given first.
        order: which of our gates, on the last axis, each of PyTorch's is, on the first; empty: they are in one order.
        row: which row of a bias of two rows it is; ``None``: all of the array.
        is_zero: whether it is zero, as another place holds all of the weight and both are added up.
        is_matrix: whether a vector is the one row of a matrix.
    """

    tensor: str
    third: int | None = None
    is_transposed: bool = False
    order: tuple[int, ...] = ()
    row: int | None = None
    is_zero: bool = False
    is_matrix: bool = False

    def put(self, array: Any) -> Any:
        """What PyTorch holds for an array of ours."""
        if self.is_zero:
            return array * 0
        if self.is_matrix:
            return array[None]
        value = array if self.row is None else array[self.row]
        return _reordered(_first_of(value) if self.is_transposed else value, self.order)

    def take(self, tensor: Any) -> Any:
        """The array of ours; of a bias of two rows the other row is zero, and both places are to be added up."""
        if self.is_matrix:
            return tensor[0]
        back = tuple(self.order.index(gate) for gate in range(len(self.order)))
        value = _reordered(tensor, back)
        if self.row is None:
            return _last_of(value) if self.is_transposed else value
        import numpy as np

        return np.stack([value if row == self.row else value * 0 for row in range(2)])

    def shape(self, shape: Sequence[Any]) -> tuple[Any, ...]:
        """The shape of what PyTorch holds, of numbers or of sizes."""
        if self.is_matrix:
            return (1, *shape)
        whole = tuple(shape if self.row is None else shape[1:])
        return (*whole[-1:-3:-1], *whole[:-2]) if self.is_transposed else whole


def _first_of(value: Any) -> Any:
    """(features, filters) as (filters, features); what is before them, such as height and width, comes behind them."""
    axes = range(value.ndim)
    return value.transpose(*axes[-1:-3:-1], *axes[:-2])


def _last_of(value: Any) -> Any:
    """The other way round."""
    return value.transpose(*range(2, value.ndim), 1, 0)


def _reordered(value: Any, order: tuple[int, ...]) -> Any:
    """The gates on the first axis in another order: z, r, n of a GRU as r, z, n."""
    if not order:
        return value
    gates = value.reshape(len(order), -1, *value.shape[1:])
    return gates[list(order)].reshape(value.shape)


def places(
    definition: LayerDef,
    part: str,
    shape: Sequence[object],
    end: str = "",
    *,
    projections: Projections = Projections.PACKED,
) -> Iterator[Place]:
    """Where a layer's weight is.

    Args:
        definition: the layer.
        part: the weight's name within the layer, behind its direction: ``backward/kernel``.
        shape: its shape.
        end: how the names of a recurrent layer end: ``_l0`` for the lowest row of a stack.
        projections: how an attention keeps what it projects with.
    """
    if definition.is_equations:
        yield _declared(definition, part)
    elif definition.family is Family.SCAN:
        yield from _recurrent(definition, part, shape, end)
    elif definition.family is Family.ATTENTION:
        yield _projection(part, projections)
    else:
        role = definition.weight(part).role
        # (kernel, features, filters) is (filters, features, kernel) in PyTorch, (height, width, features, filters)
        # is (filters, features, height, width).
        yield Place(_NAMES[role], is_transposed=role is Role.KERNEL)


_NAMES = {
    Role.KERNEL: "weight",
    Role.BIAS: "bias",
    Role.TABLE: "weight",
    Role.SCALE: "weight",
    Role.SHIFT: "bias",
    Role.MEAN: "running_mean",
    Role.VARIANCE: "running_var",
}
"""PyTorch's names for weights, by what they do."""

_ORDER = (
    Gate.INPUT,
    Gate.FORGET,
    Gate.RESET,
    Gate.UPDATE,
    Gate.CANDIDATE,
    Gate.OUTPUT,
)
"""The order of gates in a cell: i, f, g, o of an LSTM, r, z, n of a GRU."""

_PROJECTED = ("query", "key", "value")
"""What an attention projects before it attends, in PyTorch's order."""


def _recurrent(
    definition: LayerDef, part: str, shape: Sequence[object], end: str
) -> Iterator[Place]:
    """The places of a weight of a cell, whose gates PyTorch has one below the other."""
    end += "_reverse" * part.startswith("backward/")
    order = _gates(definition)
    role = definition.weight(part).role
    if role is Role.PROJECTION:
        yield Place(f"weight_hr{end}", is_transposed=True)
    elif role is not Role.BIAS:
        side = "hh" if role is Role.RECURRENT_KERNEL else "ih"
        yield Place(f"weight_{side}{end}", is_transposed=True, order=order)
    elif len(shape) > 1:
        # A GRU's biases are not added up: two rows of one array.
        yield Place(f"bias_ih{end}", order=order, row=0)
        yield Place(f"bias_hh{end}", order=order, row=1)
    else:
        # Two biases whose sum counts: the first takes all.
        yield Place(f"bias_ih{end}", order=order)
        yield Place(f"bias_hh{end}", is_zero=True)


_WAYS = {"": "", "forward": "cell.", "backward": "cell_reverse."}
"""Where a cell's module of each direction is kept."""


def _declared(definition: LayerDef, part: str) -> Place:
    """The place of a weight of a cell of a file: a linear layer for each matrix, the first one with the bias."""
    way, _, name = part.rpartition("/")
    cell = definition.cell
    assert cell is not None
    # f_x, f_h, f_bias of f = sigmoid(dense(x, h)): f_x.weight, f_h.weight and f_x.bias
    holder = next(item for item in cell.weighted() if name in item.weights)
    if isinstance(holder, Scale):
        return Place(f"{_WAYS[way]}{name}")
    if isinstance(holder, Normalize):
        norm = holder.weights[0].removesuffix("_gamma")
        return Place(f"{_WAYS[way]}{norm}.{'weight' if name == holder.weights[0] else 'bias'}")
    if holder.bias is not False and name == holder.weights[-1]:
        return Place(f"{_WAYS[way]}{module_of(holder.weights[0])}.bias")
    return Place(f"{_WAYS[way]}{module_of(name)}.weight", is_transposed=True)


def _gates(definition: LayerDef) -> tuple[int, ...]:
    """The order of a cell's gates in PyTorch, by their places in ours; empty where they are the same."""
    gates = definition.gates
    there = sorted(range(len(gates)), key=lambda place: _ORDER.index(gates[place]))
    return () if there == sorted(there) else tuple(there)


def _projection(part: str, projections: Projections) -> Place:
    what, _, array = part.partition("/")
    is_kernel = array == "kernel"
    if not array:
        # scale (width): `nn.Linear(width, 1, bias=False)`
        return Place("score.weight", is_matrix=True)
    if projections is Projections.OWN:
        return Place(f"{what}.{'weight' if is_kernel else 'bias'}", is_transposed=is_kernel)
    if what not in _PROJECTED:
        return Place(f"out_proj.{'weight' if is_kernel else 'bias'}", is_transposed=is_kernel)
    third = _PROJECTED.index(what)
    if not is_kernel:
        return Place("in_proj_bias", third)
    if projections is Projections.PACKED:
        return Place("in_proj_weight", third, is_transposed=True)
    return Place(f"{what[0]}_proj_weight", is_transposed=True)
