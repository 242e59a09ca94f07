"""value → its shape without the batch, as data: steps, the places of each step's grid, features."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seqdsl.ir.compare import ONE, Misfit
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.ir.compare import Sizes
    from seqdsl.ir.graph import Graph


class Type(NamedTuple):
    """The shape of a value, without the batch; a vector has no steps, and few steps hold a grid of places."""

    steps: Size | None
    features: Size
    grid: tuple[Size, ...] = ()

    def __str__(self) -> str:
        """As the text form has it."""
        steps = () if self.steps is None else (self.steps,)
        return f"[{', '.join(map(str, (*steps, *self.grid, self.features)))}]"


def types_of(graph: Graph) -> list[Type]:
    """The types that the nodes of a graph say they have."""
    return [Type(node.steps, node.features, node.grid) for node in graph.nodes]


def check_flat(found: Type) -> Type:
    """The type of a value that holds no grid.

    Raises:
        Misfit: it does.
    """
    if found.grid:
        raise Misfit(f"a grid of {len(found.grid)} axes is read as features")
    return found


def same_places(first: Type, other: Type, sizes: Sizes) -> None:
    """Make sure that two values have the same places.

    Raises:
        Misfit: they have not.
    """
    if len(first.grid) != len(other.grid):
        raise Misfit(f"grids of {len(first.grid)} and of {len(other.grid)} axes are combined")
    for one, two in zip(first.grid, other.grid, strict=True):
        sizes.agree("places of grids", one, two)


def spread_types(types: Sequence[Type], sizes: Sizes) -> Type:
    """The type of values that are combined element by element; one feature is spread over all.

    Raises:
        Misfit: they are not equally long or wide.
    """
    first, *others = types
    for other in others:
        _equally_long(first, other, sizes)
        same_places(first, other, sizes)
        # One feature fits any number of them: (6, 1) + (6, 8) is (6, 8).
        if sizes.same(first.features, ONE):
            first = Type(first.steps, other.features, first.grid)
        elif not sizes.same(other.features, ONE):
            sizes.agree("combined features", first.features, other.features)
    return first


def types_beside(types: Sequence[Type], sizes: Sizes) -> Type:
    """The type of values side by side.

    Raises:
        Misfit: they are not equally long.
    """
    first, *others = types
    for other in others:
        _equally_long(first, other, sizes)
        same_places(first, other, sizes)
    features = sum((item.features for item in others), first.features)
    return Type(first.steps, features, first.grid)


def types_of_places(types: Sequence[Type], sizes: Sizes) -> Type:
    """The type of values that are the places of one grid: of ``[n, 3]`` twice ``[n, (2), 3]``.

    Raises:
        Misfit: they are not equally long and wide, or grids already.
    """
    first, *others = map(check_flat, types)
    for other in others:
        _equally_long(first, other, sizes)
        sizes.agree("features of places", first.features, other.features)
    if first.steps is None:
        raise Misfit("vectors without steps are read as places")
    return Type(first.steps, first.features, (Size.of(len(types)),))


def _equally_long(first: Type, other: Type, sizes: Sizes) -> None:
    if first.steps is None or other.steps is None:
        if first.steps is not other.steps:
            raise Misfit("a vector and a sequence are combined")
    else:
        sizes.agree("combined steps", first.steps, other.steps)
