"""values of the equations of a cell → Keras."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.cells.cell import (
    Choice,
    Concat,
    Dropout,
    Extreme,
    Normalize,
    Scale,
    Zoneout,
)
from seqdsl.cells.schedule import ahead_of
from seqdsl.cells.widths import fitting_widths
from seqdsl.lowering.naming import Names
from seqdsl.targets.code import Attribute, Binary, Code, Text, call, enclosed, listing
from seqdsl.targets.emit.cells import CellWriter
from seqdsl.targets.keras.cell_random import Random

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.cells.cell import Cell
    from seqdsl.cells.schedule import Product

_OWN = Text("self")
_WORDS = {"swish": "silu"}
_OF_OPS = frozenset({"tanh", "sigmoid", "relu", "softmax"})


class KerasValues(CellWriter):
    """Writes the values of a cell.

    Attributes:
        widths: how many features each name has.
        names: the names that are taken in the class's methods.
        random: what the cell draws.
        at_step: whether what is written is done at each step, and not for all at once.
    """

    def __init__(self, cell: Cell, settings: Mapping[str, object]) -> None:
        """Take the widths of its values."""
        super().__init__(cell, settings)
        self.at_step = False
        self.widths = fitting_widths(cell)
        self.names = self.free_names()
        self.random = Random(cell, self.widths, self.names, ahead_of(self.plan))

    def free_names(self) -> Names:
        """The names that a method of the class may give: those that no equation, weight or argument has."""
        weights = [name for item in self.cell.weighted() for name in item.weights]
        assigned = [name for equation in self.cell.equations for name in equation.names]
        drawn = [self.random.drawn] if hasattr(self, "random") else []
        taken = ("x", "states", "training", "batch", "steps")
        return Names([*taken, *weights, *assigned, *drawn])

    def number(self, parameter: str) -> Code:
        """A parameter is an attribute of the layer."""
        return Attribute(_OWN, parameter)

    def activated(self, word: str, value: Code) -> Code:
        """A value behind an activation."""
        if word == "linear":
            return value
        if word in _OF_OPS:
            return call(f"ops.{word}", value)
        slope = {"negative_slope": 0.01} if word == "leaky_relu" else {}
        return call(f"keras.activations.{_WORDS.get(word, word)}", value, **slope)

    def product(self, product: Product, operand: Code) -> Code:
        """``ops.matmul``, or ``ops.conv``, and the bias if there is one."""
        made = self.multiplied(product, operand, Attribute(_OWN, product.weight))
        return Binary("+", (made, own(product.bias))) if self.is_biased(product) else made

    def multiplied(self, product: Product, operand: Code, kernel: Code) -> Code:
        """A value times a matrix, or in windows times those of each place."""
        if product.kernel is None:
            return call("ops.matmul", operand, kernel)
        # `ops.conv` takes images one by one; of all steps they are one batch for it.
        if not self.at_step:
            return call("conv_all", operand, kernel)
        return call("ops.conv", operand, kernel, padding='"same"')

    def is_biased(self, product: Product) -> bool:
        """Whether a bias is added with a product."""
        biases = {item.weights[-1]: item.bias for item in self.cell.denses()}
        return bool(product.bias) and self.has_bias(biases[product.bias])

    def dropout(self, item: Dropout) -> Code:
        """A value times a mask that is drawn once a call."""
        return Binary("*", (_factor(self.value(item.operand)), self.random.masks[id(item)]))

    def zoneout(self, item: Zoneout) -> Code:
        """A function of the module, of numbers that are drawn for all steps at once."""
        old, new = self.value(item.old), self.value(item.new)
        return call("zoneout", old, new, self.rate(item.rate), self.random.chances[id(item)])

    def extreme(self, item: Extreme) -> Code:
        """``ops.maximum`` or ``ops.minimum``, of two at a time."""
        return self.of_two("ops.maximum" if item.choice is Choice.MAX else "ops.minimum", item)

    def concat(self, item: Concat) -> Code:
        """``ops.concatenate``."""
        values = listing(*map(self.value, item.operands))
        return call("ops.concatenate", values, axis=-1)

    def scale(self, item: Scale) -> Code:
        """A value times a weight."""
        return Binary("*", (Attribute(_OWN, item.weights[0]), _factor(self.value(item.operand))))

    def normalize(self, item: Normalize) -> Code:
        """``ops.layer_normalization``."""
        gamma, beta = (Attribute(_OWN, name) for name in item.weights)
        value = self.value(item.operand)
        return call("ops.layer_normalization", value, gamma, beta, epsilon="1e-5")


def own(name: str) -> Code:
    """An attribute of the cell."""
    return Attribute(_OWN, name)


def _factor(value: Code) -> Code:
    return enclosed(value) if isinstance(value, Binary) else value
