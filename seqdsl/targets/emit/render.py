"""templates → text: the Jinja environment, and the frame that every generated module has."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template

from seqdsl.ir.images import holds_images
from seqdsl.ir.limits import shortened
from seqdsl.size import Size
from seqdsl.targets.code import paths, roots, tuple_of
from seqdsl.targets.emit.heads import HEADS
from seqdsl.targets.emit.purpose import purpose
from seqdsl.targets.notes import Module

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from seqdsl.ir.graph import Input, Output, Parameter, State
    from seqdsl.model.spec import ModelSpec
    from seqdsl.targets.code import Statement
    from seqdsl.targets.notes import Note


@cache
def environment() -> Environment:
    """The environment of all templates, read from the package ``seqdsl.templates``."""
    made = Environment(
        loader=FunctionLoader(_load),
        # A fact that a macro is not given raises, where Jinja would write nothing in its place.
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # It is for HTML: `->` would be written as `-&gt;`.
        autoescape=False,
    )
    made.globals |= HEADS
    made.filters["decimal"] = decimal
    made.filters["complement"] = complement
    return made


def decimal(number: float | str) -> str:
    """A number, or the parameter that gives it, as a person writes it: ``1e-5``, not ``1e-05``."""
    return re.sub(r"e([-+])0", r"e\1", str(number))


def complement(number: float | str) -> str:
    """What is left to 1, to the last digit: ``0.01`` of ``0.99``."""
    if isinstance(number, str):
        return f"1 - {number}"
    # In binary, 1 - 0.99 is 0.010000000000000009.
    return decimal(float(1 - Decimal(repr(number))))


def _load(name: str) -> str:
    from importlib.resources import files

    return files("seqdsl.templates").joinpath(*name.split("/")).read_text("utf-8")


@cache
def macros(target: str, table: str) -> Any:
    """The macros of a target's table, such as its ``patterns`` or ``layers``."""
    return environment().get_template(f"{target}/{table}.j2").module


class MissingMacro(Exception):
    """A target's templates lack a layer or a function: our fault, never the picture's."""


def macro(table: Any, name: str) -> Any:
    """The macro ``name`` of a target's table.

    Raises:
        MissingMacro: there is none.
    """
    made = getattr(table, name, None)
    if made is None:
        raise MissingMacro(f"no macro for {name}")
    return made


def frame(
    template: Template,
    spec: ModelSpec,
    notes: Iterable[Note],
    *,
    builder: Sequence[Statement],
    forward: Sequence[Statement] = (),
    channels_first: bool = False,
    **parts: Any,
) -> Module:
    """A whole generated module.

    Args:
        template: the framework's frame.
        spec: the model.
        notes: what there is to say of it.
        builder: what reads the builder's arguments; a parameter that is not in it is none of them.
        forward: what computes, where the builder does not.
        channels_first: whether images have their channels before height and width.
        parts: what else the frame holds.
    """
    parameters = _used(spec.parameters, builder)
    lacks = _lacks(spec, parts)
    text = template.render(
        spec=spec,
        lacks=lacks,
        title=_title(spec),
        purpose=purpose(spec),
        # In a plain docstring the wires of a picture, `/ \`, would be escapes.
        quote='r"""' if "\\" in spec.picture else '"""',
        picture="\n".join([f"{' ' * 8}{line}".rstrip() for line in spec.picture.split("\n")]),
        signature=[
            f"{item.name}: {type(item.default).__name__} = {item.default!r}" for item in parameters
        ],
        arguments=[f"{item.name}={item.name}" for item in parameters],
        shapes=_shapes(spec, channels_first=channels_first),
        logits=_logits(spec),
        results=[*(item.name for item in spec.outputs), *(item.name for item in spec.given)],
        **parts,
    )
    return Module(text, tuple(parameters), tuple(notes), tuple(builder), tuple(forward), lacks)


def _lacks(spec: ModelSpec, parts: dict[str, Any]) -> str:
    """What is missing: a model that feeds itself may need more than a target can write."""
    if parts.get("generation") or all(item.feedback is None for item in spec.inputs):
        return ""
    return "It has no `generate`: this target cannot write it for this model yet."


def _title(spec: ModelSpec) -> str:
    """``two-layer-lstm: many-to-many, causal``."""
    topology = f": {spec.topology}" if spec.topology else ""
    return ", ".join([f"{spec.name}{topology}", *spec.qualifiers])


