"""port → sentences: what was compared, and which weights are not the same to the last bit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.porting.sentences import compared, import_lines
from seqdsl.targets import find

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.porting.porting import Ported


def report(ported: Ported, source: str) -> str:
    """All that was compared of a model and its port, in lines."""
    imported = ported.imported
    read = import_lines(imported.read.reading, imported.outcome, source)
    return "\n".join(line for line, _ in [*read, *port_lines(ported)])


def port_lines(ported: Ported) -> Iterator[tuple[str, bool]]:
    """The lines of a report, each with whether it is told to those as well who want to hear little."""
    title = find(ported.target).title
    said = f"Written for {title}. With the model's weights: {compared(ported.own)}."
    if ported.passed:
        said += f" With random weights: {', '.join(ported.passed)} as drawn."
    if ported.skipped:
        said += f" Not checked with random weights: {ported.skipped.splitlines()[0]}."
    yield said, False
    yield _bits(ported), bool(ported.inexact)


def _bits(ported: Ported) -> str:
    """Which weights are the same to the last bit."""
    if ported.inexact:
        names = ", ".join(f"`{name}`" for name in ported.inexact)
        return f"Rounded in the file: {names}. All other weights are the same to the last bit."
    merged = ported.imported.outcome.merged
    if not merged:
        return "All weights are the same to the last bit."
    names = ", ".join(f"`{name}`" for name in merged)
    what = "the sum of the two biases of a PyTorch cell, rounded once"
    return f"{names}: {what}. All other weights are the same to the last bit."
