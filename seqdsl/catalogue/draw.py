"""entry + shapes → the text of a `.seq` file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from string import Template
from textwrap import wrap
from typing import TYPE_CHECKING

from seqdsl.catalogue.entry import OUTPUTS, STRETCHES
from seqdsl.catalogue.stretch import elided, stretch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.catalogue.entry import Entry
    from seqdsl.catalogue.shapes import Port

UNITS = (32, 64, 128)
"""Widths of layers, the first that no length equals: units are not time steps."""

_EMBEDDED = {"X": "W", "Z": "V", "T": "S"}
_GAP = "   "
_WIDTH = 88


@dataclass(frozen=True, slots=True)
class Wanted:
    """What goes in, what comes out, and how wide the layers between are (``None``: as the catalogue likes)."""

    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    units: int | None = None

    def __str__(self) -> str:
        """The shapes with an arrow between what goes in and what comes out."""
        return " → ".join(" + ".join(map(str, ports)) for ports in (self.inputs, self.outputs))

    @property
    def ports(self) -> tuple[Port, ...]:
        """All shapes, those of the inputs first."""
        return (*self.inputs, *self.outputs)

    @property
    def width(self) -> int:
        """The number of units."""
        steps = [port.steps for port in self.ports]
        # A row that runs on is as long as all of them together: 20 steps in and 12 out are 32, and the width is 64.
        lengths = {*steps, sum(length for length in steps if length is not None)}
        return self.units or next(units for units in UNITS if units not in lengths)

    @property
    def lengths(self) -> dict[str, int | None]:
        """The lengths that the letters of a ruler denote."""
        first = next((port.steps for port in self.inputs if port.is_sequence), None)
        outputs = (*(port.steps for port in self.outputs), None)
        inputs = (*(port.steps for port in self.inputs), None, None)
        by_letter = (first, *outputs[:2], first, *inputs[1:3])
        return dict(zip(STRETCHES, by_letter, strict=True))


def text(entry: Entry, wanted: Wanted) -> str:
    """The whole file: what it is, the picture, the layers, the lengths.

    Raises:
        TooShort: the picture cannot have these lengths.
    """
    comment = wrap(
        f"{entry.name}: {entry.when}", _WIDTH, initial_indent="# ", subsequent_indent="# "
    )
    return "\n".join([*comment, *pictures(entry, wanted), ""])


def pictures(entry: Entry, wanted: Wanted) -> list[str]:
    """The lines of the file below its comment: the picture, after those that it calls.

    Raises:
        TooShort: the picture cannot have these lengths.
    """
    # Models of a file have names where there are several; the last one is the file's.
    called = [*entry.called.split("\n"), "", f"model {entry.name}", ""] if entry.called else []
    return [*called, *picture(entry, wanted)]


def picture(entry: Entry, wanted: Wanted) -> list[str]:
    """The lines of the picture itself, its layers and its lengths.

    Raises:
        TooShort: the picture cannot have these lengths.
    """
    # Twice: which letters stand for tokens decides the rows, and which lengths the drawn rows elide decides whether a
    # layer is `dense(12)` or `dense(m)`.
    layers = _layers(entry, wanted)
    tokens = "".join(letter for letter in entry.inputs if _EMBEDDED[letter] in layers)
    rows = stretch(_embedded(entry.rows, entry.inputs, tokens), entry.ruler, wanted.lengths)
    named = [name for name in STRETCHES if name in elided(rows)]
    lengths = [f"{name} = {wanted.lengths[name]}" for name in named]
    layers = _layers(entry, wanted, named)
    rows, definitions = labeled(rows, layers)
    below = [*definitions, *lengths]
    return [*rows, "", *below] if below else rows


def _layers(entry: Entry, wanted: Wanted, named: Sequence[str] = ()) -> dict[str, str]:
    """The layer of every letter; a length that the file names is written by its name."""
    output = wanted.outputs[0]
    steps, each = output.steps or 1, output.features
    # A file with `..m..` may be given another m: then `dense(4 * m)` still has all that is split into steps.
    total = str(steps * each)
    if "m" in named:
        total = "m" if each == 1 else f"{each} * m"
    numbers = {
        "units": wanted.width,
        "wide": 4 * wanted.width,
        "out": output.features,
        "out2": wanted.outputs[-1].features,
        "total": total,
        "same": wanted.inputs[0].vocabulary or wanted.inputs[0].features,
    }
    layers = {letter: Template(text).substitute(numbers) for letter, text in entry.layers.items()}
    for letter, port in zip(entry.inputs, wanted.inputs, strict=True):
        fed = _fed(entry, letter, port)
        # input(28, 28, 1), but tokens(1000, 12): the vocabulary is not the last axis of what a step holds
        if port.vocabulary is None:
            sides = _sides(entry, letter, port, output.steps if "m" in named else None)
            layers[letter] = f"input({_commas(*sides, port.features)}{fed})"
        else:
            layers[letter] = f"tokens({_commas(port.vocabulary, *port.grid)}{fed})"
            layers[_EMBEDDED[letter]] = f"embedding({wanted.width})"
    return layers


def _sides(entry: Entry, letter: str, port: Port, steps: int | None) -> tuple[object, ...]:
    """The sides of a grid; a width that is cut into so many steps, which the file names, is a multiple of them."""
    # 32 x 128 for 32 steps: input(32, 4 * m, 1), which holds for another m as well
    if letter != entry.columns or not steps or port.grid[-1] % steps:
        return port.grid
    return *port.grid[:-1], f"{port.grid[-1] // steps} * m"


def _commas(*numbers: object) -> str:
    return ", ".join(map(str, numbers))


def _fed(entry: Entry, letter: str, port: Port) -> str:
    """The argument with which an input is fed back; empty if it is not."""
    # Numbers that a decoder reads may be known future values, unless the picture is for numbers alone.
    is_fed = letter in entry.feedback and (port.vocabulary or entry.tokens is False)
    return f", feedback={entry.feedback[letter]}" if is_fed else ""


def _embedded(rows: list[str], inputs: str, tokens: str) -> list[str]:
    """The rows with an embedding above each input of tokens; other inputs pass it."""
    if not tokens:
        return rows
    *above, lowest = rows
    # | |   |          | |   |
    # X X   Z          W W   |      X are tokens, Z are numbers: a row of embeddings W over X, which Z passes
    #                  | |   |
    #                  X X   Z
    wires = "".join("|" if char in inputs else " " for char in lowest)
    embedded = "".join(_EMBEDDED[letter] if letter in tokens else "|" for letter in inputs)
    return [*above, lowest.translate(str.maketrans(inputs, embedded)), wires, lowest]


def labeled(rows: list[str], layers: dict[str, str]) -> tuple[list[str], list[str]]:
    """The rows with their layers at their ends; definitions of letters that share a row."""
    width = max(map(len, rows))
    places = {letter: [row for row in rows if letter in row] for letter in layers}
    ends: dict[str, str] = {}
    definitions = []
    for letter, layer in layers.items():
        (row, *others) = places[letter]
        # H H H   lstm(32)     a letter with a row to itself; E of `E-E-D-D`, or of several rows, gets `E = lstm(32)`
        if others or len(set(re.findall("[A-Z]", row))) > 1:
            definitions.append(f"{letter} = {layer}")
        else:
            ends[row] = f"{row:<{width}}{_GAP}{layer}"
    return [ends.get(row, row) for row in rows], _upward(definitions, rows)


def _upward(definitions: list[str], rows: list[str]) -> list[str]:
    """Definitions in the order of data: inputs first, left to right, the outputs last."""

    def order(line: str) -> tuple[bool, int, int]:
        lowest = max(index for index, row in enumerate(rows) if line[0] in row)
        return line[0] in OUTPUTS, -lowest, rows[lowest].index(line[0])

    return sorted(definitions, key=order)
