"""two or three inputs go in, each read by a layer of its own; what they come to is joined."""

from __future__ import annotations

from seqdsl.catalogue.entry import Entry

SERIES_AND_VECTOR = (
    Entry(
        "series-and-vector",
        "The final state of a sequence beside a layer of a vector, joined by a dense layer. A series and a table row: "
        "what was measured, and what is known of the patient, the shop or the machine.",
        "many-to-one",
        """
        Y
        |
        Q
        |
    +---+---+
    |       |
H H H       F
| | |       |
X X X       Z
  n
""",
        {
            "H": "lstm($units)",
            "F": "dense($units, relu)",
            "Q": "dense($units, relu)",
            "Y": "dense($out)",
        },
    ),
    Entry(
        "series-from-vector",
        "A vector is the initial state from which a sequence is read, and the last step gives the output. For "
        "conditions that hold before the sequence begins.",
        "many-to-one",
        """
        Y
        |
+---H-H-H
|   | | |
F   | | |
|   | | |
X   Z Z Z
      n
""",
        {"Y": "dense($out)", "H": "gru($units)", "F": "dense($units, tanh)"},
    ),
    Entry(
        # The ruler's `nnnn`: one H and its Z, with the `/` on its left that brings the vector.
        "vector-at-every-step",
        "A vector beside the sequence at every step, and the last step gives the output. For conditions that change "
        "how each step is to be read.",
        "many-to-one",
        """
          Y
          |
  H---H---H
 /|  /|  /|
+-|-+-|-+ |
| |   |   |
X Z   Z   Z
    nnnn
""",
        {"Y": "dense($out)", "H": "lstm($units)"},
    ),
    Entry(
        "tags-with-vector",
        "One output per step, from a sequence with a vector beside it at every step. Tags of what a known speaker "
        "says, a signal of a known sensor.",
        "many-to-many aligned",
        """
  Y   Y   Y
  |   |   |
  H---H---H
 /|  /|  /|
+-|-+-|-+ |
| |   |   |
X Z   Z   Z
    nnnn
""",
        {"Y": "dense($out)", "H": "lstm($units)"},
    ),
    Entry(
        "forecast-with-vector",
        "The final state of a sequence and a layer of a vector become one code, which every step of a decoder is "
        "given. A forecast of several steps for a known shop, river or patient.",
        "encoder-decoder",
        """
          Y Y Y
          | | |
          D-D-D
          | | |
        +-+-+-+
        |
        Q
        |
    +---+-+
    |     |
E-E-E     F
| | |     |
X X X     Z
  n         m
""",
        {
            "E": "lstm($units, name=encoder)",
            "F": "dense($units, relu)",
            "Q": "dense($units, relu)",
            "D": "lstm($units, name=decoder)",
            "Y": "dense($out)",
        },
    ),
)

SEQUENCES = (
    Entry(
        "two-encoders",
        "Two sequences, each read by a layer of its own to its final state; a dense layer joins the two. Two sensors "
        "at rates of their own, a question and a text.",
        "many-to-one",
        """
        Y
        |
        Q
        |
    +---+---+
    |       |
E E E   F F F
| | |   | | |
X X X   Z Z Z
  n       p
""",
        {
            "E": "lstm($units)",
            "F": "lstm($units)",
            "Q": "dense($units, relu)",
            "Y": "dense($out)",
        },
    ),
    Entry(
        # Two chains, `L-L-L   L-L-L`: a row of one letter without wires would be one run over both sequences.
        # Token ids of both would need one embedding, and a row of embeddings is one for each input.
        "siamese",
        "Two sequences of the same features, read by one layer with one set of weights; both final states give the "
        "output. Whether two recordings are alike.",
        "many-to-one",
        """
        Y
        |
    +---+---+
    |       |
L-L-L   L-L-L
| | |   | | |
X X X   Z Z Z
  n       p
""",
        {"L": "lstm($units)", "Y": "dense($out)"},
        tokens=False,
    ),
    Entry(
        "three-encoders",
        "Three sequences, each read by a layer of its own to its final state; a dense layer joins the three. Sensors "
        "at rates of their own; sound, image and text of one scene.",
        "many-to-one",
        """
            Y
            |
            Q
            |
    +-------+-------+
    |       |       |
E E E   F F F   G G G
| | |   | | |   | | |
X X X   Z Z Z   T T T
  n       p       q
""",
        {
            "E": "lstm($units)",
            "F": "lstm($units)",
            "G": "lstm($units)",
            "Q": "dense($units, relu)",
            "Y": "dense($out)",
        },
    ),
    Entry(
        "two-encoders-and-vector",
        "Two sequences, each read by a layer of its own to its final state, beside a layer of a vector; a dense layer "
        "joins the three. Two sensors and the person who wears them.",
        "many-to-one",
        """
            Y
            |
            Q
            |
    +-------+---+
    |       |   |
E E E   F F F   G
| | |   | | |   |
X X X   Z Z Z   T
  n       p
""",
        {
            "E": "lstm($units)",
            "F": "lstm($units)",
            "G": "dense($units, relu)",
            "Q": "dense($units, relu)",
            "Y": "dense($out)",
        },
    ),
    Entry(
        # The ruler's `mmmm`: one D and its T, with the `/` on its left that brings the vector.
        "forecast-with-known-future",
        "An encoder reads the past and passes its final state to a decoder, which reads what is known of the future "
        "beside a vector that holds throughout. Forecasts with a calendar, for one shop among many.",
        "encoder-decoder",
        """
        Y   Y   Y
        |   |   |
E-E-E---D---D---D
| | |  /|  /|  /|
| | | +-|-+-|-+ |
| | | | |   |   |
X X X Z T   T   T
  n       mmmm
""",
        {
            "E": "lstm($units, name=encoder)",
            "D": "lstm($units, name=decoder)",
            "Y": "dense($out)",
        },
    ),
)

FUSION = (*SERIES_AND_VECTOR, *SEQUENCES)
