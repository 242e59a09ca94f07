"""text → compiled models and diagnostics: the map of the whole way, one line for each arrow.

Parse (`seqdsl.syntax`), resolve (`seqdsl.picture`), lower (`seqdsl.lowering`), check (`seqdsl.lints`).
What is made of the models (source, drawings, explanations, reports) is not its business.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.budget import Budget, Overgrown
from seqdsl.layers import find_layer
from seqdsl.lints import lint
from seqdsl.lowering.call_checks import check_calls, has_python
from seqdsl.lowering.compile import first_cell, lower, resolve
from seqdsl.lowering.compiled import CompiledModel
from seqdsl.lowering.declared_cells import check_cells
from seqdsl.records import record
from seqdsl.syntax.ast import Document, ModelLine
from seqdsl.syntax.document import parse
from seqdsl.syntax.names import model_name
from seqdsl.syntax.reader import read
from seqdsl.syntax.suppressions import SIGN, find_ignores, is_ignored
from seqdsl.text.codes import CODES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.lowering.called import DrawnKind
    from seqdsl.lowering.drawing import Drawing
    from seqdsl.model.spec import ModelSpec
    from seqdsl.syntax.ast import Picture
    from seqdsl.text.diagnostics import Diagnostic
    from seqdsl.text.source import Source

    Compiled = tuple[tuple[ModelSpec, Drawing] | None, list[Diagnostic]]


def analyze(
    text: str | bytes,
    name: str = "model.seq",
    default: str = "",
    *,
    budget: Budget | None = None,
    diagnose: bool = True,
) -> Analysis:
    """Compile every model of ``text``; problems are in the result, nothing is raised for them.

    Args:
        text: a ``.seq`` text, or its bytes in UTF-8.
        name: what messages call it; its stem names a model that has no name of its own.
        default: another name for such a model.
        budget: what is left of the limits, for a text that is a part of another; default: all of them.
        diagnose: whether to look for the one mistake behind several findings, for people who read them.
    """
    # One budget for all pictures of the text: a thousand of them may not take a thousand times what one may.
    budget = budget or Budget()
    source, diagnostics = read(text, name)
    if diagnostics:
        return Analysis(source, Document(sound=False), (), tuple(diagnostics))
    document, diagnostics = parse(source, model_name(default or PurePath(name).stem))
    cells = check_cells(document.cells)
    sound = document.sound and not cells
    diagnostics += cells
    ignored, problems = _ignores(source, document.pictures)
    diagnostics += problems
    pictures, order, problems = _in_order(document.pictures)
    diagnostics += problems
    models: dict[int, CompiledModel] = {}
    siblings, misnamed = Siblings.of(pictures), _named_as_layers(document)
    for at in order:
        picture = with_called(pictures[at], siblings)
        codes = ignored[at]
        # Where a row could not be read, wires would lead nowhere: that is reported already.
        if not picture.whole:
            diagnostics += _reported(check_calls(picture), codes, sound=False)
            continue
        compiled, problems = compile_picture(picture, budget, diagnose=diagnose)
        problems += _meant_as_layers(picture, misnamed)
        diagnostics += _reported(problems, codes, sound=document.sound)
        if compiled is not None and sound:
            lines = (picture.rows[0].line, picture.rows[-1].line)
            models[at] = CompiledModel(*compiled, file=name, lines=lines)
            siblings.note(at, picture, models[at])
    found = tuple(models[at] for at in sorted(models))
    ordered = sorted(dict.fromkeys(diagnostics), key=lambda item: (item.span, item.code))
    return Analysis(source, document, found, tuple(ordered))


def _in_order(
    drawn: Sequence[Picture],
) -> tuple[list[Picture], Sequence[int], list[Diagnostic]]:
    """The pictures of a text, and the places of all that can be compiled, each behind those that it calls."""
    pictures = list(map(_with_calls, drawn))
    if len(pictures) < 2:
        return pictures, range(len(pictures)), []
    from seqdsl.lowering.called_order import compile_order, find_calls

    return pictures, *compile_order(pictures, find_calls(pictures))


def _named_as_layers(document: Document) -> Mapping[str, int]:
    """The lines of the models that have the name of a layer, by that, where others could call them."""
    lines = document.lines if len(document.pictures) > 1 else ()
    heads = [line for line in lines if isinstance(line, ModelLine)]
    return {line.name: line.span.line for line in heads if find_layer(line.name)}


def _meant_as_layers(picture: Picture, lines: Mapping[str, int]) -> list[Diagnostic]:
    if not lines:
        return []
    from seqdsl.lowering.called_order import meant_models

    return meant_models(picture, lines)


class Siblings(NamedTuple):
    """The pictures of a text. A text may hold thousands, so what all of them share is found once.

    Attributes:
        pictures: the pictures, in their order.
        places: the place of each by its name.
        names: their names.
        kinds: those that have compiled as layers, by their places: one of each, whatever calls it.
    """

    pictures: Sequence[Picture]
    places: Mapping[str, int]
    names: frozenset[str]
    kinds: dict[int, DrawnKind]

    @classmethod
    def of(cls, pictures: Sequence[Picture]) -> Siblings:
        """The pictures with their names."""
        places = {item.name: at for at, item in enumerate(pictures)}
        return cls(pictures, places, frozenset(places), {})

    def note(self, at: int, known: Picture, model: CompiledModel) -> None:
        """Note that a picture has compiled, which knows those that it calls."""
        if len(self.pictures) < 2:
            return
        from seqdsl.lowering.called import DrawnKind

        # With other values of its parameters it is compiled again, and then calls others itself.
        self.kinds[at] = DrawnKind.of(known, model)


def with_called(picture: Picture, siblings: Siblings) -> Picture:
    """A picture that knows the others that it calls; of those that have not compiled, their names."""
    if len(siblings.pictures) < 2:
        return picture
    from seqdsl.lowering.called_order import called_names

    _, places, names, kinds = siblings
    called = {name: kinds.get(places[name]) for name in called_names(picture, places)}
    return replace(picture, called=called, siblings=names)


def _with_calls(picture: Picture) -> Picture:
    """A picture with its layers in capital letters as calls; hardly any picture has letters that close together."""
    if not any(row.call is None and row.cells[-3:].isalpha() for row in picture.rows):
        return picture
    from seqdsl.lowering.capital_calls import read_capital_calls

    return read_capital_calls(picture)


def _reported(
    diagnostics: Sequence[Diagnostic], ignored: dict[int, tuple[str, ...]], *, sound: bool
) -> list[Diagnostic]:
    """The diagnostics of a picture that are reported.

    Where lines could not be read, what they hold is unknown: only what is certain without them is reported.
    """
    reported = [item for item in diagnostics if not ignored or not is_ignored(item, ignored)]
    return reported if sound else [item for item in reported if CODES[item.code].certain]


def _compile(picture: Picture, budget: Budget, *, diagnose: bool, is_masked: bool) -> Compiled:
    """The way of one picture: resolve its wires and layers, lower it to its meaning, check that for pitfalls."""
    resolved, diagnostics = resolve(picture, budget, diagnose=diagnose)
    if resolved is None or has_python(picture):
        # What is wrong with the layers is reported together with what is wrong with the wires.
        return None, diagnostics + check_calls(picture) if diagnose else diagnostics
    if is_masked:
        resolved = resolved._replace(drawing=replace(resolved.drawing, is_masked=True))
    if picture.called:
        from seqdsl.lowering.called import resolve_calls

        drawing, problems = resolve_calls(resolved.drawing, partial(compile_picture, budget=budget))
        diagnostics += problems
        if drawing is None:
            return None, diagnostics
        resolved = resolved._replace(drawing=drawing)
    spec, problems = lower(picture, resolved)
    diagnostics += problems
    if spec is None:
        return None, diagnostics
    return (spec, resolved.drawing), diagnostics + lint(spec, resolved.drawing)


def compile_picture(
    picture: Picture, budget: Budget, *, diagnose: bool = True, is_masked: bool = False
) -> Compiled:
    """Compile one picture of a document; one that is too large, or upside down, is one finding.

    Args:
        picture: the picture.
        budget: what is left of the limits.
        diagnose: whether to look for the one mistake behind several findings, for people who read them.
        is_masked: whether it is meant as it is called with a masked sequence.
    """
    try:
        compiled, diagnostics = _compile(picture, budget, diagnose=diagnose, is_masked=is_masked)
    except Overgrown as limit:
        return None, [limit.finding(first_cell(picture))]
    if compiled is None and diagnose:
        from seqdsl.picture.upside_down import is_upside_down, upside_down

        # A picture upside down has many mistakes, as all its wires lead the wrong way; that it is so explains them all.
        if is_upside_down(picture, _compiles):
            return None, [upside_down(picture)]
    return compiled, diagnostics


def compile_last(pictures: Sequence[Picture]) -> tuple[ModelSpec, Drawing] | None:
    """Compile the last of some pictures, each of which may call those before it; ``None`` if one has errors."""
    compiled = None
    siblings = Siblings.of(pictures)
    for at, picture in enumerate(pictures):
        known = with_called(picture, siblings)
        compiled, _ = compile_picture(known, Budget(), diagnose=False)
        if compiled is not None:
            siblings.note(at, known, CompiledModel(*compiled, file=""))
    return compiled


def _compiles(picture: Picture) -> bool:
    return compile_picture(picture, Budget(), diagnose=False)[0] is not None


def _ignores(
    source: Source, pictures: Sequence[Picture]
) -> tuple[Sequence[dict[int, tuple[str, ...]]], list[Diagnostic]]:
    """The codes that comments ignore, for each picture; hardly any text has such a comment."""
    return find_ignores(source, pictures) if SIGN in source.text else ([{}] * len(pictures), [])


@record(frozen=True)
class Analysis:
    """What a text came to.

    Attributes:
        source: the text.
        document: what could be read of it, for what changes the text; empty for a file that only holds pictures.
        models: the models that compiled.
        diagnostics: all findings, in the order of the text.
    """

    source: Source
    document: Document
    models: tuple[CompiledModel, ...]
    diagnostics: tuple[Diagnostic, ...]
