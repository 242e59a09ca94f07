"""an ellipsis → what its elided steps read, by the wires of the drawn nodes on both sides of it.

::

    Y ... Y      Y ... Y      Y ...      Y ... Y
    |     |      |     |      |             /|
    X ... X      +-----+      X ...      X ... X
                 |
                 X
    between      one value    at an end  a window
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.lowering.strided_access import Access, StridedAccess, ZeroSteps
from seqdsl.picture.trace import StateRef
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.lowering.relations import Relation
    from seqdsl.lowering.units import Units
    from seqdsl.picture.trace import Producer

LARGEST_STRIDE = 64
"""How many steps a row may skip for each of its own across an ellipsis."""


class Bridge(NamedTuple):
    """What the steps across an ellipsis read.

    Attributes:
        access: the elided steps, and drawn ones beside them whose wires cannot be drawn.
        before: how many drawn steps before the ellipsis it covers.
        after: how many drawn steps after it.
    """

    access: Access
    before: int = 0
    after: int = 0


class Ellipsis(NamedTuple):
    """An ellipsis over some sources.

    Attributes:
        sources: what each drawn node of the block reads.
        after: how many of them are before it.
        size: how many steps it elides.
        relation: how it elides what another one below elides, where the wires show it.
        shared: whether all sources mean one and the same bus.
    """

    sources: Sequence[Producer | None]
    after: int
    size: Size
    relation: Relation | None
    shared: bool


def access_of(units: Units, source: Producer | None, count: Size, stride: int = 0) -> Access:
    """What ``count`` steps read of which the first one reads ``source``; a final state has no stride."""
    if source is None:
        return ZeroSteps(count)
    if isinstance(source, StateRef):
        # A state is one value: stride 0 where several steps read it; one step alone has stride 1, as in `find_runs`.
        return StridedAccess(source.block, Size.of(0), count, int(count == Size.of(1)), final=True)
    return StridedAccess(units.owner[source], units.position(source), count, stride)


def bridge(units: Units, here: Ellipsis) -> Bridge | None:
    """What the elided steps read; ``None`` where the wires on both sides do not agree."""
    sources, after, relation = here.sources, here.after, here.relation
    if not 0 < after < len(sources):
        return _plain(_at_end(units, here))
    # Y ... Y      both read one node or bus: the elided ones do so, too
    # +-----+
    # X
    left, right = sources[after - 1], sources[after]
    if left == right:
        return Bridge(_repeated(units, left, here.size))
    if isinstance(left, StateRef) or isinstance(right, StateRef):
        return None
    if relation is not None and relation.below is None:
        return None
    if left is None or right is None:
        return _one_sided(units, here, left, right)
    return _across(units, here, left, right)


def _across(units: Units, here: Ellipsis, left: int, right: int) -> Bridge | None:
    """Between two nodes that are both wired: the elided ones read the steps between those that they read."""
    # The relation is that to one of the rows below. A row of which each step is read twice in turn may be added to it:
    # that shows by the wires on both sides alone.
    up = 1 if here.relation is None else here.relation.up
    for each in dict.fromkeys((up, _in_turn(here.sources, here.after))):
        if (access := _between(units, left, right, here.size, each)) is not None:
            return Bridge(access)
    return None


def _in_turn(sources: Sequence[Producer | None], after: int) -> int:
    """How many nodes in turn read the same one: before an ellipsis, and behind it; else 1."""
    # M M ... M M    two on the left, two on the right
    left, right = sources[after - 1], sources[after]
    before = len(list(takewhile(lambda one: one == left, reversed(sources[:after]))))
    behind = len(list(takewhile(lambda one: one == right, sources[after:])))
    return before if before == behind else 1


def _plain(access: Access | None) -> Bridge | None:
    return None if access is None else Bridge(access)


def _one_sided(units: Units, here: Ellipsis, left: int | None, right: int | None) -> Bridge | None:
    """Only the node on one side of an ellipsis reads anything: the edge of a window is elided there."""
    if left is not None:
        return _window_from_left(units, here, left)
    assert right is not None
    return _window_from_right(units, here, right)


def _repeated(units: Units, source: Producer | None, size: Size) -> Access:
    """One value, read by all elided steps."""
    one = access_of(units, source, size)
    return one if isinstance(one, ZeroSteps) else replace(one, stride=0)


def _between(units: Units, left: int, right: int, size: Size, each: int) -> StridedAccess | None:
    """The steps between two drawn ones, each step below read by ``each`` of them.

    ::

        Y  ...  Y       Y elides n steps of which each reads one more of X: from X at 0 to X at n + 1 is
        |       |       a gap of (n + 1) * 1, with a stride of 2 it would be (n + 1) * 2
        X  ...  X

    In a row that is broken into chains the steps are those of the chain with the ellipsis, wherever the two are.
    """
    owner = units.bridged(left, right)
    if owner is None:
        return None
    first, last = units.step_of(owner, left), units.step_of(owner, right)
    gap = last - first
    # gap = (n / each + 1) * stride, as polynomials: one stride fits for all values of the names, or none does. Where
    # two Y read each X, Y elides n and X n / 2 steps, which is a gap of n / 2 + 1, and a stride of 1.
    groups = size * Fraction(1, each)
    for stride in range(1, LARGEST_STRIDE + 1):
        for signed in (stride, -stride):
            if gap == (groups + 1) * signed and _stays(units, owner, left, right, signed):
                return StridedAccess(owner, first + signed, size, signed, each=each)
    return None


def _stays(units: Units, owner: int, left: int, right: int, stride: int) -> bool:
    """Whether all steps between two units are of one chain, where the units are of different ones."""
    if units.owner[left] == units.owner[right]:
        return True
    block = units.blocks[owner]
    return block.first <= left + stride and right - stride < block.first + block.count


def _at_end(units: Units, here: Ellipsis) -> Access | None:
    """An ellipsis at an end of its block: the block below goes on there just as far.

    ::

        Y ...       ... Y       left: the steps of X behind the one that Y reads, as many as Y elides;
        |               |       right: those before it
        X ...       ... X
    """
    is_last, relation = here.after > 0, here.relation
    beside = here.sources[-1 if is_last else 0]
    if not isinstance(beside, int) or here.shared or units.block(beside).is_vector:
        return _repeated(units, beside, here.size)
    if relation is not None and relation.below is None:
        return None
    # The block below must have as many steps left in that direction, for every value of its names.
    # `down` steps of the block below for every `each` of this one: one for one, if nothing else is drawn.
    # P   P   ...      down = 2: P elides n steps, X 2 * n. By `|` the last P reads X2: of the `rest`, 2 * n + 1 steps,
    # |\  |\           P goes on to 2 * n, and 1 is beyond, whatever n is; by `\` it reads X3, and none is beyond.
    # X X X X ...
    each, down = (1, 1) if relation is None else (relation.up, relation.down)
    owner, at = units.owner[beside], units.position(beside)
    rest = units.lengths.steps[owner] - at - 1 if is_last else at
    reach = here.size * Fraction(down, each)
    beyond = (rest - reach).constant
    if beyond is None or beyond < 0:
        return None
    return StridedAccess(owner, at + down if is_last else at - reach, here.size, down, each=each)


def _window_from_left(units: Units, here: Ellipsis, left: int) -> Bridge | None:
    """A window that goes on across: its wires from elided steps cannot be drawn.

    ::

        Y Y ... Y Y     Each Y reads the X before it. The first Y behind the ellipsis would read the last elided
         /       /      X, which has no column: nothing enters it. So it goes on as the elided ones do.
        X X ... X X
    """
    sources, after = here.sources, here.after
    edge = _edge(units, left, here.size, before=True)
    # As many nodes behind the ellipsis lack a wire as there are units of X between the last one read and its ellipsis.
    missing = 0 if edge is None else edge - left
    missing = min(missing, len(sources) - after)
    if missing < 1 or any(source is not None for source in sources[after : after + missing]):
        return None
    access = StridedAccess(units.owner[left], units.position(left) + 1, here.size + missing)
    return Bridge(access, 0, missing)


def _window_from_right(units: Units, here: Ellipsis, right: int) -> Bridge | None:
    r"""The same the other way round, where each Y reads the X behind it.

    ::

        Y Y ... Y Y
         \       \
        X X ... X X
    """
    sources, after = here.sources, here.after
    edge = _edge(units, right, here.size, before=False)
    missing = 0 if edge is None else right - edge
    missing = min(missing, after)
    if missing < 1 or any(source is not None for source in sources[after - missing : after]):
        return None
    count = here.size + missing
    return Bridge(
        StridedAccess(units.owner[right], units.position(right) - count, count), missing, 0
    )


def _edge(units: Units, unit: int, size: Size, *, before: bool) -> int | None:
    """The unit beside the nearest ellipsis, as long as ``size``, after (or before) a unit of a block."""
    block = units.block(unit)
    for stretch in block.stretches if before else reversed(block.stretches):
        # X X ... X    units 0, 1 and 2: after unit 0 the edge is unit 1, before unit 2 it is unit 2 itself
        edge = block.first + stretch.after - (1 if before else 0)
        is_beyond = edge >= unit if before else edge <= unit
        if is_beyond and block.first <= edge < block.first + block.count:
            same = units.lengths.elided[block.row, stretch.mark] == size
            return edge if same else None
    return None
