"""words of the frameworks that are no layer here → what is drawn instead, for those who write what they know.

What a layer of ours is called elsewhere is in its record (`seqdsl.layers`); here is what wires show, what belongs
before or after the model, and what the language does not have.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.layers import Instead, all_layers
from seqdsl.lowering.absent_layers import ABSENT, Absent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.layers import Counterpart, LayerDef

_LONGEST = 60
"""Characters of a name that is looked for: no framework has longer ones."""

_FRAMEWORK = "remove it here, and set it in the code that builds or trains the model"

_ARGUMENTS: tuple[tuple[str, Instead | str], ...] = (
    # How weights begin, are trained and are stored: `kernel_initializer="zeros"`, `trainable=False`.
    (r"\w+_(initializer|regularizer|constraint)|embeddings_\w+|lora_\w+", _FRAMEWORK),
    (
        "dtype|device|trainable|seed|weights|quantization_config|autocast|activity_regularizer",
        _FRAMEWORK,
    ),
    ("unroll|implementation|use_cudnn|inplace|sparse|ragged|optional|data_format", _FRAMEWORK),
    ("tensor|input_tensor|zero_output_for_mask|process_group", _FRAMEWORK),
    # What is read, and its shape: `input_size=8`, `input_shape=(10, 8)`, `batch_first=True`.
    ("inputs|cell|layer", "the wires tell what it reads"),
    ("(batch_)?input_shape|input_size|input_dim", "the row below tells: `input({last})`"),
    ("batch_first", "the batch always comes first"),
    ("batch_size|batch_shape", "any batch size will do"),
    (
        "input_length|timesteps|seq_len|sequence_length",
        "the number of nodes is the number of steps; `..n..` stands for any number",
    ),
    # What wires show: how steps are read, and which of them are passed on.
    ("mask_zero", "write `embedding(64, mask=true)`"),
    (
        "merge_mode",
        Instead(
            "not in the language; forward and backward values stand side by side", default="concat"
        ),
    ),
    ("backward_layer|go_backwards|bidirectional", "draw its state wires with `=`: `H=H=H`"),
    (
        "return_sequences",
        Instead(
            "wire every step of the row to the row above", "wire the last step of the row only"
        ),
    ),
    (
        "(kernel|pool)_size",
        "the wires tell: wire {value} steps to each node, or write `conv(32, {value})`",
    ),
    ("strides?", Instead("wire one of every {value} nodes to the row above", default=1)),
    ("feedback|choose", "it stands at the input that is fed: `input(1, feedback=Y)`"),
    ("num_layers", Instead("draw {value} rows, one for each layer", default=1)),
)
"""Arguments of Keras and PyTorch: a pattern of their names, and what to do instead."""


class Meant(NamedTuple):
    """A layer here, and what another framework has for it."""

    layer: LayerDef
    counterpart: Counterpart


@cache
def find_counterparts(name: str) -> tuple[Meant, ...]:
    """What a layer of another framework may stand for; nothing if there is no such layer here.

    Args:
        name: its name; capitals and ``_`` make no difference.
    """
    return _counterparts().get(normal(name), ())


@cache
def find_absent(name: str) -> Absent | None:
    """What to do in place of a layer that there is not; ``None`` for a word that nobody knows."""
    # A name comes from a text that may be hostile: patterns are tried on short ones only.
    if len(name) > _LONGEST:
        return None
    return next((item for item in ABSENT if re.fullmatch(item.names, normal(name))), None)


def find_argument(name: str) -> Instead | None:
    """What to do in place of an argument, of whatever layer; ``None`` if it is unknown."""
    for pattern, answer in _ARGUMENTS if len(name) <= _LONGEST else ():
        if re.fullmatch(pattern, name):
            return Instead(answer) if isinstance(answer, str) else answer
    return None


def normal(name: str) -> str:
    """A name without what differs between frameworks: ``Simple_RNN`` is ``simplernn``."""
    return name.lower().replace("_", "")


@cache
def _counterparts() -> dict[str, tuple[Meant, ...]]:
    # `lstm` is Keras's and PyTorch's, with different arguments: a name may have several.
    counterparts: dict[str, tuple[Meant, ...]] = {}
    for layer, item in _all():
        for name in item.names.split():
            counterparts[name] = (*counterparts.get(name, ()), Meant(layer, item))
    return counterparts


def _all() -> Iterator[tuple[LayerDef, Counterpart]]:
    for layer in all_layers().values():
        for item in layer.words.elsewhere:
            yield layer, item