def _used(parameters: Sequence[Parameter], builder: Sequence[Statement]) -> list[Parameter]:
    """The parameters that change what is built.

    A set length is none of them where the code runs over any number of steps, as PyTorch's layers do:
    an argument that does nothing would only look as if it checked something.
    """
    used = roots(paths(builder)) if parameters else set()
    return [item for item in parameters if item.name in used]


def _shapes(spec: ModelSpec, *, channels_first: bool) -> dict[str, list[str]]:
    ends: list[Input | Output] = [*spec.inputs, *spec.outputs]
    texts = [
        shape_text(laid_out(item, spec) if channels_first else item.shape, spec) for item in ends
    ]
    given = texts[len(spec.inputs) :]
    inputs = [
        f"{item.name}: {text} {item.dtype}" for item, text in zip(spec.inputs, texts, strict=False)
    ]
    inputs += [
        f"{item.name}: () {item.dtype}, valid steps of {spec.nodes[item.block].name}"
        for item in spec.lengths
    ]
    inputs += [
        f"{item.name}: {shape_text(item.shape, spec)} {item.dtype}, true at valid steps of "
        f"{spec.nodes[item.block].name}"
        for item in spec.masks
    ]
    outputs = [f"{item.name}: {text}" for item, text in zip(spec.outputs, given, strict=True)]
    states = [
        f"{item.name}: {_state(item, spec, channels_first=channels_first)}{_way(item)}"
        for item in spec.states
    ]
    return {"inputs": inputs, "outputs": outputs, "states": states}


def _state(item: State, spec: ModelSpec, *, channels_first: bool) -> str:
    """The shape of a state, and its type where it is no vector."""
    shape = shape_text(laid_out(item, spec) if channels_first else item.shape, spec)
    return shape if item.dtype == "float32" else f"{shape} {item.dtype}"


def _way(item: State) -> str:
    """Which way a state goes, if not both."""
    if item.is_taken and item.is_given:
        return ""
    return ", an argument" if item.is_taken else ", a result"


def _logits(spec: ModelSpec) -> list[dict[str, str | bool]]:
    """The outputs that are without their last activation, for which the frame names a loss."""
    is_sequence = {item.name: len(item.shape) > 1 for item in spec.outputs}
    return [
        {
            "output": item.output,
            "activation": item.activation,
            "is_sequence": is_sequence[item.output],
        }
        for item in spec.left_out
    ]


def laid_out(item: Input | Output | State, spec: ModelSpec) -> tuple[Size, ...]:
    """The shape of an argument or a result, an image with its channels before height and width."""
    if not holds_images(item, spec):
        return item.shape
    # (steps, height, width, channels), or an image alone
    *front, height, width, channels = item.shape
    return (*front, channels, height, width)


def shape_text(shape: tuple[Size, ...], spec: ModelSpec) -> str:
    """A shape for people: an unnamed free length is ``None``."""
    parts = [length_text(size, spec) for size in shape]
    return f"({', '.join(parts)}{',' * (len(parts) == 1)})"


def length_text(size: Size, spec: ModelSpec, unnamed: str = "None") -> str:
    """A size for people; a free length that the picture does not name is called ``unnamed``."""
    is_unnamed = size.names & {name for name in spec.free if name.startswith("_")}
    return unnamed if is_unnamed else str(size)


def example(
    item: Input, spec: ModelSpec, kept: Mapping[str, Size], *, channels_first: bool = False
) -> dict[str, Any]:
    """The sizes of two samples of an input, their shape as code, and its vocabulary.

    Args:
        item: the input.
        spec: the model.
        kept: where the built model keeps parameters, by name; all other names are given as numbers.
        channels_first: whether images have their channels before height and width.
    """
    # Of a length that is at least 6, and 6 plus multiples of 3, the fourth is the example: 6, 9, 12, 15.
    free = {name: spec.minimum[name] + spec.multiple[name] * 3 for name in spec.free}
    numbers = spec.minimum | shortened(spec, free) | spec.defaults
    env = {**{name: Size.of(number) for name, number in numbers.items()}, **kept}
    vocabulary = item.vocabulary.subs(env) if item.vocabulary is not None else None
    shape = laid_out(item, spec) if channels_first else item.shape
    sizes = (2, *(size.subs(env) for size in shape))
    return {"sizes": sizes, "shape": tuple_of(*sizes), "vocabulary": vocabulary}
