"""one sequence goes in; a vector, or a sequence of another length, comes out."""

from __future__ import annotations

from seqdsl.catalogue.entry import Entry

FROM_SEQUENCE = (
    Entry(
        # The ruler's `n`: a step in the middle, here and below. The last one has the wire to Y, and is drawn once.
        "many-to-one",
        "The whole sequence is read, and the last step gives the output. The usual choice for a label, a "
        "score or the next value of a series.",
        "many-to-one",
        """
    Y
    |
H H H
| | |
X X X
  n
""",
        {"Y": "dense($out)", "H": "lstm($units)"},
    ),
    Entry(
        # Y is beside the row, not over its last step: it reads both final states. Of the last step's output, the
        # backward half has read that step alone; a warning says so.
        "many-to-one-bidirectional",
        "The sequence is read in both directions, and the two final states together give the output. For "
        "classifying text or recordings that are complete when they are read.",
        "many-to-one",
        """
        Y
        |
B=B=B---+
| | |
X X X
  n
""",
        {"Y": "dense($out)", "B": "lstm($units)"},
    ),
    Entry(
        "stacked",
        "Two stacked recurrent layers: the lower one returns its whole sequence, the upper one its last step. "
        "Try it when one layer is not enough.",
        "many-to-one",
        """
    Y
    |
A A A
| | |
H H H
| | |
X X X
  n
""",
        {"Y": "dense($out)", "A": "lstm($units)", "H": "lstm($units)"},
    ),
    Entry(
        # The ruler's `nnnnnn`: one M and the two X that it reads, so that the number of steps is even.
        "conv-pool-recurrent",
        "A convolution finds local patterns, max pooling halves the number of steps, and a recurrent layer "
        "reads them. For long sequences, where a recurrent layer alone is slow. The number of steps is even.",
        "many-to-one",
        """
              Y
              |
  H-----H-----H
  |     |     |
  M     M     M
 / \\   / \\   / \\
F   F F   F F   F
|   | |   | |   |
X   X X   X X   X
      nnnnnn
""",
        {"Y": "dense($out)", "H": "lstm($units)", "M": "max", "F": "conv($units, 3, relu)"},
    ),
)

TO_SEQUENCE = (
    Entry(
        # The bus begins over the last E: it carries one step, and every D reads it.
        "encoder-decoder",
        "The sequence is encoded as one vector, which every step of a second layer takes as input. For an "
        "output of a different length than the input, such as a forecast of several steps.",
        "encoder-decoder",
        """
      Y Y Y
      | | |
      D-D-D
      | | |
    +-+-+-+
    |
E-E-E
| | |
X X X
  n     m
""",
        {"Y": "dense($out)", "D": "lstm($units, name=decoder)", "E": "lstm($units, name=encoder)"},
    ),
    Entry(
        "vector-forecast",
        "The last step gives all future values as one vector, which is divided into steps: an LSTM with "
        "Dense(N_OUTPUTS). A simple baseline for an encoder-decoder.",
        "encoder-decoder",
        """
    Y Y Y
    | | |
    +-+-+
    |
    D
    |
H H H
| | |
X X X
  n   m
""",
        {"Y": "split", "D": "dense($total)", "H": "lstm($units)"},
    ),
    Entry(
        "encoder-decoder-state",
        "The decoder starts from the encoder's final state and has no other input. For when the state alone "
        "should carry the information.",
        "encoder-decoder",
        """
      Y Y Y
      | | |
E-E-E-D-D-D
| | |
X X X
  n     m
""",
        {"Y": "dense($out)", "D": "gru($units, name=decoder)", "E": "gru($units, name=encoder)"},
    ),
    Entry(
        # The ruler's `mmmm`: one D and its C, with the `/` on its left that brings the memory.
        "encoder-decoder-attention",
        "The decoder starts from the encoder's state, and each of its steps attends to all steps of the "
        "input. For long inputs, where each output step needs a different part.",
        "encoder-decoder",
        """
              Y   Y   Y
              |   |   |
              C   C   C
             /|  /|  /|
+-+-+-------+-|-+-|-+ |
| | |         |   |   |
E-E-E---------D---D---D
| | |
X X X
  n             mmmm
""",
        {
            "Y": "dense($out)",
            "C": "attention",
            "D": "gru($units, name=decoder)",
            "E": "gru($units, name=encoder)",
        },
    ),
    Entry(
        # `n` counts all steps of the input, those with an output among them: 6,3 draws three H without a Y, three with.
        "last-n",
        "The whole sequence is read, and each of its last n steps gives an output. For when the beginning of "
        "the sequence is only context.",
        "many-to-many last N",
        """
    Y Y Y
    | | |
H H H H H
| | | | |
X X X X X
  n   m
""",
        {"Y": "dense($out)", "H": "lstm($units)"},
    ),
    Entry(
        # The H without an X: the row runs on, and what it reads there is zero.
        "padded",
        "One layer reads the input and then continues over zeros for as many steps as the output has. The "
        "same weights read and write; consider an encoder and a decoder as well.",
        "many-to-many padded",
        """
      Y Y Y
      | | |
H H H H H H
| | |
X X X
  n     m
""",
        {"Y": "dense($out)", "H": "lstm($units)"},
    ),
)
