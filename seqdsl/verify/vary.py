"""compiled model → the same picture with other values of its parameters: what its builder must build for them."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.python_syntax import parse_python
from seqdsl.verify.jobs import Trial, cases, ports, results

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seqdsl.pipeline import Model


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


def trial_for(model: Model, target: str, source: str) -> Trial:
    """What the builder of ``source``, generated of ``model``, must build for other parameters, if it has any."""
    from seqdsl.verify.weights import layer_weights

    found = varied(model)
    spec = (found.model or model).spec
    taken = arguments(source)
    return Trial(
        tuple((name, value) for name, value in found.values.items() if name in taken),
        spec.counts[target],
        ports(spec),
        results(spec),
        cases(spec)[0],
        layer_weights(spec),
        tuple(name for name in found.fixed if name in taken),
    )


def arguments(source: str) -> tuple[str, ...]:
    """What the builder of a generated source takes: a framework may need no length that the picture sets."""
    (builder,) = (
        item
        for item in parse_python(source).body
        if isinstance(item, ast.FunctionDef) and item.name == "build_model"
    )
    return tuple(item.arg for item in builder.args.args)


def varied(model: Model) -> Variation:
    """Other values for as many of a model's parameters as can change, and the picture compiled with them.

    Which values go together only the compiler knows (heads must divide a width, equal rows are equally wide), so it is
    asked: for all parameters at once, then for one after the other. What fits its default only (SEQ410) stays.
    """
    from seqdsl.model.lints.values import single_valued

    choices = _choices(model)
    bound = tuple(name for name in choices if name in single_valued(model.spec, model.drawing))
    for name in bound:
        del choices[name]
    for values in _whole(choices):
        if values and (found := compiled_with(model, values)):
            return Variation(values, found, bound)
    values = {}
    last = None
    for name, numbers in choices.items():
        for number in numbers:
            if found := compiled_with(model, {**values, name: number}):
                values[name], last = number, found
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
        else (number + 1 + place, 2 * number)
        for place, (name, number) in enumerate(numbers.items())
    }


def compiled_with(model: Model, values: Mapping[str, int]) -> Model | None:
    """The picture compiled with other values of some parameters; ``None`` if it has errors then."""
    from seqdsl.pipeline import analyze

    text = model.spec.picture
    for name, value in values.items():
        line = f"{name} = {value}"
        text, known = re.subn(rf"(?m)^{name} = .*$", line, text)
        # One that is not named in the file has a default of ours.
        text = text if known else f"{text}\n{line}"
    found = analyze(text, model.file, model.spec.name).models
    return found[0] if len(found) == 1 else None
