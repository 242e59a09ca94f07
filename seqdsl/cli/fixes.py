"""analysis with errors → its repair in words: what ``seqdsl format --fix`` would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.repair.repair import repair

if TYPE_CHECKING:
    from seqdsl.pipeline import Analysis
    from seqdsl.repair.repair import Repair

_WIDTH = 120


def proposal(analysis: Analysis) -> str:
    """The repair of a text as lines to print; empty if there is none, or more than one."""
    found = repair(analysis)
    return "" if found is None else _shown(found)


def _shown(found: Repair) -> str:
    gutter = len(str(max(found.rows)))
    lines = [f"  = fix: {found.sentence}; `seqdsl format --fix` does that"]
    for number, row in sorted(found.rows.items()):
        text = "".join(char if char.isprintable() else "?" for char in row[:_WIDTH]).rstrip()
        lines.append(f"  {number:>{gutter}} | {text}")
    return "\n".join(lines)
