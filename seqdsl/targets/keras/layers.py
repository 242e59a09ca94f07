"""layers → the calls that make them, and the variables of those that are applied in several places."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.analysis.parameter_counts import has_weights
from seqdsl.ir.called import PATH
from seqdsl.ir.direction import Direction
from seqdsl.ir.operations import Split
from seqdsl.layers import Combination, layer_def
from seqdsl.targets.code import Call, Code, Text, call, flat
from seqdsl.targets.emit.layers import constructor
from seqdsl.targets.keras.apart import apply_apart, is_apart
from seqdsl.targets.keras.facts import facts, keeps_state, wants_steps
from seqdsl.targets.keras.grids import at_each_step, facts_of_grid
from seqdsl.targets.keras.layer_paths import layer_within
from seqdsl.targets.keras.own_cells import ONE_MASK, own_cell, runner
from seqdsl.targets.notes import Idiom

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.ir.graph import Layer
    from seqdsl.model.spec import Block
    from seqdsl.targets.keras.emitter import KerasEmitter

_LAYERS = {
    "dense": (Idiom.STEPWISE, "`Dense`"),
    "conv": (Idiom.WINDOWS, "`Conv1D`"),
    "split": (Idiom.SPLIT, "`Reshape`"),
}
"""What Keras calls the layers that are spoken of."""

_POOLS = {
    Combination.MEAN: "`GlobalAveragePooling1D`",
    Combination.MAX: "`GlobalMaxPooling1D`",
    Combination.ADD: "`ops.sum`",
    Combination.MULTIPLY: "`ops.prod`",
    Combination.MIN: "`ops.min`",
}
"""What Keras calls a combination of all steps."""

OWN_ATTENTION = ("ProjectedAttention", "BahdanauAttention")
"""The classes of a module's own for attention, made of Keras's layers: by dot products, and by a trained vector."""

WITHOUT_OPS = (*OWN_ATTENTION, "CellRNN", "ImageRNN", "LayerOf", "layer_within", *ONE_MASK.values())
"""What a module has of its own that calls none of `keras.ops`: a module with these alone does not import it."""


def layer_of_node(node: Block, to: KerasEmitter) -> Code:
    """The call that makes the node's layer, or the variable that holds it if it is shared."""
    layer = to.layer(node)
    note_layer(node, to)
    is_alone = to.is_applied_once(layer) and layer.name not in to.tied()
    if not is_alone and _is_made_anew(node, layer):
        layer, is_alone = replace(layer, name=_name_alone(node, layer, to)), True
    if to.trained is not None:
        return _trained(layer, node, to.trained)
    if is_apart(layer, to):
        return apply_apart(node, layer.name, to)
    if not is_alone and layer.name in to.shared:
        return to.shared[layer.name]
    told = shown(node, to)
    how = options(node, to) | _tied(layer, to) | facts_of_grid(told, to)
    made = at_each_step(layer, make(layer, told, how, to), told, to)
    return made if is_alone else to.once(layer.name, made)


def _is_made_anew(node: Block, layer: Layer) -> bool:
    """Whether a letter that is drawn in several places is a layer in each of them."""
    # Without weights there is nothing to share, and Keras takes a name only once.
    is_free = not node.given or isinstance(node.operation, Split)
    return is_free and not has_weights(layer)


def layer_name(node: Block, to: KerasEmitter) -> str:
    """The name of the layer of a node, or the path to it: ``block_y.dense_f``."""
    layer = to.layer(node)
    is_alone = to.is_applied_once(layer) or not _is_made_anew(node, layer)
    return layer.name if is_alone else _name_alone(node, layer, to)


def _name_alone(node: Block, layer: Layer, to: KerasEmitter) -> str:
    """The name of a layer without weights in one of the places that its letter is drawn in.

    ::

        D .. D     %dense_d, %dense_d_1        layers `dense_d`, `dense_d_1` of this model
        B .. B     %b_drop_t, %b_1_drop_t      the layer `drop_t` of the model `b`, which is called twice
    """
    path, _, _ = layer.name.rpartition(PATH)
    if not path:
        return node.name
    # How many places it has in the called model decides on its name there; each call has all of them.
    drawn = {item.body_name for item in to.users(layer.name)}
    return layer.name if len(drawn) == 1 else f"{path}{PATH}{node.body_name}"


