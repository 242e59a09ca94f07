"""snapshot with errors → fixes: hints that can be followed, words that may be meant, and the one repair that compiles.

Hints are ready at once. A repair compiles candidates, each in milliseconds, up to seconds for all: `search_fixes` is a
generator, so that an editor looks for it while nothing is typed and drops it when something is.
"""

from __future__ import annotations

from time import process_time
from typing import TYPE_CHECKING, TypeAlias

from seqdsl.editing.changes import changes_to
from seqdsl.editing.data import Fix

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

    from seqdsl.editing.data import Change
    from seqdsl.editing.snapshot import Part, Snapshot
    from seqdsl.text.diagnostics import Diagnostic, Edit

    Search: TypeAlias = Generator[Fix | None, None, None]

SECONDS = 1.0
"""Processor time after which an editor no longer waits for a repair."""


def fixes(
    snapshot: Snapshot, seconds: float = SECONDS, is_cancelled: Callable[[], bool] = lambda: False
) -> tuple[Fix, ...]:
    """All fixes that are found in time.

    Args:
        snapshot: the text.
        seconds: the processor time after which nothing more is looked for.
        is_cancelled: asked after every step: whether nobody needs the answer any more.
    """
    until = process_time() + seconds
    found = []
    for fix in search_fixes(snapshot):
        if fix is not None:
            found.append(fix)
        if process_time() > until or is_cancelled():
            break
    return different(found)


def different(found: Iterable[Fix]) -> tuple[Fix, ...]:
    """Fixes without those that change the same as the preferred one: a hint may say what the only repair does."""
    every = list(found)
    preferred = {fix.changes for fix in every if fix.is_preferred}
    return tuple(fix for fix in every if fix.is_preferred or fix.changes not in preferred)


def search_fixes(snapshot: Snapshot) -> Search:
    """The fixes as they are found, and ``None`` after every other step of the work, at which it may be dropped."""
    # What costs nothing comes first, of all parts.
    for part in snapshot.parts:
        yield from _followed(snapshot, part)
    for part in snapshot.parts:
        yield from _repairs(snapshot, part)


def _followed(snapshot: Snapshot, part: Part) -> Iterator[Fix]:
    """A fix for every finding whose hint says all that is to be written, or what may have been meant."""
    seen = set()
    for item in part.analysis.diagnostics:
        # Several findings may ask for the same, such as `n = 20`.
        edits = item.edits or item.suggested
        if not edits or edits in seen:
            continue
        seen.add(edits)
        from seqdsl.repair.edits import apply_edits

        changes = changes_to(snapshot, part, apply_edits(part.analysis.source.text, edits))
        if changes:
            word = "" if item.edits else _replaced(part, edits)
            is_word = word.strip() and edits[0].text
            title = f"Change `{word}` to `{edits[0].text}`" if is_word else _title(item, changes)
            yield Fix(title, changes, (item.code,))


def _replaced(part: Part, edits: Sequence[Edit]) -> str:
    """The word that is written in another way; empty for a new line."""
    edit = edits[0]
    return part.lines[edit.line - 1][edit.column - 1 : edit.end - 1] if edit.line else ""


def _title(item: Diagnostic, changes: Sequence[Change]) -> str:
    # `Write `n = 20`` says all; of a change in several places, or of a few characters of a picture, the hint does.
    text = changes[0].text.strip()
    if len(changes) == 1 and len(text) > 1 and "\n" not in text:
        return f"Write `{text}`"
    return _sentence(item.hint) or f"Follow {item.code} in line {changes[0].range.line}"


def _sentence(text: str) -> str:
    """Words as a title: ``move it`` → ``Move it``; of several lines the first."""
    first = text.partition("\n")[0]
    return first[:1].upper() + first[1:]


def _repairs(snapshot: Snapshot, part: Part) -> Search:
    errors = [item for item in part.analysis.diagnostics if item.is_error]
    if not errors:
        return
    from seqdsl.repair.repair import repairs

    search = repairs(part.analysis)
    while True:
        # One candidate is compiled with each step; what the generator returns comes with its end.
        try:
            next(search)
        except StopIteration as end:
            changes = () if end.value is None else changes_to(snapshot, part, end.value.text)
            if changes:
                codes = tuple(dict.fromkeys(item.code for item in errors))
                yield Fix(f"Fix: {end.value.sentence}", changes, codes, is_preferred=True)
            return
        yield None
