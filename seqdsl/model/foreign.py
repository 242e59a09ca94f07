"""words of the frameworks → what is drawn instead: hints for those who write what they know."""

from __future__ import annotations

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

LAYERS: dict[str, str] = {
    "linear": "write `dense(units)`",
    "fc": "write `dense(units)`",
    "simplernn": "write `rnn(units)`",
    "bilstm": "write `lstm(units)` and draw its state wires both ways: `B=B=B`",
    "bidirectional": "write `lstm(units)` and draw its state wires both ways: `B=B=B`",
    "timedistributed": "a `dense` row with one wire a step works on every step",
    "repeatvector": "lead the value to every step by a bus: `+-+-+`",
    "repeat": "lead the value to every step by a bus: `+-+-+`",
    "flatten": "lead all steps into one node by a bus: `+-+-+`",
    "reshape": "`split` cuts a wide value into steps",
    "masking": "write `input(8, mask=0)` or `embedding(64, mask=true)`",
    "softmax": "write `activation(softmax)`, or `dense(10, softmax)`",
    "relu": "write `activation(relu)`, or `dense(10, relu)`",
    "tanh": "write `activation(tanh)`, or `dense(10, tanh)`",
    "sigmoid": "write `activation(sigmoid)`, or `dense(1, sigmoid)`",
    "concatenate": "write `concat`, or wire both: what a node sees is concatenated",
    "globalaveragepooling": "`mean` over a bus of all steps",
    "maxpooling": "`max` over the steps that are wired",
    "transformer": "draw its `attention`, `add`, `layernorm` and `dense` rows",
}
"""Layers of Keras and PyTorch."""
