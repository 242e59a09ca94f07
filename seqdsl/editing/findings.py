"""snapshot → findings: what is wrong, at ranges of the file, with links to the documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.editing.data import Finding, Range, Related
from seqdsl.text.codes.anchors import url

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.editing.snapshot import Snapshot
    from seqdsl.text.diagnostics import Diagnostic
    from seqdsl.text.source import Span


def diagnostics(snapshot: Snapshot) -> tuple[Finding, ...]:
    """All findings of a text, in its order."""
    found = [finding(item, Range.of) for item in snapshot.diagnostics]
    for part in snapshot.parts:
        found += [finding(item, part.range) for item in part.analysis.diagnostics]
    return tuple(found)


def finding(item: Diagnostic, place: Callable[[Span], Range]) -> Finding:
    """A finding as an editor shows it.

    Args:
        item: the finding.
        place: the range of the file at which a span is.
    """
    related = tuple(Related(place(span), caption) for span, caption in item.related)
    return Finding(
        place(item.span),
        item.code,
        item.severity,
        item.message,
        item.hint,
        related,
        url(item.code),
    )
