"""specification → sentences: what the generated code does about a drawing, in each framework's own words.

A word of a framework is only named if the generated source holds it: explanations cannot drift from the code.
"""

from __future__ import annotations

import ast
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.explain.seen import seen
from seqdsl.explain.words import label, length, listed, steps
from seqdsl.ir.direction import Direction
from seqdsl.ir.expressions import (
    ConcatFeatures,
    ConcatTime,
    DynamicSlice,
    Elementwise,
    Expression,
    Flatten,
    Gather,
    LastSteps,
    Pad,
    Repeat,
    RepeatSteps,
    Slice,
    Step,
    ValidFirst,
    Zeros,
    walk,
)
from seqdsl.ir.operations import (
    Apply,
    Attend,
    Convolve,
    Placeholder,
    Reduce,
    Split,
    Use,
)
from seqdsl.layers import Combination, layer_def
from seqdsl.model.chains import batch_chains, batch_of
from seqdsl.model.stacks import rows_of, stack_rows
from seqdsl.model.weights import has_weights
from seqdsl.python_syntax import parse_python
from seqdsl.targets.emit.writer import index_text, slice_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from seqdsl.model.spec import Block, ModelSpec

TARGETS = ("keras", "torch")
_NAMES = {"keras": "Keras", "torch": "PyTorch"}


Word = str | tuple[str, str]
"""A piece of generated source; if it does not speak for itself, what to say instead of it."""


NOT = "!"
"""Before a piece of source that is not there: ``!return_sequences``."""


class Idiom(NamedTuple):
    """A fact about a drawing, and the words that a framework may have for it.

    Attributes:
        fact: what is drawn, a clause.
        keras: words of Keras, the first that the source holds is told; after `NOT`, what it does not hold.
        torch: the same for PyTorch.
        layer: the layer whose constructor must hold the words of Keras; empty: they may stand anywhere.
        kind: what the fact is about, for those who check it: ``"sequence"``, ``"final"``, ...
        block: the variable that holds the block's value.
    """

    fact: str
    keras: tuple[Word, ...] = ()
    torch: tuple[Word, ...] = ()
    layer: str = ""
    kind: str = ""
    block: str = ""


def idioms(spec: ModelSpec, sources: dict[str, str]) -> list[str]:
    """What the generated sources do about each idiom of a drawing.

    Args:
        spec: the model.
        sources: the generated source for each target.
    """
    return list(dict.fromkeys(sentence_of(idiom, sources) for idiom in find_idioms(spec)))


def find_idioms(spec: ModelSpec) -> Iterator[Idiom]:
    """What there is to say of a model's code: of the model that is written, its chains in batches."""
    spec = batch_chains(spec)
    for index in spec.order:
        yield from _of_block(spec.blocks[index], spec)
    yield from _of_model(spec)
    yield from _stacks(spec)


def sentence_of(idiom: Idiom, sources: dict[str, str]) -> str:
    """A fact, and the words of each framework that its source holds."""
    told = []
    for target, words in zip(TARGETS, (idiom.keras, idiom.torch), strict=True):
        text = sources[target]
        if target == "keras" and idiom.layer:
            text = constructor(text, idiom.layer)
        shown = next((_shown(word) for word in words if _holds(_pattern(word), text)), None)
        if shown is not None:
            told.append(f"{_NAMES[target]} {shown}")
    return f"{idiom.fact}{': ' if told else ''}{', '.join(told)}."


@cache
def constructor(source: str, layer: str) -> str:
    """The call that makes a layer, in a Keras source: what stands elsewhere says nothing about it."""
    for node in ast.walk(parse_python(source)):
        if isinstance(node, ast.Call) and any(
            item.arg == "name"
            and isinstance(item.value, ast.Constant)
            and item.value.value == layer
            for item in node.keywords
        ):
            return ast.unparse(node)
    return ""


def _holds(pattern: str, text: str) -> bool:
    """Whether a text holds a pattern, or does not, where the pattern says so; of nothing nothing is told."""
    if pattern.startswith(NOT):
        return bool(text) and pattern.removeprefix(NOT) not in text
    return pattern in text


