"""one sequence goes in; a sequence of the same length comes out."""

from __future__ import annotations

from seqdsl.catalogue.entry import Entry

ALIGNED = (
    Entry(
        "many-to-many",
        "One output per step, from all steps read so far. "
        "The tagger, and the choice wherever the future is not known yet.",
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
        "One output per step, from the whole sequence: it is read in both directions. "
        "For tags of text or recordings that are complete when they are read.",
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
        "One output per step, from a window of the steps just before it. No recurrence, so all steps are "
        "computed at once; stack more rows with dilation to look back further.",
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
        # The row P makes the features a number that both heads have an equal part of, as they would not have of 3.
        "self-attention",
        "One output per step, from all steps at once, weighted by how well they match. "
        "It does not know the order of the steps: that has to be in the features.",
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
        "The sequence is encoded as one vector and decoded to the same length. "
        "For a code of the whole sequence, or to detect anomalies; the target is the input.",
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
