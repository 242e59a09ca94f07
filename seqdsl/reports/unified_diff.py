"""two texts → a unified diff: what ``difflib`` writes, in time in proportion to the texts.

``difflib`` takes the longest run of equal lines, then the same of what is left of it and right of it. Of a text of many
small models, all of which change a little, all runs are equally short: that takes the square of its lines (20 s for
40,000). Longer texts are cut first at the lines that both have once, as the patience diff of Bram Cohen does::

    model a   model a      <- once in both: an anchor
    O O O     O O O
    | | |     |  |  |      <- a gap, compared by itself
    model b   model b      <- an anchor
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from difflib import Match, SequenceMatcher
from io import StringIO
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Lines = Sequence[str]
    Anchor = tuple[int, int]

_MOST_COMPARED = 1_000_000
"""Pairs of lines of whole texts that are left to `difflib`: texts of a thousand lines."""

_MOST_IN_A_GAP = 10_000
"""Pairs of lines of a gap that are; there may be as many gaps as lines. A larger one is shown as replaced."""

_NO_NEWLINE = "\n\\ No newline at end of file\n"


def unified_diff(old: str, new: str, old_name: str, new_name: str) -> Iterator[str]:
    """The lines of a unified diff, each with its end of line; none if the texts are equal.

    Args:
        old: the text as it is.
        new: the text as it would be.
        old_name: what the head calls the old text.
        new_name: what it calls the new one.
    """
    before, after = _lines(old), _lines(new)
    for number, group in enumerate(_Comparison(before, after).get_grouped_opcodes()):
        if not number:
            yield f"--- {old_name}\n"
            yield f"+++ {new_name}\n"
        (_, old_first, _, new_first, _), (_, _, old_end, _, new_end) = group[0], group[-1]
        yield f"@@ -{_range(old_first, old_end)} +{_range(new_first, new_end)} @@\n"
        for tag, first, end, other_first, other_end in group:
            removed, added = before[first:end], after[other_first:other_end]
            if tag == "equal":
                yield from (_marked(" ", line) for line in removed)
            else:
                yield from (_marked("-", line) for line in removed)
                yield from (_marked("+", line) for line in added)


def _lines(text: str) -> list[str]:
    # `splitlines` would split at a form feed as well, which is a character like any other to what reads a diff.
    return list(StringIO(text, newline="\n"))


def _marked(mark: str, line: str) -> str:
    return mark + line if line.endswith("\n") else mark + line + _NO_NEWLINE


def _range(first: int, end: int) -> str:
    """Lines ``first`` to ``end - 1``, counted from 0, as a hunk's head writes them; of no lines, the one in front."""
    count = end - first
    if count == 1:
        return str(first + 1)
    return f"{first + 1 if count else first},{count}"


class _Comparison(SequenceMatcher[str]):
    """A comparison of lines, whose hunks `difflib` makes of the equal runs of this class."""

    def __init__(self, old: Lines, new: Lines) -> None:
        """Begin with nothing compared."""
        super().__init__(None, old, new)
        self.old, self.new = old, new

    def get_matching_blocks(self) -> list[Match]:
        """The equal runs, in order, and an empty one at the end."""
        if len(self.old) * len(self.new) <= _MOST_COMPARED:
            return super().get_matching_blocks()
        return _joined(_equal_runs(self.old, self.new))


def _equal_runs(old: Lines, new: Lines) -> Iterator[Match]:
    """The equal runs between two texts' anchors, and the anchors."""
    low = other_low = 0
    for high, other_high in [*_anchors(old, new), (len(old), len(new))]:
        for run in _in_gap(old[low:high], new[other_low:other_high]):
            yield Match(low + run.a, other_low + run.b, run.size)
        if high < len(old):
            yield Match(high, other_high, 1)
        low, other_low = high + 1, other_high + 1
    yield Match(len(old), len(new), 0)


def _anchors(old: Lines, new: Lines) -> list[Anchor]:
    """The lines that both texts have once: of those that changed places, as many as stay in order."""
    counts, others = Counter(old), Counter(new)
    places = {line: place for place, line in enumerate(old) if counts[line] == 1}
    shared = [
        (places[line], other)
        for other, line in enumerate(new)
        if others[line] == 1 and line in places
    ]
    # Of a b c d and b d a c the anchors are a and c: moved lines cross, and of `b d` and `a c` the latter is kept.
    #
    # The longest increasing subsequence: ``ends[n]`` is the smallest last place of one of n + 1 lines.
    ends: list[int] = []
    lengths = []
    for place, _ in shared:
        length = bisect_left(ends, place)
        ends[length : length + 1] = [place]
        lengths.append(length)
    anchors: list[Anchor] = []
    wanted = len(ends) - 1
    for anchor, length in zip(reversed(shared), reversed(lengths), strict=True):
        if length == wanted and (not anchors or anchor[0] < anchors[-1][0]):
            anchors.append(anchor)
            wanted -= 1
    return anchors[::-1]


def _in_gap(old: Lines, new: Lines) -> list[Match]:
    """The equal runs of what is between two anchors."""
    if len(old) * len(new) <= _MOST_IN_A_GAP:
        return SequenceMatcher(None, old, new).get_matching_blocks()
    first = _equal_at_start(old, new)
    last = _equal_at_start(old[first:][::-1], new[first:][::-1])
    return [Match(0, 0, first), Match(len(old) - last, len(new) - last, last)]


def _equal_at_start(old: Lines, new: Lines) -> int:
    pairs = zip(old, new, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _joined(runs: Iterator[Match]) -> list[Match]:
    """Runs of which one begins where another ends as one run; of the empty ones, the last."""
    # (0, 0, 1) (1, 1, 2) (3, 3, 0) (7, 8, 1) (8, 9, 0)  ->  (0, 0, 3) (7, 8, 1) (8, 9, 0), as `difflib` has them
    joined: list[Match] = []
    for run in runs:
        before = joined[-1] if joined else Match(-1, -1, 0)
        if (before.a + before.size, before.b + before.size) == (run.a, run.b) and run.size:
            joined[-1] = before._replace(size=before.size + run.size)
        elif run.size:
            joined.append(run)
    return [*joined, run]