def _pattern(word: Word) -> str:
    return word if isinstance(word, str) else word[0]


def _shown(word: Word) -> str:
    if isinstance(word, tuple):
        return word[1]
    return f"`{word.removeprefix('layers.').removesuffix('(')}`"


def _of_block(block: Block, spec: ModelSpec) -> Iterator[Idiom]:
    if isinstance(block.operation, Placeholder):
        return
    for view in block.views:
        for item in walk(view):
            known = _VIEWS.get(type(item))
            if known is not None:
                yield known(item, spec)
    if block.scan is not None:
        yield from _of_recurrent(block, spec)
    elif _is_dense(block) and block.steps is not None:
        fact = f"{_of(block, spec)}works on each step alone (no `TimeDistributed` needed)"
        yield Idiom(fact, ("layers.Dense(",), ("nn.Linear(",))
    elif isinstance(block.operation, Convolve):
        fact = f"Each node of {label(spec, block)} sees a window of its neighbours"
        yield Idiom(fact, ("layers.Conv1D(",), ("nn.Conv1d(",))
    elif isinstance(block.operation, Reduce):
        yield _pooled(block, block.operation, spec)
    elif isinstance(block.operation, Split) and block.steps is not None:
        fact = f"{_of(block, spec)}cuts one wide value into steps"
        yield Idiom(fact, ("layers.Reshape(",), (".unflatten(", ".reshape(", ".view("))
    elif isinstance(block.operation, Attend):
        yield _attention(block, spec)


def _of(block: Block, spec: ModelSpec) -> str:
    text = label(spec, block)
    return f"{text[:1].upper()}{text[1:]} "


def _of_recurrent(block: Block, spec: ModelSpec) -> Iterator[Idiom]:
    assert block.layer is not None
    layer, name, direction = block.layer.name, block.name, block.direction
    shown, batch = _of(block, spec).rstrip(), batch_of(block)
    if batch:
        fact = f"{shown} are parts of one sequence, so all {batch.number} run as one batch"
        yield Idiom(fact, ("ops.reshape(",), (".reshape(",), kind="chains", block=name)
    if Use.SEQUENCE in block.uses and block.steps is not None:
        yield _sequence(block, spec)
    elif Use.FINAL in block.uses:
        yield _final(block, spec)
    if Use.STATE in block.uses:
        fact = f"The state of {label(spec, block)} is handed on"
        kept = ((f"{name}_state", "its second result"),)
        yield Idiom(fact, ("return_state=True",), kept, layer, "state", name)
    ways = "run" if batch else "runs"
    if direction is Direction.BIDIRECTIONAL:
        fact = f"{shown} {ways} both ways"
        both = ("bidirectional=True",)
        yield Idiom(fact, ("layers.Bidirectional(",), both, layer, "bidirectional", name)
    elif direction is Direction.BACKWARD:
        fact = f"{shown} {ways} from right to left"
        flips = (".flip(1)", ("torch.flip(", "`flip`"))
        yield Idiom(fact, ("go_backwards=True",), flips, layer, "backward", name)
    if block.initial is not None:
        fact = f"{shown} begins from a state that is given"
        given = ((f"{name}_start", "a second argument"), ("_state)", "a second argument"))
        yield Idiom(fact, ("initial_state=",), given, kind="start", block=name)


def _sequence(block: Block, spec: ModelSpec) -> Idiom:
    """More than a row's last step is read."""
    assert block.layer is not None
    ends, each = ("ends", "each returns") if batch_of(block) else ("end", "it returns")
    fact = f"More than the {ends} of {label(spec, block)} is read, so {each} a value for every step"
    outputs = (
        (f"{block.name}, ", "the first result of the layer"),
        (f"{block.name} = ", "its outputs"),
    )
    return Idiom(
        fact, ("return_sequences=True",), outputs, block.layer.name, "sequence", block.name
    )


