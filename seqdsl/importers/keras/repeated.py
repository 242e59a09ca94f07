"""``TimeDistributed`` → the layer within it, applied to each step."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from seqdsl.importers.keras import merging, moving
from seqdsl.importers.keras.called import called
from seqdsl.importers.keras.hints import GRIDS
from seqdsl.importers.keras.network import Record, is_network
from seqdsl.importers.keras.refusals import Again, Refused
from seqdsl.importers.keras.values import Value, replaced, values_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seqdsl.importers.keras.site import Site

    Ids = NDArray[np.int64]

_EACH_WORDS = (
    "Dense Dropout SpatialDropout1D LayerNormalization BatchNormalization Activation ReLU LeakyReLU ELU "
    "Softmax Conv2D MaxPooling2D AveragePooling2D GlobalAveragePooling2D GlobalMaxPooling2D GaussianNoise "
    "Embedding Add Multiply Average Maximum Minimum Relu Tanh Sigmoid Identity"
)
_EACH = frozenset(_EACH_WORDS.split())
"""Layers that act on the last axes alone: they do the same at each step."""


def time_distributed(site: Site) -> Any:
    """The layer within, at each step."""
    walk = site.walk
    if walk.each:
        raise Refused("it applies something at each step of each step")
    require_steps(site, site.value.ids)
    site.record = inner = _within(site)
    walk.live[inner.path] = inner.live
    if (row := called(site)) is not None:
        return row
    read = walk.handler(inner)
    if not (inner.is_own or is_network(inner.config)):
        made = at_each_step(site, read)
        # One that cannot be read is counted with those.
        walk.note_computing(inner)
        return made
    walk.each = True
    try:
        return read(site)
    finally:
        walk.each = False


def is_each_step(wrapper: Any, value: Any) -> bool:
    """Whether a wrapper of the model's own applies its layer to each step, as `TimeDistributed` does: it is tried.

    ::

        y = self.layer(ops.reshape(x, (-1, 8, 8, 3)))      all steps of all samples are one batch
        return ops.reshape(y, (-1, steps, *y.shape[1:]))
    """
    if not isinstance(wrapper, keras.layers.Wrapper) or not isinstance(value, Value):
        return False
    samples, steps, *rest = value.ids.shape
    numbers = np.random.default_rng(0).random((samples, steps, *rest))
    try:
        whole = keras.ops.convert_to_numpy(wrapper(numbers))
        alone = [keras.ops.convert_to_numpy(wrapper.layer(numbers[:, at])) for at in range(steps)]
    # What it does otherwise is not known: its code is followed then.
    except Exception:
        return False
    apart = np.stack(alone, axis=1)
    return whole.shape == apart.shape and np.allclose(whole, apart, rtol=1e-4, atol=1e-6)


def at_each_step(site: Site, read: Any) -> Any:
    """Read a call of what knows nothing of steps: of all at once where that is the same, else of one by one."""
    kind = site.record.kind
    if kind in ("GlobalAveragePooling1D", "GlobalMaxPooling1D"):
        how = "mean" if "Average" in kind else "max"
        return Value(merging.places(site, how, site.value.ids))
    if kind in _EACH or is_network(site.record.config) or site.record.is_own:
        return read(site)
    return _folded(site, read, moves=kind in moving.LAYERS | moving.OPERATIONS)


def require_steps(site: Site, ids: Ids) -> None:
    """Check that values have steps; an image of three axes may be steps of two.

    Raises:
        Again: an input is one of steps that hold grids.
    """
    if site.has_steps(ids):
        return
    for block, item in site.walk.sources.inputs.items():
        path = site.walk.ledger.paths[block]
        if item.steps is None and len(item.shape) == 3 and (path, GRIDS) not in site.walk.hints:
            raise Again(path, GRIDS)


def _within(site: Site) -> Record:
    outer, config = site.record, site.config.get("layer")
    if config is None:
        # A class of the model's own.
        config = keras.saving.serialize_keras_object(outer.live.layer)
    name = config["config"].get("name", outer.name)
    # Its name is the wrapper's where somebody chose that one.
    path = outer.path
    if outer.name.startswith("time_distributed"):
        path = f"{outer.path.rpartition(outer.name)[0]}{name}"
    live = getattr(outer.live, "layer", None)
    # facts = TimeDistributed(sentence)(story), key = sentence(question): both have one set of weights
    if live is not None and live.weights:
        path = site.walk.paths.setdefault(id(live), path)
    module = "" if ">" in (config.get("registered_name") or "") else config.get("module") or ""
    return Record(name, path, config["class_name"], module, config["config"], live)


def _folded(site: Site, read: Any, *, moves: bool) -> Any:
    """All steps as samples of a larger batch, (samples * steps, ...), and back again."""
    values = values_in((list(site.args), site.kwargs))
    if not values:
        # Masks alone: their steps are numbers.
        return read(site)
    samples, steps = values[0].ids.shape[:2]
    if not moves and steps > _MOST:
        raise Refused(
            "it is applied to each of many steps, which are sequences themselves",
            "put all layers of a step into one keras.Sequential that gives a vector, and apply TimeDistributed to that",
        )

    def folded(item: Any) -> Any:
        if not isinstance(item, Value):
            return item
        return replace(item, ids=item.ids.reshape(-1, *item.ids.shape[2:]))

    site.args = replaced(list(site.args), folded)
    site.kwargs = replaced(dict(site.kwargs), folded)
    return replaced(read(site), lambda item: _unfolded(item, samples, steps))


def _unfolded(item: Any, samples: int, steps: int) -> Any:
    if not isinstance(item, Value):
        return item
    if len(item.ids) != samples * steps:
        raise Refused("it gives the same at each step")
    return replace(item, ids=item.ids.reshape(samples, steps, *item.ids.shape[1:]))


_MOST = 12
"""To how many steps a model is applied one by one."""
