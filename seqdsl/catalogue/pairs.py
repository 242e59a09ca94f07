"""two inputs go in."""

from __future__ import annotations

from seqdsl.catalogue.entry import Entry

PAIRS = (
    Entry(
        "captioning",
        "A vector is the initial state from which a sequence is read, with one output per step. "
        "Image captions: the image's features, the words so far, the next word at each step.",
        "many-to-many aligned",
        """
    Y Y Y
    | | |
+---D-D-D
|   | | |
F   | | |
|   | | |
X   Z Z Z
      m
""",
        {"Y": "dense($out)", "D": "lstm($units, name=decoder)", "F": "dense($units, tanh)"},
    ),
    Entry(
        # Tokens get a row of embeddings over them when the file is written (`draw`): it is not in the picture here.
        "translation",
        "Token ids in, a distribution over words out of every step: each language has its embedding, and the "
        "encoder's state starts the decoder. The second input is the target sentence, one step late.",
        "encoder-decoder",
        """
      Y Y Y
      | | |
E-E-E-D-D-D
| | | | | |
X X X Z Z Z
  n     m
""",
        {
            "E": "lstm($units, name=encoder)",
            "D": "lstm($units, name=decoder)",
            "Y": "dense($out, softmax)",
        },
        tokens=True,
    ),
    Entry(
        "teacher-forcing",
        "An encoder passes its final state to a decoder that reads a sequence of its own: the targets one step late, "
        "or what is known of the future. The one to train a sequence-to-sequence model with.",
        "encoder-decoder",
        """
      Y Y Y
      | | |
E-E-E-D-D-D
| | | | | |
X X X Z Z Z
  n     m
""",
        {
            "E": "lstm($units, name=encoder)",
            "D": "lstm($units, name=decoder)",
            "Y": "dense($out)",
        },
        tokens=False,
    ),
    Entry(
        "attention-decoder",
        "An encoder and a decoder with its own input, and each step of the decoder looks back at all steps of the "
        "encoder. For long inputs where each output step needs a different part.",
        "encoder-decoder",
        """
              Y   Y   Y
              |   |   |
              C   C   C
             /|  /|  /|
+-+-+-------+-|-+-|-+ |
| | |         |   |   |
E-E-E---------D---D---D
| | |         |   |   |
X X X         Z   Z   Z
  n             mmmm
""",
        {
            "Y": "dense($out)",
            "C": "attention",
            "E": "gru($units, name=encoder)",
            "D": "gru($units, name=decoder)",
        },
    ),
)
