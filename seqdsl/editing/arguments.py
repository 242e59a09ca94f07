"""call that is being typed → what may be written next: values of the argument, or arguments that are left."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seqdsl.editing.words import NAME_WORDS, argument_text, argument_words, shown, values_of
from seqdsl.layers import Kind, find_layer
from seqdsl.picture.grid import scan_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.editing.data import Completion
    from seqdsl.editing.typed import Typed
    from seqdsl.layers import Argument, LayerDef
    from seqdsl.syntax.ast import Picture

_KEYWORD = re.compile(r"^\s*(?P<keyword>[a-z]\w*)\s*=\s*(?P<value>.*)$")


def arguments(typed: Typed, name: str, inside: str) -> Iterator[Completion]:
    """What may be written in a call.

    Args:
        typed: the line.
        name: the layer.
        inside: what is behind its bracket, up to the cursor.
    """
    # Values have no commas and no brackets but those of arithmetic, which end the search for a call.
    *before, last = inside.split(",")
    layer = _layer(typed, name)
    match = _KEYWORD.match(last)
    if match is not None:
        argument = None if layer is None else layer.signature.find(match["keyword"])
        if argument is not None:
            yield from _values(typed, argument)
        return
    # lstm(64, dropout=0.2, |     one value by its place, the keyword `dropout`
    given = [_KEYWORD.match(item) for item in before]
    keywords = {item["keyword"] for item in given if item is not None}
    place = sum(item is None for item in given)
    if layer is not None:
        yield from _left(typed, layer, keywords, place)
    if "name" not in keywords:
        yield typed.item("name", "argument", NAME_WORDS, insert="name=")


def _left(typed: Typed, layer: LayerDef, keywords: set[str], place: int) -> Iterator[Completion]:
    """The values of the next place, then the arguments that are not given yet."""
    signature = layer.signature
    if place < len(signature.positional) and not keywords:
        yield from _values(typed, signature.positional[place])
    # What is given by its place needs no keyword any more.
    done = keywords | {item.name for item in signature.positional[:place]}
    for item in signature.arguments:
        if item.name not in done:
            text = argument_text(layer.name, item.name)
            words = argument_words(layer.name, item.name) or shown(item)
            yield typed.item(item.name, "argument", words, text, f"{item.name}=")


def _layer(typed: Typed, name: str) -> LayerDef | None:
    found = find_layer(name)
    if found is not None:
        return found
    # A cell or another picture of the file: its record is known once it has compiled.
    for model in typed.part.analysis.models:
        for block in model.spec.blocks:
            if block.kind == name:
                return find_layer(block.kind)
    return None


def _values(typed: Typed, argument: Argument) -> Iterator[Completion]:
    picture = typed.picture
    for word in values_of(argument.kind):
        detail = "the default" if word == argument.default else argument.name
        yield typed.item(word, "value", detail)
    # attention(E|) reads a row, dense(tied=M|) an embedding
    if picture is None or values_of(argument.kind):
        return
    if argument.kind in (Kind.LETTER, Kind.TIED):
        for letter in _letters(picture):
            yield typed.item(letter, "letter", "a row of this picture")
    else:
        for name in _numbers(picture):
            yield typed.item(name, "parameter", "a parameter of this picture")


def _letters(picture: Picture) -> list[str]:
    """The letters that name rows of a picture."""
    marks = "".join(scan_row(row)[0].marks for row in picture.rows)
    return sorted({char for char in marks if char.isupper()} - {"O"})


def _numbers(picture: Picture) -> list[str]:
    values = {item.name: item.value for item in picture.parameters}
    return [*values, *sorted(({"units", "features"} | named_lengths(picture)) - values.keys())]


def named_lengths(picture: Picture) -> set[str]:
    """The names of a picture's ellipses."""
    rows = (scan_row(row)[0] for row in picture.rows if ".." in row.cells)
    return {name for row in rows for name in row.names.values()}
