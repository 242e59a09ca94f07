"""theme → style sheet: the colors of a drawing on white, on black, or as the reader's system has it.

The hues are those of Okabe & Ito (2008), which people with any color vision tell apart; text on a node and lines
on the ground keep a contrast of at least 4.5 and 3 to one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from seqdsl.layers import Look

if TYPE_CHECKING:
    from collections.abc import Sequence

ThemeName = Literal["auto", "light", "dark"]
THEMES = ("auto", "light", "dark")


@dataclass(frozen=True)
class Theme:
    """Colors; a node's are its ground and its border."""

    ground: str
    text: str
    muted: str
    data: str
    window: str
    state: str
    feedback: str
    highlight: str
    nodes: dict[Look, tuple[str, str]]


LIGHT = Theme(
    ground="#ffffff",
    text="#1b1f24",
    muted="#59636e",
    data="#57606a",
    window="#848d97",
    state="#c44e00",
    feedback="#8035c9",
    highlight="#e0a800",
    nodes={
        Look.INPUT: ("#eef1f4", "#57606a"),
        Look.EMBEDDING: ("#fbe3f1", "#a9477f"),
        Look.RECURRENT: ("#d8ebfa", "#0067a3"),
        Look.DENSE: ("#d5f2e7", "#007a58"),
        Look.CONV: ("#fbf6c4", "#7d7000"),
        Look.ATTENTION: ("#ffe6bd", "#a86400"),
        Look.COMBINE: ("#ffffff", "#1b1f24"),
        Look.OUTPUT: ("#ffffff", "#57606a"),
        Look.STEPWISE: ("#ece8f5", "#6a5a94"),
        Look.DELAYED: ("#ffffff", "#8035c9"),
    },
)
DARK = Theme(
    ground="#0f1419",
    text="#e8ecf0",
    muted="#9aa6b2",
    data="#9aa6b2",
    window="#6e7884",
    state="#ff8c42",
    feedback="#c194ff",
    highlight="#ffd84a",
    nodes={
        Look.INPUT: ("#242c34", "#9aa6b2"),
        Look.EMBEDDING: ("#46213a", "#e58cc4"),
        Look.RECURRENT: ("#123a57", "#63b8ef"),
        Look.DENSE: ("#0c3d30", "#3fc79c"),
        Look.CONV: ("#3d3a0b", "#d9cd45"),
        Look.ATTENTION: ("#4a3208", "#f0b04a"),
        Look.COMBINE: ("#0f1419", "#e8ecf0"),
        Look.OUTPUT: ("#0f1419", "#9aa6b2"),
        Look.STEPWISE: ("#2e2845", "#b3a3e0"),
        Look.DELAYED: ("#0f1419", "#c194ff"),
    },
)

# A browser knows the generic families; resvg takes the first that is installed by its own name.
_SANS = "system-ui, 'Segoe UI', Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', 'Noto Sans', sans-serif"
_MONO = "ui-monospace, Menlo, Consolas, 'Liberation Mono', 'DejaVu Sans Mono', 'Noto Sans Mono', monospace"
_SHAPES = """\
{root} text {{ font-family: {sans}; font-size: 12px; }}
{root} .title {{ font-size: 19px; font-weight: bold; }}
{root} .subtitle, {root} .length, {root} .hand {{ font-size: 12.5px; }}
{root} .length, {root} .hand {{ font-style: italic; }}
{root} .call, {root} .facts {{ font-family: {mono}; }}
{root} .call {{ font-weight: bold; }}
{root} g text {{ font-size: 14px; font-weight: bold; text-anchor: middle; }}
{root} g .word {{ font-size: 10.5px; }}
{root} g rect {{ stroke-width: 1.6; }}
{root} .data, {root} .state {{ fill: none; stroke-width: 1.5; stroke-linejoin: round; }}
{root} .window {{ fill: none; stroke-width: 1; }}
{root} .hand-line {{ fill: none; stroke-width: 2.8; }}
"""
_COLORS = """\
{root} .ground {{ fill: {ground}; }}
{root} text {{ fill: {text}; }}
{root} .subtitle, {root} .facts, {root} .length {{ fill: {muted}; }}
{root} .hand {{ fill: {state}; }}
{root} .data {{ stroke: {data}; }}
{root} .window {{ stroke: {window}; }}
{root} .data-head, {root} .dots {{ fill: {data}; }}
{root} .state, {root} .hand-line {{ stroke: {state}; }}
{root} .state-head {{ fill: {state}; }}
"""
# Only drawings with delayed nodes have these rules.
_FEEDBACK_SHAPES = """\
{root} .feedback {{ fill: none; stroke-width: 1.5; stroke-linejoin: round; }}
{root} .delayed rect {{ stroke-dasharray: 3 2; }}
"""
_FEEDBACK_COLORS = """\
{root} .feedback {{ stroke: {feedback}; }}
{root} .feedback-head {{ fill: {feedback}; }}
"""
# Only drawings in which something is to stand out have these.
_HIGHLIGHT_SHAPES = """\
{root} .highlight {{ fill-opacity: 0.3; stroke-width: 2; }}
"""
_HIGHLIGHT_COLORS = """\
{root} .highlight {{ fill: {highlight}; stroke: {highlight}; }}
"""


def style_sheet(theme: ThemeName, *, feedback: bool = False, highlight: bool = False) -> str:
    """The style sheet of a drawing whose root has the class ``seqdsl-THEME``.

    Several drawings may be in one page: the rules of one touch no other's, and nothing else.

    Args:
        theme: the colors.
        feedback: whether there are delayed nodes.
        highlight: whether something is to stand out.
    """
    root = f".seqdsl-{theme}"
    shapes = _SHAPES + feedback * _FEEDBACK_SHAPES + highlight * _HIGHLIGHT_SHAPES
    colors = _COLORS + feedback * _FEEDBACK_COLORS + highlight * _HIGHLIGHT_COLORS
    looks = [look for look in LIGHT.nodes if feedback or look is not Look.DELAYED]
    sheet = shapes.format(root=root, sans=_SANS, mono=_MONO)
    sheet += _colors(colors, root, DARK if theme == "dark" else LIGHT, looks)
    if theme == "auto":
        dark = _colors(colors, root, DARK, looks)
        sheet += f"@media (prefers-color-scheme: dark) {{\n{dark}}}\n"
    return sheet


def _colors(template: str, root: str, theme: Theme, looks: Sequence[Look]) -> str:
    # `ground`, `text`, `muted`, `data` and `state` are the names in the braces of the template.
    named = {key: value for key, value in vars(theme).items() if key != "nodes"}
    nodes = (
        f"{root} .{look.value} rect {{ fill: {ground}; stroke: {border}; }}\n"
        f"{root} .{look.value} .mask {{ fill: {border}; }}\n"
        for look, (ground, border) in ((look, theme.nodes[look]) for look in looks)
    )
    return template.format(root=root, **named) + "".join(nodes)
