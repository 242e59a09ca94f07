"""a layer that calls others (a model, a custom class) → what it calls, read in its place.

Its ``call`` is run on symbolic tensors of the shapes that it is called with, as Keras does to learn the shapes of what
it gives; the calls that it makes on the way are then a functional model, with a configuration like any other. Weights
that it uses itself, such as a table of positions, are symbolic as well while it runs: what it does with them is
read, and not what numbers they have today.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import keras

from seqdsl.importers.keras import moving
from seqdsl.importers.keras.cells import owned
from seqdsl.importers.keras.configs import config_of
from seqdsl.importers.keras.held import Held
from seqdsl.importers.keras.network import Constant, network
from seqdsl.importers.keras.refusals import Computes, Refused
from seqdsl.importers.keras.source_lines import called_lines, raised_at
from seqdsl.importers.keras.unrolled import Starts, scans_unrolled
from seqdsl.importers.keras.values import Truth, Value, leaves, replaced

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    traced = trace(layer, args, kwargs, symbols, site.record.path)
    # A symbol has another name than the layer that Keras makes of it.
    known = dict(zip(leaves(traced.inputs), given, strict=True))
    found = walk.run(traced, known)
    return replaced(found, lambda item: walk.constants.value(item, site.record))


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
    held, starts = list(_held(layer)), Starts()
    try:
        with _symbolic(held), _short_keys(), scans_unrolled(starts), called_lines() as lines:
            outputs = layer.call(*args, **kwargs)
        # What does not depend on its inputs is no symbol: numbers, such as a code of each step.
        symbolic = [item for item in leaves(outputs) if isinstance(item, keras.KerasTensor)]
        begins = [symbol for symbol, _ in starts.given]
        config = _config([*symbols, *(item.symbol for item in held), *begins], symbolic)
    except Exception as problem:
        told = str(problem).strip().split("\n", 1)[0][:160]
        reason = f"its call cannot be followed on symbolic inputs: {told}"
        raise Refused(reason, line=raised_at(problem)) from problem
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


def _config(symbols: list[Any], outputs: list[Any]) -> tuple[Any, Any]:
    # A model needs an output, if only an input that is passed.
    model = keras.Model(symbols, outputs or symbols[:1])
    return config_of(model), model


def _held(layer: Any) -> Iterator[Held]:
    """The weights that a layer has itself, and the tables of embeddings within it: both may be read without a call."""
    if isinstance(layer, keras.Sequential) or hasattr(layer, "operations"):
        return
    for owner in (layer, *layer._flatten_layers(include_self=False)):
        if owner is not layer and not isinstance(owner, keras.layers.Embedding):
            continue
        for name, item in vars(owner).items():
            if isinstance(item, keras.Variable) and len(item.shape) in (1, 2):
                yield Held(item, owner, name)


@contextmanager
def _symbolic(held: list[Held]) -> Iterator[None]:
    """Symbols in place of weights for as long as a layer is called."""
    for item in held:
        vars(item.owner)[item.attribute] = item.symbol
    try:
        yield
    finally:
        for item in held:
            vars(item.owner)[item.attribute] = item.variable


@contextmanager
def _short_keys() -> Iterator[None]:
    """``x[:3]`` of a symbol as ``x[(slice(3),)]``: Keras takes such a key of numbers alone."""
    usual = keras.KerasTensor.__getitem__

    def item(self: Any, key: Any) -> Any:
        return usual(self, (key,) if isinstance(key, slice) else key)

    keras.KerasTensor.__getitem__ = item
    try:
        yield
    finally:
        keras.KerasTensor.__getitem__ = usual


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
