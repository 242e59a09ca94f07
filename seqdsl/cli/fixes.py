"""analysis with errors → its repair in words: what ``seqdsl format --fix`` would do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.repair.repair import repair

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seqdsl.pipeline import Analysis
    from seqdsl.repair.repair import Repair

_WIDTH = 120


def changes(analyses: Iterable[Analysis]) -> list[dict[str, Any]]:
    """What would fix files with findings, as data for programs: all that an editor offers for them."""
    from seqdsl.editing.data import as_json
    from seqdsl.editing.fixes import fixes
    from seqdsl.editing.snapshot import snapshot
    from seqdsl.repair.repair import SECONDS

    return [
        {
            "file": analysis.source.name,
            "title": fix.title,
            "codes": list(fix.codes),
            "preferred": fix.is_preferred,
            "changes": [{**as_json(item.range), "text": item.text} for item in fix.changes],
        }
        for analysis in analyses
        if analysis.diagnostics
        for fix in fixes(snapshot(analysis.source.text, analysis.source.name), SECONDS)
    ]


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
