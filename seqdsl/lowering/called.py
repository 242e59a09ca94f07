"""picture that calls others → what each call needs of what it calls, at the values that it gives."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from seqdsl.budget import MOST_BLOCKS
from seqdsl.layers._called import ModelKind
from seqdsl.lowering.drawing import CalledPicture
from seqdsl.syntax.ast import Number, Parameter
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.lowering.compiled import CompiledModel
    from seqdsl.lowering.drawing import Drawing
    from seqdsl.lowering.settings import Settings
    from seqdsl.model.spec import ModelSpec
    from seqdsl.syntax.ast import Call, Picture

    Compiled = tuple[tuple[ModelSpec, Drawing] | None, list[Diagnostic]]

    class Compile(Protocol):
        """Compiles a picture that is called, by itself or with a mask."""

        def __call__(self, picture: Picture, *, is_masked: bool = False) -> Compiled:
            """Compile it."""


class DrawnKind(ModelKind):
    """The kind of a layer that is another picture of the file, with all that is known of that picture.

    Attributes:
        picture: what was read of it.
        model: what it came to.
        size: how many blocks it has, those of the pictures that it calls wherever it does.
        others: what it comes to with other values, or with a mask: each once, as what it calls is compiled as well.
    """

    picture: Picture
    model: CompiledModel
    size: int
    others: dict[object, Compiled]

    @staticmethod
    def of(picture: Picture, model: CompiledModel) -> DrawnKind:
        """The kind of a picture that has compiled."""
        kind = DrawnKind(picture.name, model.spec.settable)
        kind.picture, kind.model, kind.others = picture, model, {}
        kind.size = _size(model.drawing.settings)
        return kind

    def compiled(
        self, compile_one: Compile, values: Mapping[str, float], *, is_masked: bool
    ) -> Compiled:
        """What the picture comes to with values of some parameters, by itself or with a mask."""
        key = (frozenset(values.items()), is_masked)
        if key not in self.others:
            # sentence(units=32): the picture of `sentence` as if it said `units = 32`
            picture = with_values(self.picture, values) if values else self.picture
            self.others[key] = compile_one(picture, is_masked=is_masked)
        return self.others[key]

    @property
    def takes_sequence(self) -> bool:
        """Whether the picture's input is a sequence."""
        spec = self.model.spec
        return bool(spec.inputs) and spec.blocks[spec.inputs[0].block].steps is not None


def _size(settings: Sequence[Settings]) -> int:
    """How many blocks there are, within what is called as well."""
    return sum(item.kind.size if isinstance(item.kind, DrawnKind) else 1 for item in settings)


def given_values(settings: Settings, drawing: Drawing) -> dict[str, float]:
    """The values of a called picture's parameters that a call gives, as numbers."""
    values: dict[str, float] = {}
    for name, value in settings.arguments.items():
        if isinstance(value, str):
            values[name] = drawing.numbers[value]
        else:
            values[name] = value if isinstance(value, float) else value.value(drawing.values)  # type: ignore[union-attr]
    return values


def with_values(picture: Picture, values: Mapping[str, float]) -> Picture:
    """The same picture with other values of some parameters."""
    given = {item.name: item for item in picture.parameters}
    places = {name: item.value.span for name, item in given.items()}
    changed = {
        name: Parameter(name, Number(value, places.get(name, picture.span)), picture.span)
        for name, value in values.items()
    }
    return replace(picture, parameters=tuple((given | changed).values()))


def not_callable(call: Call, spec: ModelSpec, drawing: Drawing) -> Diagnostic | None:
    """Why a picture cannot be called; ``None`` if it can."""
    fault = _fault(spec)
    if fault is None:
        return None
    why, block = fault
    place = (drawing.blocks[block].span, f"in `{spec.name}`")
    message = f"`{spec.name}` cannot be a layer: it has {why}"
    hint = (
        "a model that is called has one input and one output, no `*`, no `lengths` and no `feedback`, "
        "and one length at most that is free"
    )
    return Diagnostic("SEQ132", message, call.span, hint, (place,))


