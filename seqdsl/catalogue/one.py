"""one vector goes in."""

from __future__ import annotations

from seqdsl.catalogue.entry import Entry

FROM_VECTOR = (
    Entry(
        "one-to-one",
        "One vector in, one vector out: two dense layers, without time steps or recurrence.",
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
        "One vector is the input of every step of a recurrent layer. For a vector that describes the whole "
        "sequence: a label, a style, constant conditions.",
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
        "One vector is the input of the first step, and the state carries it forward; the later steps read "
        "zeros. For a start whose effect may fade with time.",
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
        "One vector becomes the initial state of the sequence, and there is no other input. For initial "
        "conditions, such as the start of a trajectory.",
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
        "One wide dense layer gives all steps at once as one vector, which is divided into steps. A simple "
        "baseline without recurrence.",
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
