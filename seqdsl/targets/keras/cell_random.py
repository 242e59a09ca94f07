"""`dropout` and `zoneout` of a cell → what of its class draws numbers, before the loop over the steps.

Neither is drawn in the loop: what `dropout` loses is the same at all steps, and a seed that changes within
``jax.lax.scan`` would be lost behind it. The masks are attributes of the cell, as Keras's own cells have them; the
numbers of `zoneout`, which are others at each step, come beside what each step reads::

    x    (batch, steps, features)    ->    (batch, steps, features + units)    in training, of a `zoneout`
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from seqdsl.size import Size
from seqdsl.targets.code import (
    Assign,
    Attribute,
    Code,
    Index,
    Prefix,
    Statement,
    Text,
    call,
    listing,
    named,
    tuple_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator

    from seqdsl.cells.cell import Cell
    from seqdsl.cells.widths import Widths
    from seqdsl.lowering.naming import Names


_OWN = Text("self")
_SEED = named("seed", Attribute(_OWN, "seed_generator"))
_DTYPE = Attribute(Text("x"), "dtype")


class Random:
    """What a cell draws.

    Attributes:
        masks: the attribute that holds the mask of each `dropout`, by its identity.
        chances: the numbers of each `zoneout`, by its identity.
        drawn: the variable of all these numbers.
    """

    def __init__(self, cell: Cell, widths: Widths, names: Names, ahead: Container[int]) -> None:
        """Name the masks and the numbers; of values in ``ahead``, by identity, all steps are dropped at once."""
        self._ahead = ahead
        # Of an image each number at each place is drawn by itself.
        self._places = ["*self.places"] if cell.takes_images else []
        # dropout(h, 0.1) written twice is two masks, though both records are equal.
        self._dropouts = [
            (item, widths.width(item.operand), names.claim("kept")) for item in cell.dropouts()
        ]
        self.masks: dict[int, Code] = {
            id(item): Attribute(_OWN, name) for item, _, name in self._dropouts
        }
        zoneouts = list(cell.zoneouts())
        self.drawn = names.claim("drawn")
        self.chances: dict[int, Code] = {
            id(item): Index(Text(self.drawn), str(number)) for number, item in enumerate(zoneouts)
        }
        self._widths = [widths.width(item.new) for item in zoneouts]

    @property
    def attributes(self) -> list[str]:
        """The attributes of the masks."""
        return [name for _, _, name in self._dropouts]

    def __bool__(self) -> bool:
        """Whether it draws anything."""
        return bool(self.masks or self.chances)

    def masked(self, rate: Callable[[float | str], Code]) -> Iterator[Statement]:
        """The statements that draw the masks."""
        # self.kept = keras.random.dropout(ops.ones((batch, self.features), dtype=x.dtype), 0.1, seed=...)
        for item, width, name in self._dropouts:
            # (batch, 1, features) meets all steps at once, (batch, features) one of them
            steps = ["1"] if id(item) in self._ahead else []
            size = tuple_of("batch", *steps, *self._places, own_size(width))
            ones = call("ops.ones", size, dtype=_DTYPE)
            made = call("keras.random.dropout", ones, rate(item.rate), _SEED)
            yield Assign((Attribute(_OWN, name),), made)

    def draws(self) -> Iterator[Statement]:
        """The statement that draws the numbers of all steps."""
        size = tuple_of("batch", "steps", *self._places, own_size(sum(self._widths, Size.of(0))))
        made = call("keras.random.uniform", size, named("dtype", _DTYPE), _SEED)
        yield Assign((Text(self.drawn),), made)

    def taken(self, width: Size) -> Iterator[Statement]:
        """The statement of a step that takes what it reads, of so many features, from the numbers beside it."""
        # x, *drawn = ops.split(x, [self.features, self.features + self.units], axis=-1)
        places = accumulate(self._widths[:-1], initial=width)
        made = call("ops.split", "x", listing(*map(own_size, places)), axis=-1)
        yield Assign((Text("x"), Prefix("*", Text(self.drawn))), made)


def own_size(size: Size) -> Code:
    """A size as methods can reach it: ``self.units``."""
    return Text(str(size.subs({name: Size.of(f"self.{name}") for name in size.names})))