def _trained(layer: Layer, node: Block, trained: KerasEmitter) -> Code:
    """A layer of the model that is there; what only an input is fed with, an activation, is none of its layers."""
    if node.index in trained.graph.order:
        return trained_layer(layer.name, trained)
    return Text(f"keras.activations.{layer.arguments['activation']}")


def trained_layer(name: str, trained: KerasEmitter) -> Code:
    """A layer of a model that is there already; one that only loops apply is an attribute of a loop's layer.

    ``block_r.gru_h`` is one of the model that is its layer ``block_r``.
    """
    if name in trained.held:
        return trained.held[name].place
    path, *within = name.split(PATH)
    if path in trained.callers:
        return layer_within(trained.held[path].place, within, trained.callers[path][0], trained)
    names = [f'"{part}"' for part in (path, *within)]
    if len(names) == 1:
        return call("model.get_layer", *names)
    return call(trained.function("layer_within"), "model", *names)


def _tied(layer: Layer, to: KerasEmitter) -> dict[str, object]:
    """The variable of the embedding whose matrix a layer uses, if it has none of its own."""
    if not layer.tied:
        return {}
    to.function("TiedDense")
    return {"embedding": flat(layer_of_node(to.users(layer.tied)[0], to))}


def make(layer: Layer, node: Block, how: Mapping[str, object], to: KerasEmitter) -> Call:
    """The call that makes a layer; if it is bidirectional, a cell in one that has its name."""
    if (definition := layer_def(layer.kind)).draws:
        to.function("SampleIds" if definition.chooses else "SampleNormal")
    if (cell := own_cell(layer, to)) is not None:
        # `layers.RNN(MguCell(64), ...)`: it runs a class of the module's own.
        run = constructor("keras", "declared", runner(layer, to), layer, node, how)
        made = Call(run.function, (cell, *run.arguments))
    else:
        made = constructor("keras", node.kind, layer, node, how)
    if not layer.arguments.get("bidirectional"):
        return made
    return call("layers.Bidirectional", made, name=f'"{layer.name}"')


def shown(node: Block, to: KerasEmitter) -> Block:
    """The node that tells most of a layer: one with steps, if there is any."""
    name = to.layer(node).name
    if name not in to.telling:
        # The macro of a cell writes `return_sequences=True` only for a node that has steps.
        with_steps = (item for item in to.users(name) if item.steps is not None)
        to.telling[name] = next(with_steps, None)
    return to.telling[name] or node


def takes_steps(node: Block, to: KerasEmitter) -> bool:
    """Whether the layer of a node was made for a node with steps."""
    name, held = to.layer(node).name, {} if to.trained is None else to.trained.held
    if name in held:
        # A loop, which may have been its only place, applies it to one step after the other.
        return held[name].takes_steps
    return shown(node, to).steps is not None


def options(node: Block, to: KerasEmitter) -> dict[str, object]:
    """What a layer must do for all the nodes that it is applied in."""
    if to.trained is not None:
        # What the layer of a model that is there gives was decided by all that reads it there.
        return options(to.trained.graph.blocks[node.index], to.trained)
    found, name = facts(node) | {"stateful": node.index in to.keeping}, to.layer(node).name
    if is_apart(to.layer(node), to):
        # What a loop goes on from is there in any case.
        return found | {"sequences": True, "state": True}
    if len(to.users(name)) == 1:
        return found | {"sequences": wants_steps(node)}
    # A letter may be applied in thousands of nodes, each of which asks.
    if name not in to.options:
        to.options[name] = _options_for_all(to.users(name))
    return found | to.options[name]


def _options_for_all(users: Sequence[Block]) -> dict[str, object]:
    """What a layer must do that is applied in all of ``users``."""
    sequences = any(map(wants_steps, users))
    # A layer that returns all steps tells the last state of a padded sequence by its state only.
    final = sequences and not all(map(wants_steps, users))
    return {
        "sequences": sequences,
        "state": final or any(map(keeps_state, users)),
        "masked": any(item.masks for item in users),
        "scattered": any(facts(item)["scattered"] for item in users),
        "backwards": all(item.direction is Direction.BACKWARD for item in users),
    }