def _final(block: Block, spec: ModelSpec) -> Idiom:
    """Only a row's last step is read; the layer may have to return them all for another row of its letter."""
    assert block.layer is not None
    name, layer = label(spec, block), block.layer
    hidden = ((f"{block.name}_h[-1]", "`h_n[-1]`"), (f"{block.name}_h", "`h_n`"))
    alike = [other for other in spec.blocks if other.layer and other.layer.name == layer.name]
    if any(Use.SEQUENCE in other.uses and other.steps is not None for other in alike):
        fact = (
            f"Only the end of {name} is read, of all the values that its layer returns for others"
        )
        return Idiom(fact, ("return_sequences=True",), hidden, layer.name, "shared", block.name)
    fact = (
        f"Only the ends of {name} are read, so each returns one value"
        if batch_of(block)
        else f"Only the end of {name} is read, so it returns one value"
    )
    keras = ((f"{NOT}return_sequences", "no `return_sequences`"),)
    return Idiom(fact, keras, hidden, layer.name, "final", block.name)


def _stacks(spec: ModelSpec) -> Iterator[Idiom]:
    """Rows that are one layer in PyTorch."""
    for block in stack_rows(spec).blocks:
        if rows := rows_of(block):
            named = listed([f"`{name}`" for name in rows])
            fact = f"Each of the equal rows {named} is read by the next alone"
            yield Idiom(
                fact, ((f'name="{rows[-1]}"', "a layer each"),), (f"num_layers={len(rows)}",)
            )


def _is_dense(block: Block) -> bool:
    """Whether a block is an affine map of each step."""
    return isinstance(block.operation, Apply) and layer_def(block.kind).is_affine


def _pooled(block: Block, reduce: Reduce, spec: ModelSpec) -> Idiom:
    fact = f"{_of(block, spec)}combines all steps into one value"
    keras = {
        Combination.MEAN: ("layers.GlobalAveragePooling1D(",),
        Combination.MAX: ("layers.GlobalMaxPooling1D(", "ops.max("),
        Combination.ADD: ("ops.sum(",),
        Combination.MULTIPLY: ("ops.prod(",),
    }
    torch = {
        Combination.MEAN: (".mean(dim=1)", ".sum(dim=1)"),
        Combination.MAX: (".amax(dim=1)",),
        Combination.ADD: (".sum(dim=1)",),
        Combination.MULTIPLY: (".prod(dim=1)",),
    }
    return Idiom(fact, keras[reduce.how], torch[reduce.how])


def _attention(block: Block, spec: ModelSpec) -> Idiom:
    fact = f"{_of(block, spec)}weighs all steps of its memory"
    keras = ("layers.MultiHeadAttention(", "layers.Attention(")
    return Idiom(
        fact, keras, ("nn.MultiheadAttention(", "scaled_dot_product_attention(", "torch.softmax(")
    )


def _slice(view: Expression, spec: ModelSpec) -> Idiom:
    assert isinstance(view, Slice)
    count = length(spec, view.count)
    fact = f"Only {seen(view, spec)} {'is' if count == 1 else 'are'} read"
    if view.stride < 0:
        return Idiom(fact, ("ops.flip(",), (".flip(1)",))
    indices = f"[:, {slice_text(view.start, view.count, view.stride, view.steps, spec.free)}]"
    crop = f"layers.Cropping1D(({view.start}, {view.steps - view.start - view.count}))"
    return Idiom(fact, (indices, crop), (indices,))


def _step(view: Expression, spec: ModelSpec) -> Idiom:
    assert isinstance(view, Step)
    index = f"[:, {index_text(view.index, view.steps, spec.free)}]"
    return Idiom(f"One value is picked out: {seen(view, spec)}", (index,), (index,))


def _repeat(view: Expression, spec: ModelSpec) -> Idiom:
    assert isinstance(view, Repeat)
    if length(spec, view.count) == 1:
        return Idiom(
            "One value becomes a sequence of one step",
            ("layers.RepeatVector(1)",),
            (".unsqueeze(1)",),
        )
    fact = f"A bus gives {seen(view.of, spec)} to every step"
    keras = (f"layers.RepeatVector({view.count})",) if view.like is None else ("ops.ones_like(",)
    return Idiom(fact, keras, ((".unsqueeze(1).expand(", "`unsqueeze(1)` and `expand`"),))


