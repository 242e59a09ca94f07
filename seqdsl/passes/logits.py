"""model specification → the same model without the last activations of its outputs: it gives logits.

Losses that apply the activation themselves are exact where probabilities are near 0 or 1. The activation is left out
for the output alone: whoever else reads the values, or shares the layer, gets them as drawn::

    Y   P                Y   P
    | .-|                |   |
    D   |      becomes   |   A    activation(softmax)
    |                    | .-|
    D = dense(9,         D        dense(9)
        softmax)

An input that is fed with the values when the model runs free (`feedback=Y`) is one of those who get them as drawn.

Parameters, lengths and weights stay. The block graph, the picture and its topology are those of the picture.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, cast

from seqdsl.ir.changes import map_expressions, map_operation
from seqdsl.ir.ends import Feedback
from seqdsl.ir.expressions import Expression, Value, walk
from seqdsl.ir.nodes import UNMASKED, Layer, Masking
from seqdsl.ir.operations import Apply, Call, Identity, Use, operands, read_by
from seqdsl.layers import Family, Kind, LayerDef, all_layers, layer_def
from seqdsl.lowering.naming import Names
from seqdsl.model.spec import LeftOut
from seqdsl.passes.last_activations import WORDS, LogitsError, find_ending, last_activation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from typing import TypeVar

    from seqdsl.lowering.compiled import CompiledModel
    from seqdsl.model.spec import Block, ModelSpec
    from seqdsl.passes.last_activations import Ending

    _Model = TypeVar("_Model", bound=CompiledModel)

__all__ = ["LogitsError", "leave_out_activations", "with_logits"]


@cache
def _function() -> LayerDef:
    """The layer that is an activation and nothing else."""
    return next(item for item in all_layers().values() if item.is_function)


@cache
def _output() -> LayerDef:
    """The layer that passes through what it reads, as a result of the model."""
    return next(item for item in all_layers().values() if item.family is Family.OUTPUT)


def _argument(kind: str) -> str:
    """The argument of a layer that is its activation."""
    arguments = layer_def(kind).signature.arguments
    return next(item.name for item in arguments if item.kind is Kind.ACTIVATION)


def with_logits(model: _Model) -> _Model:
    """A compiled model that gives logits; its drawing stays.

    Raises:
        LogitsError: as of `leave_out_activations`.
    """
    return replace(model, spec=leave_out_activations(model.spec), drawn=model.spec)


def leave_out_activations(spec: ModelSpec) -> ModelSpec:
    """Omit the softmax, log_softmax or sigmoid in which each output ends.

    Raises:
        LogitsError: no output ends in one, or one ends so that it cannot be omitted.
    """
    endings = {output.name: find_ending(output, spec) for output in spec.outputs}
    left_out = {name: item for name, item in endings.items() if item is not None}
    if not left_out:
        raise LogitsError(f"no output ends in {WORDS}: there is nothing to omit")
    rewritten = _Rewriter(spec, left_out).rewritten()
    _check_called(rewritten)
    return rewritten


def _check_called(spec: ModelSpec) -> None:
    """Make sure that no picture is called with its last activation in one place, and without it in another."""
    bodies: dict[str, ModelSpec] = {}
    waiting = [spec]
    while waiting:
        for node in waiting.pop().nodes:
            if not isinstance(node.operation, Call):
                continue
            body = cast("ModelSpec", node.operation.body)
            waiting += [body] if body.name not in bodies else []
            if bodies.setdefault(body.name, body).left_out != body.left_out:
                raise LogitsError(
                    f"`{body.name}` ends in an activation that its other callers need: draw that activation as a row "
                    f"of its own above `{body.name}`"
                )


class _Rewriter:
    """The blocks of a model while activations are taken out of them."""

    def __init__(self, spec: ModelSpec, endings: dict[str, Ending]) -> None:
        self._spec, self._endings = spec, endings
        self._blocks, self._order = list(spec.blocks), list(spec.order)
        self._layers = {item.name: item for item in spec.layers}
        self._inputs = list(spec.inputs)
        self._bodies: dict[str, ModelSpec] = {}
        self._ends = frozenset[int]().union(*(item.blocks for item in endings.values()))
        self._passing = frozenset[int]().union(*(item.passing for item in endings.values()))
        named = (spec.parameters, spec.layers, spec.blocks, spec.inputs, spec.outputs)
        self._names = Names([*(item.name for items in named for item in items), *spec.minimum])

    def rewritten(self) -> ModelSpec:
        """The model that gives logits."""
        self._check_passing()
        weighted = self._weighted()
        for block in self._spec.blocks:
            if block.layer is None:
                continue
            if block.layer.name in weighted:
                self._linear(block)
            elif block.index in self._ends:
                self._dropped(block)
        used = {block.layer.name for block in self._blocks if block.layer is not None}
        left_out = (LeftOut(name, item.activation) for name, item in self._endings.items())
        return replace(
            self._spec,
            nodes=tuple(self._blocks),
            order=tuple(self._order),
            inputs=tuple(self._inputs),
            layers=tuple(item for name, item in self._layers.items() if name in used),
            left_out=tuple(left_out),
        )

    def _weighted(self) -> set[str]:
        """The layers with weights that apply an activation to be left out: `dense`, and not `activation`."""
        ends = [
            block
            for block in map(self._blocks.__getitem__, sorted(self._ends))
            if block.layer is not None and not layer_def(block.layer.kind).is_function
        ]
        # A picture is one class, wherever it is called: all of its calls give logits then.
        called = {str(block.kind) for block in ends if isinstance(block.operation, Call)}
        names = {block.layer.name for block in ends if block.layer is not None}
        return names | {item.name for item in self._spec.layers if str(item.kind) in called}

    def _check_passing(self) -> None:
        """What passes an activation through to an output must pass it to nothing else."""
        for name, ending in self._endings.items():
            for index in sorted(ending.passing):
                letter = self._blocks[index].letter
                told = f"the `{ending.activation}` of the output `{name}`"
                if self._readers(index) - self._passing:
                    raise LogitsError(
                        f"{told} cannot be omitted: other rows read it through `{letter}`; wire them to the row "
                        f"below `{letter}`"
                    )
                if fed := self._fed(index):
                    raise LogitsError(
                        f"{told} cannot be omitted: the input `{self._inputs[fed[0]].name}` is fed with it through "
                        f"`{letter}`; let its `feedback=` name the row below `{letter}`"
                    )

    def _readers(self, index: int) -> set[int]:
        """The blocks that read a block: its numbers, length or mask; itself, if it reads an earlier step."""
        return {
            block.index
            for block in self._blocks
            if any(Value(index) in walk(view) for view in _read(block))
        }

    def _fed(self, index: int) -> list[int]:
        """The inputs that are fed with a block's values, as numbers; ids are the same ones of logits."""
        # tokens(9, feedback=Y) and input(9, feedback=Y, choose=true) are fed with what `Y` chooses.
        return [
            number
            for number, item in enumerate(self._inputs)
            if item.feedback == Feedback(index) and item.vocabulary is None
        ]

    def _linear(self, block: Block) -> None:
        """Take the activation out of a layer; what else than outputs reads the block gets it from a new one."""
        word = last_activation(block)
        assert block.layer is not None and word is not None
        own = self._passing if block.index in self._ends else frozenset()
        others = self._readers(block.index) - own
        # Not the block as it was: another one may have become what it reads.
        self._blocks[block.index] = self._without(self._blocks[block.index])
        # Y = dense(9, softmax), read by the output alone, is done; of P and Y, P still reads probabilities.
        if not others and not self._fed(block.index):
            return
        kind, width = _function().name, block.features
        name = self._names.claim(kind)
        activation = Layer(name, kind, width, width, {_argument(kind): word})
        self._layers[name] = activation
        masks = Masking((Value(block.index),), at_end=block.masking.at_end)
        above = replace(
            block,
            kind=kind,
            layer=activation,
            operation=Apply(Value(block.index)),
            masking=masks if block.masking else UNMASKED,
        )
        self._insert(above, block.index, others)

    def _without(self, block: Block) -> Block:
        """A block whose layer, or the picture that it calls, applies no activation at its end."""
        assert block.layer is not None
        if isinstance(block.operation, Call):
            kind, body = str(block.kind), cast("ModelSpec", block.operation.body)
            if kind not in self._bodies:
                self._bodies[kind] = leave_out_activations(body)
            return replace(block, operation=replace(block.operation, body=self._bodies[kind]))
        # `dense(9, softmax)` is `dense(9)`: the same weights, under the same name.
        given = block.layer.arguments
        layer = replace(block.layer, arguments={**given, _argument(block.layer.kind): None})
        self._layers[layer.name] = layer
        return replace(block, layer=layer)

    def _dropped(self, block: Block) -> None:
        """Pass through what an activation reads; who else reads the activation gets it from a new block."""
        activation = self._blocks[block.index]
        self._blocks[block.index] = replace(
            activation,
            kind=_output().name,
            layer=None,
            operation=Identity(*operands(activation.operation)),
        )
        # `activation(softmax)` below an output and an `attention` row remains, for the row alone.
        others = self._readers(block.index) - self._passing
        if others or self._fed(block.index):
            # Before it: between rows that read each other's earlier steps there is nothing that is not one of them.
            self._insert(activation, block.index, others, behind=0)
            # S y y: its own step before is the new block's.
            added = self._blocks[-1]
            self._blocks[-1] = _reading(added, block.index, added.index)

    def _insert(self, block: Block, old: int, readers: Collection[int], behind: int = 1) -> None:
        """Add a block beside another; some read it in the other's place, and so do the inputs that are fed."""
        index = len(self._blocks)
        name = self._names.claim(_function().words.variable)
        uses = frozenset({Use.SEQUENCE})
        self._blocks.append(replace(block, index=index, name=name, given="", uses=uses))
        self._order.insert(self._order.index(old) + behind, index)
        for reader in readers:
            self._blocks[reader] = _reading(self._blocks[reader], old, index)
        for number in self._fed(old):
            self._inputs[number] = replace(self._inputs[number], feedback=Feedback(index))


def _read(block: Block) -> Iterable[Expression]:
    return (*read_by(block.operation), *block.masks)


def _reading(block: Block, old: int, new: int) -> Block:
    """A block that reads another one in the place of ``old``."""

    def changed(view: Expression) -> Expression:
        return Value(new) if view == Value(old) else map_expressions(view, changed)

    masks = tuple(map(changed, block.masks))
    return replace(
        block,
        operation=map_operation(block.operation, changed),
        masking=replace(block.masking, masks=masks),
    )
