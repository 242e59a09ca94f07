"""Models that feed themselves with what they draw: their free runs draw what the interpreter draws."""

from __future__ import annotations

from textwrap import dedent

import seqdsl
from seqdsl.verify.pool import verify
from tests.unsaved import UNSAVED

# DeepAR: a draw of the distribution is the next value.
VALUES = """
  S   S ...   S   sample(normal)
  |   |       |
  P   P ...   P   dense(2, softplus)
  |   |       |
  H---H-...---H   gru(4)
  |   |       |
  Z   Z ...   Z   input(1, feedback=S)
"""

# A code is drawn once, then words by their probabilities: only these are random in the runs that count ids.
WORDS = """
  Y Y ... Y   dense(5)
  | |     |
+-D-D-...-D   gru(3)
| | |     |
| W W ... W   embedding(4)
| | |     |
| Z Z ... Z   tokens(5, feedback=Y)
|
V             sample(normal)
|
P             dense(6, softplus)
|
X             input(2)
"""


def test_draws_of_rows_are_shared_where_a_model_runs_free() -> None:
    models = [
        seqdsl.compile(dedent(picture).strip("\n"), name)
        for name, picture in (("values.seq", VALUES), ("words.seq", WORDS))
    ]
    report = verify(models, ["torch", "numpy"], checks=UNSAVED)
    assert report.results and not [item.message for item in report.results if not item.passed]
