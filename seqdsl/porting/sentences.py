"""outcome, reading → sentences: what a terminal and the head of a picture say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.porting.outcome import Grade

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.importers.reading import Reading, Unread
    from seqdsl.porting.outcome import Comparison, Outcome

_PRECISIONS = {"float64": "double", "float32": "single"}


def counted(number: int, noun: str) -> str:
    """A number of things: ``1 layer``, ``2 layers``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def import_lines(reading: Reading, outcome: Outcome, source: str) -> Iterator[tuple[str, bool]]:
    """The lines of a report, each with whether it is told to those as well who want to hear little."""
    yield (
        f"{source} ({outcome.framework}): {counted(reading.operations, 'layer')}, all read.",
        False,
    )
    yield equal(outcome), False
    for line in differing(outcome):
        yield line, True


def equal(outcome: Outcome) -> str:
    """What is equal, in one sentence or two."""
    if outcome.own is None:
        return "Nothing could be compared."
    said = f"With its own weights: {compared(outcome.own)}."
    if outcome.passed:
        said += f" With random weights: {', '.join(outcome.passed)} as drawn."
    if outcome.skipped:
        said += f" Not checked with random weights: {outcome.skipped.splitlines()[0]}."
    return said


def compared(own: Comparison) -> str:
    """A comparison of two models with the same weights."""
    what = "outputs and gradients" if own.gradients else "outputs"
    precision = _PRECISIONS.get(own.precision, own.precision)
    calls = counted(own.cases, "call")
    return f"equal {what} in {calls} in {precision} precision, largest difference {own.largest:.1e}"


def differing(outcome: Outcome) -> Iterator[str]:
    """What differs, a sentence for each."""
    for item in outcome.differences:
        where = f"`{item.where}`: " if item.where else ""
        yield f"Differs: {where}{item.what.rstrip('.').splitlines()[0]}."


def refused(outcome: Outcome) -> Iterator[str]:
    """Why a picture is not written, a line or more for each reason."""
    if outcome.grade is not Grade.REFUSED:
        return
    yield "The picture does not compute what the model computes, so it is not written:"
    for item in outcome.failed:
        yield f"  {item.check}: {item.why}"
    for noted in outcome.differences:
        yield f"  `{noted.where}`: {noted.what}"


def unreadable(reading: Reading) -> Iterator[str]:
    """The layers that cannot be read, all at once."""
    # A damaged file, or inputs that are no sequences: no layer was looked at.
    total = max(reading.operations, len(reading.unread)) if reading.operations else 0
    of_all = (
        f"{total - len(reading.unread)} of {counted(total, 'layer')} can be read. " if total else ""
    )
    yield f"{of_all}Not read, so that no picture is written:"
    for item in reading.unread:
        yield from _unread(item)


# `attend`  Attention  models.py:31
#     the scores are not those of a softmax
#     To do: ...
def _unread(item: Unread) -> Iterator[str]:
    kind = item.kind if item.kind != item.name else ""
    yield "  ".join(filter(None, (f"  {item.name or 'the model'}", kind, item.line)))
    yield f"      {item.reason}"
    yield from told(item.way)


def told(way: str) -> Iterator[str]:
    """What to do, below what cannot be read or drawn."""
    if way:
        yield f"      To do: {way}"