def _repeat_steps(view: Expression, spec: ModelSpec) -> Idiom:
    assert isinstance(view, RepeatSteps)
    fact = f"Each step is read by {view.times} nodes, so it is repeated {view.times} times in turn"
    keras = (f"layers.UpSampling1D({view.times})", "ops.repeat(")
    return Idiom(fact, keras, (f".repeat_interleave({view.times}, dim=1)",))


def _pad(view: Expression, spec: ModelSpec) -> Idiom:
    assert isinstance(view, Pad)
    where = []
    if view.before.terms:
        where.append(f"the first {steps(spec, view.before)}")
    if view.after.terms:
        where.append(f"the last {steps(spec, view.after)}")
    fact = f"No wire enters {' and '.join(where)}, so zeros stand there"
    return Idiom(fact, (f"layers.ZeroPadding1D(({view.before}, {view.after}))",), ("F.pad(",))


def _plain(
    fact: str, keras: tuple[Word, ...], torch: tuple[Word, ...]
) -> Callable[[Expression, ModelSpec], Idiom]:
    return lambda view, spec: Idiom(fact, keras, torch)


_VIEWS: dict[type, Callable[[Expression, ModelSpec], Idiom]] = {
    Slice: _slice,
    Repeat: _repeat,
    RepeatSteps: _repeat_steps,
    Pad: _pad,
    ConcatFeatures: _plain(
        "What enters one node by several wires is concatenated along the features",
        ("layers.Concatenate()",),
        tuple((end, "`torch.cat(..., dim=-1)`") for end in ("dim=-1)", "dim=-1,")),
    ),
    ConcatTime: _plain(
        "Different blocks feed different steps of one row, so they are concatenated along time",
        ("layers.Concatenate(axis=1)",),
        tuple((end, "`torch.cat(..., dim=1)`") for end in ("dim=1)", "dim=1,")),
    ),
    Flatten: _plain(
        "All steps side by side are one vector",
        ("layers.Flatten()", "layers.Reshape("),
        (".flatten(1)",),
    ),
    Gather: _plain(
        "The wires follow no simpler pattern, so steps are gathered by their index",
        ("ops.take(",),
        (("[:, [", "a list of indices"),),
    ),
    Step: _step,
    LastSteps: _plain(
        "The last steps of a padded sequence are the last valid ones, sample by sample",
        ("ops.take_along_axis(",),
        (".take_along_dim(", "take_steps("),
    ),
    ValidFirst: _plain(
        "Some steps of a padded sequence are counted over its valid ones, so these are put first",
        ("true_first(",),
        ("true_first(",),
    ),
    DynamicSlice: _plain(
        "The length is known at run time only, so it is taken from a sequence that has it",
        (("Between()", "a small layer `Between`"),),
        ((".shape[1]", "`.shape[1]`"),),
    ),
    Zeros: _plain(
        "A row that sees nothing still needs something to see: zeros",
        ("ops.zeros_like(",),
        (".new_zeros(",),
    ),
    Elementwise: _plain(
        "Several wires are combined element by element",
        ("layers.Add()", "layers.Multiply()", "layers.Average()", "layers.Maximum()"),
        ((" + ", "`+`"), (" * ", "`*`"), "torch.maximum("),
    ),
}


def _of_model(spec: ModelSpec) -> Iterator[Idiom]:
    applied: dict[int, int] = {}
    for block in spec.blocks:
        if block.layer is not None and has_weights(block.layer):
            applied[id(block.layer)] = applied.get(id(block.layer), 0) + 1
    if any(count > 1 for count in applied.values()):
        yield Idiom(
            "One letter is one layer: it is made once and called wherever the letter is drawn"
        )
    if any(block.masks for block in spec.blocks):
        fact = "Padded steps are skipped"
        yield Idiom(fact, ("mask=",), ("run_valid(", "pack_padded_sequence(", "mask"))
    if spec.free:
        yield Idiom(
            "The length is not set, but comes with the data",
            (("shape=(None", "`shape=(None, ...)`"),),
            (),
        )
