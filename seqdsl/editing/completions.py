"""snapshot and place → what may be written there, with what it means.

O O O   l|              layers, with the cells and pictures of the file
H = lstm(units, |       the arguments that are not given yet, and parameters
H = dense(4, |          words: activations
O ..|                   the names of lengths
|                       letters without a layer, `model`, `cell`, parameters
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seqdsl.editing.arguments import arguments, named_lengths
from seqdsl.editing.typed import Typed
from seqdsl.editing.words import all_values, layer_text
from seqdsl.layers import all_layers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.editing.data import Completion
    from seqdsl.editing.snapshot import Snapshot
    from seqdsl.syntax.ast import Picture

_WORD = re.compile(r"[A-Za-z_]\w*$|$")
_CALL = re.compile(r"(?P<layer>[a-z]\w*)\((?P<inside>[^()]*)$")
_DEFINED = re.compile(r"^\s*[A-Z]\s*=\s*\w*$")
# A layer behind a row: nodes and wires, then at least two spaces.
_BESIDE = re.compile(r"[A-Z.…+*]\s\s+[a-z]\w*$|[A-Z.…]\s\s+$")
_LENGTH = re.compile(r"\.\.(?P<name>[a-z]\w*)?$")
_IGNORE = re.compile(r"#\s*seqdsl:\s*ignore\s+[^#]*$")
_HEADER = re.compile(r"cell[ \t]")


def completions(snapshot: Snapshot, line: int, column: int) -> tuple[Completion, ...]:
    """What may be written at a line and column of a text, the words that fit best first."""
    place = snapshot.part_at(line, column)
    if place is None:
        return ()
    part, line, column = place
    before = part.lines[line - 1][: column - 1] if line <= len(part.lines) else ""
    match = _WORD.search(before)
    typed = Typed(part, before, match.group() if match else "", line)
    return tuple(item for item in _fitting(typed) if item.label.startswith(typed.word))


def _fitting(typed: Typed) -> Iterator[Completion]:
    code, sign, _ = typed.before.partition("#")
    if sign:
        if _IGNORE.search(typed.before):
            yield from _codes(typed)
        return
    if _in_cell(typed):
        yield from _equation(typed)
    else:
        yield from _of_line(typed, code)


def _of_line(typed: Typed, code: str) -> Iterator[Completion]:
    """What fits behind a line, up to the cursor, that is in no cell."""
    if (length := _LENGTH.search(code)) is not None:
        yield from _lengths(typed, length["name"] or "")
    elif (call := _CALL.search(code)) is not None:
        yield from arguments(typed, call["layer"], call["inside"])
    elif _DEFINED.match(code) or _BESIDE.search(code):
        yield from _layers(typed)
    elif code.strip() == typed.word:
        yield from _line(typed)


def _in_cell(typed: Typed) -> bool:
    """Whether the line is one of a cell's equations."""
    if not typed.before.startswith((" ", "\t")):
        return False
    lines = typed.part.lines
    # Upward to the first line that is not indented: a cell's first line, or none.
    for number in range(typed.line - 1, 0, -1):
        line = lines[number - 1]
        if not line.strip():
            return False
        if not line.startswith((" ", "\t")):
            return _HEADER.match(line) is not None
    return False


def _layers(typed: Typed) -> Iterator[Completion]:
    document = typed.document
    for cell in document.cells:
        yield typed.item(cell.name, "cell", "a cell of this file")
    for name, layer in all_layers().items():
        if not layer.variant_of:
            yield typed.item(name, "layer", layer.words.summary, layer_text(name))
    # What calls itself has no end.
    own = typed.picture
    for picture in document.pictures:
        # Names of one letter, and with `-`, cannot be called.
        if picture is not own and re.fullmatch(r"[a-z]\w+", picture.name):
            yield typed.item(picture.name, "model", "another picture of this file")


def _line(typed: Typed) -> Iterator[Completion]:
    picture = typed.picture
    # Letters that are drawn without a layer, then parameters that are used without a value.
    if picture is not None:
        defined = {item.letter for item in picture.definitions}
        drawn = {char for row in picture.rows if row.call is None for char in row.cells}
        for letter in sorted(drawn & _LETTERS - defined):
            yield typed.item(letter, "letter", "give this letter a layer", insert=f"{letter} = ")
        given = {item.name for item in picture.parameters}
        for name in _parameters(picture):
            if name not in given:
                yield typed.item(name, "parameter", "set this parameter", insert=f"{name} = ")
    yield typed.item("model", "keyword", "begin another model", insert="model ")
    yield typed.item("cell", "keyword", "equations of a recurrent cell", insert="cell ")


_LETTERS = frozenset("ABCDEFGHIJKLMNPQRSTUVWXYZ")


def _parameters(picture: Picture) -> list[str]:
    """The names that a picture uses as sizes and lengths."""
    from seqdsl.syntax.ast import Word, leaves

    calls = [item.call for item in picture.definitions]
    calls += [row.call for row in picture.rows if row.call is not None]
    words = {
        leaf.value
        for call in calls
        for argument in call.arguments
        for leaf in leaves(argument.value)
        if isinstance(leaf, Word) and argument.keyword != "name"
    }
    return sorted((words - all_values()) | named_lengths(picture) | {"units", "features"})


def _lengths(typed: Typed, begun: str) -> Iterator[Completion]:

    names = {name for item in typed.document.pictures for name in named_lengths(item)}
    for name in sorted(names | {"n"} - {begun}):
        yield typed.item(name, "length", "the number of steps", insert=f"{name}..")


def _equation(typed: Typed) -> Iterator[Completion]:
    from seqdsl.cells import ACTIVATIONS

    for name in _names(typed):
        detail = "what a node reads" if name == "x" else "a name of this cell"
        yield typed.item(name, "parameter", detail)
    for name, text in {**_FUNCTIONS, **dict.fromkeys(ACTIVATIONS, "an activation")}.items():
        yield typed.item(name, "function", text, insert=f"{name}(")


def _names(typed: Typed) -> dict[str, None]:
    """The names of the cell that a line belongs to, in their order."""
    above = [item for item in typed.document.cells if item.span.line < typed.line]
    # x, the parameters, and what the equations above and below assign: one that is read before is state.
    names = ["x"]
    for cell in above[-1:]:
        names += [item.name for item in cell.parameters]
        names += [name.value for item in cell.equations for name in item.names]
    return dict.fromkeys(names)


_FUNCTIONS = {
    "dense": "an affine map of its concatenated arguments",
    "scale": "a trained factor for each feature",
    "layernorm": "normalizes features",
    "dropout": "drops random features in training, at a rate",
    "zoneout": "keeps random features of the old value, at a rate",
    "split": "equal parts of a value",
    "concat": "values concatenated",
    "max": "the larger of two values, for each feature",
    "min": "the smaller of two values, for each feature",
    "conv2d": "a convolution of its arguments, which are images",
}


def _codes(typed: Typed) -> Iterator[Completion]:
    from seqdsl.text.codes import CODES

    for name, code in CODES.items():
        if code.severity == "warning":
            yield typed.item(name, "code", code.title, code.why)
