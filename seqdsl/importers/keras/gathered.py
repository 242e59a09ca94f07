"""layers that are applied to each step one after the other → one model that is, where the steps are sequences.

::

    x = Embedding(30, 8)(letters)                   (samples, words, letters) -> (samples, words, letters, 8)
    x = TimeDistributed(Conv1D(16, 3))(x)           each_letters = Sequential([Embedding, Conv1D, GlobalMaxPooling1D])
    x = TimeDistributed(GlobalMaxPooling1D())(x)    x = TimeDistributed(each_letters)(letters)

As one model it is a picture of its own, which is called at each word; as layers it would be rows for each word.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import keras
from keras.layers import TimeDistributed

from seqdsl.importers.identifiers import identifier
from seqdsl.importers.keras.called import NUMBERED
from seqdsl.importers.keras.network import Call, Record, Ref, refs_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.importers.keras.network import Network

    Chain = tuple[Call, ...]

_STEPWISE = frozenset(
    [
        "Embedding",
        "Dense",
        "Dropout",
        "Activation",
        "ReLU",
        "LeakyReLU",
        "ELU",
        "LayerNormalization",
    ]
)
"""Layers that do the same with and without `TimeDistributed`."""

_WINDOWS = frozenset(["Conv1D", "MaxPooling1D", "AveragePooling1D"])
"""Layers that read the steps of a sequence, and lose its mask."""

_MASKED = frozenset(["LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional", "GlobalAveragePooling1D"])
"""Those that look at its mask, as models may."""

_SEQUENCES = _WINDOWS | (_MASKED - {"GlobalAveragePooling1D"})
_MODELS = frozenset({"Functional", "Sequential"})


def gathered(network: Network, models: dict[Any, keras.Model]) -> tuple[Call, ...]:
    """The calls of a model, those of a chain of layers over each step as one call of a model.

    Args:
        network: the calls.
        models: the models of one step so far, and those of this network: chains of the same layers are one model, also
            where what they are in is called several times.
    """
    ends: dict[tuple[str, int], Call] = {}
    inner: set[tuple[str, int]] = set()
    for chain in _sole(network, list(_Chains(network).all())):
        # A model that was made holds its layers, so that no other ones have their identities.
        key, last = (_layers(chain), _of_step(network, chain)), chain[-1]
        if key not in models:
            models[key] = _model(network, chain)
        live = TimeDistributed(models[key], name=last.of.name)
        of = Record(last.of.name, last.of.path, "TimeDistributed", "keras.layers", {}, live)
        ends[_name(last)] = Call(of, last.number, (_read(chain[0]),))
        inner |= {_name(call) for call in chain[:-1]}
    return tuple(ends.get(_name(call), call) for call in network.calls if _name(call) not in inner)


def _sole(network: Network, chains: list[Chain]) -> Iterator[Chain]:
    """The chains whose layers nothing else applies: a picture that is called has weights of its own.

    ::

        Embedding, LSTM         LSTM alone, if words are looked up in the same table
    """
    every = Counter(id(_applied(call)) for call in network.calls)
    rests = [[chain[at:] for at in range(len(chain))] for chain in chains]
    alike = Counter(_layers(rest) for parts in rests for rest in parts)

    def is_sole(rest: Chain) -> bool:
        key = _layers(rest)
        return _may_be_one(rest) and all(every[item] == alike[key] for item in key)

    yield from (rest for rest in (next(filter(is_sole, parts), None) for parts in rests) if rest)


def _model(network: Network, chain: Chain) -> keras.Model:
    """The layers of a chain as a model of one step: of the very layers, so that it has their weights."""
    shape, dtype = _of_step(network, chain)
    x = read = keras.Input(shape, dtype=dtype)
    for call in chain:
        x = _applied(call)(x)
        if _is_wrapped(call) and _kind(call) == "Embedding":
            # `TimeDistributed` calls what is in it in a way that makes no mask: an operation loses this one.
            x = keras.ops.copy(x)
    return keras.Model(read, x, name=identifier(f"each_{_name_of(network, chain)}"))


def _of_step(network: Network, chain: Chain) -> tuple[tuple[int | None, ...], str]:
    """The shape and the type of what a chain reads in each step."""
    shape, dtype = network.shapes[_read(chain[0])]
    return tuple(shape[2:]), dtype


def _name_of(network: Network, chain: Chain) -> str:
    """What tells a chain from others: the input that it reads, else a name that somebody chose, else a layer."""
    start, last = _read(chain[0]).layer, chain[-1].of.name
    if start in network.records and not NUMBERED.fullmatch(start):
        return start
    if not last.startswith("time_distributed"):
        return last
    # Every model that is followed begins with `convert_to_tensor`.
    is_layer = any(".ops" not in item.of.module for item in network.calls if item.of.name == start)
    return start if is_layer else re.sub(r"_\d+$", "", str(_applied(chain[-1]).name))


class _Chains:
    """The chains of a model's calls."""

    def __init__(self, network: Network) -> None:
        """Note who reads what."""
        self._shapes = network.shapes
        self._readers = Counter(ref for call in network.calls for ref in refs_of(call))
        self._readers.update(refs_of(network.outputs))
        self._calls = network.calls
        self._next = {_read(call): call for call in network.calls}

    def all(self) -> Iterator[Chain]:
        """Each from the first layer that reads sequences in steps up to the one that gives a vector for each."""
        taken: set[tuple[str, int]] = set()
        for call in self._calls:
            shape, _ = self._shapes.get(_read(call), ((), ""))
            depth = 3 if _kind(call) == "Embedding" else 4
            if _name(call) in taken or len(shape) != depth or None in shape[2:]:
                continue
            sizes = tuple(size or 0 for size in shape[2:])
            chain = tuple(self._from(call, sizes))
            taken |= {_name(item) for item in chain}
            if chain:
                yield chain

    def _from(self, call: Call | None, shape: tuple[int, ...]) -> Iterator[Call]:
        """The layers from one on, of which each reads what the one before gives; none if they give no vector."""
        found = []
        while call is not None and (_is_wrapped(call) or _kind(call) in _STEPWISE):
            found.append(call)
            _, *rest = _applied(call).compute_output_shape((None, *shape))
            if len(rest) == 1:
                yield from found
                return
            shape, result = tuple(rest), Ref(call.of.name, call.number, 0)
            call = self._next.get(result) if self._readers[result] == 1 else None


