"""what nodes see → a call of another random picture: at every node, over a whole row, or of what enters a node."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from random import Random

from tests.random_pictures.layers import Layer, Parameters
from tests.random_pictures.shapes import Break, Seen, Strip

PART = "part_"
"""How the names of all pictures begin that others call."""
DEEPEST = 2
"""How many pictures may call each other, one within the other."""
TRIES = 12
CHANCE = 0.25
FEWEST, MOST = 2, 4
"""How many nodes of a sequence are drawn in a picture that is called."""


class Way(Enum):
    """How a picture is applied."""

    NODE = "at every node"
    ROW = "over a whole row"
    BUS = "to all that enters a node"


@dataclass(frozen=True)
class Asked:
    """What a picture that is called takes and gives.

    Attributes:
        source: its input.
        strip: its input's nodes.
        is_row: whether it gives as many steps as it takes; otherwise a vector.
    """

    source: Layer
    strip: Strip
    is_row: bool


@dataclass(frozen=True)
class Drawn:
    """A picture that may be called.

    Attributes:
        text: its text, with its name.
        width: the features that it gives.
        values: its parameters.
        wide: the parameter that says how many features it gives, if there is one.
        is_causal: whether each step of what it gives is made of this step and earlier ones: a loop may call it.
    """

    text: str
    width: int
    values: dict[str, int | float]
    wide: str = ""
    is_causal: bool = False


Draw = Callable[[Random, "Library", str, Asked], Drawn | None]


@dataclass
class Library:
    """The pictures of a file that others call.

    Attributes:
        rng: what they are drawn of.
        draw: draws one that takes what is asked; ``None`` where the numbers lead elsewhere.
        texts: they, each behind those that it calls.
        depth: how deep within others the picture is that calls them.
        causal: the names of those that loops may call.
    """

    rng: Random
    draw: Draw
    texts: list[str] = field(default_factory=list)
    depth: int = 0
    causal: set[str] = field(default_factory=set)

    def call(self, seen: Seen, strip: Strip, parameters: Parameters) -> Layer | None:
        """A call that can stand over what is seen; ``None`` if there is none, or another layer is to stand there."""
        found = ways(seen, strip)
        if not found or self.depth >= DEEPEST or self.rng.random() > CHANCE:
            return None
        way = self.rng.choice(found)
        asked = self._asked(way, seen, strip, parameters)
        for _ in range(TRIES):
            inner = Library(self.rng, self.draw, depth=self.depth + 1)
            name = f"{PART}{'abcdefghijklmnopqrstuvwxyz'[len(self.texts) % 26]}{self.rng.randrange(10**4)}"
            drawn = self.draw(Random(self.rng.random()), inner, name, asked)
            if drawn is not None:
                self.texts += [*inner.texts, drawn.text]
                self.causal |= inner.causal | ({name} if drawn.is_causal else set())
                return self._call(name, drawn, parameters)
        return None

    def _asked(self, way: Way, seen: Seen, strip: Strip, parameters: Parameters) -> Asked:
        is_vector = way is Way.NODE
        width = seen.width if is_vector else seen.wires[0]
        source = Layer("input", (str(width),), width)
        if seen.vocabulary:
            source = Layer("tokens", (str(parameters.value(seen.vocabulary)),), 1)
        if is_vector:
            return Asked(source, Strip((0,)), is_row=False)
        steps, is_free = strip.steps, strip.is_free
        if way is Way.BUS:
            steps, is_free = seen.enters, seen.free
        return Asked(source, self._steps(steps, is_free=is_free), is_row=way is Way.ROW)

    def _steps(self, steps: int, *, is_free: bool) -> Strip:
        """The nodes of a sequence: all of them, or with an ellipsis that stands for the others."""
        shown = min(self.rng.randint(FEWEST, MOST), steps)
        if not is_free and (steps <= MOST or self.rng.random() < 0.3):
            return Strip(tuple(4 * place for place in range(min(steps, 8))))
        # X   X  ..n..  X: three nodes, and all the others
        left = [4 * place for place in range(shown - 1)]
        elided = None if is_free else steps - shown
        item = Break(left[-1] + 4, "" if is_free else "n", elided)
        return Strip((*left, left[-1] + 10), (item,))

    def _call(self, name: str, drawn: Drawn, parameters: Parameters) -> Layer:
        """A call with some of the picture's parameters as arguments, one of them with another value."""
        arguments, width = [], drawn.width
        for word, default in drawn.values.items():
            value = default
            # What a picture does not read is no argument of it.
            if len(re.findall(rf"\b{word}\b", drawn.text)) < 2:
                continue
            if word == drawn.wide and self.rng.random() < 0.7:
                width = value = self.rng.randint(1, 5)
            elif self.rng.random() < 0.7:
                continue
            is_size = isinstance(value, int)
            arguments.append(f"{word}={parameters.size(int(value)) if is_size else value}")
        return Layer(name, tuple(arguments), width)


def ways(seen: Seen, strip: Strip) -> list[Way]:
    """The ways in which a picture can be applied to what is seen."""
    if seen.masked or seen.memory_masked or seen.grid or not seen.wires:
        return []
    found = []
    if not seen.free and (not seen.vocabulary or len(seen.wires) == 1):
        found.append(Way.NODE)
    is_sequence = not strip.is_vector and not any(item.twin for item in strip.breaks)
    if is_sequence and seen.whole and seen.single and seen.wired and _is_short(strip):
        found += [Way.ROW] * 2
    # Each node on a bus is an application of its own: an ellipsis would stand for more of them than are drawn.
    if seen.enters >= FEWEST and not strip.breaks and (seen.free or seen.enters <= 8):
        found += [Way.BUS] * 3
    return found


def _is_short(strip: Strip) -> bool:
    return len(strip.columns) >= FEWEST and (strip.is_free or strip.steps <= 20)
