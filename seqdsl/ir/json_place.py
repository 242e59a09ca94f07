"""JSON value, path → what it means: each value is what it is read as, or an error says where it is not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from seqdsl.cells.cell import Cell
from seqdsl.ir.body import Body
from seqdsl.ir.fields import fields_of, is_enum, is_record
from seqdsl.ir.layers import Argument
from seqdsl.ir.names import model_problem, name_problem
from seqdsl.ir.operations import Call, Scan
from seqdsl.size import Size

if TYPE_CHECKING:
    from seqdsl.ir.fields import FieldType

DEEPEST = 60
"""How deep values may be nested: more is no picture's, and would exhaust Python's stack."""


class IrJsonError(ValueError):
    """A JSON value that is not a graph.

    Attributes:
        path: where it is, as ``nodes/3/operation/of``.
    """

    def __init__(self, path: str, message: str) -> None:
        """Say what is wrong, and where."""
        self.path = path
        super().__init__(f"{path or 'the graph'}: {message}")


class Place:
    """A value in a JSON object, and where it is: what it is read as it has to be, or it is an `IrJsonError`."""

    def __init__(self, value: Any, path: str = "", depth: int = 0) -> None:
        """Begin with the whole object."""
        if depth > DEEPEST:
            raise IrJsonError(path[:60], "values are nested too deeply")
        self.value, self.path, self.depth = value, path, depth

    def _inside(self, value: Any, key: str | int) -> Place:
        return Place(value, f"{self.path}/{key}".lstrip("/"), self.depth + 1)

    def _expect(self, holds: bool, what: str) -> None:
        if not holds:
            raise IrJsonError(self.path, f"this is not {what}")

    def names(self) -> list[str]:
        """The keys of an object."""
        self._expect(isinstance(self.value, Mapping), "an object")
        return [str(key) for key in self.value]

    def of(self, key: str) -> Place:
        """What an object has under a key."""
        self._expect(isinstance(self.value, Mapping), "an object")
        if key not in self.value:
            raise IrJsonError(self.path, f"`{key}` is missing")
        return self._inside(self.value[key], key)

    def items(self) -> list[Place]:
        """The items of a list."""
        # A text is a sequence of characters, which nobody means.
        is_list = isinstance(self.value, Sequence) and not isinstance(self.value, str | bytes)
        self._expect(is_list, "a list")
        return [self._inside(item, place) for place, item in enumerate(self.value)]

    def integer(self) -> int:
        """A whole number."""
        # In Python true is 1, in JSON it is not.
        is_integer = isinstance(self.value, int) and not isinstance(self.value, bool)
        self._expect(is_integer and abs(self.value) < 2**63, "a whole number")
        return int(self.value)

    def number(self) -> int | float:
        """A number."""
        self._expect(not isinstance(self.value, bool), "a number")
        self._expect(isinstance(self.value, int | float) and abs(self.value) < 2**63, "a number")
        number: int | float = self.value
        return number

    def flag(self) -> bool:
        """True or false."""
        self._expect(isinstance(self.value, bool), "true or false")
        return bool(self.value)

    def text(self) -> str:
        """A text."""
        self._expect(isinstance(self.value, str), "text")
        return str(self.value)

    def name(self, *, unnamed: bool = False) -> str:
        """A name that may become an identifier."""
        if problem := name_problem(self.text(), unnamed=unnamed):
            raise IrJsonError(self.path, problem)
        return self.text()

    def model_name(self) -> str:
        """The name of a model."""
        if problem := model_problem(self.text()):
            raise IrJsonError(self.path, problem)
        return self.text()

    def size(self) -> Size:
        """A size: a number, or text where it depends on names."""
        if not isinstance(self.value, str):
            return Size.of(self.integer())
        if re.fullmatch(r"_?[a-z]\w*", self.value, re.ASCII):
            return Size.of(self.name(unnamed=True))
        # Few sizes are more than a number or a name, and the parser's tables take a while.
        from seqdsl.ir.text.errors import IrSyntaxError
        from seqdsl.ir.text.parser import parse_size

        try:
            return parse_size(self.value)
        except IrSyntaxError as error:
            raise IrJsonError(self.path, str(error)) from None

    def choice(self, cls: type) -> Any:
        """One of the words of an enumeration."""
        words = {item.value: item for item in cls}  # type: ignore[attr-defined]
        self._expect(self.text() in words, f"one of {', '.join(words)}")
        return words[self.value]

    def setting(self, argument: Argument) -> object:
        """The value of a layer's argument."""
        if argument is Argument.SIZE:
            return self.size()
        if argument is Argument.INTEGER:
            return self.integer()
        if argument is Argument.FLAG:
            return self.flag()
        is_number = argument.is_number and not isinstance(self.value, str)
        return float(self.number()) if is_number else self.text()

    def record(
        self,
        allowed: Mapping[str, type],
        records: Mapping[str, type],
        bodies: Mapping[str, Cell | Body] | None = None,
    ) -> Any:
        """A record: one of ``allowed``, made of ``records``; a recurrence's cell, and a call's model, is named."""
        name = self.of("type").text()
        cls = allowed.get(name)
        if cls is None:
            raise IrJsonError(self.of("type").path, f"`{name[:60]}` cannot be used here")
        values: dict[str, Any] = {}
        for field in fields_of(cls):
            if self._lacks(field):
                values[field.name] = field.default
                continue
            place = self.of(field.name)
            # Equations are once in the graph, and so are models: what runs them names them.
            if cls in (Scan, Call) and field.name == "body":
                body, kind = (bodies or {}).get(place.text()), Body if cls is Call else Cell
                if not isinstance(body, kind):
                    what = "model" if cls is Call else "cell"
                    raise IrJsonError(place.path, f"there is no {what} `{place.text()[:60]}`")
                values[field.name] = body
            else:
                values[field.name] = place._field(field, records)
        return cls(**values)

    def _lacks(self, field: FieldType) -> bool:
        """Whether a field is left out, as in graphs that were saved before there was such."""
        return field.is_later and field.name not in self.names()

    def _field(self, field: FieldType, records: Mapping[str, type]) -> Any:
        if self.value is None and field.is_optional:
            return None
        if field.is_many:
            return tuple(item._one(field, records) for item in self.items())
        return self._one(field, records)

    def _one(self, field: FieldType, records: Mapping[str, type]) -> Any:
        types = field.types
        if is_enum(types):
            return self.choice(types[0])
        if types[0] is Size:
            return self.size()
        if is_record(types[0]):
            return self.record(
                {name: cls for name, cls in records.items() if cls in types}, records
            )
        return self._plain(types)

    def _plain(self, types: tuple[type, ...]) -> bool | str | int | float:
        """A value that is in JSON as it is."""
        # Truth values first: to Python, `True` is an integer.
        if isinstance(self.value, bool) and bool in types:
            return self.value
        if isinstance(self.value, str) and str in types:
            return self.name()
        if int in types and isinstance(self.value, int):
            return self.integer()
        self._expect(float in types, " or ".join(item.__name__ for item in types))
        return float(self.number())
