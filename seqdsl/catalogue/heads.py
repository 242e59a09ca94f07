"""two outputs come out."""

from __future__ import annotations

from seqdsl.catalogue.entry import Entry

HEADS = (
    Entry(
        "two-answers",
        "One vector in, two vectors out, each from a separate layer above a shared one. For two targets per "
        "sample, with one loss each.",
        "one-to-one",
        """
Y U
| |
+-+
|
H
|
X
""",
        {"H": "dense($units, relu)", "Y": "dense($out)", "U": "dense($out2)"},
    ),
    Entry(
        "two-heads",
        "The last step gives two outputs, each from a separate layer. For two targets per sequence, with one "
        "loss each: a value and a class, or two forecast horizons.",
        "many-to-one",
        """
    Y U
    | |
    +-+
    |
H H H
| | |
X X X
  n
""",
        {"H": "lstm($units)", "Y": "dense($out)", "U": "dense($out2)"},
    ),
    Entry(
        "tags-and-label",
        "One output per step, and one for the whole sequence from the final state. For slots and intent of a "
        "sentence, or a machine's status over time and whether it failed.",
        "graph",
        """
      U
      |
Y Y Y |
| | | |
H-H-H-+
| | |
X X X
  n
""",
        {"H": "lstm($units)", "Y": "dense($out)", "U": "dense($out2)"},
    ),
    Entry(
        # The ruler's `nnnn`: a step is the columns of one H, its Y and its U, up to the next H.
        "two-tags",
        "Two outputs per step from one recurrent layer, each from a separate layer. For two tags per word, or "
        "a mean and a variance per step.",
        "many-to-many aligned",
        """
  U   U   U
  |   |   |
Y | Y | Y |
|/  |/  |/
H---H---H
|   |   |
X   X   X
    nnnn
""",
        {"H": "lstm($units)", "Y": "dense($out)", "U": "dense($out2)"},
    ),
    Entry(
        # Z is missing on purpose: neither decoder reads what it gave before. `k` is the length of the second output.
        "two-decoders",
        "One code of the whole input, and two decoders, each with its own length. For reconstructing the past "
        "and predicting the future (Srivastava et al. 2015).",
        "encoder-decoder",
        """
      Y Y Y   U U U
      | | |   | | |
      D-D-D   F-F-F
      | | |   | | |
    +-+-+-+---+-+-+
    |
E-E-E
| | |
X X X
  n     m       k
""",
        {
            "E": "lstm($units, name=encoder)",
            "D": "lstm($units, name=decoder)",
            "F": "lstm($units, name=predictor)",
            "Y": "dense($out)",
            "U": "dense($out2)",
        },
    ),
)
