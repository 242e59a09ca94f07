"""an entry and a few numbers → shapes: what ``seqdsl new NAME`` draws where no shapes are given."""

from __future__ import annotations

from dataclasses import replace

from seqdsl.catalogue.draw import Wanted
from seqdsl.catalogue.entry import OUTPUTS, Entry
from seqdsl.catalogue.shapes import BadShape, Port, parse, sequence

STEPS = {"n": 6, "p": 5, "q": 7, "m": 3, "k": 4}
"""The length of the first input, and of the other inputs and the outputs that have one of their own."""

FEATURES = 4
CHANNELS = 3
WIDTH = 1
VOCABULARY = 1000
COLUMNS = 4
"""Of an image whose columns become steps, how many of them become one."""
GRIDS = {1: (12,), 2: (28, 28)}
"""The places of each step, by how many axes they have: the words of a sentence, an image."""


def by_steps(entry: Entry, steps: str | None, features: int | None, units: int | None) -> Wanted:
    """The shapes of an entry whose lengths are given, such as ``6,3`` or ``*``; the others are our choice.

    Raises:
        BadShape: those are no lengths, or more than the picture has.
    """
    lengths = _lengths(entry, steps)
    inputs = tuple(
        _port(
            entry, letter, lengths[_length_of(entry, letter)], features or _features(entry, letter)
        )
        for letter in entry.inputs
    )
    # Of tokens, each output step is a choice among the words that are read last: those of the target language. What is
    # fed back is as wide as what it becomes.
    width = inputs[-1].vocabulary or (inputs[-1].features if entry.feedback else WIDTH)
    # A label is none of the words.
    wide = {letter: width if entry.is_sequence(letter) else WIDTH for letter in entry.outputs}
    outputs = tuple(
        # An output without a letter of its own in the ruler is as long as the input; a vector has no length anyway.
        _port(entry, letter, lengths[own if own in entry.ruler else "n"], wide[letter])
        for letter, own in zip(entry.outputs, "mk", strict=False)
    )
    return Wanted(inputs, outputs, units)


def _features(entry: Entry, letter: str) -> int:
    return CHANNELS if entry.grids.get(letter) == 2 else FEATURES


def _length_of(entry: Entry, letter: str) -> str:
    """The ruler's letter that is under an input."""
    # X X X Z Z Z        Z has a length of its own only under `p`. Without it, it is read beside the output, under `m`,
    #   n     m          or where there is no `m` either, it is the only sequence, under `n`.
    own = {"X": "n", "Z": "p", "T": "q"}[letter]
    return next((name for name in (own, "m") if name in entry.ruler), "n")


def _lengths(entry: Entry, steps: str | None) -> dict[str, int | None]:
    """A length for each letter of the ruler, in the order in which they are given."""
    letters = [letter for letter in STEPS if letter in entry.ruler]
    given = [parse(f"{part},1").steps for part in steps.split(",")] if steps else []
    if len(given) > len(letters):
        many = ("no lengths", "one length", "two lengths", "three lengths")[len(letters)]
        raise BadShape(f"{entry.name} has {many}, not {len(given)}")
    return {**STEPS, **dict(zip(letters, given, strict=False))}


def _port(entry: Entry, letter: str, steps: int | None, features: int) -> Port:
    grid = GRIDS.get(entry.grids.get(letter, 0), ())
    if not entry.is_sequence(letter):
        if letter == entry.columns and steps is not None:
            grid = (*grid[:-1], COLUMNS * steps)
        return Port(features, grid=grid)
    if entry.tokens and letter not in OUTPUTS:
        return Port(0, steps, is_sequence=True, vocabulary=VOCABULARY, grid=grid)
    return replace(sequence(steps, features), grid=grid)
