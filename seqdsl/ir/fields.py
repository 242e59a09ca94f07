"""class → what its fields are: what the text form, JSON and its schema go by, so that neither lists the operations.

A record is written as its name in lower case and its fields: ``RepeatSteps`` is ``repeat_steps``. A new operation,
or a new field of one, needs nothing else to be printed, parsed, saved and loaded.
"""

from __future__ import annotations

import re
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from seqdsl.cells import cell
from seqdsl.ir import body, direction, expressions, operations
from seqdsl.layers import Combination
from seqdsl.records import record
from seqdsl.size import Size

NODES = frozenset(
    {
        ("Value", "block"),
        ("FinalState", "block"),
        ("CarriedState", "block"),
        ("PassedState", "source"),
    }
)
"""The whole numbers that are those of nodes."""

LATER = frozenset(
    {
        ("Zeros", "grid"),
        ("ValueState", "is_apart"),
        ("Placeholder", "lengths"),
        ("Placeholder", "mask"),
        ("Call", "masks"),
        ("Dense", "kernel"),
    }
)
"""The fields that graphs saved before there were such do not have: in JSON they are left out where they say nothing."""


@record(frozen=True)
class FieldType:
    """What a field of a record holds.

    Attributes:
        name: its name.
        types: one of these classes; ``Size``, ``int``, ``bool``, ``float``, ``str``, an enumeration, or records.
        is_node: whether it is the number of a node.
        is_many: whether it holds any number of such values.
        is_optional: whether it may hold nothing.
        has_default: whether it may be left out.
        default: what it then is.
        is_later: whether a graph in JSON may be without it.
    """

    name: str
    types: tuple[type, ...]
    is_node: bool
    is_many: bool
    is_optional: bool
    has_default: bool
    default: Any
    is_later: bool = False


def word(cls: type) -> str:
    """The name of a record in text: ``DynamicSlice`` is ``dynamic_slice``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).lower()


@cache
def fields_of(cls: Any) -> tuple[FieldType, ...]:
    """The fields of a record, in order."""
    namespace = {
        **vars(expressions),
        **vars(operations),
        **vars(cell),
        **vars(direction),
        **vars(body),
    }
    hints = get_type_hints(cls, globalns={**namespace, "Combination": Combination, "Size": Size})
    return tuple(
        _field(
            cls, item.name, hints[item.name], item.default is not MISSING, item.default
        )
        for item in fields(cls)
    )  # fmt: skip


def _field(cls: type, name: str, hint: Any, has_default: bool, default: Any) -> FieldType:
    types = _alternatives(hint)
    is_optional = NoneType in types
    types = tuple(item for item in types if item is not NoneType)
    # `tuple[Expression, ...]` holds any number of them.
    is_many = len(types) == 1 and get_origin(types[0]) is tuple
    if is_many:
        # All of them are `tuple[X, ...]`.
        types = _alternatives(get_args(types[0])[0])
    is_node = (cls.__name__, name) in NODES
    is_later = (cls.__name__, name) in LATER
    return FieldType(name, types, is_node, is_many, is_optional, has_default, default, is_later)


def _alternatives(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (UnionType, Union) else (hint,)


def is_enum(types: tuple[type, ...]) -> bool:
    """Whether a field holds one of the words of an enumeration."""
    return len(types) == 1 and issubclass(types[0], Enum)


def _records(classes: tuple[type, ...], apart: tuple[type, ...] = ()) -> dict[str, type]:
    """The records that may be in fields of ``classes``, and these, by their names in text."""
    records: dict[str, type] = {}
    todo = list(classes)
    while todo:
        cls = todo.pop()
        if word(cls) not in records and cls not in apart:
            records[word(cls)] = cls
            # An operation leads to expressions, these to more: a worklist, as they hold each other.
            todo += [one for item in fields_of(cls) for one in item.types if is_record(one)]
    return records


def is_record(cls: type) -> bool:
    """Whether a class is one of the records that are written as their name and fields."""
    return is_dataclass(cls) and cls is not Size and not issubclass(cls, body.Body)


OPERATIONS = {word(cls): cls for cls in get_args(operations.Operation)}
"""The operations by their names in text."""

# A recurrence names its cell, which is in the graph once.
RECORDS = _records(
    (*get_args(operations.Operation), *get_args(expressions.Expression)), apart=(cell.Cell,)
)
"""Every record in a node's operation or masks, by its name in text."""

CELL_RECORDS = _records((cell.Cell,))
"""Every record that a cell is made of, by its name in text."""
