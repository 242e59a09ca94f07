"""values of the equations of a cell → PyTorch."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from seqdsl.cells.cell import (
    Choice,
    Concat,
    Dropout,
    Extreme,
    Given,
    Name,
    Normalize,
    Number,
    Scale,
    Zoneout,
)
from seqdsl.cells.widths import fitting_widths
from seqdsl.lowering.naming import Names
from seqdsl.size import Size
from seqdsl.targets.code import (
    Attribute,
    Binary,
    Code,
    Index,
    Text,
    call,
    enclosed,
    method,
    tuple_of,
)
from seqdsl.targets.emit.cells import CellWriter
from seqdsl.targets.torch.activations import activated

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from seqdsl.cells.cell import Cell
    from seqdsl.cells.schedule import Product
    from seqdsl.layers import LayerDef

FEATURES = "features"
"""The argument of a class that is the input features."""


class TorchValues(CellWriter):
    """Writes the values of a cell.

    Attributes:
        names: the names that are taken in `forward`.
        frame: the variables of the loop over the steps, as they are called beside the names of the equations.
        step: the variable of the step's number.
        now: the variable of the step of each sequence that the loop goes through, by the sequence's.
        at_step: whether what is written is within the loop over the steps.
        functions: the functions and classes of the module that the class calls.
        masks: the variables of the masks of `dropout`.
        axis: the axis of the features, counted from the end.
        drawn: whether a loop that runs single steps draws them, as they are the same at all of them.
    """

    def __init__(self, cell: Cell, definition: LayerDef, settings: Mapping[str, object]) -> None:
        """Begin with the names of the equations taken."""
        super().__init__(cell, settings)
        self.definition = definition
        weights = [name for item in cell.weighted() for name in item.weights]
        assigned = [name for equation in cell.equations for name in equation.names]
        taken = ("x", "state", "mask", "masks", "torch", "nn", "F", "self", *weights, *assigned)
        self.names = Names(taken)
        # `claim` gives no reserved name: `outputs` is one, and is none of the equations'.
        self.frame = {word: self.names.claim(word) for word in ("step", "before", "valid", "pairs")}
        self.step = self.frame["step"]
        self.now: dict[str, str] = {}
        self.at_step = False
        self.functions: set[str] = set()
        self.masks: dict[int, Code] = {}
        self.drawn = False
        self.widths = fitting_widths(cell, FEATURES)
        # (batch, features, height, width), and with the steps on an axis behind the batch
        self.axis = -3 if cell.takes_images else -1

    # Values

    def name(self, item: Name) -> Code:
        """The variable of a name; of what is known for all steps at once, the step."""
        is_sequence = self.at_step and item.name in self.plan.names
        return self._here(item.name) if is_sequence else Text(item.name)

    def _here(self, sequence: str) -> Code:
        """The variable of a step of a sequence, which the loop goes through from then on."""
        if sequence not in self.now:
            self.now[sequence] = self.names.claim(f"{sequence}_now")
        return Text(self.now[sequence])

    def number(self, parameter: str) -> Code:
        """A parameter is an attribute of the module."""
        return Attribute(Text("self"), parameter)

    def activated(self, word: str, value: Code) -> Code:
        """A value behind an activation."""
        return activated(word, value, self.axis)

    def product(self, product: Product, operand: Code) -> Code:
        """A linear layer of its own, or a convolution."""
        layer = Attribute(Text("self"), product.weight)
        if product.kernel is None:
            return self._by_features(partial(call, layer), operand)
        return call(layer, operand) if self.at_step else self._folded(layer, operand)

    def _by_features(self, function: Callable[[Code], Code], operand: Code) -> Code:
        """What takes features on the last axis, of what may be images."""
        if not self.cell.takes_images:
            return function(operand)
        whole = enclosed(operand) if isinstance(operand, Binary) else operand
        return method(function(method(whole, "movedim", -3, -1)), "movedim", -1, -3)

    def _folded(self, convolution: Code, operand: Code) -> Code:
        """``self.f_x(x.flatten(0, 1)).unflatten(0, x.shape[:2])``: a convolution takes images one by one."""
        whole = enclosed(operand) if isinstance(operand, Binary) else operand
        made = call(convolution, method(whole, "flatten", 0, 1))
        return method(made, "unflatten", 0, Index(Text("x.shape"), ":2"))

    def dropout(self, item: Dropout) -> Code:
        """A value times a mask that is drawn once."""
        value = self.value(item.operand)
        mask = self.masks[id(item)]
        if not self.at_step:
            # Of (batch, steps, features): the same at all steps.
            mask = Index(mask, ":, None")
        return Binary("*", (enclosed(value) if isinstance(value, Binary) else value, mask))

    def extreme(self, item: Extreme) -> Code:
        """``torch.maximum``; of a number, ``clamp``."""
        # max(a, b, 0) is torch.maximum(a, b).clamp(min=0): `torch.maximum` takes two tensors, and no number.
        is_max = item.choice is Choice.MAX
        values = [part for part in item.operands if not isinstance(part, Number | Given)]
        numbers = [part for part in item.operands if isinstance(part, Number | Given)]
        first, *others = map(self.value, values)
        for other in others:
            first = call("torch.maximum" if is_max else "torch.minimum", first, other)
        for number in numbers:
            # At least 0 is the larger of a value and 0.
            first = method(first, "clamp", **{"min" if is_max else "max": self.value(number)})
        return first

    def concat(self, item: Concat) -> Code:
        """``torch.cat``."""
        return call("torch.cat", tuple_of(*map(self.value, item.operands)), dim=self.axis)

    def scale(self, item: Scale) -> Code:
        """A value times a parameter of the module."""
        value = self.value(item.operand)
        weight: Code = Attribute(Text("self"), item.weights[0])
        if self.cell.takes_images:
            weight = Index(weight, ":, None, None")
        return Binary("*", (weight, enclosed(value) if isinstance(value, Binary) else value))

    def normalize(self, item: Normalize) -> Code:
        """``nn.LayerNorm``."""
        norm = Attribute(Text("self"), norm_name(item))
        return self._by_features(partial(call, norm), self.value(item.operand))

    def zoneout(self, item: Zoneout) -> Code:
        """A function of the module."""
        self.functions.add("zoneout")
        old, new = self.value(item.old), self.value(item.new)
        return call("zoneout", old, new, self.rate(item.rate), Attribute(Text("self"), "training"))


def norm_name(item: Normalize) -> str:
    """The attribute that normalizes: ``c_norm`` of ``c_norm_gamma`` and ``c_norm_beta``."""
    return item.weights[0].removesuffix("_gamma")


def own_size(size: Size) -> Code:
    """A size as `forward` can reach it."""
    if size.constant is not None:
        return Text(str(size))
    return Text(str(size.subs({name: Size.of(f"self.{name}") for name in size.names})))
