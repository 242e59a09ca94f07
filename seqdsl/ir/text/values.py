"""trees → what they mean: sizes, tensor expressions and the records of operations."""

from __future__ import annotations

from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, Any, get_args

from lark import Tree

from seqdsl.ir.expressions import Expression, FinalState, Slice, Step, Value
from seqdsl.ir.fields import RECORDS, fields_of, is_enum
from seqdsl.ir.layers import Argument
from seqdsl.ir.text.errors import error_at
from seqdsl.ir.text.trees import arguments_of, bare, checked_name
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lark import Token

    from seqdsl.ir.fields import FieldType
    from seqdsl.ir.text.errors import Item

DEEPEST = 60
"""How deep expressions may be nested: more is no picture's, and would exhaust Python's stack."""

LARGEST = 2**63
MOST_TERMS = 64
"""How large a size's numbers may be, and how many terms it may have."""

_TENSORS = get_args(Expression)
_LONGEST_NUMBER = 24


class Values:
    """Reads values; it knows which nodes there are.

    Args:
        nodes: the number of the node that a reference, such as ``%x`` or ``%x#2``, means.
    """

    def __init__(self, nodes: Mapping[str, int] | None = None) -> None:
        """Begin with the nodes that a text defines."""
        self.nodes = nodes or {}
        self._depth = 0

    def size(self, tree: Item) -> Size:
        """A size: sums, products and quotients of numbers and names."""
        size: Size = self._deeper(self._size, tree)
        return size

    def _size(self, tree: Tree[Token]) -> Size:
        if tree.data == "expression":
            sign, first, *others = tree.children
            total = self.size(first)
            # The tree is flat, `[sign, a, +, b, -, c]`, so that a long sum is no deep one.
            total = -total if sign == "-" else total
            for operator, term in zip(others[::2], others[1::2], strict=True):
                total = _bounded(total + self.size(term) * (-1 if operator == "-" else 1), tree)
            return total
        if tree.data == "product":
            first, *others = tree.children
            total = self.size(first)
            for operator, factor in zip(others[::2], others[1::2], strict=True):
                total = _bounded(_combined(total, str(operator), self.size(factor), factor), tree)
            return total
        if tree.data == "group":
            return self.size(tree.children[0])
        if tree.data == "name":
            return Size.of(checked_name(tree.children[0], unnamed=True))
        if tree.data == "number":
            return Size.of(self.integer(tree))
        raise error_at(tree, "this is not a size", "a number", "a name")

    def integer(self, tree: Item) -> int:
        """A whole number, maybe with a sign."""
        number = self.number(tree)
        if not isinstance(number, int):
            raise error_at(tree, f"{number} is not a whole number")
        return number

    def number(self, tree: Item) -> int | float:
        """A number, maybe with a sign."""
        inner, factor = _signed(tree)
        if not isinstance(inner, Tree) or inner.data != "number":
            raise error_at(tree, "this is not a number", "a number")
        text = str(inner.children[0])
        if len(text) > _LONGEST_NUMBER:
            raise error_at(tree, "this number is too long")
        # Python itself refuses to read very long numbers, but only after it has tried.
        value = int(text) if text.isdecimal() else float(text)
        if not abs(value) <= LARGEST:
            raise error_at(tree, f"{text} is too large")
        return factor * value

    def word(self, tree: Item) -> str:
        """A name by itself."""
        inner = bare(tree)
        if not isinstance(inner, Tree) or inner.data != "name":
            raise error_at(tree, "this is not a name", "a name")
        return str(inner.children[0])

    def flag(self, tree: Item) -> bool:
        """``true`` or ``false``."""
        word = self.word(tree)
        if word not in ("true", "false"):
            raise error_at(tree, f"`{word}` is neither true nor false", "`true`", "`false`")
        return word == "true"

    def items(self, tree: Item) -> list[Tree[Token]]:
        """The trees in a list."""
        inner = bare(tree)
        if not isinstance(inner, Tree) or inner.data != "list":
            raise error_at(tree, "this is not a list", "`[`")
        return [item for item in inner.children if isinstance(item, Tree)]

    def sizes(self, tree: Item) -> tuple[Size, ...]:
        """A list of sizes."""
        return tuple(map(self.size, self.items(tree)))

    def reference(self, token: Item) -> int:
        """The number of the node that a token refers to."""
        if str(token) not in self.nodes:
            raise error_at(token, f"`{token}` is not defined, or not by its name alone")
        return self.nodes[str(token)]

    def node(self, tree: Item) -> int:
        """The number of the node that a tree refers to."""
        inner = bare(tree)
        if not isinstance(inner, Tree) or inner.data != "value":
            raise error_at(tree, "this is not the value of a node", "a value, such as `%x`")
        return self.reference(inner.children[0])

    def tensor(self, tree: Item) -> Any:
        """A tensor expression."""
        return self._deeper(self._tensor, bare(tree))

    def _tensor(self, tree: Tree[Token]) -> Any:
        if tree.data == "value":
            return Value(self.reference(tree.children[0]))
        if tree.data == "member":
            of, name = tree.children
            # `%lstm.final`, never `%x[2 of 6].final`: only a node has a final state.
            if name != "final" or not isinstance(of, Tree) or of.data != "value":
                raise error_at(name, f"`{name}` is not a part of a value", "`final`")
            return FinalState(self.reference(of.children[0]))
        if tree.data == "bracket":
            parts: list[Any] = tree.children
            # `%x[2 of 6]` has no count, `%x[2:+3 of 6]` one and no stride.
            of, first, count, stride, steps = parts
            value = self.tensor(of)
            if count is None:
                return Step(value, self.size(first), self.size(steps))
            by = 1 if stride is None else self.integer(stride)
            return Slice(value, self.size(first), self.size(count), by, self.size(steps))
        return self.record(tree, _TENSORS)

    def record(self, tree: Item, types: tuple[type, ...]) -> Any:
        """A record of one of the ``types``, written as a call."""
        inner = bare(tree)
        if not isinstance(inner, Tree) or inner.data != "called":
            raise error_at(tree, "this is not a call, nor a value", "a value, such as `%x`")
        name, call = inner.children
        cls = RECORDS.get(str(name))
        if cls not in types or cls in (Value, FinalState):
            raise error_at(name, f"`{name}` cannot be used here")
        assert cls is not None
        return cls(**self.fields(call, cls, name))

    def fields(self, call: Item, cls: type, at: Item) -> dict[str, Any]:
        """The fields of a record, from the arguments of a call; a recurrence's cell is none of them."""
        by_name = {field.name: field for field in fields_of(cls) if field.name != "body"}
        # As Python binds arguments, `repeat(%x, 3, like=%y)`: those without a name in order, the rest by name.
        order = iter(by_name.values())
        values: dict[str, Any] = {}
        for keyword, tree in arguments_of(call):
            field = by_name.get(str(keyword)) if keyword is not None else next(order, None)
            if field is None or field.name in values:
                expected = (f"`{name}=`" for name in by_name if name not in values)
                raise error_at(keyword or tree, "this argument cannot be used here", *expected)
            values[field.name] = self.field(tree, field)
        needed = (name for name, field in by_name.items() if not field.has_default)
        for missing in needed:
            if missing not in values:
                raise error_at(at, f"`{missing}` is missing", f"`{missing}=`")
        return values

    def field(self, tree: Item, field: FieldType) -> Any:
        """What a field of a record holds."""
        if field.is_optional and _is_none(bare(tree)):
            return None
        if field.is_many:
            return tuple(self._value(item, field) for item in self.items(tree))
        return self._value(tree, field)

    def _value(self, tree: Item, field: FieldType) -> Any:
        # The number of a node is written as its name: `passed_state(%encoder)`.
        if field.is_node:
            return self.node(tree)
        if is_enum(field.types):
            return self.choice(tree, field.types[0])
        if (read := self._plain.get(field.types[0])) is not None:
            return read(self, tree)
        if field.types[0] not in _TENSORS:
            return self.record(tree, field.types)
        value = self.tensor(tree)
        if not isinstance(value, field.types):
            raise error_at(tree, "only the whole value of a node can be used here")
        return value

    def choice(self, tree: Item, cls: type) -> Any:
        """One of the words of an enumeration."""
        assert issubclass(cls, Enum)
        word = self.word(tree)
        words = {item.value: item for item in cls}
        if word not in words:
            raise error_at(tree, f"`{word}` cannot be used here", *(f"`{one}`" for one in words))
        return words[word]

    def name(self, tree: Item) -> str:
        """A name that may become an identifier."""
        self.word(tree)
        inner = bare(tree)
        assert isinstance(inner, Tree)
        return checked_name(inner.children[0])

    def setting(self, tree: Item, argument: Argument) -> object:
        """The value of a layer's argument."""
        if argument is Argument.SIZE:
            return self.size(tree)
        if argument is Argument.INTEGER:
            return self.integer(tree)
        if argument is Argument.FLAG:
            return self.flag(tree)
        inner = bare(tree)
        is_name = isinstance(inner, Tree) and inner.data == "name"
        if argument.is_number and not is_name:
            return float(self.number(tree))
        # An activation is one of a few words, or the verifier says so.
        return self.word(tree) if not argument.is_number else self.name(tree)

    _plain: Mapping[type, Any] = {Size: size, int: integer, bool: flag, str: word, float: number}

    def _deeper(self, read: Callable[[Any], Any], tree: Item) -> Any:
        """Read what is nested in something else, unless that has become too deep."""
        if self._depth >= DEEPEST:
            raise error_at(tree, "expressions are nested too deeply")
        self._depth += 1
        try:
            return read(tree)
        finally:
            self._depth -= 1


