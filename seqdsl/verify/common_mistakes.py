"""picture → the usual mistakes: what a model could do instead, each as a variant of the picture.

A suspect has other rules for some blocks, other arguments of a layer, or weights in another order.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import permutations
from typing import TYPE_CHECKING

from seqdsl.ir.direction import Direction
from seqdsl.layers import Gate, Kind, is_recurrent, layer_def
from seqdsl.verify.interpreted_picture import InterpretedPicture
from seqdsl.verify.oracle import variants
from seqdsl.verify.oracle.functions import FUNCTIONS
from seqdsl.verify.oracle.variants import Variant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.lowering.compiled import CompiledModel as Model
    from seqdsl.lowering.drawing import Drawing
    from seqdsl.verify.oracle.variants import Rule

EPSILONS = (1e-3, 1e-5, 1e-6, 1e-7, 1e-8, 1e-12)
"""Those of Keras, PyTorch and some papers' code."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """One of the usual mistakes.

    Attributes:
        sentence: what the model does, after "the values are right if ...".
        drawing: the picture with other arguments or directions.
        variant: other rules of the interpreter.
        order: in which order the gates of these layers' weights are; default: as they were.
    """

    sentence: str
    drawing: Drawing
    variant: Variant = field(default_factory=Variant)
    order: tuple[tuple[str, ...], tuple[int, ...]] = ((), ())


def suspects(model: Model) -> Iterator[Suspect]:
    """All suspects of a picture, the most usual first."""
    drawing = model.drawing
    scopes = list(_scopes(model))
    for scope in scopes:
        yield from _chains(drawing, scope)
    yield Suspect(
        "padded steps of the output are not zero: Keras repeats the last output there, "
        "unless `zero_output_for_mask=True`",
        drawing,
        Variant(keeps_padding=True),
    )
    yield Suspect(
        "padded steps are treated as data: nothing is masked "
        "(`mask_zero=True` or `Masking` in Keras, a packed sequence in PyTorch)",
        drawing,
        Variant(ignores_padding=True),
    )
    for scope in scopes:
        yield from _epsilons(drawing, scope)
    for scope in scopes:
        yield from _gates(drawing, scope)
    for scope in scopes:
        yield from _activations(drawing, scope)


@dataclass(frozen=True, slots=True)
class _Scope:
    """The blocks of one layer, or of all layers of a kind.

    Attributes:
        words: how a sentence calls them.
        kind: the layer.
        blocks: their numbers.
        layers: the names of their layers.
    """

    words: str
    kind: str
    blocks: tuple[int, ...]
    layers: tuple[str, ...]


def _scopes(model: Model) -> Iterator[_Scope]:
    """Each layer by itself, then all of a kind."""
    names = InterpretedPicture(model).names
    by_layer: dict[str, list[int]] = {}
    for index, name in names.items():
        by_layer.setdefault(name, []).append(index)
    kinds: dict[str, list[str]] = {}
    for name, blocks in by_layer.items():
        kind = model.drawing.settings[blocks[0]].kind
        kinds.setdefault(kind, []).append(name)
        yield _Scope(f"`{name}`", kind, tuple(blocks), (name,))
    for kind, layers in kinds.items():
        if len(layers) > 1:
            whole = tuple(index for name in layers for index in by_layer[name])
            yield _Scope(f"every {kind} layer", kind, whole, tuple(layers))


def _chains(drawing: Drawing, scope: _Scope) -> Iterator[Suspect]:
    """What can be wrong with the way in which a chain runs, or is read."""
    if not is_recurrent(scope.kind):
        return
    what = scope.words
    yield Suspect(
        f"{what} runs over the samples as if they were the steps: batch and time are swapped "
        "(`batch_first=True` in PyTorch)",
        drawing,
        _rules(scope, variants.over_samples),
    )
    ways = {drawing.states.directions[index] for index in scope.blocks}
    if ways <= {Direction.BACKWARD}:
        turned = _directed(drawing, scope, Direction.FORWARD)
        yield Suspect(f"{what} runs from left to right", turned)
        yield Suspect(
            f"{what} runs from left to right, and its final state is read",
            turned,
            _rules(scope, variants.only_final),
        )
        yield Suspect(
            f"the steps of {what}, which runs from right to left, are not reversed back into their order",
            drawing,
            _rules(scope, variants.not_turned_back),
        )
    elif Direction.BIDIRECTIONAL not in ways:
        turned = _directed(drawing, scope, Direction.BACKWARD)
        yield Suspect(f"{what} runs from right to left", turned)
        yield Suspect(
            f"{what} runs from right to left, and its final state is read "
            "(`go_backwards=True` in Keras)",
            turned,
            _rules(scope, variants.only_final),
        )
    yield Suspect(
        f"the last output of {what} is read where the picture reads its final state",
        drawing,
        _rules(scope, variants.last_for_final),
    )
    yield Suspect(
        f"the final state of {what} is read where the picture reads its last output",
        drawing,
        _rules(scope, variants.final_for_last),
    )


def _rules(scope: _Scope, rule: Rule) -> Variant:
    return Variant(dict.fromkeys(scope.blocks, rule))


def _directed(drawing: Drawing, scope: _Scope, way: Direction) -> Drawing:
    directions = [
        way if index in scope.blocks else other
        for index, other in enumerate(drawing.states.directions)
    ]
    return replace(drawing, states=replace(drawing.states, directions=tuple(directions)))


def _with(drawing: Drawing, scope: _Scope, name: str, value: float | str) -> Drawing:
    """The picture with another argument of some blocks."""
    settings = [
        replace(item, arguments={**item.arguments, name: value}) if index in scope.blocks else item
        for index, item in enumerate(drawing.settings)
    ]
    return replace(drawing, settings=settings)


def _epsilons(drawing: Drawing, scope: _Scope) -> Iterator[Suspect]:
    if layer_def(scope.kind).signature.find("epsilon"):
        for epsilon in EPSILONS:
            other = _with(drawing, scope, "epsilon", epsilon)
            yield Suspect(f"the epsilon of {scope.words} is {epsilon:g}", other)


def _gates(drawing: Drawing, scope: _Scope) -> Iterator[Suspect]:
    """Gates in another order, and the two versions of a GRU."""
    gates = tuple(gate.value for gate in layer_def(scope.kind).gates)
    if Gate.FORGET.value in gates:
        # The 23 other orders of four gates. If the model keeps f i c o where Keras keeps i f c o, Keras's
        # four blocks are its blocks 1 0 2 3.
        for order in permutations(gates):
            if order != gates:
                yield Suspect(
                    f"the gates of {scope.words} are in the order {', '.join(order)} "
                    f"instead of {', '.join(gates)}",
                    drawing,
                    order=(scope.layers, tuple(order.index(gate) for gate in gates)),
                )
    elif Gate.RESET.value in gates:
        yield Suspect(
            f"the reset gate and the update gate of {scope.words} are swapped",
            drawing,
            order=(scope.layers, (1, 0, 2)),
        )
        before = _rules(scope, variants.with_cell(variants.gru_reset_before))
        yield Suspect(
            f"the reset gate of {scope.words} is applied before the matrix "
            "(`reset_after=False` in Keras)",
            drawing,
            before,
        )
        inverted = _rules(scope, variants.with_cell(variants.gru_update_inverted))
        yield Suspect(
            f"the update gate of {scope.words} weights the new state instead of the old one: "
            "h = (1 - z) * h + z * n",
            drawing,
            inverted,
        )


def _activations(drawing: Drawing, scope: _Scope) -> Iterator[Suspect]:
    for argument in layer_def(scope.kind).signature.arguments:
        for word in FUNCTIONS if argument.kind is Kind.ACTIVATION else ():
            words = argument.name.replace("_", " ")
            other = _with(drawing, scope, argument.name, word)
            yield Suspect(f"the {words} of {scope.words} is {word}", other)
