"""what was measured of converters → ``docs/converters.md``: a table for each direction, and the reasons below it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.conversions.data import NAMES, SAMPLES, SHOWN, STEPS
from benchmarks.conversions.tools import TOOLS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from benchmarks.conversions.tools import Tool

PAGE = Path(__file__).parents[2] / "docs" / "converters.md"
TEXT = Path(__file__).with_name("page.md")

SAME = 1e-4
"""What single precision may be off by; what is wrong is off by far more."""

_WORDS = {SAMPLES: "samples", STEPS: "length"}
_LONGEST = 150


def write(figures: dict[str, Any]) -> None:
    """Write the page."""
    text = TEXT.read_text("utf-8")
    for name, part in parts(figures).items():
        text = text.replace(f"{{{{ {name} }}}}", part)
    assert "{{" not in text, text[text.index("{{") :].partition("\n")[0]
    PAGE.write_text(text, "utf-8")


def parts(figures: dict[str, Any]) -> dict[str, str]:
    """Everything that the page's text has a place for."""
    found = {}
    for framework, tools in TOOLS.items():
        measured = [(tool, figures[framework].get(tool.route, {})) for tool in tools]
        found[framework] = _table(measured)
        found[f"{framework}_tools"] = "\n".join(_tool(tool, result) for tool, result in measured)
        found[f"{framework}_reasons"] = "\n".join(
            line for tool, result in measured for line in reasons(tool, result)
        )
    return found


def _table(measured: Sequence[tuple[Tool, dict[str, Any]]]) -> str:
    """The table of one direction."""
    shown = [(tool, result["models"]) for tool, result in measured if "models" in result]
    head = ["model", *(tool.label for tool, _ in shown)]
    lines = ["| " + " | ".join(head) + " |", "| --- |" + " --- |" * len(shown)]
    for name in NAMES:
        row = [name.replace("_", " "), *(cell(models[name]) for _, models in shown)]
        lines.append("| " + " | ".join(row) + " |")
    counts = [f"**{sum(is_equal(of[name]) for name in NAMES)}**" for _, of in shown]
    return "\n".join([*lines, "| " + " | ".join([f"**equal, of {len(NAMES)}**", *counts]) + " |"])


def _tool(tool: Tool, result: dict[str, Any]) -> str:
    if "versions" not in result:
        why = f"could not be installed: `{plain(result['refused'])}`" if result else "was not run"
        return f"- **{tool.label}** {why}."
    versions = ", ".join(f"{name} {number}" for name, number in result["versions"].items())
    return f"- **{tool.label}** gives {tool.gives} ({versions})."


def cell(attempts: Sequence[dict[str, Any]]) -> str:
    """What the table says of a model: of the attempt that came furthest."""
    best = max(attempts, key=_rank)
    if "fails" in best:
        return "–"
    kinds = {kind: _of_kind(best, kind) for kind in (SHOWN, SAMPLES, STEPS)}
    if kinds[SHOWN] is not True:
        return "**wrong**" if kinds[SHOWN] is False else "–"
    fixed = [word for kind, word in _WORDS.items() if kinds[kind] is None]
    wrong = [word for kind, word in _WORDS.items() if kinds[kind] is False]
    text = "equal" + (f", {' and '.join(fixed)} fixed" if fixed else "")
    return text + (f", **wrong for other {' and '.join(wrong)}**" if wrong else "")


def is_equal(attempts: Sequence[dict[str, Any]]) -> bool:
    """Whether a model gives the same, at least for the shape that the tool was shown."""
    return any("calls" in item and _of_kind(item, SHOWN) is True for item in attempts)


def _rank(attempt: dict[str, Any]) -> tuple[int, ...]:
    """How far an attempt came: what is refused is better than what is wrong, what is equal better than both."""
    if "calls" not in attempt:
        return (-1,)
    order = {True: 2, None: 1, False: 0}
    shown = _of_kind(attempt, SHOWN)
    # A wrong result says more than none.
    first = {True: 2, False: 1, None: 0}[shown]
    return (first, *(order[_of_kind(attempt, kind)] for kind in (SAMPLES, STEPS)))


def _of_kind(attempt: dict[str, Any], kind: str) -> bool | None:
    """Whether all calls of a kind are equal; ``None`` where one is refused, and no call is wrong."""
    calls = [call for call in attempt["calls"] if call["kind"] == kind]
    if any("shape" in call or call.get("off", 0) > SAME for call in calls):
        return False
    return None if any("fails" in call for call in calls) else True


def reasons(tool: Tool, result: dict[str, Any]) -> list[str]:
    """Why models fail or are wrong, each reason once, with the models."""
    told: dict[str, list[str]] = {}
    for name, attempts in result.get("models", {}).items():
        if not is_equal(attempts):
            told.setdefault(_reason(attempts), []).append(name.replace("_", " "))
    return [f"- {tool.label}: {', '.join(names)}: {why}" for why, names in told.items()]


def _reason(attempts: Iterable[dict[str, Any]]) -> str:
    # Of the levels at which a model fails, one at which the tool was reached tells most.
    best = max(attempts, key=lambda item: (_rank(item), not _is_of_export(item)))
    if "fails" in best:
        return f"`{plain(best['fails'])}`"
    calls = [call for call in best["calls"] if call["kind"] == SHOWN]
    off = [call["off"] for call in calls if "off" in call]
    if off:
        return f"**no error, and values that are off by {max(off):.2g}**"
    shapes = [call["shape"] for call in calls if "shape" in call]
    if shapes:
        return f"gives the shape {shapes[0][0]} in place of {shapes[0][1]}"
    return f"the converted model cannot be called: `{plain(calls[0]['fails'])}`"


def _is_of_export(attempt: dict[str, Any]) -> bool:
    return str(attempt.get("fails", "")).startswith("NotExported")


def plain(message: str) -> str:
    """The first lines of a message that say something, on one line, without places on this machine."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", message)
    # What torch.export says comes behind its advice.
    summary = re.search(r"<class '(\w+)'>: (.+)", text)
    text = f"{summary[1]}: {summary[2]}" if summary else " ".join(text.split())
    text = re.sub(r"(/[\w.+-]+){2,}", "...", text).replace("`", "'").replace("|", "/")
    # Keras numbers the layers of a process.
    text = re.sub(r'(\w)_\d+"', r'\1"', text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3].rstrip()}..."
