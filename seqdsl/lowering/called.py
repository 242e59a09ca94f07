"""pictures that call each other → the order in which they compile, and what each call needs of what it calls."""

from __future__ import annotations

from dataclasses import replace
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Protocol

from seqdsl.analysis.order import find_circles
from seqdsl.layers import find_layer
from seqdsl.layers._called import ModelKind
from seqdsl.lowering.call_checks import calls_of
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
    """

    picture: Picture
    model: CompiledModel

    @staticmethod
    def of(picture: Picture, model: CompiledModel) -> DrawnKind:
        """The kind of a picture that has compiled."""
        kind = DrawnKind(picture.name, model.spec.settable)
        kind.picture, kind.model = picture, model
        return kind

    @property
    def takes_sequence(self) -> bool:
        """Whether the picture's input is a sequence."""
        spec = self.model.spec
        return bool(spec.inputs) and spec.blocks[spec.inputs[0].block].steps is not None


def called_names(picture: Picture, names: Mapping[str, object]) -> dict[str, Call]:
    """The other pictures of a file that a picture calls, each with its first call."""
    cells = {item.name for item in picture.cells}
    found: dict[str, Call] = {}
    for call in calls_of(picture):
        # A layer is a layer, whatever pictures are called.
        is_own = call.python is None and call.layer in names and call.layer not in cells
        if is_own and find_layer(call.layer) is None:
            found.setdefault(call.layer, call)
    return found


def called_pictures(picture: Picture, others: Sequence[Picture]) -> list[Picture]:
    """The pictures that a picture calls, and those that these call, in the order of their file."""
    names = {item.name: item for item in others}
    found: set[str] = set()
    waiting = [picture]
    while waiting:
        new = called_names(waiting.pop(), names).keys() - found
        found |= new
        waiting += map(names.__getitem__, new)
    return [item for item in others if item.name in found]


def find_calls(pictures: Sequence[Picture]) -> list[dict[str, Call]]:
    """What each picture of a file calls, by name, with the first call of each."""
    names = {item.name: item for item in pictures}
    return [called_names(item, names) for item in pictures]


def compile_order(
    pictures: Sequence[Picture], calls: Sequence[Mapping[str, Call]]
) -> tuple[list[int], list[Diagnostic]]:
    """The places of all pictures, each behind those that it calls; those of a circle are left out and reported.

    Pictures that call nothing keep their order, as most do.
    """
    if not any(calls):
        return list(range(len(pictures))), []
    places = {item.name: at for at, item in enumerate(pictures)}
    below = {at: {places[name] for name in found} for at, found in enumerate(calls)}
    circles = find_circles(list(below.values()))
    diagnostics = [_circle(sorted(circle), pictures, calls, places) for circle in circles]
    # What calls a picture of a circle waits for nothing: that one is not there.
    stuck = frozenset().union(*circles)
    order = TopologicalSorter({at: found - stuck for at, found in below.items() if at not in stuck})
    return list(order.static_order()), diagnostics


def _circle(
    circle: Sequence[int],
    pictures: Sequence[Picture],
    calls: Sequence[Mapping[str, Call]],
    places: Mapping[str, int],
) -> Diagnostic:
    """Pictures that call each other: each would contain itself."""
    within = [
        (pictures[at].name, call)
        for at in circle
        for name, call in calls[at].items()
        if places[name] in circle
    ]
    (name, first), *others = within
    message = (
        f"`{name}` calls itself" if not others else f"`{name}` calls itself through another model"
    )
    related = tuple((call.span, f"`{caller}` calls `{call.layer}` here") for caller, call in others)
    hint = "a model cannot contain itself: call a model that calls none of these, or draw its rows here"
    return Diagnostic("SEQ131", message, first.span, hint, related)


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
    # sentence(units=32): the picture of `sentence` as if it said `units = 32`
    compiled, problems = compile_one(with_values(kind.picture, values))
    if compiled is None:
        return None, [_misfit(call, model.spec, problems)]
    return CalledPicture(model.spec, *compiled, masked, faults), []


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
    compiled, problems = compile_one(kind.picture, is_masked=True)
    return (None, problems) if compiled is None else (compiled[0], [])


def _misfit(call: Call, spec: ModelSpec, problems: Sequence[Diagnostic]) -> Diagnostic:
    """Values with which a picture has errors that it does not have by itself."""
    first = next(item for item in problems if item.is_error)
    message = f"`{spec.name}` does not fit these values: {first.message}"
    place = ((first.span, f"in `{spec.name}`"),)
    return Diagnostic(
        "SEQ133", message, call.span, "choose other values, or change the model", place
    )
