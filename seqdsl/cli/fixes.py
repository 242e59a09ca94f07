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
    fix = repair(analysis)
    return "" if fix is None else _shown(fix)


def _shown(fix: Repair) -> str:
    # = fix: line 1 moved one column to the left; `seqdsl format --fix` does that
    # 1 | Y
    gutter = len(str(max(fix.rows)))
    lines = [f"  = fix: {fix.sentence}; `seqdsl format --fix` does that"]
    for number, row in sorted(fix.rows.items()):
        # No control character of a file reaches the terminal.
        text = "".join(char if char.isprintable() else "?" for char in row[:_WIDTH]).rstrip()
        lines.append(f"  {number:>{gutter}} | {text}")
    return "\n".join(lines)
