"""cell, input features → widths: how many features every value has, and with them the shapes of the weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.cells.carried_widths import carried_widths
from seqdsl.cells.cell import (
    READ,
    Binary,
    CellError,
    Concat,
    Dense,
    Extreme,
    Given,
    Name,
    Normalize,
    Number,
    Parts,
    Scale,
    Zoneout,
)
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.cells.cell import Cell, CellExpression, Equation

_ONE = Size.of(1)


class Misfit(CellError):
    """Widths of an equation that do not fit.

    Attributes:
        equation: the number of the equation, from 0.
    """

    def __init__(self, message: str, equation: int) -> None:
        """Say what does not fit, and where."""
        self.equation = equation
        super().__init__(message)


class Widths:
    """The width of every name of a cell, and the shapes of its weights.

    Attributes:
        widths: the features of each name.
        carried: those of what goes from step to step, the output first.
        weights: the shape of each weight, in the order of the equations.
    """

    def __init__(self, cell: Cell, width: Size, settings: Mapping[str, object]) -> None:
        """Go through the equations.

        Args:
            cell: the cell.
            width: features of ``x``.
            settings: the value of each parameter.

        Raises:
            CellError: a name is never assigned.
            Misfit: widths do not fit.
        """
        self.cell, self.settings = cell, settings
        self.sizes = {name: item for name, item in settings.items() if isinstance(item, Size)}
        self.weights: dict[str, tuple[Size, ...]] = {}
        self.number = 0
        units = self.sizes.get(cell.parameters[0].name)
        if units is None:
            raise CellError(f"`{cell.name}` does not say how many units it has")
        # A state that is read above its own equation is as wide as that makes it.
        self.carried = carried_widths(cell, units, self.sizes)
        self.widths = {READ: width, **self.carried}
        for self.number, equation in enumerate(cell.equations):
            self._assign(equation)
            self._check_carried(equation)
        assigned = {name for equation in cell.equations for name in equation.names}
        for name in cell.states:
            if name not in assigned:
                raise CellError(f"`{name}` is read and never assigned")

    def _check_carried(self, equation: Equation) -> None:
        # What a step leaves behind is what the next one begins with.
        for name in equation.names:
            wanted = self.carried.get(name, self.widths[name])
            if self.widths[name] != wanted:
                what = "state" if name in self.cell.states else "output"
                message = f"the {what} `{name}` has {self.widths[name]} features, not {wanted}"
                raise Misfit(message, self.number)

    def _assign(self, equation: Equation) -> None:
        value = equation.value
        if not isinstance(value, Parts):
            self.widths[equation.names[0]] = self.width(value)
            return
        # 4 * units in 4 parts: units each.
        # Of 3 * units no 2 equal parts can be made: rounded down, one feature would be lost.
        whole = self.width(value.operand)
        each = whole // value.count
        if each * value.count != whole:
            raise Misfit(f"{whole} features cannot be split in {value.count} parts", self.number)
        self.widths |= dict.fromkeys(equation.names, each)

    def width(self, value: CellExpression) -> Size:
        """The features of a value."""
        match value:
            case Name():
                return self.widths[value.name]
            case Number() | Given():
                return _ONE
            case Dense():
                return self._dense(value)
            case Binary():
                return self._alike((value.left, value.right), f"`{value.operator.value}`")
            case Extreme():
                return self._alike(value.operands, f"`{value.choice.value}`")
            case Zoneout():
                return self._alike((value.old, value.new), "`zoneout`")
            case Concat():
                return sum((self.width(item) for item in value.operands), Size.of(0))
        width = self.width(value.operand)
        if isinstance(value, Scale | Normalize):
            # A factor for each feature; a normalization also has a shift.
            self.weights |= dict.fromkeys(value.weights, (width,))
        return width

    def _alike(self, operands: tuple[CellExpression, ...], by: str) -> Size:
        """The width of values that are combined element by element; one feature is spread over all."""
        # max(a, b, 0) of 8, 8 and 1 features has 8; f * h of 8 and 1 as well, as each number meets the one feature.
        width = _ONE
        for operand in operands:
            other = self.width(operand)
            if width not in (other, _ONE) and other != _ONE:
                message = f"{width} and {other} features are combined by {by}"
                raise Misfit(message, self.number)
            width = other if width == _ONE else width
        return width

    def _dense(self, value: Dense) -> Size:
        # `4 * units` of a layer of 16 units is 64, of one of `2 * n` units `8 * n`.
        features = value.features.subs(self.sizes)
        window = () if value.kernel is None else (value.kernel.subs(self.sizes),) * 2
        for name, operand in zip(value.weights, value.operands, strict=False):
            # x of 8 features and h of 16, to 64: [8, 64] and [16, 64]; in windows of 3 x 3 places [3, 3, 8, 64].
            self.weights[name] = (*window, self.width(operand), features)
        has_bias = self.settings[value.bias] if isinstance(value.bias, str) else value.bias
        if has_bias:
            self.weights[value.weights[-1]] = (features,)
        return features


def weight_shapes(
    cell: Cell, width: Size, arguments: Mapping[str, object]
) -> dict[str, tuple[Size, ...]]:
    """The shapes of the weights of one direction, by name, in the order of the equations.

    Args:
        cell: the cell.
        width: features of ``x``.
        arguments: the layer's arguments, among them the sizes that the equations name.

    Raises:
        CellError: a name is never assigned, or widths do not fit.
    """
    return Widths(cell, width, cell.settings(arguments)).weights


def fitting_widths(cell: Cell, features: str = "features") -> Widths:
    """The widths of a cell over its sizes, for an `x` of ``features``, or of as many as it must have.

    Widths that fit for one size fit for all: they are compared as polynomials. Where `x` itself is combined with a
    state, as in ``h = r * c + (1 - r) * x``, they fit where it is as wide, or one feature.

    Raises:
        CellError: a name is never assigned.
        Misfit: they never fit.
    """
    sizes: dict[str, object] = {
        item.name: Size.of(item.name) for item in cell.parameters if item.default is None
    }
    settings = {**cell.settings({}), **sizes}
    first: Misfit | None = None
    for width in (Size.of(features), Size.of(cell.parameters[0].name), _ONE):
        try:
            return Widths(cell, width, settings)
        except Misfit as problem:
            first = first or problem
    assert first is not None
    raise first
