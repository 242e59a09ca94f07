"""sizes → whether they are one: compared by value, where names say less.

The parameters have their defaults, the free lengths several values. A width that a picture writes as ``units`` in one
place and ``16`` in another is one width as long as ``units`` is 16.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.records import record
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.ir.nodes import GraphData

LARGEST_SIZE = 2**31 - 1
"""The largest size: frameworks count in 32 bits."""

ONE = Size.of(1)
_TRIED = (0, 1, 2, 5)
"""How many multiples beyond its minimum a free length is tried with."""


class Misfit(ValueError):
    """What is combined does not fit together."""


@record(frozen=True)
class Names:
    """What the names of sizes stand for, as a graph holds it: parameters, and lengths."""

    defaults: Mapping[str, int]
    free: Sequence[str]
    minimum: Mapping[str, int]
    multiple: Mapping[str, int]


class Sizes:
    """Compares sizes by their values."""

    def __init__(self, graph: GraphData | Names) -> None:
        """Choose the values at which sizes are compared."""
        self.names = {*graph.defaults, *graph.free}
        # Lengths that are free of each other are tried apart: `n` and `m` must not look alike.
        self.environments = [
            dict(graph.defaults)
            | {
                name: graph.minimum.get(name, 1)
                + graph.multiple.get(name, 1) * factor * (place + 1)
                for place, name in enumerate(graph.free)
            }
            for factor in _TRIED
        ]

    def values(self, size: Size) -> list[int]:
        """The values of a size.

        Raises:
            Misfit: it has none, or one that no framework can count to.
        """
        # A name that nobody sets would be a NameError in the generated builder.
        if unknown := size.names - self.names:
            raise Misfit(f"`{min(unknown)}` is neither a parameter nor a free length")
        try:
            # `n // 2` for n = 3, 5, 7, ...: two sizes that agree in all of them are taken for one.
            values = [size.value(environment) for environment in self.environments]
        except (ValueError, ZeroDivisionError) as error:
            raise Misfit(f"`{size}` is not a whole number") from error
        if max(map(abs, values)) > LARGEST_SIZE:
            raise Misfit(f"`{size}` is too large")
        return values

    def same(self, left: Size, right: Size) -> bool:
        """Whether two sizes have the same values."""
        return left == right or self.values(left) == self.values(right)

    def agree(self, what: str, left: Size, right: Size) -> None:
        """Make sure that two sizes are one.

        Raises:
            Misfit: they are not.
        """
        if not self.same(left, right):
            raise Misfit(f"{what}: {left} and {right}")

    def at_least(self, size: Size, least: int, what: str) -> None:
        """Make sure that a size is not too small.

        Raises:
            Misfit: it is.
        """
        if min(self.values(size)) < least:
            raise Misfit(f"{what}: {size} is less than {least}")