def named_layer(node: Block, macro: str, to: KerasEmitter) -> Code:
    """A layer without weights, with its name if the picture gives it one; Keras takes a name only once."""
    if not node.given:
        return constructor("keras", macro, name="")
    name = node.name if node.layer is None else node.layer.name
    made = constructor("keras", macro, name=name)
    if to.trained is not None and node.index in to.looped:
        # Within a loop it is an operation, and no layer.
        return constructor("keras", macro, name="")
    if to.trained is not None:
        return _trained_merge(node, name, made, to.trained)
    if node.layer is None or to.is_applied_once(node.layer):
        return made
    if to.made.setdefault(name, made) != made:
        # A letter that pools here and merges there is two layers.
        return constructor("keras", macro, name=node.name)
    return to.once(name, made)


def _trained_merge(node: Block, name: str, made: Call, trained: KerasEmitter) -> Code:
    """The layer without weights that a model has for a node: under the node's name where the letter's is taken."""
    is_other = trained.made.get(name, made) != made
    return trained_layer(node.name if is_other else name, trained)


def identity(node: Block, value: Code, to: KerasEmitter) -> Code:
    """A value under a layer's name, where what computes it is no layer that could have one."""
    if to.trained is not None and node.index in to.looped:
        return value
    return call(named_layer(node, "identity", to), value)


def note_layer(node: Block, to: KerasEmitter) -> None:
    """Say what Keras calls the layer of a node."""
    if node.kind == "attention":
        to.note(Idiom.ATTENTION, node.index, f"`{_attention_class(to.layer(node))}`")
    elif node.kind in _LAYERS:
        idiom, word = _LAYERS[node.kind]
        to.note(idiom, node.index, word)


def _attention_class(layer: Layer) -> str:
    """The class of an attention, as its macro writes it."""
    if layer.arguments["heads"] is not None:
        return "MultiHeadAttention"
    is_additive = layer.arguments["score"] == "additive"
    return own_attention(layer.arguments) or ("AdditiveAttention" if is_additive else "Attention")


def own_attention(arguments: Mapping[str, object]) -> str:
    """The class of the module's own that an attention needs; empty if Keras has a layer for it."""
    if arguments["key"] is None or arguments["heads"] is not None:
        return ""
    return OWN_ATTENTION[arguments["score"] == "additive"]


def note_pooled(node: Block, how: Combination, to: KerasEmitter, *, masked: bool) -> None:
    """Say what Keras calls a combination over time."""
    word = "`ops.max`" if masked and how is Combination.MAX else _POOLS[how]
    if node.grid:
        # Keras's layers take features at each step, not grids: (batch, steps, height, width, features)
        # Of padded steps the mean is their sum, by their number.
        averaged = "`ops.sum`" if masked else "`ops.mean`"
        grids = {Combination.MEAN: averaged, Combination.MAX: "`ops.max`"}
        word = grids.get(how, _POOLS[how])
    to.note(Idiom.POOLED, node.index, word)


def note_cell(node: Block, told: Block, how: Mapping[str, object], to: KerasEmitter) -> None:
    """Say with which words a recurrent layer is made, as its macro writes them.

    Args:
        node: the node that it is applied in.
        told: the node that tells most of the layer.
        how: what the layer must do for all nodes.
        to: where notes go.
    """
    index = node.index
    sequences = bool(how["sequences"]) and told.steps is not None
    if sequences:
        to.note(Idiom.SEQUENCE, index, "`return_sequences=True`")
    final = "`return_sequences=True`" if sequences else "no `return_sequences`"
    to.note(Idiom.FINAL, index, final)
    if how["state"]:
        to.note(Idiom.STATE, index, "`return_state=True`")
    if node.direction is Direction.BIDIRECTIONAL:
        to.note(Idiom.BIDIRECTIONAL, index, "`Bidirectional`")
    if how["backwards"]:
        to.note(Idiom.BACKWARD, index, "`go_backwards=True`")
    to.note(Idiom.ROWS, index, "a layer each")
