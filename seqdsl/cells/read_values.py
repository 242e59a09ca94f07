"""a value of an equation as it is written → as data: operators, functions, and the names of its weights.

Every `dense` has weights of its own. They are named after what is assigned and what they are multiplied by: ``f_x``,
``f_h`` and ``f_bias`` of ``f = sigmoid(dense(x, h))``; ``n_fh`` is the matrix of ``f * h`` in
``n = tanh(dense(x, f * h))``. What comes twice is numbered: ``i_x``, ``i_x_2``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.cells import ACTIVATIONS
from seqdsl.cells.cell import (
    Activation,
    Binary,
    Choice,
    Concat,
    Dense,
    Dropout,
    Extreme,
    Given,
    Name,
    Normalize,
    Operator,
    Parts,
    Scale,
    Zoneout,
)
from seqdsl.cells.cell import Number as Constant
from seqdsl.cells.read_settings import SettingReader, UnreadableCell
from seqdsl.cells.weight_names import joined, label
from seqdsl.size import Size
from seqdsl.syntax.ast import Number, Word
from seqdsl.syntax.equations import FunctionCall, Infix, Negative, written
from seqdsl.syntax.names import is_reserved
from seqdsl.text.close_words import close_words
from seqdsl.text.diagnostics import instead

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from seqdsl.cells.cell import CellExpression
    from seqdsl.syntax.equations import Expression

    Setting = bool | float | str | None


_USAGE = {
    "dense": "dense(x, h)",
    "conv2d": "conv2d(x, h, kernel=3)",
    "scale": "scale(c)",
    "layernorm": "layernorm(c)",
    "dropout": "dropout(h, 0.1)",
    "zoneout": "zoneout(h, new, 0.1)",
    "split": "i, f = split(dense(x, h, features=2 * units), 2)",
    "concat": "concat(x, h)",
    "max": "max(a, b)",
    "min": "min(a, b)",
}
"""How each function is used; besides these there are the activations."""

_KEYWORDS = {"dense": ("features", "bias"), "conv2d": ("kernel", "features", "bias")}


class ValueReader(SettingReader):
    """Reads the values of one cell, equation by equation."""

    def __init__(self, parameters: Mapping[str, Setting], names: Iterable[str]) -> None:
        """Begin with the first equation; no weight is called like a parameter or one of the names of equations."""
        super().__init__(parameters)
        self._named = {*parameters, *names}
        self._base = ""

    def begin(self, names: tuple[str, ...]) -> None:
        """Begin with the equation that assigns these names, after which its weights are named."""
        self._base = joined(names)

    def value(self, item: Expression) -> CellExpression:
        """What a value means.

        Raises:
            UnreadableCell: it means nothing.
        """
        if isinstance(item, Number):
            return Constant(item.value)
        if isinstance(item, Word):
            return self._word(item)
        if isinstance(item, Negative):
            value = self.value(item.value)
            # -h is 0 - h; of a number it is a number.
            if isinstance(value, Constant):
                return Constant(-value.value)
            return Binary(Operator.SUBTRACT, Constant(0), value)
        if isinstance(item, Infix):
            if item.operator == "//":
                message = "`//` divides sizes, as in `features=units // 2`"
                raise UnreadableCell("SEQ126", message, item.span, "values are divided by `/`")
            left = self.value(item.left)
            return Binary(Operator(item.operator), left, self.value(item.right))
        return self._call(item)

    def parts(self, item: FunctionCall, names: int) -> Parts:
        """``split(a, 4)``, for so many names."""
        value, count = self._positional(item, 2)
        if not isinstance(count, Number) or not isinstance(count.value, int) or count.value < 1:
            message = f"`{written(count, str)}` is not a number of parts"
            raise UnreadableCell("SEQ126", message, count.span, f"for example: `{_USAGE['split']}`")
        if count.value != names:
            message = f"{names} name{'s' * (names != 1)} for {count.value} parts"
            hint = "give each part a name on the left of the `=`"
            raise UnreadableCell("SEQ126", message, item.span, hint)
        return Parts(self.value(value), names)

    def _word(self, item: Word) -> CellExpression:
        name = item.value
        if name not in self.parameters:
            return Name(name)
        # leak * h: a number; gate * h and units * h mean nothing
        default = self.parameters[name]
        # To Python a truth value is a number, too.
        if isinstance(default, float):
            return Given(name)
        what = "an activation: call it" if isinstance(default, str) else "true or false"
        hint = f"for example: `{name}(h)`" if isinstance(default, str) else "it belongs to `bias=`"
        if default is None:
            what, hint = "a size", "sizes belong to `features=`"
        raise UnreadableCell("SEQ126", f"`{name}` is {what}", item.span, hint)

    def _call(self, item: FunctionCall) -> CellExpression:
        name = item.function
        self._check_keywords(item)
        if name in _READERS:
            return _READERS[name](self, item)
        if name == "split":
            hint = f"give its parts names, in an equation of its own: `{_USAGE['split']}`"
            message = "`split` gives several values, not one"
            raise UnreadableCell("SEQ126", message, item.span, hint)
        # `activation(g)`: a parameter whose default is a word; `tanh(g)`: the word itself.
        if name in ACTIVATIONS or isinstance(self.parameters.get(name), str):
            (operand,) = self._positional(item, 1)
            return Activation(name, self.value(operand))
        close = close_words(name, [*_USAGE, *ACTIVATIONS])
        message = f"unknown function `{name}`"
        if not close:
            raise UnreadableCell("SEQ125", message, item.name, _functions())
        hint, suggested = f"did you mean `{close[0]}`?", instead(item.name, close[0])
        raise UnreadableCell("SEQ125", message, item.name, hint, suggested)

    def _check_keywords(self, item: FunctionCall) -> None:
        allowed = _KEYWORDS.get(item.function, ())
        seen: set[str] = set()
        for argument in item.arguments:
            if argument.keyword is None:
                continue
            if argument.keyword not in allowed or argument.keyword in seen:
                message = f"`{item.function}` has no argument `{argument.keyword}`"
                if argument.keyword in seen:
                    message = f"`{argument.keyword}=` is there twice"
                takes = " and ".join(f"`{word}=`" for word in allowed)
                hint = f"it takes values, and {takes}" if allowed else "it takes values only"
                raise UnreadableCell("SEQ126", message, argument.span, hint)
            seen.add(argument.keyword)

    def _positional(self, item: FunctionCall, count: int | None = None) -> list[Expression]:
        """The values of a call, so many of them; ``None``: one or more."""
        values = [argument.value for argument in item.arguments if argument.keyword is None]
        wrong = not values if count is None else len(values) != count
        if wrong:
            takes = (
                "one or more values" if count is None else f"{count} argument{'s' * (count != 1)}"
            )
            message = f"`{item.function}` takes {takes}, not {len(values)}"
            example = _USAGE.get(item.function, f"{item.function}(h)")
            raise UnreadableCell("SEQ126", message, item.span, f"for example: `{example}`")
        return values

    def _keyword(self, item: FunctionCall, name: str) -> Expression | None:
        found = (argument.value for argument in item.arguments if argument.keyword == name)
        return next(found, None)

    def _dense(self, item: FunctionCall) -> Dense:
        # dense(x, f * h, features=2 * units) of the equation `n`: n_x, n_fh, n_bias
        values = self._positional(item)
        size = self._keyword(item, "features")
        features = Size.of("units") if size is None else self.size(size)
        bias = self.bias(self._keyword(item, "bias"))
        kernel = self._kernel(item) if item.function == "conv2d" else None
        # Named before what is inside them: the outermost one is the first.
        names = [self._claim(f"{self._base}_{label(value)}") for value in values]
        if bias is not False:
            names.append(self._claim(f"{self._base}_bias"))
        return Dense(tuple(map(self.value, values)), features, bias, tuple(names), kernel)

    def _kernel(self, item: FunctionCall) -> Size:
        """How many places a window has in height and in width."""
        kernel = self._keyword(item, "kernel")
        if kernel is None:
            message = "`conv2d` does not say how large its windows are"
            raise UnreadableCell("SEQ126", message, item.span, f"for example: `{_USAGE['conv2d']}`")
        return self.size(kernel)

    def _dropout(self, item: FunctionCall) -> Dropout:
        value, rate = self._positional(item, 2)
        return Dropout(self.value(value), self.rate(rate))

    def _zoneout(self, item: FunctionCall) -> Zoneout:
        old, new, rate = self._positional(item, 3)
        return Zoneout(self.value(old), self.value(new), self.rate(rate))

    def _concat(self, item: FunctionCall) -> Concat:
        return Concat(tuple(map(self.value, self._positional(item))))

    def _extreme(self, item: FunctionCall) -> Extreme:
        return Extreme(Choice(item.function), tuple(map(self.value, self._positional(item))))

    def _scale(self, item: FunctionCall) -> Scale:
        (value,) = self._positional(item, 1)
        name = self._claim(f"{self._base}_scale")
        return Scale(self.value(value), (name,))

    def _normalize(self, item: FunctionCall) -> Normalize:
        (value,) = self._positional(item, 1)
        name = self._claim(f"{self._base}_norm")
        return Normalize(self.value(value), (f"{name}_gamma", f"{name}_beta"))

    def _claim(self, wanted: str) -> str:
        """A name that no other weight has."""
        name, number = wanted, 1
        # `zero_grad` of `zero = dense(grad)` is what a module of PyTorch's needs itself.
        while name in self._named or is_reserved(name):
            number += 1
            name = f"{wanted}_{number}"
        self._named.add(name)
        return name


_READERS: dict[str, Callable[[ValueReader, FunctionCall], CellExpression]] = {
    "dense": ValueReader._dense,
    "conv2d": ValueReader._dense,
    "scale": ValueReader._scale,
    "layernorm": ValueReader._normalize,
    "dropout": ValueReader._dropout,
    "zoneout": ValueReader._zoneout,
    "concat": ValueReader._concat,
    "max": ValueReader._extreme,
    "min": ValueReader._extreme,
}


def _functions() -> str:
    names = ", ".join(f"`{name}`" for name in _USAGE)
    return f"functions are {names} and the activations; a cell cannot use another cell"