def _signed(tree: Item) -> tuple[Item, int]:
    """What is behind a sign, and the factor of that sign; what has none is as it is, ``-a * b`` too."""
    inner = bare(tree)
    if isinstance(inner, Tree) and inner.data == "expression" and len(inner.children) == 2:
        sign, product = inner.children
        if isinstance(product, Tree) and len(product.children) == 1:
            return product.children[0], -1 if sign == "-" else 1
    return inner, 1


def _is_none(tree: Item) -> bool:
    return isinstance(tree, Tree) and tree.data == "name" and tree.children[0] == "none"


def _combined(left: Size, operator: str, right: Size, at: Item) -> Size:
    if operator == "*":
        # Before it is computed: (a + b + ...) * (a + b + ...) grows with every factor.
        if len(left.terms) * len(right.terms) > MOST_TERMS:
            raise error_at(at, "this size has too many terms")
        return left * right
    if not right.terms:
        raise error_at(at, "division by 0")
    # `//` brings quotients into the form in which equal lengths are equal data.
    if operator == "//":
        return left // right
    # `units / 2` is half a width, a polynomial; `units / k` would be none.
    if right.constant is None:
        raise error_at(at, "only a number divides without a rest", "`//`")
    return left * Fraction(1, right.constant)


def _bounded(size: Size, at: Item) -> Size:
    # A text of a few lines must not make numbers of a thousand digits.
    numbers = [abs(part) for _, k in size.terms for part in (k.numerator, k.denominator)]
    if len(size.terms) > MOST_TERMS or max(numbers, default=0) > LARGEST:
        raise error_at(at, "this size is too large")
    if any(len(names) > DEEPEST for names, _ in size.terms):
        raise error_at(at, "this size has too many factors")
    return size
