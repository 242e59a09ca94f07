"""layers that compute each step by itself → rows: Dense, Embedding, normalizations, activations, dropout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.importers.keras import tied
from seqdsl.importers.keras.hints import TOKENS
from seqdsl.importers.keras.refusals import Again, Refused
from seqdsl.importers.keras.values import Value
from seqdsl.importers.keras.written import activation, activation_of_layer, written

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from seqdsl.importers.keras.site import Site

    Ids = NDArray[np.int64]


def at_each_step(site: Site, call: str, width: int | None = None) -> Value:
    """A row that computes each step; ``width``: of the features that it gives, as many as it reads where ``None``."""
    value = site.value
    if value.whole:
        raise Refused("it computes with ids of tokens", "look them up by an Embedding first")
    if call.startswith("activation("):
        made = tied.with_activation(site, call.removeprefix("activation(").removesuffix(")"))
        if made is not None:
            return made
    ids = row(site, call, value.ids, width)
    return Value(ids)


def row(site: Site, call: str, ids: Ids, width: int | None = None, part: str = "") -> Ids:
    """The same for ids: (samples, features), or with steps, and with the places of a grid."""
    ids = site.walk.ledger.as_values(ids)
    if site.walk.ledger.are_chains(ids):
        each = row(site, call, ids.reshape(-1, *ids.shape[2:]), width, part)
        return each.reshape(*ids.shape[:2], *each.shape[1:])

    def apply(one: Ids) -> list[Ids]:
        first = 2 if site.has_steps(one) else 1
        shape = (*one.shape[first:-1], width or one.shape[-1])
        ledger = site.walk.ledger
        read = ledger.steps(one) if first == 2 else ledger.vector(one)
        steps = one.shape[1] if first == 2 else None
        # A loop that projects its memory at each step computes the same each time; what is random does not.
        key = (site.record.path, part, call, read, steps)
        if key not in site.walk.rows or call.startswith("dropout("):
            site.walk.rows[key] = site.block(call, (read,), steps, shape, part=part)
        return [site.walk.rows[key]]

    return site.for_chains(ids, apply)[0]


def dense(site: Site) -> Value:
    """``Dense``."""
    config = site.config
    site.require(lora_rank=None, quantization_config=None)
    call = written(
        "dense",
        units=config["units"],
        activation=activation(config["activation"]),
        bias=config["use_bias"],
    )
    return at_each_step(site, call, config["units"])


def embedding(site: Site) -> Value:
    """``Embedding``: what it reads are tokens, whatever type they have."""
    config, value = site.config, site.value
    site.require(lora_rank=None)
    walk = site.walk
    for item in walk.sources.of(value.ids):
        if not item.is_tokens:
            raise Again(walk.ledger.paths[item.block], TOKENS)
        walk.sources.look_up(item.block, config["input_dim"])
    features = config["output_dim"]

    def apply(ids: Ids) -> list[Ids]:
        first = 2 if ids.ndim > 1 else 1
        ledger = site.walk.ledger
        read = ledger.steps(ids) if first == 2 else ledger.vector(ids)
        steps = ids.shape[1] if first == 2 else None
        call = written("embedding", features=features)
        return [site.block(call, (read,), steps, (*ids.shape[first:], features))]

    before = len(walk.ledger.blocks)
    ids = site.for_chains(value.ids, apply)[0]
    if config["mask_zero"]:
        read = frozenset(item.block for item in walk.sources.of(value.ids))
        walk.masks.begun |= dict.fromkeys(range(before, len(walk.ledger.blocks)), read)
    return Value(ids)


def argmax(site: Site) -> Value:
    """``ops.argmax(x, axis=-1)``: the id of the largest of the features."""
    value = site.value
    axis = site.config.get("axis", site.option("axis"))
    if axis not in (-1, value.ids.ndim - 1):
        raise Refused(f"it selects over `axis={axis}`; `argmax` selects among the features")

    def apply(ids: Ids) -> list[Ids]:
        ledger, sequence = site.walk.ledger, site.has_steps(ids)
        read = ledger.steps(ids) if sequence else ledger.vector(ids)
        return [site.block("argmax", (read,), ids.shape[1] if sequence else None, ())]

    return Value(site.for_chains(value.ids, apply)[0], whole=True)


def layernorm(site: Site) -> Value:
    """``LayerNormalization`` of the features."""
    rank = site.value.ids.ndim
    axis = site.config["axis"]
    if axis not in (-1, [-1], rank - 1, [rank - 1]):
        raise Refused(f"it normalizes over `axis={axis}`, and `layernorm` over the features")
    site.require(center=True, scale=True, rms_scaling=False)
    return at_each_step(site, written("layernorm", epsilon=site.config["epsilon"]))


def batchnorm(site: Site) -> Value:
    """``BatchNormalization`` of the features."""
    rank = site.value.ids.ndim
    if site.config["axis"] not in (-1, rank - 1):
        raise Refused("it normalizes over another axis than the features")
    site.require(center=True, scale=True, renorm=False)
    config = site.config
    call = written("batchnorm", epsilon=config["epsilon"], momentum=config["momentum"])
    return at_each_step(site, call)


def activated(site: Site) -> Value:
    """``Activation``, and the layers that are one."""
    if site.record.kind == "Activation":
        word = activation(site.config["activation"])
    else:
        word = activation_of_layer(site.record.kind, dict(site.config))
    # What changes nothing is no row.
    return site.value if word == "linear" else at_each_step(site, f"activation({word})")


FUNCTIONS = {
    "Relu": "relu",
    "Relu6": "relu6",
    "Tanh": "tanh",
    "Sigmoid": "sigmoid",
    "Silu": "swish",
    "Softplus": "softplus",
    "Softsign": "softsign",
    "HardSigmoid": "hard_sigmoid",
    "Mish": "mish",
    "Selu": "selu",
}
"""Operations that are activations, without arguments."""


def function(site: Site) -> Value:
    """An operation that is an activation: ``ops.relu(x)``."""
    kind, config = site.record.kind, {**_given(site), **site.config}
    if kind in FUNCTIONS:
        return at_each_step(site, f"activation({FUNCTIONS[kind]})")
    if kind in ("Softmax", "LogSoftmax"):
        axis = config.get("axis", -1)
        if axis not in (-1, site.value.ids.ndim - 1):
            raise Refused("it is over another axis than the features")
        return at_each_step(
            site, f"activation({'softmax' if kind == 'Softmax' else 'log_softmax'})"
        )
    if kind == "Gelu" and not config.get("approximate", True):
        return at_each_step(site, "activation(gelu)")
    raise Refused("it is not in the language with these arguments")


def _given(site: Site) -> dict[str, Any]:
    return {name: item for name, item in site.kwargs.items() if not isinstance(item, Value)}


def dropout(site: Site) -> Value:
    """``Dropout``, and the layers that lose other parts of what they read."""
    kind, rate = site.record.kind, site.config["rate"]
    if kind == "SpatialDropout1D":
        site.differs(
            "it loses a feature at all steps at once, and `dropout` at each step by itself"
        )
    if site.config.get("noise_shape"):
        site.differs("it loses values by its `noise_shape`, and `dropout` each by itself")
    if not rate:
        return site.value
    return at_each_step(site, written("dropout", rate=float(rate)))


def noise(site: Site) -> Value:
    """What adds noise, or to the loss, in training alone, and is not in the language."""
    what = "to the loss" if site.record.kind == "ActivityRegularization" else "noise"
    site.differs(f"it adds {what} in training, and the picture's model does not")
    return site.value


def passed(site: Site) -> Value:
    """What gives what it reads."""
    return site.value
