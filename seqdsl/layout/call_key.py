"""text of a call → what it says: two calls say the same whatever is written by keyword, and what is not written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.layers import Signature, find_layer

if TYPE_CHECKING:
    from collections.abc import Iterator

Said = tuple[str, frozenset[tuple[str, str]]]


def kind_of(call: str) -> str:
    """The name of a call's layer."""
    return call.partition("(")[0].strip()


def call_key(call: str) -> Said:
    """The layer of a call and its arguments by name, those that are as without them left out."""
    return kind_of(call), frozenset(_said(call))


def values_of(call: str) -> list[tuple[str, str]]:
    """The arguments of a call as they are written, ``("", value)`` without a keyword."""
    inner = call.partition("(")[2].rpartition(")")[0]
    found = []
    for item in filter(None, (part.strip() for part in inner.split(","))):
        name, sign, value = item.partition("=")
        found.append((name.strip(), value.strip()) if sign else ("", item))
    return found


def _said(call: str) -> Iterator[tuple[str, str]]:
    values = values_of(call)
    definition = find_layer(kind_of(call))
    # Of a cell or a picture of the file nothing is known here: arguments are told apart by their places.
    signature = Signature() if definition is None else definition.signature
    given = [name for name, _ in values if name]
    places = iter(signature.places(given, len(values) - len(given)))
    for at, (name, value) in enumerate(values):
        argument = signature.find(name) if name else next(places, None)
        default = "" if argument is None else _plain(_text(argument.default))
        if _plain(value) != default:
            yield (name or str(at)) if argument is None else argument.name, _plain(value)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _plain(value: str) -> str:
    """A number in one way of writing it: 0.10 is 0.1, and 3.0 is 3."""
    try:
        number = float(value)
    except ValueError:
        return value
    return str(int(number)) if number.is_integer() else repr(number)
