"""analysis → meaning: what two texts must have in common for one to be the other's format."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from seqdsl.records import record
from seqdsl.text.codes import CODES
from seqdsl.text.source import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seqdsl.model.spec import ModelSpec
    from seqdsl.pipeline import Analysis

# The picture is what the formatter changes; the block graph is built from the rest, and compares by identity.
_LEFT_OUT = frozenset({"picture", "graph"})


@record(frozen=True)
class Meaning:
    """All models and findings of a text, which equals another's whose places in the text alone differ.

    Attributes:
        findings: the code, the message and the hint of each finding, sorted.
        models: all models.
    """

    findings: Sequence[tuple[str, str, str]]
    models: Sequence[ModelSpec]

    def __eq__(self, other: object) -> bool:
        """Whether both mean the same."""
        if not isinstance(other, Meaning):
            return NotImplemented
        return self.findings == other.findings and _is_alike(self.models, other.models)

    def __hash__(self) -> int:
        """Of the findings alone, which what means the same has in common."""
        return hash(tuple(self.findings))


def meaning(analysis: Analysis) -> Meaning:
    """All models and findings, without the places in the text of which they speak."""
    findings = sorted(
        (item.code, item.message, item.hint)
        for item in analysis.diagnostics
        if not CODES[item.code].is_of_spacing
    )
    return Meaning(findings, [model.spec for model in analysis.models])


def _is_alike(one: object, other: object) -> bool:
    # Side by side, as copies without the places would take more time and memory than the models themselves.
    if one is other or isinstance(one, Span):
        return one is other or isinstance(other, Span)
    kind = type(one)
    if isinstance(one, list | tuple):
        return isinstance(other, list | tuple) and _are_alike(one, other)
    if kind is not type(other):
        return one == other
    if isinstance(one, dict):
        assert isinstance(other, dict)
        return one.keys() == other.keys() and all(_is_alike(one[key], other[key]) for key in one)
    parts = _parts(kind)  # type: ignore[arg-type] # to mypy, not every class can be hashed
    return one == other if parts is None else _are_alike(parts(one), parts(other))


def _are_alike(one: Sequence[object], other: Sequence[object]) -> bool:
    return len(one) == len(other) and all(map(_is_alike, one, other))


@cache
def _parts(kind: type[Any]) -> Callable[[object], tuple[object, ...]] | None:
    """What gives the parts of a dataclass that mean something, as a tuple; ``None`` for any other class."""
    if not is_dataclass(kind):
        return None
    names = [field.name for field in fields(kind) if field.name not in _LEFT_OUT]
    if len(names) > 1:
        return attrgetter(*names)
    # One name would give its value alone, and none is an error.
    return lambda item: tuple(getattr(item, name) for name in names)
