"""what an equation says besides values → a size, a rate, or whether there is a bias.

Each is a number or a word of the equation's own, or a parameter of the cell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.size import Size
from seqdsl.syntax.ast import Number, Word
from seqdsl.syntax.equations import Infix, written
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from seqdsl.syntax.equations import Expression
    from seqdsl.text.diagnostics import Edit
    from seqdsl.text.source import Span

    Setting = bool | float | str | None


class UnreadableCell(Exception):
    """An equation that means nothing.

    Attributes:
        diagnostic: why, where, and what to do.
    """

    def __init__(
        self, code: str, message: str, span: Span, hint: str, suggested: tuple[Edit, ...] = ()
    ) -> None:
        """Say what is wrong with it."""
        super().__init__(message)
        self.diagnostic = Diagnostic(code, message, span, hint, suggested=suggested)


class SettingReader:
    """Reads what the functions of a cell take besides values.

    Attributes:
        parameters: the default of each parameter of the cell; ``None``: it is a size.
    """

    def __init__(self, parameters: Mapping[str, Setting]) -> None:
        """Keep the parameters, which may stand for settings."""
        self.parameters = parameters

    def bias(self, value: Expression | None) -> bool | str:
        """Whether there is a bias, or the parameter that says so."""
        if value is None:
            return True
        if isinstance(value, Word):
            if value.value in ("true", "false"):
                return value.value == "true"
            if isinstance(self.parameters.get(value.value), bool):
                return value.value
        message = f"`bias={written(value, str)}` cannot be used here"
        hint = "write `bias=false`, or a parameter that is `true` or `false`"
        raise UnreadableCell("SEQ126", message, value.span, hint)

    def size(self, value: Expression) -> Size:
        """A size: whole numbers, the cell's sizes, and `+`, `-`, `*` and `//` between them."""
        # features=2 * units + size // 4
        if isinstance(value, Number) and isinstance(value.value, int) and value.value > 0:
            return Size.of(value.value)
        if isinstance(value, Word) and self.parameters.get(value.value, False) is None:
            return Size.of(value.value)
        if isinstance(value, Infix) and value.operator in _SIZES:
            left, right = self.size(value.left), self.size(value.right)
            return _SIZES[value.operator](left, right)
        message = f"`{written(value, str)}` is not a size"
        hint = "write whole numbers, `units` and other parameters without a default, `+`, `-`, `*` and `//`"
        raise UnreadableCell("SEQ126", message, value.span, hint)

    def rate(self, value: Expression) -> float | str:
        """How much is lost: a number, or the parameter that says it."""
        if isinstance(value, Number) and 0 <= value.value < 1:
            return float(value.value)
        # dropout(h, rate) with `rate=0.1` among the cell's parameters; the layer may set another
        default = self.parameters.get(value.value) if isinstance(value, Word) else None
        if isinstance(value, Word) and isinstance(default, float) and 0 <= default < 1:
            return value.value
        message = f"`{written(value, str)}` is not a rate"
        hint = "a rate is a number from 0 to less than 1, or a parameter whose default is one"
        raise UnreadableCell("SEQ126", message, value.span, hint)


_SIZES: dict[str, Callable[[Size, Size], Size]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "//": lambda left, right: left // right,
}
