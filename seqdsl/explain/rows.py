"""blocks → sentences: which layer each row is, over what, and what comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.explain.called import called
from seqdsl.explain.carried import carried
from seqdsl.explain.expressions import block_label, describe, each_step, step_of
from seqdsl.explain.recurrent import recurrent
from seqdsl.explain.words import (
    counted,
    features,
    held,
    label,
    length,
    listed,
    steps,
    tokens,
    units,
)
from seqdsl.ir.expressions import Elementwise, Value
from seqdsl.ir.operations import (
    Attend,
    Call,
    Convolve,
    Merge,
    Placeholder,
    Reduce,
    Split,
)
from seqdsl.layers import Family, layer_def
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.ir.graph import Input, Layer
    from seqdsl.model.spec import Block, ModelSpec


def input_sentence(item: Input, spec: ModelSpec) -> str:
    """What an input is."""
    block = spec.blocks[item.block]
    if item.vocabulary is not None:
        what = f"{tokens(spec, block)}, ids from 0 to {length(spec, item.vocabulary - 1)}"
    elif block.steps is None:
        what = f"{'a grid' if block.grid else 'a vector'} of {held(spec, block)}"
    else:
        what = f"a sequence of {steps(spec, block.steps)} with {held(spec, block)} at each"
    padding = f"; {_padding(block)} are padding" if block.masking.begins else ""
    return f"Input `{item.name}` is {label(spec, block)}: {what}{padding}."


def _padding(block: Block) -> str:
    """Which steps of an input are padding."""
    assert isinstance(block.operation, Placeholder)
    if block.operation.lengths:
        return f"the steps behind the length of a sample, which `{block.operation.lengths}` gives,"
    marks, where = block.operation.marks, " at its end" if block.masking.at_end else ""
    if layer_def(block.kind).gives_ids:
        return f"steps {'of nothing but' if block.grid else 'with'} id {marks:g}{where}"
    return f"{f'steps of {marks:g} in all features' if marks else 'steps of zeros'}{where}"


def row_sentence(block: Block, spec: ModelSpec) -> str:
    """What a row does with what it reads."""
    name = f" (`{block.layer.name}`)" if block.layer is not None else ""
    return f"{_capital(label(spec, block))}{name} {_deed(block, spec)}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _deed(block: Block, spec: ModelSpec) -> str:
    if block.scan is not None:
        return recurrent(block, block.scan, _reads(block, spec), spec)
    if isinstance(block.operation, Merge | Reduce):
        return _combined(block, spec)
    if isinstance(block.operation, Attend):
        return _attention(block, spec)
    if isinstance(block.operation, Convolve):
        return _convolution(block, spec, _reads(block, spec))
    if isinstance(block.operation, Call):
        return called(block, block.operation, _reads(block, spec), spec.grids)
    if isinstance(block.operation, Split):
        reads = _reads(block, spec)
        if block.steps is None:
            return f"passes {reads} through unchanged"
        return f"divides {reads} into {steps(spec, block.steps)}"
    # A mean of a masked bus beside other wires is a product, of a sum and one divided by how many values there are.
    definition, views = layer_def(block.kind), block.views
    if (
        definition.family is Family.IDENTITY
        and len(views) == 1
        and isinstance(views[0], Elementwise)
    ):
        return f"is {_reads(block, spec)}"
    does = definition.words.does or "applies `{name}`{given}{applied}"
    return does.format_map(_Holes(block, spec))


class _Holes(dict[str, object]):
    """What may be in braces in the words of a layer that works on each step alone.

    ``{applied}``, behind a noun, ``{at}``, behind a verb, and ``{reads}``: what it reads; ``{units}`` and
    ``{features}``: how wide it is, counted; ``{given}``: the settings that the picture gives;
    ``{with_activation}``: its activation, if it has one; ``{name}``; and its arguments. Of what reads nothing
    ``{shape}``, ``{is_shape}`` and ``{code}``, and the verbs ``{are}`` and ``{tell}``.
    """

    def __init__(self, block: Block, spec: ModelSpec) -> None:
        super().__init__({} if block.layer is None else block.layer.arguments)
        self.block, self.spec = block, spec

    def __missing__(self, name: str) -> str:
        return _HOLES[name](self.block, self.spec)

    def __getitem__(self, name: str) -> object:
        # An embedding has an argument `features`; with its parameter it is worth more words.
        # `format_map` looks names up here and copies nothing: only the holes that a text has are computed.
        return self.__missing__(name) if name in _HOLES else super().__getitem__(name)


def _reads(block: Block, spec: ModelSpec) -> str:
    return listed([describe(view, spec) for view in block.views])


def _given(block: Block) -> str:
    """What a picture says of a layer's settings: `` (epsilon 0.001, momentum 0.99)``."""
    given = {} if block.layer is None else block.layer.arguments
    parts = [
        f"{item.name} {_quoted(given[item.name])}"
        for item in layer_def(block.kind).settings
        if given.get(item.name) is not None
    ]
    return f" ({', '.join(parts)})" if parts else ""


def _quoted(value: object) -> str:
    """A number, or the parameter that gives it."""
    return f"{value:g}" if isinstance(value, float) else f"`{value}`"


def _tied(block: Block) -> str:
    """Whose matrix a layer uses, if not its own: `` and the matrix of `embedding_m`, transposed ...``."""
    tied = "" if block.layer is None else block.layer.tied
    # What is counted in the table below leaves it out: the embedding has it already.
    return f" and the matrix of `{tied}`, transposed (shared, so counted once)" if tied else ""


def _activation(block: Block) -> str:
    assert block.layer is not None
    word = block.layer.arguments.get("activation")
    return f" with `{word}`" if word not in (None, "linear") else ""


