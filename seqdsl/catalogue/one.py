"""one vector goes in."""

from __future__ import annotations

from seqdsl.catalogue.entry import Entry

FROM_VECTOR = (
    Entry(
        "one-to-one",
        "A vector in, a vector out. There is no time in it: two dense layers, nothing recurrent.",
        "one-to-one",
        """
Y
|
F
|
X
""",
        {"Y": "dense($out)", "F": "dense($units, relu)"},
    ),
    Entry(
        "one-to-many",
        "One vector is given to every step of a recurrent layer. This is what you want when the vector describes "
        "the whole sequence: a label, a style, conditions that hold throughout.",
        "one-to-many",
        """
Y Y Y
| | |
H-H-H
| | |
+-+-+
|
X
  m
""",
        {"Y": "dense($out)", "H": "lstm($units)"},
    ),
    Entry(
        # As above without the bus: one wire, and so one step that is read.
        "one-to-many-first-step",
        "One vector is the first step, and the state carries it on; the later steps see zeros. "
        "For a start that should fade with time.",
        "one-to-many",
        """
Y Y Y
| | |
H-H-H
|
X
  m
""",
        {"Y": "dense($out)", "H": "lstm($units)"},
    ),
    Entry(
        "one-to-many-initial-state",
        "One vector becomes the state from which the sequence starts, and nothing else is fed. "
        "For initial conditions: where a trajectory begins.",
        "one-to-many",
        """
    Y Y Y
    | | |
+---D-D-D
|
F
|
X
      m
""",
        {"Y": "dense($out)", "D": "gru($units, name=decoder)", "F": "dense($units, tanh)"},
    ),
    Entry(
        "one-to-many-split",
        "One wide dense layer gives all steps at once, and they are cut apart. "
        "The baseline to beat before you reach for recurrence.",
        "one-to-many",
        """
Y Y Y
| | |
+-+-+
|
D
|
F
|
X
  m
""",
        {"Y": "split", "D": "dense($total)", "F": "dense($units, relu)"},
    ),
)
