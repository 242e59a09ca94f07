"""tree → cell: equations as they are written in papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lark import Token, Tree

from seqdsl.cells import ACTIVATIONS
from seqdsl.cells.cell import (
    READ,
    Activation,
    Binary,
    Cell,
    CellError,
    CellParameter,
    Choice,
    Concat,
    Dense,
    Dropout,
    Equation,
    Extreme,
    Given,
    Name,
    Normalize,
    Number,
    Operator,
    Parts,
    Scale,
    Zoneout,
)
from seqdsl.ir.cell_check import check_cell
from seqdsl.ir.text.errors import error_at
from seqdsl.ir.text.trees import arguments_of, bare, checked_name
from seqdsl.ir.text.values import Values
from seqdsl.size import Size

if TYPE_CHECKING:
    from seqdsl.cells.cell import CellExpression
    from seqdsl.ir.text.errors import Item

    Found = tuple[list[Tree[Token]], dict[str, Tree[Token]]]


def read_cell(tree: Tree[Token]) -> Cell:
    """The cell that ``cell NAME(...) { ... }`` defines.

    Raises:
        IrSyntaxError: its equations make no sense.
    """
    name, call, *equations = tree.children
    values = Values()
    parameters = tuple(
        _parameter(keyword, value, values) for keyword, value in arguments_of(call)
    )  # fmt: skip
    if not parameters:
        raise error_at(name, "the first parameter of a cell is its units", "`units`")
    reader = _Reader(parameters, values)
    cell = Cell(checked_name(name), parameters, tuple(map(reader.equation, equations)))
    try:
        check_cell(cell)
    except CellError as error:
        raise error_at(name, str(error)) from None
    return cell


def _parameter(keyword: Token | None, value: Tree[Token], values: Values) -> CellParameter:
    if keyword is None:
        return CellParameter(values.name(value))
    name, inner = checked_name(keyword), bare(value)
    if not isinstance(inner, Tree) or inner.data != "name":
        return CellParameter(name, float(values.number(value)))
    word = values.word(value)
    return CellParameter(name, word == "true" if word in ("true", "false") else word)


class _Reader:
    """Reads the equations of one cell."""

    def __init__(self, parameters: tuple[CellParameter, ...], values: Values) -> None:
        self.parameters = {item.name: item.default for item in parameters}
        self.units = parameters[0].name
        self.values = values
        self.denses = 0
        self.factors = 0

    def equation(self, tree: Item) -> Equation:
        assert isinstance(tree, Tree)
        *names, value = tree.children
        targets = tuple(map(checked_name, names))
        for name, token in zip(targets, names, strict=True):
            # `x` is read at every step, a parameter is the same at all: neither is computed.
            if name == READ or name in self.parameters or targets.count(name) > 1:
                raise error_at(token, f"`{name}` cannot be assigned here")
        inner = bare(value)
        if isinstance(inner, Tree) and inner.data == "called" and inner.children[0] == "split":
            return Equation(targets, self._parts(inner, len(targets), value))
        # `a, b = dense(x, h)` is no unpacking: parts are cut by `split` alone.
        if len(targets) > 1:
            raise error_at(value, "several names take the parts of a `split`", "`split`")
        return Equation(targets, self.expression(value))

    def _parts(self, tree: Tree[Token], names: int, at: Item) -> Parts:
        """``split(a, 4)``, for so many names."""
        positional, named = _arguments(tree)
        if named or len(positional) != 2:
            raise error_at(tree, "`split` takes a value and a number of parts")
        count = self.values.integer(positional[1])
        if count != names:
            raise error_at(at, f"{names} names take {count} parts")
        return Parts(self.expression(positional[0]), count)

    def expression(self, tree: Item) -> CellExpression:
        return self.values._deeper(self._expression, tree)  # type: ignore[no-any-return]

    def _expression(self, tree: Tree[Token]) -> CellExpression:
        if tree.data in ("expression", "product"):
            return self._chain(tree)
        if tree.data == "group":
            return self.expression(tree.children[0])
        if tree.data == "number":
            return Number(self.values.number(tree))
        if tree.data == "name":
            name = checked_name(tree.children[0])
            # A parameter that is a number, as `leak=0.5`; to Python a truth value is one, too.
            is_number = isinstance(self.parameters.get(name), float)
            return Given(name) if is_number else Name(name)
        if tree.data == "called":
            return self._call(tree)
        raise error_at(tree, "this cannot be used in a cell")

    def _chain(self, tree: Tree[Token]) -> CellExpression:
        """Operators of one precedence, from the left: ``a - b + c`` is ``(a - b) + c``."""
        parts = list(tree.children)
        if tree.data == "expression" and parts.pop(0) is not None:
            raise error_at(tree, "a sign cannot be used here: write `0 - a`")
        value = self.expression(parts[0])
        for operator, part in zip(parts[1::2], parts[2::2], strict=True):
            if operator == "//":
                raise error_at(operator, "values cannot be rounded", "`/`")
            value = Binary(Operator(str(operator)), value, self.expression(part))
        return value

    def _call(self, tree: Tree[Token]) -> CellExpression:
        name = str(tree.children[0])
        positional, named = _arguments(tree)
        if name in ("dense", "conv2d") and positional:
            return self._dense(positional, named, tree)
        if name in ("scale", "layernorm") and len(positional) == 1:
            return self._factors(name, positional[0], named, tree)
        if named:
            raise error_at(tree, f"`{name}` takes no arguments by name")
        if (made := self._function(name, positional)) is not None:
            return made
        # `activation(g)`: a parameter whose default is a word; `tanh(g)`: the word itself.
        is_function = isinstance(self.parameters.get(name), str) or name in ACTIVATIONS
        if is_function and len(positional) == 1:
            return Activation(name, self.expression(positional[0]))
        raise error_at(tree, f"`{name}` cannot be called like this in a cell")

    def _function(self, name: str, positional: list[Tree[Token]]) -> CellExpression | None:
        """A function that has no weights and is no activation; ``None`` if it is none."""
        if name == "dropout" and len(positional) == 2:
            return Dropout(self.expression(positional[0]), self._rate(positional[1]))
        if name == "zoneout" and len(positional) == 3:
            old, new = map(self.expression, positional[:2])
            return Zoneout(old, new, self._rate(positional[2]))
        if name == "concat" and positional:
            return Concat(tuple(map(self.expression, positional)))
        if name in _CHOICES and positional:
            return Extreme(_CHOICES[name], tuple(map(self.expression, positional)))
        return None

    def _rate(self, tree: Item) -> float | str:
        inner = bare(tree)
        if isinstance(inner, Tree) and inner.data == "name":
            return self._of(tree, float)
        return float(self.values.number(tree))

    def _of(self, tree: Item, kind: type) -> str:
        """The parameter that a tree names, whose default is of a kind."""
        name = self.values.word(tree)
        if not isinstance(self.parameters.get(name), kind):
            raise error_at(tree, f"`{name}` is not a parameter that can be used here")
        return name

    def _dense(
        self, positional: list[Tree[Token]], named: dict[str, Tree[Token]], tree: Tree[Token]
    ) -> Dense:
        # conv2d(x, h, kernel=3): what makes a window of a map is its size, and only this one has it
        is_window = str(tree.children[0]) == "conv2d"
        known = {"features", "bias", "weights", *(["kernel"] if is_window else [])}
        if unknown := named.keys() - known:
            raise error_at(tree, f"`{tree.children[0]}` has no argument `{min(unknown)}`")
        if is_window and "kernel" not in named:
            raise error_at(tree, "`conv2d` needs a `kernel`", "`kernel=`")
        kernel = self.values.size(named["kernel"]) if is_window else None
        self.denses += 1
        operands = tuple(map(self.expression, positional))
        features = self.values.size(named["features"]) if "features" in named else None
        # `bias=bias` leaves it to the layer, `bias=false` is for good.
        bias: bool | str = True
        if "bias" in named:
            # Of the two words for truth no parameter can be the name.
            word = self.values.word(named["bias"])
            bias = word == "true" if word in ("true", "false") else self._of(named["bias"], bool)
        weights = self._default_weights(len(operands), bias)
        if "weights" in named:
            weights = tuple(map(self.values.name, self.values.items(named["weights"])))
        if len(weights) != len(operands) + (bias is not False):
            raise error_at(tree, f"{len(operands)} values take a matrix each, and a bias")
        return Dense(operands, features or Size.of(self.units), bias, weights, kernel)

    def _factors(
        self, name: str, value: Tree[Token], named: dict[str, Tree[Token]], tree: Tree[Token]
    ) -> Scale | Normalize:
        """``scale(a)`` or ``layernorm(a)``, with the names of its weights if they have some."""
        if unknown := named.keys() - {"weights"}:
            raise error_at(tree, f"`{name}` has no argument `{min(unknown)}`")
        self.factors += 1
        operand = self.expression(value)
        end = f"_{self.factors}"
        weights: tuple[str, ...] = (f"scale{end}",)
        if name == "layernorm":
            weights = (f"gamma{end}", f"beta{end}")
        if "weights" in named:
            weights = tuple(map(self.values.name, self.values.items(named["weights"])))
        return Scale(operand, weights) if name == "scale" else Normalize(operand, weights)

    def _default_weights(self, operands: int, bias: bool | str) -> tuple[str, ...]:
        """The names of weights that have none: those of the second affine map end in ``_2``."""
        end = f"_{self.denses}"
        names = tuple(f"kernel{end}_{place}" for place in range(1, operands + 1))
        return names if bias is False else (*names, f"bias{end}")


_CHOICES = {item.value: item for item in Choice}


def _arguments(tree: Tree[Token]) -> Found:
    """The arguments of a call without and with a name."""
    positional, named = [], {}
    for keyword, value in arguments_of(tree.children[1]):
        if keyword is None:
            positional.append(value)
        else:
            named[str(keyword)] = value
    return positional, named
