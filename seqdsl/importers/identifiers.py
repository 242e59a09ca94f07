"""what a framework calls something → an identifier of the language."""

from __future__ import annotations

import re


def identifier(text: str) -> str:
    """A text as an identifier: ``encoder.layers.0`` is ``encoder_layers_0``, ``My-Layer/1`` ``my_layer_1``."""
    word = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    return word if word[:1].isalpha() else f"layer_{word}".rstrip("_")


def snake_case(kind: str) -> str:
    """A class's name as Keras has it in the names of layers: ``ConvLSTMCell`` is ``conv_lstm_cell``."""
    word = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", kind)
    return re.sub("([a-z])([A-Z])", r"\1_\2", word).lower()
