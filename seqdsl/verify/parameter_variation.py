"""compiled model → the same picture with other values of its parameters, as far as the compiler accepts them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.lints.values import single_valued
from seqdsl.passes.logits import with_logits
from seqdsl.pipeline import compile_last
from seqdsl.syntax.ast import Number, Parameter
from seqdsl.syntax.document import LARGEST, parse
from seqdsl.syntax.reader import read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seqdsl.lowering.compiled import CompiledModel as Model
    from seqdsl.model.spec import ModelSpec
    from seqdsl.syntax.ast import Picture


class Variation(NamedTuple):
    """A picture with other values of its parameters.

    Attributes:
        values: the parameters that could change, and to what.
        model: the picture compiled with them; ``None`` if none could change.
        fixed: the parameters that fit their defaults only, or for which no other value that was tried compiles.
    """

    values: dict[str, int]
    model: Model | None
    fixed: tuple[str, ...]


def varied(model: Model) -> Variation:
    """Other values for as many of a model's parameters as can change, and the picture compiled with them.

    Which values go together only the compiler knows (heads must divide a width, equal rows are equally wide), so it is
    asked: for all parameters at once, then for one after the other. What fits its default only (SEQ410) stays.
    """
    if model.gives_logits:
        # Findings are about what is drawn.
        found = varied(model.as_drawn)
        return found._replace(model=found.model and with_logits(found.model))
    choices = _choices(model)
    bound = tuple(name for name in choices if name in single_valued(model.spec, model.drawing))
    for name in bound:
        del choices[name]
    for values in _whole(choices):
        if values and (compiled := compiled_with(model, values)):
            return Variation(values, compiled, bound)
    return _one_by_one(model, choices, bound)


def _one_by_one(
    model: Model, choices: Mapping[str, tuple[int, ...]], bound: tuple[str, ...]
) -> Variation:
    """Change one parameter after the other, and keep each change with which the picture still compiles.

    Of two parameters, one of which has to fit what is written elsewhere:

        wide = 8, for 4 heads                     9 has an error, 16 compiles
        units = 6, where 12 is written as well    8 and 12 have errors: it is fixed
    """
    values: dict[str, int] = {}
    last = None
    for name, numbers in choices.items():
        for number in numbers:
            if compiled := compiled_with(model, {**values, name: number}):
                values[name], last = number, compiled
                break
    failed = tuple(name for name in choices if name not in values)
    return Variation(values, last, bound + failed)


def _whole(choices: Mapping[str, tuple[int, ...]]) -> Iterator[dict[str, int]]:
    """All parameters at once: each its own way, so that one cannot stand for another; then all alike."""
    for place in range(2):
        yield {name: values[min(place, len(values) - 1)] for name, values in choices.items()}


def _choices(model: Model) -> dict[str, tuple[int, ...]]:
    """What each parameter could be; the number of steps goes on as the picture says, and rates stay."""
    spec = model.spec
    numbers = {
        item.name: item.default
        for item in spec.parameters
        if isinstance(item.default, int) and item.default > 0
    }
    return {
        name: (number + spec.multiple[name],)
        if name in spec.multiple
        # Two parameters of 8 become 9 and 10, so that one in the place of the other shows; or both 16, as 4 heads have
        # to divide a width.
        else (number + 1 + place, 2 * number)
        for place, (name, number) in enumerate(numbers.items())
    }


def compiled_with(model: Model, values: Mapping[str, int]) -> Model | None:
    """The picture compiled with other values of some parameters; ``None`` if it has errors then.

    It is the syntax tree that gets the values, not the text:

        n = 9       Parameter("n", Number(9))      becomes Parameter("n", Number(10))
        (nothing)   `units` is a default of ours   Parameter("units", Number(33)) is added
    """
    if any(value > LARGEST for value in values.values()):
        return None
    compiled = compile_last(_syntax(model.spec, values))
    return compiled and replace(model, spec=compiled[0], drawing=compiled[1])


def _syntax(spec: ModelSpec, values: Mapping[str, int]) -> list[Picture]:
    """The syntax trees of a picture that has compiled and, before it, of those that it calls; it has other values."""
    source, _ = read(spec.text, spec.name)
    document, _ = parse(source, spec.name)
    *called, picture = document.pictures
    return [*called, _with(picture, values)]


def _with(picture: Picture, values: Mapping[str, int]) -> Picture:
    """The same picture with other values of some parameters."""
    given = {item.name: item for item in picture.parameters}
    changed = {
        name: Parameter(name, Number(value, picture.span), picture.span)
        for name, value in values.items()
    }
    return replace(picture, parameters=tuple((given | changed).values()))
