"""relations → elided steps: how many steps each ellipsis elides, once its stretch has a number."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.size import Size, strided

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seqdsl.lowering.relations import Key, Relation
    from seqdsl.picture.blocks import DrawnBlock


class Root(NamedTuple):
    """Where the number of steps that an ellipsis elides comes from: of each step of a stretch, so many."""

    stretch: int
    ratio: Fraction


class Elided:
    """The steps of all ellipses of a picture, in terms of those of its stretches.

    Attributes:
        sizes: the steps of each stretch that is settled, counted in its lowest row.
        owners: the block of each ellipsis.
        roots: where the number of each ellipsis comes from; ``None`` if a stride over any length determines it.
        ratios: what the ellipses of each stretch elide for each of its steps.
    """

    def __init__(
        self,
        blocks: Sequence[DrawnBlock],
        stretches: Mapping[Key, int],
        relations: Mapping[Key, Relation],
    ) -> None:
        """Find the roots of all ellipses; no stretch is settled yet."""
        self.blocks, self.stretches, self.relations = blocks, stretches, relations
        self.sizes: dict[int, Size] = {}
        # Delayed blocks come last, wherever they are drawn, and may go on across an ellipsis of another block.
        owners = {
            (block.row, item.mark): block for block in reversed(blocks) for item in block.stretches
        }
        self.owners = dict(sorted(owners.items(), key=lambda item: item[0]))
        self.roots: dict[Key, Root | None] = {}
        self.ratios: dict[int, set[Fraction]] = {}
        for key in self._in_order():
            root = self.roots[key] = self._root(key)
            if root is not None:
                self.ratios.setdefault(root.stretch, set()).add(root.ratio)
                # Three steps over two: steps come in groups, and the groups must be whole in number as well.
                relation = self.relation(key)
                if relation is not None:
                    self.ratios[root.stretch].add(root.ratio / relation.up)
        # The steps of the ellipses over a stride that are settled.
        self._over: dict[Key, Size] = {}

    def _in_order(self) -> list[Key]:
        """The ellipses, each behind the one it is related to: one below, or of a delayed row that of its letter."""
        order: dict[Key, None] = {}
        for key in self.owners:
            path: list[Key] = []
            here: Key | None = key
            while here in self.owners and here not in order:
                path.append(here)
                relation = self.relations.get(here)
                here = relation.below if relation is not None else None
            order.update(dict.fromkeys(reversed(path)))
        return list(order)

    def _root(self, key: Key) -> Root | None:
        """The stretch that an ellipsis elides a part of; ``None`` if a stride over any length determines it."""
        relation = self.relation(key)
        if relation is None or relation.below is None:
            return Root(self.stretches[key], Fraction(1))
        root = self.roots[relation.below]
        if root is None or relation.stride is not None:
            return None
        return Root(root.stretch, root.ratio * relation.ratio)

    def relation(self, key: Key) -> Relation | None:
        """The relation of an ellipsis to another one of the same stretch."""
        relation = self.relations.get(key)
        if relation is None or relation.below not in self.roots:
            return None
        return relation if self.stretches[relation.below] == self.stretches[key] else None

    def all(self) -> dict[Key, Size]:
        """The elided steps of every ellipsis of a block, once all stretches are settled."""
        return {key: self.elided(key) or Size.of(0) for key in self.owners}

    def groups(self) -> dict[Key, Size]:
        """How many groups of steps the ellipses over groups elide: a whole number, as well.

        Where two steps read two, as many are elided above as below, and an even number.
        """
        groups = {}
        for key in self.owners:
            relation = self.relation(key)
            if relation is not None and relation.stride is None and relation.down > 1:
                groups[key] = self.settled(key) * Fraction(1, relation.up)
        return groups

    def elided(self, key: Key) -> Size | None:
        """The steps of an ellipsis; ``None`` if its stretch is not settled yet."""
        # Any number of rows may be stacked: no recursion.
        # G       ... G       G reads every second F, and F every second X: what G elides follows from the length of F,
        # |           |       and that from the length of X. So `waiting` is G, then G F; F is settled, then G.
        # F   F   ... F
        # |   |       |
        # X X X X ... X X
        waiting = [key]
        while waiting:
            here = waiting[-1]
            if self.roots[here] is not None and self._of_root(here) is None:
                return None
            if self.roots[here] is None and here not in self._over:
                needs = list(self._needs(here))
                if any(self.roots[item] and self._of_root(item) is None for item in needs):
                    return None
                deeper = [
                    item for item in needs if self.roots[item] is None and item not in self._over
                ]
                if deeper:
                    waiting += deeper
                    continue
                self._over[here] = self._over_stride(here)
            waiting.pop()
        return self.settled(key)

    def _of_root(self, key: Key) -> Size | None:
        root = self.roots[key]
        size = self.sizes.get(root.stretch) if root is not None else None
        return None if size is None or root is None else size * root.ratio

    def settled(self, key: Key) -> Size:
        """The steps of an ellipsis whose stretch is settled."""
        size = self._of_root(key)
        return self._over[key] if size is None else size

    def _needs(self, key: Key) -> Iterator[Key]:
        """The ellipses on whose steps those of one over a stride depend."""
        relation = self.relations[key]
        assert relation.below is not None
        if relation.stride is None:
            yield relation.below
            return
        for block in (self.blocks[relation.stride.below], self.owners[key]):
            yield from (
                (block.row, item.mark) for item in block.stretches if (block.row, item.mark) != key
            )

    def _over_stride(self, key: Key) -> Size:
        """The steps of an ellipsis over a stride.

        Of the block that reads every k-th step itself it is what is left of its length.
        """
        relation, here = self.relations[key], self.owners[key]
        stride = relation.stride
        assert relation.below is not None
        if stride is None:
            return self.settled(relation.below) * relation.ratio
        # ceil((length - start) / every) steps are read, each by `each` steps; of these some are drawn, some are elided
        # by other ellipses of the block, and the rest by this one.
        below = self.blocks[stride.below]
        length, rest = Size.of(below.count), Size.of(-here.count)
        for item in self._needs(key):
            if self.owners[item] is here:
                rest = rest - self.settled(item)
            else:
                length = length + self.settled(item)
        return strided(length, Size.of(stride.start), stride.every) * stride.each + rest
