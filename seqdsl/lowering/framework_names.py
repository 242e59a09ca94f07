"""words of the frameworks → what is drawn instead: hints for those who write what they know."""

from __future__ import annotations

from seqdsl.layers import all_layers

_WIRES_TELL = "the wires tell: wire its last step only, or all its steps"

ARGUMENTS: dict[str, str] = {
    "return_sequences": _WIRES_TELL,
    "return_state": "the wires tell: a state wire (`E-E---D-D`, or `---+` with a `|` above) hands the state on",
    "go_backwards": "draw its state wires from right to left: `H<H<H`",
    "bidirectional": "draw its state wires both ways: `H=H=H`",
    "num_layers": "draw a row for each layer",
    "input_shape": "it follows from the row below; the width of the data is that of `input(features)`",
    "input_size": "it follows from the row below; the width of the data is that of `input(features)`",
    "input_dim": "it follows from the row below",
    "hidden_size": "write it first: `lstm(16)`",
    "batch_first": "the batch always comes first",
    "batch_size": "any batch size will do",
    "stateful": "state is not kept between batches",
    "initial_state": "lead a wire from below into a `+` at the row's beginning: `+--D-D-D`",
    "input_length": "the number of nodes is the number of steps; `..n..` stands for any number",
    "timesteps": "the number of nodes is the number of steps; `..n..` stands for any number",
    "mask_zero": "write `embedding(64, mask=true)`",
    "kernel_size": "write it second: `conv(32, 3)`",
    "strides": "wire every k-th step only",
    "rate": "write it first: `dropout(0.5)`",
    "use_bias": "write `bias=false`",
}
"""Arguments of Keras and PyTorch."""

_NO_LAYERS: dict[str, str] = {
    "repeatvector": "lead the value to every step by a bus: `+-+-+`",
    "repeat": "lead the value to every step by a bus: `+-+-+`",
    "flatten": "lead all steps into one node by a bus: `+-+-+`",
}
"""Layers of Keras and PyTorch that are wires here."""


def foreign_layers() -> dict[str, str]:
    """What to write instead of a layer of Keras or PyTorch, by its name in lower case."""
    found = dict(_NO_LAYERS)
    for item in all_layers().values():
        found |= item.words.elsewhere
    return found
