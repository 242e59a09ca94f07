"""codes of feedback: what an input may be fed with when the model runs free."""

from __future__ import annotations

from seqdsl.text.codes.code import Code, Remedy

_WORDS = """Y Y Y   {y}
| | |
H-H-H   gru(16)
| | |
E E E   embedding(8)
| | |
Z Z Z   tokens(20, feedback={letter})
"""

FEEDBACK: dict[str, Code] = {
    "SEQ321": Code(
        "feedback that does not fit the input",
        "`feedback=Y` names the row whose output becomes the next step of the input: a letter of the picture, "
        "drawn as one row with steps, as wide as the input, or as the vocabulary of its ids.",
        _WORDS.format(y="dense(10)", letter="Y"),
        _WORDS.format(y="dense(20)", letter="Y"),
        remedy=Remedy.NONE,
    ),
    "SEQ322": Code(
        "feedback that needs a later step",
        "When a model runs free, each step of `Y` is computed before the next step of the input is there. "
        "Nothing between the two may read later steps. Several inputs that are fed have the same number of steps. "
        "A known sequence, such as a calendar, is read beside the input: at the same step, not at another one.",
        _WORDS.format(y="dense(20)", letter="Y").replace("H-H-H", "H=H=H"),
        _WORDS.format(y="dense(20)", letter="Y"),
        remedy=Remedy.NONE,
    ),
}
