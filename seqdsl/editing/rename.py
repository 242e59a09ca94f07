"""snapshot, place and new name → the changes that rename: a letter, a parameter, a cell, a picture, a name of a cell.

A renamed text is compiled before it is given: what would no longer mean the same is refused, with the reason.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seqdsl.editing.changes import changes_to
from seqdsl.editing.references import find_name
from seqdsl.editing.stretched import renamed_length
from seqdsl.layers import find_layer
from seqdsl.lowering.default_layers import ANONYMOUS
from seqdsl.pipeline import analyze
from seqdsl.syntax.names import LONGEST, LONGEST_STEM, is_reserved

if TYPE_CHECKING:
    from seqdsl.editing.data import Change, Range
    from seqdsl.editing.references import Name
    from seqdsl.editing.snapshot import Part, Snapshot
    from seqdsl.pipeline import Analysis


class RenameError(ValueError):
    """A name that cannot be given; its text says why, for people."""


def renamable(snapshot: Snapshot, line: int, column: int) -> Range | None:
    """The characters of the name that can be renamed at a place; ``None`` if there is none."""
    name = find_name(snapshot, line, column)
    if name is None or (name.at.kind == "variable" and name.at.name == _READ):
        return None
    return name.part.range(name.at.span)


def rename(snapshot: Snapshot, line: int, column: int, new: str) -> tuple[Change, ...]:
    """The changes that give the name at a place another one.

    Raises:
        RenameError: nothing can be renamed there, or not to that.
    """
    name = find_name(snapshot, line, column)
    if name is None or renamable(snapshot, line, column) is None:
        raise RenameError(
            "only letters, parameters, cells and pictures of this text can be renamed"
        )
    new = new.upper() if name.at.kind == "delayed" else new
    if problem := _CHECKS[name.at.identity[0]](name, new):
        raise RenameError(problem)
    part = name.part
    text = _renamed(name, new)
    if not _means_the_same(part, text, snapshot.name):
        raise RenameError(
            f"with the name `{new}` the text would no longer compile to the same models"
        )
    changes = changes_to(snapshot, part, text)
    if not changes and text != part.analysis.source.text:
        raise RenameError(
            "the indentation of this block does not allow changes here: rename it by hand"
        )
    return changes


_READ = "x"
"""What a cell reads is always called so."""


def _letter(name: Name, new: str) -> str:
    if not re.fullmatch("[A-Z]", new):
        return f"`{new}` is not a valid letter: use one capital letter"
    if new == ANONYMOUS:
        return "every row of `O` is a layer of its own: choose another letter"
    used = {item.identity for item in name.part.names}
    taken = ("letter", new, name.at.scope) in used and new != name.at.name.upper()
    return f"the letter `{new}` is already another row of this picture" if taken else ""


def _parameter(name: Name, new: str) -> str:
    if not re.fullmatch("[a-z][A-Za-z0-9_]*", new) or len(new) > LONGEST:
        return f"`{new}` is not a valid parameter: use a lower-case letter, then letters, digits and `_`"
    if is_reserved(new) or "__" in new:
        return f"`{new}` is reserved in the generated code"
    return _taken(name, new)


def _taken(name: Name, new: str) -> str:
    kind, _, scope = name.at.identity
    others = {item.identity for item in name.part.names} - {name.at.identity}
    return f"`{new}` is already defined" if (kind, new, scope) in others else ""


def _shared(name: Name, new: str) -> str:
    """What is wrong with the name of a cell or a picture, which a row may have as its layer."""
    is_called = name.at.kind == "cell" or any(not item.defines for item in name.places)
    pattern = "[a-z][A-Za-z0-9_]+" if is_called else r"[A-Za-z][A-Za-z0-9_\-]*"
    if not re.fullmatch(pattern, new) or len(new) > LONGEST_STEM:
        return f"`{new}` is not a valid name here"
    if is_called and find_layer(new) is not None:
        return f"`{new}` is a built-in layer"
    return _taken(name, new)


def _variable(name: Name, new: str) -> str:
    if not re.fullmatch("[a-z][A-Za-z0-9_]*", new) or new == _READ:
        return f"`{new}` is not a valid name in a cell's equations"
    return _taken(name, new)


_CHECKS = {
    "letter": _letter,
    "parameter": _parameter,
    "cell": _shared,
    "model": _shared,
    "variable": _variable,
}


def _renamed(name: Name, new: str) -> str:
    lines = list(name.part.lines)
    rows = _rows(name) if name.at.identity[0] == "parameter" else set()
    # From right to left, so that the columns of all that is still to come stay; ellipses are left of all words.
    for item in sorted(name.places, key=lambda item: item.span, reverse=True):
        line, start = lines[item.span.line - 1], item.span.column - 1
        if item.span.line in rows and line[:start].endswith(".."):
            continue
        text = new.lower() if item.kind == "delayed" else new
        lines[item.span.line - 1] = line[:start] + text + line[start + len(item.name) :]
    renamed_length(lines, rows, name.at.name, new)
    return "\n".join(lines)


def _rows(name: Name) -> set[int]:
    """The lines of the picture that a name belongs to."""
    pictures = name.part.analysis.document.pictures
    scope = name.at.scope
    return {row.line for row in pictures[scope].rows} if 0 <= scope < len(pictures) else set()


def _means_the_same(part: Part, text: str, file: str) -> bool:
    """Whether a text compiles to what a part does, but for names."""
    before = part.analysis
    after = analyze(text, file, "" if part.placed is None else part.placed.default)
    return _facts(before) == _facts(after)


def _facts(analysis: Analysis) -> tuple[object, ...]:
    """What stays when names change: kinds of errors, and of each model its rows, wires and parameters."""
    errors = [item.code for item in analysis.diagnostics if item.is_error]
    models = [
        (
            model.topology,
            model.parameters,
            [type(block.operation) for block in model.spec.blocks],
            sorted(model.spec.graph.edges),
        )
        for model in analysis.models
    ]
    return errors, models
