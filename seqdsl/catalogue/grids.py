"""each step that goes in holds a grid: an image, or the words of a sentence."""

from __future__ import annotations

from seqdsl.catalogue.entry import Entry

FROM_GRIDS = (
    Entry(
        "image-classifier",
        "One image in, one vector out: a convolution and max pooling, then dense layers, without time steps. Height "
        "and width are at least 2.",
        "one-to-one",
        """
Y
|
D
|
F
|
M
|
C
|
X
""",
        {
            "Y": "dense($out)",
            "D": "dense($units, relu)",
            "F": "flatten",
            "M": "maxpool2d(2)",
            "C": "conv2d($units, 3, relu)",
        },
        tokens=False,
        grids={"X": 2},
    ),
    Entry(
        "video-classifier",
        "Every frame is read by the same convolutions, a recurrent layer reads what they find, and its last step gives "
        "the output. For video and other images in time (Donahue et al. 2015). Height and width are at least 4.",
        "many-to-one",
        """
    Y
    |
H H H
| | |
F F F
| | |
N N N
| | |
D D D
| | |
M M M
| | |
C C C
| | |
X X X
  n
""",
        {
            "Y": "dense($out)",
            "H": "lstm($units)",
            "F": "flatten",
            "N": "maxpool2d(2)",
            "D": "conv2d($units, 3, relu)",
            "M": "maxpool2d(2)",
            "C": "conv2d($units, 3, relu)",
        },
        tokens=False,
        grids={"X": 2},
    ),
    Entry(
        "image-to-text",
        "One output per window of an image, read in both directions above a convolution. For a line of text, cut into "
        "windows from left to right, and for the events of a spectrogram. Height and width are at least 2.",
        "many-to-many aligned",
        """
Y Y Y
| | |
B=B=B
| | |
F F F
| | |
M M M
| | |
C C C
| | |
X X X
  n
""",
        {
            "Y": "dense($out)",
            "B": "lstm($units)",
            "F": "flatten",
            "M": "maxpool2d(2)",
            "C": "conv2d($units, 3, relu)",
        },
        tokens=False,
        grids={"X": 2},
    ),
    Entry(
        "ocr",
        "The columns of one image become steps, above a convolution and max pooling, and are read in both directions. "
        "For a line of text in an image (Shi et al. 2015, CRNN): one output for each part of its width, which "
        "is an even multiple of the steps.",
        "one-to-many",
        """
Y Y Y
| | |
B=B=B
| | |
F F F
| | |
S S S
| | |
+-+-+
|
M
|
C
|
X
  m
""",
        {
            "Y": "dense($out)",
            "B": "lstm($units)",
            "F": "flatten",
            "S": "split",
            "M": "maxpool2d(2)",
            "C": "conv2d($units, 3, relu)",
        },
        tokens=False,
        grids={"X": 2},
        columns="X",
    ),
    Entry(
        "hierarchical-text",
        "Each step is a sentence of so many words: the largest of what a dense layer makes of each word stands for it, "
        "and a recurrent layer reads the sentences. For documents, too long to be read word by word.",
        "many-to-one",
        """
    Y
    |
H H H
| | |
M M M
| | |
F F F
| | |
X X X
  n
""",
        {
            "Y": "dense($out)",
            "H": "gru($units)",
            "M": "max(grid)",
            "F": "dense($units, tanh)",
        },
        tokens=True,
        grids={"X": 1},
    ),
)