def _may_be_one(chain: Chain) -> bool:
    """Whether layers of a chain read sequences, and each has the mask in a model that it has here."""
    # Pools alone are drawn in the model's picture, and a model alone is one already.
    reads = _SEQUENCES | (_MODELS if chain[1:] else set())
    return _keeps_masks(chain) and not reads.isdisjoint(map(_kind, chain))


def _keeps_masks(chain: Chain) -> bool:
    """Whether the masks of a chain begin and end as they do in a model."""
    if not any(isinstance(call.kwargs.get("mask"), Ref) for call in chain):
        return True
    # Else the mask enters from before.
    if _is_wrapped(chain[0]) or not getattr(_applied(chain[0]), "mask_zero", False):
        return False
    # `TimeDistributed` passes a mask on that the layer within it would lose.
    kinds = [_kind(call) for call in chain]
    lost = [at for at, kind in enumerate(kinds) if kind in _WINDOWS]
    return not lost or (_MASKED | _MODELS).isdisjoint(kinds[lost[0] :])


def _layers(chain: Chain) -> tuple[int, ...]:
    return tuple(id(_applied(call)) for call in chain)


def _name(call: Call) -> tuple[str, int]:
    return call.of.name, call.number


def _read(call: Call) -> Ref:
    """The one tensor that a layer reads beside a mask; one of no layer: it reads more, or none."""
    others = {name: item for name, item in call.kwargs.items() if name != "mask"}
    found = [*refs_of(list(call.args)), *refs_of(others)]
    return found[0] if len(found) == 1 else Ref("", 0, 0)


def _is_wrapped(call: Call) -> bool:
    return isinstance(call.of.live, TimeDistributed)


def _applied(call: Call) -> Any:
    """The layer that does the work."""
    return call.of.live.layer if _is_wrapped(call) else call.of.live


def _kind(call: Call) -> str:
    return type(_applied(call)).__name__
