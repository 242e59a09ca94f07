"""layers → letters: a letter for every layer, sometimes one that is drawn already."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from string import ascii_uppercase

from tests.random_pictures.layers import Layer, Parameters
from tests.random_pictures.shapes import Block, Seen, Strip

ANONYMOUS = "O"


@dataclass
class Known:
    """A letter that is drawn."""

    layer: Layer
    call: str
    seen: Seen
    direction: str | None = None
    places: int = 1


@dataclass
class Letters:
    """The letters of a picture.

    Attributes:
        known: what each letter stands for.
        lengths: the named lengths, and what they are set to.
        kept: the letters that others name: they stay letters, with a definition of their own.
    """

    rng: Random
    parameters: Parameters
    known: dict[str, Known] = field(default_factory=dict)
    lengths: dict[str, int | None] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)

    def block(self, made: Layer, seen: Seen, strip: Strip, besides: set[str]) -> Block:
        """A block of the layer ``made``, or of a layer that is drawn already and sees as much."""
        letter = self._shared(made, seen, besides)
        if letter:
            known = self.known[letter]
            known.places += 1
            made, call = known.layer, known.call
        else:
            letter = self._new()
            call = self._call(letter, made)
            self.known[letter] = Known(made, call, seen)
        return Block(letter, strip, made.kind, call, made.width, made.width, grid=made.grid)

    def fresh(self, made: Layer) -> str:
        """A letter that is not drawn yet."""
        letter = self._new()
        self.known[letter] = Known(made, made.call, Seen((), is_vector=True))
        return letter

    def forget(self, *letters: str) -> None:
        """Take letters back."""
        for letter in letters:
            del self.known[letter]

    def _new(self) -> str:
        letters = [c for c in ascii_uppercase if c != ANONYMOUS and c not in self.known]
        return self.rng.choice(letters)

    def _shared(self, made: Layer, seen: Seen, besides: set[str]) -> str:
        """A letter of the same kind of layer that can stand here, too."""
        if made.kind in ("input", "tokens") or self.rng.random() < 0.6:
            return ""
        fitting = [
            letter
            for letter, known in self.known.items()
            if letter not in besides
            and known.layer.kind == made.kind
            and known.seen.wires == seen.wires
            and (known.seen.query, known.seen.memory) == (seen.query, seen.memory)
            and known.seen.vocabulary == seen.vocabulary
            and known.seen.masked == seen.masked
            and (known.seen.grid, known.layer.grid) == (seen.grid, made.grid)
            and (made.kind != "split" or known.seen.steps == seen.steps)
            and (not made.kind.startswith("part_") or _is_like(known.seen, seen))
        ]
        return self.rng.choice(fitting) if fitting else ""

    def _call(self, letter: str, made: Layer) -> str:
        if self.rng.random() < 0.9:
            return made.call
        arguments = (*made.arguments, f"name=layer_{letter.lower()}")
        return f"{made.kind}({', '.join(arguments)})"


def _is_like(one: Seen, other: Seen) -> bool:
    """Whether a picture that is called takes both alike."""
    return (one.steps, one.enters, one.free, one.single) == (
        other.steps, other.enters, other.free, other.single,
    )  # fmt: skip
