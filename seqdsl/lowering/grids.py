"""block → the grid that each of its steps holds: `(28, 28)` of an image, where layers take grids at all.

Wires, buses, padding and ellipses treat a grid as one value. What it is to a layer, the layer's record says
(`LayerDef.grid`, `Family.takes_grids`): all that a picture may not do with a grid is found out here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.layers import Family
from seqdsl.lowering.compose import ONE
from seqdsl.size import Size

if TYPE_CHECKING:
    from seqdsl.layers._grids import GridRule
    from seqdsl.lowering.application import Application
    from seqdsl.lowering.context import LoweringContext

    Grid = tuple[Size, ...]


def grid_given(context: LoweringContext, index: int, *, is_window: bool = False) -> Grid | None:
    """The grid that a block gives; empty if it gives features alone, ``None`` if it cannot read what it does.

    Args:
        context: the blocks below have been applied.
        index: the block.
        is_window: whether its wires make a convolution of it.
    """
    definition = context.drawing.settings[index].definition
    rule = definition.grid
    read = blocks_read(context, index)
    found = {_resolved(context, grid): grid for grid in (_held(context, one) for one in read)}
    if not any(found) and rule is None:
        return ()
    # 28×28 beside 14×14, or beside features alone: there is no place of one for each place of the other.
    if len(found) > 1:
        _different(context, index, read)
        return None
    if definition.family is Family.CALL:
        # What a picture takes, and gives, it says itself: `seqdsl.lowering.kinds.called`.
        return ()
    grid = next(iter(found.values()), ())
    if not _may_read(context, index, grid, is_window=is_window):
        return None
    if definition.family is Family.SPLIT:
        return _columns(context, index, grid)
    return grid if rule is None else _places(context, index, rule, grid)


def blocks_read(context: LoweringContext, index: int) -> list[int]:
    """The blocks that a block reads: below it, and where its state begins."""
    # +-D-D-D    what D begins with is read as well, though no wire enters it from below
    return sorted({*context.below(index), *context.drawing.initial_sources(index)})


def _columns(context: LoweringContext, index: int, grid: Grid) -> Grid | None:
    """The grid of each part of one that is cut along its width; an error if it cannot be."""
    # Four steps of 6 x 8 places hold 6 x 2 each.
    *rest, wide = grid
    count = context.steps[index] or ONE
    columns, number = context.resolved(wide), context.resolved(count)
    if isinstance(columns, int) and isinstance(number, int) and columns % number == 0:
        return (*rest, wide // count)
    refuse_split(context, index, f"a grid of {shown(context, grid)}", " along its width", number)
    return None


def refuse_split(
    context: LoweringContext, index: int, what: str, how: str, number: int | str
) -> None:
    """Report a value that has no such number of equal parts, or none that is known."""
    if isinstance(number, int):
        message = f"{what} cannot be split{how} into {number} equal parts"
        hint = "choose a width that is divisible by the number of steps"
    else:
        # One value on a bus to S S ... S: nothing says how many they are.
        message = f"{what} cannot be split{how} into any number of parts: it needs a set number"
        hint = "draw a node for each part, or name the ellipsis and set its length: `..n..` and `n = 8`"
    context.error("SEQ305", message, index, hint)


def _may_read(context: LoweringContext, index: int, grid: Grid, *, is_window: bool) -> bool:
    """Whether a layer may read a grid as it is wired; an error if not."""
    settings = context.drawing.settings[index]
    definition, rule = settings.definition, settings.definition.grid
    if rule is not None and (not grid or rule.axes not in (0, len(grid))):
        _unfit(context, index, rule, grid)
    elif not definition.takes_grids or is_window:
        _refused(context, index, grid)
    elif definition.family is not Family.COMBINATION and takes_steps_together(context, index):
        _refused(context, index, grid, "all steps of ")
    else:
        return True
    return False


def with_grid(application: Application | None, grid: Grid) -> Application | None:
    """An application whose steps hold a grid."""
    # Most hold features alone.
    return application if application is None or not grid else replace(application, grid=grid)


def _held(context: LoweringContext, index: int) -> Grid:
    return context.grid.get(index, ())


def _resolved(context: LoweringContext, grid: Grid) -> tuple[int | str, ...]:
    return tuple(map(context.resolved, grid))


def shown(context: LoweringContext, grid: Grid) -> str:
    """A grid for people: ``28×28``, ``12 places``."""
    # (28, 28) is an image, (12,) the characters of a word.
    sides = [str(side) for side in _resolved(context, grid)]
    return "×".join(sides) if len(sides) > 1 else f"{sides[0]} places"


def takes_steps_together(context: LoweringContext, index: int) -> bool:
    """Whether a bus leads several steps into a node, side by side."""
    # +-+-+ over grids: three images side by side are no image
    buses = (operand.bus or () for operand in context.drawing.operands[index])
    return any(access.count != ONE for bus in buses for access in bus)


_OF_STEPS = "; to take all steps at once, lead them to one node by a bus"
"""Keras's `Flatten` is also what people write between a sequence and a dense layer."""


def _different(context: LoweringContext, index: int, read: list[int]) -> None:
    letter = context.drawing.blocks[index].letter
    words = [
        f"grids of {shown(context, grid)}" if (grid := _held(context, one)) else "features alone"
        for one in read
    ]
    # Three blocks may be read, of which two are alike: each kind is said once.
    both = list(dict.fromkeys(words))[:2]
    context.error(
        "SEQ319",
        f"`{letter}` reads {both[0]}, and {both[1]}",
        index,
        "give them the same height and width, or put a row `flatten` between them",
    )


def _unfit(context: LoweringContext, index: int, rule: GridRule, grid: Grid) -> None:
    """Report a layer over grids that reads none, or one of another number of axes."""
    kind = context.drawing.settings[index].definition.written
    read = f"a grid of {shown(context, grid)}" if grid else "features alone"
    needed = "grids of height and width" if rule.axes else "grids"
    example = "`input(28, 28, 1)`" if rule.axes else "`input(28, 28, 1)` or `input(12, 3)`"
    context.error(
        "SEQ319",
        f"`{kind}` is for {needed}, but here it reads {read}",
        index,
        f"for example, declare the input as {example}" + ("" if rule.axes else _OF_STEPS),
    )


def _refused(context: LoweringContext, index: int, grid: Grid, what: str = "") -> None:
    kind = context.drawing.settings[index].definition.written
    context.error(
        "SEQ319",
        f"`{kind}` cannot read {what}grids, here of {shown(context, grid)}",
        index,
        "put a row `flatten`, `mean(grid)` or `max(grid)` between them: then each step holds features alone",
    )


def _places(context: LoweringContext, index: int, rule: GridRule, grid: Grid) -> Grid | None:
    """The grid that a layer makes of what it reads; an error if nothing is left of it."""
    settings = context.drawing.settings[index]
    given = rule.places(grid, settings.arguments)
    # Kernel 5 without padding over 4 x 4 places: no window lies within.
    small = [side for side in given if context.drawing.number(side) < 1]
    if not small:
        return given
    context.error(
        "SEQ319",
        f"`{settings.definition.written}` leaves nothing of a grid of {shown(context, grid)}",
        index,
        "make its window smaller, or let it read a larger grid",
    )
    return None
