"""analysis → meaning: what two texts must have in common for one to be the other's format."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

from seqdsl.source import Span

if TYPE_CHECKING:
    from seqdsl.pipeline import Analysis

# The picture is what the formatter changes; the block graph is built from the rest, and compares by identity.
_LEFT_OUT = frozenset({"picture", "graph"})


def meaning(analysis: Analysis) -> object:
    """All models and findings, without the places in the text of which they speak."""
    findings = sorted((item.code, item.message, item.hint) for item in analysis.diagnostics)
    return findings, [_plain(model.spec) for model in analysis.models]


def _plain(item: object) -> object:
    if isinstance(item, Span):
        return None
    if is_dataclass(item):
        parts = [field.name for field in fields(item) if field.name not in _LEFT_OUT]
        return (type(item).__name__, *(_plain(getattr(item, name)) for name in parts))
    if isinstance(item, dict):
        return {key: _plain(value) for key, value in item.items()}
    return [_plain(part) for part in item] if isinstance(item, list | tuple) else item
