"""one topology of the catalogue, as data: when it is meant, and a picture that can be stretched."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.catalogue.shapes import Port

INPUTS = "XZT"
"""The letters of inputs, left to right."""

OUTPUTS = "YU"
"""The letters of outputs, left to right."""

STRETCHES = "nmkrpq"
"""The columns that a ruler marks: of the length of the first sequence that goes in, of the first and of the second
output, of the first sequence again, and of the second and the third input."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One topology.

    Attributes:
        name: what ``seqdsl new NAME`` calls it.
        when: when it is meant, in one or two plain sentences; the first says what it is.
        topology: what its pictures are inferred to be.
        picture: its rows, and a last line, the ruler: ``n``, ``m`` and ``k`` are under the columns that are
            repeated until the first input, the first or the second output is as long as it should be; ``p`` and ``q``
            are those of the second and the third input; ``r`` is under those that repeat the first input's length.
            A picture of vectors alone has none.
        layers: the layer of each letter that is not an input, with ``$units``, ``$out`` and ``$out2`` (the outputs'
            features), ``$total`` (steps times features of the first), ``$same`` (the first input's features) and
            ``$wide`` (four times the units) for numbers.
        tokens: whether its sequences are read as tokens; ``None`` where either will do.
        grids: how many axes the grid has that each node of an input holds, by the input's letter; the others hold none.
        columns: the letter of the image whose columns become the steps of the first output; empty: there is none.
        called: the models that its picture calls by their names, as the file has them above it.
        feedback: the letter that is fed back into an input, for each that the model feeds itself when it runs free.
    """

    name: str
    when: str
    topology: str
    picture: str
    layers: Mapping[str, str]
    tokens: bool | None = None
    grids: Mapping[str, int] = field(default_factory=dict)
    feedback: Mapping[str, str] = field(default_factory=dict)
    called: str = ""
    columns: str = ""

    @property
    def rows(self) -> list[str]:
        """The rows of the picture, without the ruler."""
        lines = self.picture.strip("\n").split("\n")
        return lines[:-1] if self._is_ruler(lines[-1]) else lines

    @property
    def ruler(self) -> str:
        """The line that marks the columns that are repeated."""
        last = self.picture.rstrip("\n").rpartition("\n")[2]
        return last if self._is_ruler(last) else ""

    @staticmethod
    def _is_ruler(line: str) -> bool:
        return not line.strip(f" {STRETCHES}")

    @property
    def inputs(self) -> str:
        """The letters of its inputs, in order."""
        return "".join(letter for letter in INPUTS if letter in self.picture)

    @property
    def outputs(self) -> str:
        """The letters of its outputs, in order."""
        return "".join(letter for letter in OUTPUTS if letter in self.picture)

    def is_sequence(self, letter: str) -> bool:
        """Whether the block of ``letter`` has several steps."""
        return any(row.count(letter) > 1 for row in self.rows)

    def takes(self, inputs: tuple[Port, ...], outputs: tuple[Port, ...]) -> bool:
        """Whether it can be drawn for such shapes at all: as many of both, vectors and sequences alike."""
        if (len(inputs), len(outputs)) != (len(self.inputs), len(self.outputs)):
            return False
        letters = self.inputs + self.outputs
        return all(
            port.is_sequence == self.is_sequence(letter)
            and len(port.grid) == self.grids.get(letter, 0)
            and (self.tokens is None or letter in OUTPUTS or self._reads(port))
            for port, letter in zip((*inputs, *outputs), letters, strict=True)
        )

    def _reads(self, port: Port) -> bool:
        return not port.is_sequence or (port.vocabulary is not None) == self.tokens
