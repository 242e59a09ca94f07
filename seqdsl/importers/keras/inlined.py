"""a layer that calls others (a model, a custom class) → what it calls, read in its place.

Its ``call`` is run on symbolic tensors of the shapes that it is called with, as Keras does to learn the shapes of what
it gives; the calls that it makes on the way are then a functional model, with a configuration like any other. Weights
that it uses itself, such as a table of positions, are symbolic as well while it runs: what it does with them is
read, and not what numbers they have today.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import keras

from seqdsl.importers.keras import moving
from seqdsl.importers.keras.cells import owned
from seqdsl.importers.keras.held import config_and_model, held_in, short_keys, symbolic
from seqdsl.importers.keras.network import Constant, is_network, network
from seqdsl.importers.keras.refusals import Computes, Refused, said
from seqdsl.importers.keras.source_lines import called_lines, raised_at, wants_numbers
from seqdsl.importers.keras.unrolled import Starts, scans_unrolled
from seqdsl.importers.keras.values import Truth, Value, leaves, replaced

if TYPE_CHECKING:
    from seqdsl.importers.keras.network import Network
    from seqdsl.importers.keras.site import Site


def inline(site: Site) -> Any:
    """Read what a layer calls, and give its results as they are nested."""
    walk, layer = site.walk, site.record.live
    if layer is None:
        raise Refused("its class is not one of Keras's, and its code is not in the file")
    given = [item for item in leaves((list(site.args), site.kwargs)) if _is_tensor(item)]
    symbols = [_symbol(item, each=walk.each) for item in given]
    left = iter(symbols)
    args, kwargs = replaced(
        (list(site.args), site.kwargs), lambda leaf: next(left) if _is_tensor(leaf) else leaf
    )
    traced = walk.once.traced(
        _key(site, args, kwargs), lambda: trace(layer, args, kwargs, symbols, site.record.path)
    )
    # A symbol has another name than the layer that Keras makes of it.
    known = dict(zip(leaves(traced.inputs), _marked(site, given), strict=True))
    found = walk.run(traced, known)
    return replaced(found, lambda item: walk.constants.value(item, site.record))


def _marked(site: Site, given: list[Value | Truth]) -> list[Value | Truth]:
    """What a layer is called with; a model of Keras's keeps the masks that it is given with what it reads.

    ::

        encoder(words, mask=valid)          each layer in `encoder` finds the mask on what it reads
    """
    if not is_network(site.record.config):
        return given
    told = leaves(site.option("mask"))
    masks = {
        id(item): mask
        for item, mask in zip(leaves(list(site.args)), told, strict=False)
        if isinstance(item, Value) and isinstance(mask, Truth)
    }
    return [
        replace(item, mask=masks.get(id(item), item.mask)) if isinstance(item, Value) else item
        for item in given
    ]


def _key(site: Site, args: Any, kwargs: Any) -> Any:
    """What tells the calls of a walk apart that are the same at other lengths; ``None``: nothing does."""
    told = [
        (tuple(leaf.shape), leaf.dtype) if isinstance(leaf, keras.KerasTensor) else leaf
        for leaf in leaves((args, kwargs))
    ]
    plain = (tuple, int, float, str, type(None))
    if not all(isinstance(item, plain) for item in told):
        return None
    key = site.record.live, site.record.path, repr((told, replaced((args, kwargs), lambda leaf: 0)))
    # A layer that is called twice is followed twice.
    site.walk.followed[key] += 1
    return *key, site.walk.followed[key]


def function(site: Site) -> Any:
    """A ``Lambda``: it moves values, or calls operations that are read in its place.

    Raises:
        Refused: it computes what no operation of the language does.
    """
    unread = dict(site.walk.unread)
    try:
        return moving.move(site)
    except Computes as problem:
        try:
            found = inline(site)
        except Refused:
            raise problem from None
        if site.walk.unread == unread:
            return found
        # The function is to blame, and not the operations: users do not know the names that Keras gives them.
        added = [path for path in site.walk.unread if path not in unread]
        kinds = dict.fromkeys(site.walk.unread.pop(path).kind for path in added)
        raise Computes([kind for kind in kinds if kind]) from problem


def trace(
    layer: Any, args: list[Any], kwargs: dict[str, Any], symbols: list[Any], path: str
) -> Network:
    """The calls that a layer makes on symbolic tensors, and the weights that it uses itself.

    Raises:
        Refused: it cannot be called on such.
    """
    kwargs = {name: item for name, item in kwargs.items() if item is not None}
    held, starts = list(held_in(layer)), Starts()
    try:
        with symbolic(held), short_keys(), scans_unrolled(starts), called_lines() as lines:
            outputs = layer.call(*args, **kwargs)
        # What does not depend on its inputs is no symbol: numbers, such as a code of each step.
        given = [item for item in leaves(outputs) if isinstance(item, keras.KerasTensor)]
        begins = [symbol for symbol, _ in starts.given]
        config = config_and_model([*symbols, *(item.symbol for item in held), *begins], given)
    except Exception as problem:
        raise _not_followed(problem) from problem
    made = network(config[0], f"{path}." if path else "", config[1], lines)
    results = iter(leaves(made.outputs))

    def result(leaf: Any) -> Any:
        if isinstance(leaf, keras.KerasTensor):
            return next(results)
        return Constant(keras.ops.convert_to_numpy(leaf)) if leaf is not None else None

    inputs, count = leaves(made.inputs), len(symbols)
    rest = inputs[count:]
    starting = zip(rest[len(held) :], starts.given, strict=True)
    whole = replace(
        made,
        inputs=inputs[:count],
        outputs=replaced(outputs, result),
        held=tuple(zip(rest[: len(held)], held, strict=True)),
        begun=tuple((ref, Constant(numbers)) for ref, (_, numbers) in starting),
        layer=layer,
    )
    return owned(whole, layer, path)


_FOREIGN = "it calls a function that is not one of Keras's"
_OPS = "call the same function of keras.ops: ops.stack for tf.stack, ops.softmax for tf.nn.softmax"


def _not_followed(problem: Exception) -> Refused:
    why, way = (_FOREIGN, _OPS) if wants_numbers(problem) else (said(problem), "")
    reason = f"its call cannot be followed on symbolic inputs: {why}"
    return Refused(reason, way, raised_at(problem))


def _is_tensor(leaf: object) -> bool:
    return isinstance(leaf, Value | Truth)


def _symbol(value: Value | Truth, *, each: bool) -> Any:
    if isinstance(value, Value):
        samples, *axes = value.ids.shape
        # What is applied at each step does not know of the steps.
        shape = (samples, *axes[1:]) if each else (samples, *axes)
        return keras.Input(batch_shape=shape, dtype="int32" if value.whole else "float32")
    # The samples of masks are others than those of ids: only the axes behind them tell.
    return keras.Input(batch_shape=(None, *value.numbers.shape[1:]), dtype=str(value.numbers.dtype))