def _applied(block: Block, spec: ModelSpec) -> str:
    """What a layer without a memory reads: a vector, or one step at a time of a sequence."""
    applied = "" if block.steps is None else ", applied"
    return f"{applied}{_at(block, spec)}"


def _at(block: Block, spec: ModelSpec) -> str:
    """The same behind a verb: "`D` drops features at each step of `H`"."""
    if block.steps is None:
        return f"; its input is {_reads(block, spec)}"
    if len(block.views) == 1:
        return f" at {each_step(block.views[0], spec)}"
    return f" at {listed([step_of(view, spec) for view in block.views])}"


def _is_shape(block: Block, spec: ModelSpec) -> str:
    """A vector is one; vectors at steps are held by a row."""
    return f"{'is' if block.steps is None else 'holds'} {_shape(block, spec)}"


def _shape(block: Block, spec: ModelSpec) -> str:
    """What a layer that reads nothing gives: a vector, or one at each step."""
    wide = f"of {features(spec, block.features)}"
    return (
        f"a vector {wide}"
        if block.steps is None
        else f"vectors {wide} at {steps(spec, block.steps)}"
    )


def _code(block: Block, spec: ModelSpec) -> str:
    """What a code of each step's number is made of."""
    assert block.layer is not None
    most = block.layer.arguments.get("most")
    if most is None:
        return "sines in even, cosines in odd features, of which each pair is slower"
    assert isinstance(most, Size)
    return f"trained, for at most {counted(length(spec, most), 'step')}"


def _combined(block: Block, spec: ModelSpec) -> str:
    reads, what = _reads(block, spec), layer_def(block.kind).words.noun or f"`{block.kind}`"
    if isinstance(block.operation, Reduce):
        repeat = "" if block.operation.repeat is None else ", the same at every step"
        return f"is {what} over time of {reads}{repeat}"
    return f"is {what}, element by element, of {reads}"


def _attention(block: Block, spec: ModelSpec) -> str:
    query, memory = block.views[0], block.views[1]
    assert block.layer is not None
    kind = _compared(block.layer, spec)
    causal = (
        ", causal: no step attends to later ones" if block.layer.arguments.get("causal") else ""
    )
    keys = f", compared with {describe(block.views[2], spec)}" if len(block.views) > 2 else ""
    return f"attends {kind} from {describe(query, spec)} to {describe(memory, spec)}{keys}{causal}"


def _compared(layer: Layer, spec: ModelSpec) -> str:
    """How queries and keys are compared: ``with 4 heads of 16 features``."""
    arguments = layer.arguments
    key = "" if arguments["key"] is None else f"{_named(layer.size('key'), spec)} features"
    if arguments["heads"] is not None:
        heads = "head" if layer.size("heads") == Size.of(1) else "heads"
        return f"with {_named(layer.size('heads'), spec)} {heads}{f' of {key}' if key else ''}"
    is_additive = arguments["score"] == "additive"
    products = "scaled dot products" if arguments["scale"] else "dot products"
    how = "a trained vector" if is_additive else products
    return f"with {how}{f' of {key}, projected,' if key else ''}"


def _convolution(block: Block, spec: ModelSpec, reads: str) -> str:
    assert block.layer is not None
    arguments = block.layer.arguments
    apart = block.layer.size("dilation")
    gap = "" if apart.constant == 1 else f", dilation {_named(apart, spec)}"
    stride = arguments.get("stride")
    moved = f", stride {stride}" if str(stride) not in ("1", "None") else ""
    kernel = block.layer.size("kernel")
    named = f" (`{kernel}`)" if kernel.names else ""
    view = block.views[0]
    of = block_label(view, spec) if isinstance(view, Value) else reads
    window = f"a window of {steps(spec, kernel)}{named} of {of}{gap}{moved}"
    return (
        f"is a convolution of {counted(length(spec, block.layer.units), 'filter')}{_activation(block)} "
        f"over {window}"
    )


def _named(size: Size, spec: ModelSpec) -> str:
    """A number, with the parameters that set it."""
    return f"{length(spec, size)} (`{size}`)" if size.names else str(size)


def _drawn_of(block: Block) -> str:
    """What ids are drawn from: ``the softmax of each step at a temperature of 0.8``."""
    assert block.layer is not None
    given, temperature = block.layer.arguments, block.layer.arguments.get("temperature")
    at = "" if temperature is None else f" at a temperature of {_quoted(temperature)}"
    return f"{'the probabilities' if given['probabilities'] else 'the softmax'}{at}"


_HOLES: dict[str, Callable[[Block, ModelSpec], str]] = {
    "applied": _applied,
    "at": _at,
    "are": lambda block, _: "is" if block.steps is None else "are",
    "code": _code,
    "drawn_of": lambda block, _: _drawn_of(block),
    "features": lambda block, spec: features(spec, block.features),
    "given": lambda block, _: _given(block),
    "is_shape": _is_shape,
    "name": lambda block, _: block.kind,
    "reads": _reads,
    "shape": _shape,
    "tell": lambda block, _: "tells" if block.steps is None else "tell",
    "tied": lambda block, _: _tied(block),
    "units": units,
    "with_activation": lambda block, _: _activation(block),
}


def rows(spec: ModelSpec) -> list[str]:
    """A sentence for every input and every row, in the order of the data's way."""
    return (
        [input_sentence(item, spec) for item in spec.inputs]
        + [
            row_sentence(spec.blocks[index], spec)
            for index in spec.order
            if not isinstance(spec.blocks[index].operation, Placeholder)
        ]
        + list(carried(spec))
    )
