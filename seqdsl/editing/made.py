"""snapshot and model → what is made of it: its source for a framework, and its drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seqdsl.draw.themes import ThemeName
    from seqdsl.editing.snapshot import Snapshot
    from seqdsl.lowering.compiled import CompiledModel


def find_model(snapshot: Snapshot, name: str) -> CompiledModel | None:
    """The model of a name; ``None`` if there is none, or it has errors."""
    models = (model for part in snapshot.parts for model in part.analysis.models)
    return next((model for model in models if model.name == name), None)


def model_at(snapshot: Snapshot, line: int) -> str:
    """The name of the model in or above a line, or else the first one; empty if none compiles."""
    found = [
        (part.to_file(model.lines[0], 1)[0], model.name)
        for part in snapshot.parts
        for model in part.analysis.models
    ]
    above = [name for first, name in found if first <= line]
    return above[-1] if above else found[0][1] if found else ""


def source_text(snapshot: Snapshot, name: str, target: str) -> str:
    """The source of a model; empty if there is no such model, a target's refusal as a comment."""
    from seqdsl.targets import NotWrittenError, source

    model = find_model(snapshot, name)
    if model is None:
        return ""
    try:
        return source(model.spec, target)
    except NotWrittenError as error:
        return "".join(f"# {line}\n" for line in str(error).splitlines())


def drawing(
    snapshot: Snapshot, name: str, theme: ThemeName = "auto", cursor: tuple[int, int] | None = None
) -> str:
    """The drawing of a model as SVG; empty if there is no such model.

    Args:
        snapshot: the text.
        name: the name of the model.
        theme: its colors.
        cursor: a line and column: the nodes that this place is about are highlighted.
    """
    from seqdsl.draw import draw
    from seqdsl.draw.options import Options

    model = find_model(snapshot, name)
    if model is None:
        return ""
    cells = frozenset[tuple[int, int]]() if cursor is None else _pointed(snapshot, model, *cursor)
    return str(draw(model, "svg", Options(theme, highlighted=cells)))


def _pointed(
    snapshot: Snapshot, model: CompiledModel, line: int, column: int
) -> frozenset[tuple[int, int]]:
    from seqdsl.editing.pointed import pointed

    place = snapshot.part_at(line, column)
    # Another block of a page has the same lines and columns.
    if place is None or model not in place[0].analysis.models:
        return frozenset()
    return pointed(*place)
