"""one sequence goes in; a sequence of the same length comes out."""

from __future__ import annotations

from seqdsl.catalogue.entry import Entry

ALIGNED = (
    Entry(
        "many-to-many",
        "One output per step, from all steps so far. For tagging, and wherever future steps are not known yet.",
        "many-to-many aligned",
        """
Y Y Y
| | |
H H H
| | |
X X X
  n
""",
        {"Y": "dense($out)", "H": "lstm($units)"},
    ),
    Entry(
        "bidirectional-tagger",
        "One output per step, from the whole sequence, which is read in both directions. For tagging text or "
        "recordings that are complete when they are read.",
        "many-to-many aligned",
        """
Y Y Y
| | |
B=B=B
| | |
X X X
  n
""",
        {"Y": "dense($out)", "B": "lstm($units)"},
    ),
    Entry(
        "stacked-tagger",
        "One output per step, from two stacked recurrent layers. Both return their whole sequence.",
        "many-to-many aligned",
        """
Y Y Y
| | |
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
        # `padding=causal`: zero steps in front only. Without it a window would end one step after its own.
        "causal-convolution",
        "One output per step, from a window of the step and those just before it. No recurrence, so all steps "
        "are computed in parallel. Stack more rows with dilation for a longer history.",
        "many-to-many aligned",
        """
Y Y Y
| | |
F F F
| | |
X X X
  n
""",
        {"Y": "dense($out)", "F": "conv($units, 3, relu, padding=causal)"},
    ),
    Entry(
        "streaming-tagger",
        "One output per step of a stream that comes in pieces. The state after a piece is an output of the model, and "
        "an input with the next piece.",
        "many-to-many aligned",
        """
  Y Y Y
  | | |
*-H-H-H-*
  | | |
  X X X
    n
""",
        {"Y": "dense($out)", "H": "lstm($units)"},
    ),
    Entry(
        # The row P makes the features a number that both heads have an equal part of, as they would not have of 3.
        "self-attention",
        "One output per step, by attention over all steps. The layer does not use the order of the steps: the "
        "features must contain it.",
        "many-to-many aligned",
        """
Y Y Y
| | |
A A A
| | |
+-+-+
| | |
P P P
| | |
X X X
  n
""",
        {"Y": "dense($out)", "A": "attention(heads=2)", "P": "dense($units)"},
    ),
    Entry(
        # The ruler's `r`: the output is as long as the input, drawn a second time.
        "autoencoder",
        "The sequence is encoded as one vector and decoded to the same length. For a compact code of the "
        "sequence, or to detect unusual ones. The target is the input.",
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
  n     r
""",
        {"Y": "dense($same)", "D": "lstm($units, name=decoder)", "E": "lstm($units, name=encoder)"},
    ),
)
