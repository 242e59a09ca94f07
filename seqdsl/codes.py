"""code → what, why, wrong and right picture: the catalogue that messages, documentation and tests share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
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


CODES: dict[str, Code] = {}


_PENDING = [*range(101, 116), *range(201, 216), *range(301, 320)]
for _number in _PENDING:
    CODES[f"SEQ{_number}"] = Code("", "", "", "", "warning" if _number in (112, 113) else "error")