def _fault(spec: ModelSpec) -> tuple[str, int] | None:
    """What a picture has that no layer has, and the block where that is drawn."""
    if len(spec.inputs) != 1:
        return f"{len(spec.inputs)} inputs", spec.inputs[-1].block if spec.inputs else 0
    if len(spec.outputs) != 1:
        return f"{len(spec.outputs)} outputs", spec.outputs[-1].block
    source = spec.inputs[0]
    if spec.states:
        return "state that passes from call to call", spec.states[0].block
    if spec.lengths:
        return "an input with `lengths=`", source.block
    if source.feedback is not None:
        return "an input with `feedback=`", source.block
    if len(spec.free) > 1 or (spec.free and spec.free[0] not in source.shape[0].names):
        return "a free length that its input does not tell", source.block
    return None


def resolve_calls(
    drawing: Drawing, compile_one: Compile
) -> tuple[Drawing | None, list[Diagnostic]]:
    """A drawing that knows what its blocks call, with the values that the calls give; ``None`` if one does not fit.

    Args:
        drawing: what was read of the picture.
        compile_one: compiles a picture that is called.
    """
    found: dict[int, tuple[CalledPicture | None, list[Diagnostic]]] = {}
    called: dict[int, CalledPicture] = {}
    for index, settings in enumerate(drawing.settings):
        if not isinstance(settings.kind, DrawnKind):
            continue
        # All blocks of a letter share one call: what it calls is compiled once.
        if id(settings) not in found:
            found[id(settings)] = _resolved(settings, settings.kind, drawing, compile_one)
        one, _ = found[id(settings)]
        if one is not None:
            called[index] = one
    diagnostics = [item for _, problems in found.values() for item in problems]
    # a calls b twice, which calls c twice, and so on: forty of these are a billion layers.
    if _size(drawing.settings) > MOST_BLOCKS:
        diagnostics.append(_too_large(drawing))
    return (None if diagnostics else replace(drawing, called=called)), diagnostics


def _resolved(
    settings: Settings,
    kind: DrawnKind,
    drawing: Drawing,
    compile_one: Compile,
) -> tuple[CalledPicture | None, list[Diagnostic]]:
    model, call = kind.model, settings.call
    assert call is not None
    if problem := not_callable(call, model.spec, model.drawing):
        return None, [problem]
    values = given_values(settings, drawing)
    masked, faults = _masked(kind, drawing, compile_one)
    if not values:
        return CalledPicture(model.spec, model.spec, model.drawing, masked, faults), []
    compiled, problems = kind.compiled(compile_one, values, is_masked=False)
    if compiled is None:
        return None, [_misfit(call, model.spec, problems)]
    return CalledPicture(model.spec, *compiled, masked, faults), []


def _too_large(drawing: Drawing) -> Diagnostic:
    """Calls that come to more blocks than a text may have."""
    sizes = {
        item.kind.size: item.call for item in drawing.settings if isinstance(item.kind, DrawnKind)
    }
    call = sizes[max(sizes)]
    assert call is not None
    message = f"more than {MOST_BLOCKS:,} blocks, those of the models that are called counted at each call"
    return Diagnostic("SEQ110", message, call.span, "call fewer models, or smaller ones")


_MARKS = frozenset({"mask", "lengths"})
"""The arguments of inputs and embeddings by which padding begins."""


def _masked(
    kind: DrawnKind, drawing: Drawing, compile_one: Compile
) -> tuple[ModelSpec | None, list[Diagnostic]]:
    """What a called picture means where a mask goes into it; nothing where its caller has none."""
    # Whether the row that it reads is masked is known once the rows below are applied: later than this is asked.
    begins = any(not _MARKS.isdisjoint(item.arguments) for item in drawing.settings)
    if not (begins or drawing.is_masked) or not kind.takes_sequence:
        return None, []
    compiled, problems = kind.compiled(compile_one, {}, is_masked=True)
    return (None, problems) if compiled is None else (compiled[0], [])


def _misfit(call: Call, spec: ModelSpec, problems: Sequence[Diagnostic]) -> Diagnostic:
    """Values with which a picture has errors that it does not have by itself."""
    first = next(item for item in problems if item.is_error)
    message = f"`{spec.name}` does not fit these values: {first.message}"
    place = ((first.span, f"in `{spec.name}`"),)
    return Diagnostic(
        "SEQ133", message, call.span, "choose other values, or change the model", place
    )
