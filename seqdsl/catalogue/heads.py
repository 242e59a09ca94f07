"""two outputs come out."""

from __future__ import annotations

from seqdsl.catalogue.entry import Entry

HEADS = (
    Entry(
        "two-answers",
        "A vector is turned into two vectors, each by a layer of its own above a shared one. Two targets of one "
        "sample, with a loss each.",
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
        "The last step gives two outputs, each by a layer of its own. Two targets of one sequence, with a loss each: "
        "a value and a class, two horizons of a forecast.",
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
        "One output per step, and one for the whole sequence from the final state. Slots and intent of a sentence, "
        "the state of a machine at each time and whether it failed.",
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
        "Two outputs per step, each by a layer of its own, from one recurrent layer. Two tags of each word, a mean and "
        "a spread at each time.",
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
        "One code of the whole input, and two decoders that unroll it, each to a length of its own. Reconstruct the "
        "past and predict the future (Srivastava et al. 2015).",
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
