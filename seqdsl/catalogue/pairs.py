"""two inputs go in."""

from __future__ import annotations

from seqdsl.catalogue.entry import Entry

PAIRS = (
    Entry(
        "captioning",
        "A vector is the initial state for reading a sequence, and each step of the sequence gives an output. "
        "For image captions: the image's features, the words so far, the next word at each step.",
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
        feedback={"Z": "Y"},
    ),
    Entry(
        # Tokens get a row of embeddings over them when the file is written (`draw`): it is not in the picture here.
        "translation",
        "Token ids in, a distribution over words at each output step: each language has its own embedding, "
        "and the decoder starts from the encoder's state. The second input is the target sentence, shifted by "
        "one step; `generate` feeds the decoder what it chose.",
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
        feedback={"Z": "Y"},
    ),
    Entry(
        "teacher-forcing",
        "An encoder passes its state to a decoder with its own input: the targets shifted by one step, or "
        "known future values. For training a sequence-to-sequence model.",
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
        # `attention(E)` needs no bus from E: each C reads the whole row.
        "translation-attention",
        "Token ids in, a distribution over words at each output step; each step of the decoder compares itself with "
        "all words of the source, and reads those that matter (Bahdanau et al. 2014). `generate` feeds the decoder "
        "what it chose.",
        "encoder-decoder",
        """
      Y   Y   Y
      |\\  |\\  |\\
      | C | C | C
      |/  |/  |/
E-E-E-D---D---D
| | | |   |   |
X X X Z   Z   Z
  n       mmmm
""",
        {
            "C": "attention(E, score=additive)",
            "E": "gru($units, name=encoder)",
            "D": "gru($units, name=decoder)",
            "Y": "dense($out, softmax)",
        },
        tokens=True,
        feedback={"Z": "Y"},
    ),
    Entry(
        "attention-decoder",
        "An encoder and a decoder with its own input, and each step of the decoder attends to all steps of "
        "the encoder. For long inputs, where each output step needs a different part.",
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
        feedback={"Z": "Y"},
    ),
)
