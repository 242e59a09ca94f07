"""what a code of the catalogue says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Code:
    """One kind of finding.

    Attributes:
        title: what it is, in a few words.
        why: what goes wrong without it, and what to do instead.
        wrong: a whole ``.seq`` text whose first finding has this code.
        right: the same text, mended.
        severity: ``"error"`` or ``"warning"``.
    """

    title: str
    why: str
    wrong: str
    right: str
    severity: str = "error"
