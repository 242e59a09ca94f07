"""wirings → text of a `.seq` file: a picture with these wires, as somebody would have drawn it.

What is drawn is compiled, and its wires are held against those that were given, at every length: a picture that comes
out is right. There are several ways to draw a free or a long row; the first that is right is taken.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.layout.delayed_rows import with_delayed_rows
from seqdsl.layout.draw import draw
from seqdsl.layout.drawn import cost, has_crossings
from seqdsl.layout.elide import elisions
from seqdsl.layout.fitting import fitting_lengths
from seqdsl.layout.from_graph import wirings as wirings_of
from seqdsl.layout.letters import ANONYMOUS, find_letters
from seqdsl.layout.order import with_places
from seqdsl.layout.passing_rows import Split, has_many, reading_order, with_passing_rows
from seqdsl.layout.picture import Unplaceable
from seqdsl.layout.ranks import Packing, passed_in_row, rows_and_passed
from seqdsl.layout.same_wirings import differing_layer, is_same
from seqdsl.layout.side_by_side import frames_of
from seqdsl.layout.to_picture import Maker
from seqdsl.layout.trim import trimmed
from seqdsl.layout.write import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seqdsl.layout.elide import Elision
    from seqdsl.layout.frames import Frames
    from seqdsl.layout.wiring import Wiring, Wirings
    from seqdsl.model.spec import ModelSpec

_BY_PARTS = (
    "import parts of the model as models of their own, or draw it by hand: `seqdsl new` writes a picture "
    "to start from"
)
_UNLIKE = "no two steps of a length that is left open are wired alike"
_SET = "set them to numbers"


def draw_wirings(wirings: Wirings) -> str:
    """The text of a picture with the given wires.

    Raises:
        Unplaceable: no picture was found; the message says why.
    """
    problems: list[Unplaceable] = []
    for at in _without_loops(wirings, problems):
        order = reading_order(at[0])
        # Further rows only help where many values are side by side.
        for split in Split if any(map(has_many, at)) else (Split.NOTHING,):
            wired = [with_passing_rows(wiring, order, split) for wiring in at]
            ways = [list(map(trimmed, wired))]
            # Of padded steps, the second valid one of three windows is another than a single window.
            if wirings.counted and ways[0] != wired:
                ways.append(wired)
            for way in ways:
                text = _first_right(replace(wirings, at=tuple(way)), wirings, problems)
                if text is not None:
                    return text
    why = [*problems, Unplaceable(_UNLIKE, _SET)][0]
    raise Unplaceable(why.reason, why.way or _BY_PARTS) from why


def _without_loops(wirings: Wirings, problems: list[Unplaceable]) -> Iterator[tuple[Wiring, ...]]:
    """The wirings with delayed rows where something is fed back, in one or two ways; why there is none is added."""
    made: list[tuple[Wiring, ...]] = []
    for all_lags in (True, False):
        try:
            at = tuple(with_delayed_rows(wiring, all_lags=all_lags) for wiring in wirings.at)
        except Unplaceable as error:
            problems.append(error)
            continue
        if at not in made:
            made.append(at)
            yield at


def _first_right(wirings: Wirings, given: Wirings, problems: list[Unplaceable]) -> str | None:
    """The first of several ways to draw wirings that is right; what is wrong with the others is added."""
    way = _at_some_length(wirings, given, problems, straight=False)
    if way is not None and way.crosses:
        other = _at_some_length(wirings, given, [], straight=True)
        way = min(way, other or way, key=lambda item: item.cost)
    return way and way.text


def _at_some_length(
    wirings: Wirings, given: Wirings, problems: list[Unplaceable], *, straight: bool
) -> _Way | None:
    """The first right drawing at one of the lengths, with or without the longest way in whole columns."""
    lengths = list(
        zip(*([block.steps for block in item.blocks] for item in wirings.at), strict=True)
    )
    frames = [frames_of(wiring, lengths, straight=straight) for wiring in wirings.at]
    # What has most steps is drawn: of these there are enough not to draw some. One of several stretches that is short
    # there may be long elsewhere.
    for item in sorted(frames, key=lambda item: -sum(b.steps or 1 for b in item.wiring.blocks)):
        others = [other for other in frames if other is not item]
        way = _first_of(wirings, given, [*others, item], problems)
        if way is not None:
            return way
    return None


def _first_of(
    wirings: Wirings, given: Wirings, frames: Sequence[Frames], problems: list[Unplaceable]
) -> _Way | None:
    """The first right drawing of the last one of several frames."""
    ways = _Ways(wirings, frames[-1], problems)
    for apart, elision in product((False, True), elisions(wirings, frames)):
        for way in ways.of(elision, apart=apart):
            try:
                _check(given, way.text)
            except Unplaceable as error:
                problems.append(error)
            else:
                return way
    return None


class _Ways:
    """The ways to draw wirings at one length."""

    def __init__(self, wirings: Wirings, frames: Frames, problems: list[Unplaceable]) -> None:
        """Find what all have.

        Args:
            wirings: the wirings.
            frames: the columns at the length that is drawn.
            problems: to which is added why they cannot be drawn.

        Raises:
            Unplaceable: what is fed back has no letter.
        """
        self.wirings, self.frames, self.problems = wirings, frames, problems
        self.passed = passed_in_row(frames.wiring)
        self.letters = find_letters(frames.wiring)
        self.alone = {name for name, letter in self.letters.items() if letter == ANONYMOUS}

    def of(self, elision: Elision, *, apart: bool) -> list[_Way]:
        """One or two ways to put blocks in rows, the one that is easier to follow first."""
        packing = Packing(apart, self.alone)
        first = rows_and_passed(self.frames, self.passed, packing)
        found = self._drawn(*first, elision)
        # Most pictures have no wires that cross; these are drawn once.
        if not found or found[0].crosses:
            packing = replace(packing, beside_is_above=True)
            other = rows_and_passed(self.frames, self.passed, packing)
            found += self._drawn(*other, elision) if other != first else []
        return sorted(found, key=lambda way: way.cost)

    def _drawn(
        self, rows: Sequence[int], behind: Mapping[int, int], elision: Elision
    ) -> list[_Way]:
        """The drawing with some rows; none if it cannot be."""
        try:
            maker = Maker(self.frames, rows, behind, self.letters, elision)
            picture = maker.picture(self.wirings.name)
            drawn = draw(with_places(picture))
        except Unplaceable as error:
            self.problems.append(error)
            return []
        before = [text.rstrip() + "\n" for text in (*self.wirings.cells, *self.wirings.called)]
        text = "\n".join([*before, text_of(picture, drawn)])
        return [_Way(text, cost(drawn), has_crossings(drawn))]


class _Way(NamedTuple):
    """A drawing: its text, how much there is to follow in it, and whether wires cross."""

    text: str
    cost: int
    crosses: bool


def _check(wirings: Wirings, text: str) -> None:
    """Hold what a text compiles to against what was to be drawn."""
    from seqdsl.pipeline import analyze

    analysis = analyze(text, f"{wirings.name}.seq", diagnose=False)
    problems = [item for item in analysis.diagnostics if item.is_error]
    if problems or not analysis.models:
        what = problems[0].message if problems else "it holds no picture"
        raise Unplaceable(f"the picture that was tried has an error ({what})")
    graph: ModelSpec = analysis.models[-1].spec
    for at, wiring in enumerate(wirings.at):
        lengths = fitting_lengths(graph, wiring)
        if lengths is None:
            raise _other_lengths(wirings)
        try:
            found = wirings_of(graph, [lengths])
        except (ValueError, IndexError) as error:
            # A row within of n / 2 steps, where n is odd; windows that are further apart than there are steps.
            raise _other_lengths(wirings) from error
        _check_same(found, wirings, at)


def _check_same(found: Wirings, wirings: Wirings, at: int) -> None:
    """Check the one wiring of a picture that was read back against the one that it was drawn for.

    Raises:
        Unplaceable: they differ.
    """
    given = wirings.at[at]
    if not is_same(found.at[0], given):
        layer = differing_layer(given, found.at[0]) or wirings.name
        raise Unplaceable(f"no picture was found in which `{layer}` reads the same steps")
    # An imported model does not tell how it counts; it is compared with its picture numerically.
    if not wirings.counted:
        return
    counted, drawn = wirings.counted[at], (found.counted or found.at)[0]
    if not is_same(drawn, counted):
        layer = differing_layer(counted, drawn) or wirings.name
        raise Unplaceable(
            f"no picture was found in which the padded steps of `{layer}` are counted alike"
        )


def _other_lengths(wirings: Wirings) -> Unplaceable:
    """What to do where no picture is as long as a model at all its lengths."""
    if len(wirings.at) == 1:
        return Unplaceable("no picture was found that has as many steps")
    return Unplaceable("no picture was found that is as long at each of its free lengths", _SET)
