"""an entry and a few numbers → shapes: what ``seqdsl new NAME`` draws where no shapes are given."""

from __future__ import annotations

from seqdsl.catalogue.draw import Wanted
from seqdsl.catalogue.entry import OUTPUT, Entry
from seqdsl.catalogue.shapes import BadShape, Port, parse, sequence

STEPS = {"n": 6, "m": 3}
FEATURES = 4
OUTPUTS = 1
VOCABULARY = 1000


def by_steps(entry: Entry, steps: str | None, features: int | None, units: int | None) -> Wanted:
    """The shapes of an entry whose lengths are given, such as ``6,3`` or ``*``; the others are our choice.

    Raises:
        BadShape: those are no lengths, or more than the picture has.
    """
    lengths = _lengths(entry, steps)
    inputs = tuple(
        _port(entry, letter, lengths["n" if letter == "X" else "m"], features or FEATURES)
        for letter in entry.inputs
    )
    last = inputs[-1].vocabulary or OUTPUTS
    output = _port(entry, OUTPUT, lengths["m" if "m" in entry.ruler else "n"], last)
    return Wanted(inputs, output, units)


def _lengths(entry: Entry, steps: str | None) -> dict[str, int | None]:
    """A length for each letter of the ruler, in the order in which they are given."""
    letters = [letter for letter in STEPS if letter in entry.ruler]
    given = [parse(f"{part},1").steps for part in steps.split(",")] if steps else []
    if len(given) > len(letters):
        many = {0: "no lengths", 1: "one length", 2: "two lengths"}[len(letters)]
        raise BadShape(f"{entry.name} has {many}, not {len(given)}")
    return {**STEPS, **dict(zip(letters, given, strict=False))}


def _port(entry: Entry, letter: str, steps: int | None, features: int) -> Port:
    if not entry.is_sequence(letter):
        return Port(features)
    if entry.tokens and letter != OUTPUT:
        return Port(0, steps, is_sequence=True, vocabulary=VOCABULARY)
    return sequence(steps, features)
