"""Models of images in time, and of images cut into columns, each with one slip, and what must catch it."""

from __future__ import annotations

from tests.verify.wrong_models import Wrong, keras, torch

PICTURES = {
    # As high as wide: nothing in the shapes tells a row from a column, and two columns are one step.
    "square-columns": """
Y Y   gru(3)
| |
F F   flatten
| |
S S   split
| |
+-+
|
C     conv2d(3, 3, tanh)
|
X     input(4, 4, 2)
""",
    # As many channels as places a side.
    "cube-classes": """
Y   layernorm
|
C   conv2d(3, 3, softmax)
|
X   input(3, 3, 3)
""",
}

_CONVLSTM = "nowcast-encoder-forecaster"
_CONVGRU = "video-gated-convolutions"
_COLUMNS = "square-columns"
# The window of the state in PyTorch's ConvLSTM, run over an image by hand.
_OWN_WINDOW = "nn.functional.conv2d({image}, self.conv_h.weight{turned}, padding={padding})"

WRONG: tuple[Wrong, ...] = (
    torch(
        "gates of an image in another order",
        _CONVLSTM,
        "reference",
        ("i, f, g, o = (conv_x", "f, i, g, o = (conv_x"),
    ),
    torch(
        "h and c of an image exchanged at the hand-over",
        _CONVLSTM,
        "reference",
        ("(zeros, convlstm_e_state)", "(zeros, convlstm_e_state[::-1])"),
    ),
    keras(
        "h and c of an image exchanged at the hand-over",
        _CONVLSTM,
        "reference",
        ("[state_h, state_c]", "[state_c, state_h]"),
    ),
    torch(
        "a state of an image that is not handed over",
        _CONVLSTM,
        "dependence",
        ("(zeros, convlstm_e_state)", "(zeros)"),
    ),
    keras(
        "a state of an image that is not handed over",
        _CONVLSTM,
        "dependence",
        ("(zeros, initial_state=[state_h, state_c])", "(zeros)"),
    ),
    torch(
        "a state's window that is padded before only",
        _CONVLSTM,
        "reference",
        (
            "self.conv_h(h)",
            _OWN_WINDOW.format(image="nn.functional.pad(h, (2, 0, 2, 0))", turned="", padding="0"),
        ),
    ),
    torch(
        "a state's window that goes around the edges",
        _CONVLSTM,
        "reference",
        (
            "            bias=False,",
            '            bias=False,\n            padding_mode="circular",',
        ),
    ),
    torch(
        "a state's kernel that is flipped",
        _CONVLSTM,
        "reference",
        (
            "self.conv_h(h)",
            _OWN_WINDOW.format(image="h", turned=".flip(-1, -2)", padding="1"),
        ),
    ),
    torch(
        "a state's kernel with height and width exchanged",
        _CONVLSTM,
        "reference",
        ("self.conv_h(h)", _OWN_WINDOW.format(image="h", turned=".mT", padding="1")),
    ),
    keras(
        "gates of an image that are hard",
        _CONVLSTM,
        "reference",
        (
            "        return_state=True,",
            '        return_state=True,\n        recurrent_activation="hard_sigmoid",',
        ),
    ),
    torch(
        "a state of an image that is not convolved",
        _CONVGRU,
        "reference",
        ("self.n_rh(r * h)", "r * h"),
    ),
    keras(
        "a state of an image that is not convolved",
        _CONVGRU,
        "reference",
        ('ops.conv(r * h, self.n_rh, padding="same")', "r * h"),
    ),
    torch(
        "a reset gate of an image left out",
        _CONVGRU,
        "reference",
        ("self.n_rh(r * h)", "self.n_rh(h)"),
    ),
    keras(
        "a reset gate of an image behind the convolution",
        _CONVGRU,
        "reference",
        ("ops.conv(r * h,", "r * ops.conv(h,"),
    ),
    torch(
        "a softmax over the width instead of the channels",
        "cube-classes",
        "reference",
        ("dim=-3", "dim=-1"),
    ),
    torch(
        "a normalization over the width instead of the channels",
        "cube-classes",
        "reference",
        (".movedim(-3, -1)).movedim(-1, -3)", ")"),
    ),
    torch(
        "rows in place of columns",
        _COLUMNS,
        "reference",
        ("conv2d_c.unflatten(-1", "conv2d_c.mT.unflatten(-1"),
        # The rows of a step stand as its columns would, with its width behind them.
        ("split_s.movedim", "split_s.mT.movedim"),
    ),
    keras(
        "rows in place of columns",
        _COLUMNS,
        "reference",
        ("2, axis=-2)", "2, axis=-3)"),
    ),
    torch(
        "columns from right to left",
        _COLUMNS,
        "reference",
        (".movedim(-2, 1)", ".movedim(-2, 1).flip(1)"),
    ),
    torch(
        "every other column in place of neighbors",
        _COLUMNS,
        "reference",
        ("unflatten(-1, (2, -1)).movedim(-2, 1)", "unflatten(-1, (-1, 2)).movedim(-1, 1)"),
    ),
    torch(
        "channels before the height of a column",
        _COLUMNS,
        "reference",
        ("split_s.movedim(-3, -1).flatten(-3)", "split_s.flatten(-3)"),
    ),
)
