"""Models that take other steps for padding than their lengths say, and what must catch them."""

from __future__ import annotations

from tests.verify.wrong_models import Wrong, keras, torch

PICTURES: dict[str, str] = {
    "lengths-from-right-to-left": """
Y Y Y Y   dense(2)
| | | |
H<H<H<H   gru(4)
| | | |
X X X X   input(3, lengths=true)
""",
    "lengths-begin-with-a-state": """
        Y Y Y   dense(2)
        | | |
E-E-E-E-D-D-D
| | | | | | |
X X X X Z Z Z

X = input(3, lengths=true)
Z = input(3)
E = gru(4)
D = gru(4)
""",
}

PICTURES["lengths-of-every-second-step"] = """
H=======H=======H   gru(4)
|       |       |
C       C       C   conv(5, 3, relu)
|       |       |
X   X   X   X   X   input(2, lengths=true)
"""

WRONG: tuple[Wrong, ...] = (
    torch(
        "lengths off by one",
        "speaker-lengths",
        "reference",
        ("mask = steps <", "mask = steps + 1 <"),
    ),
    keras(
        "lengths off by one",
        "tagger-packed",
        "reference",
        ("numbers <= ops.expand_dims", "numbers < ops.expand_dims"),
    ),
    torch(
        "a sample packed by the lengths of the other input",
        "siamese-lengths",
        "reference",
        ("second_lengths.clamp(min=1)", "first_lengths.clamp(min=1)"),
    ),
    keras(
        "the lengths of the other input",
        "siamese-lengths",
        "reference",
        ("steps_before(second_lengths, second)", "steps_before(first_lengths, second)"),
    ),
    torch(
        "padding in front of what runs from right to left read as data",
        "lengths-from-right-to-left",
        "reference",
        (
            "order = (x_lengths[:, None] - 1 - steps_2) % mask.shape[1]",
            "order = mask.shape[1] - 1 - steps_2.expand(mask.shape)",
        ),
    ),
    torch(
        "lengths ignored where both directions run",
        "speech-lengths",
        "reference",
        (
            "spectrum_lengths.clamp(min=1).cpu().long()",
            "spectrum_lengths.clamp(min=mask.shape[1]).cpu().long()",
        ),
    ),
    keras(
        "lengths ignored by one of two stacked rows",
        "speech-lengths",
        "reference",
        ("(conv_f, mask=mask)", "(conv_f)"),
    ),
    torch(
        "every second step as valid as the first ones",
        "lengths-of-every-second-step",
        "reference",
        ("mask[:, ::2]", "mask[:, :3]"),
    ),
    torch(
        "the mean of all frames",
        "speaker-lengths",
        "reference",
        ("/ mask.sum(dim=1, keepdim=True).clamp(min=1)", "/ mask.shape[1]"),
    ),
    keras(
        "the mean of all frames",
        "speaker-lengths",
        "reference",
        (
            "GlobalAveragePooling1D()(conv_g, mask=some_valid(mask))",
            "GlobalAveragePooling1D()(conv_g)",
        ),
    ),
    torch(
        "what is behind a length read by a window",
        "speaker-lengths",
        "reference",
        ("        frames = frames.masked_fill(~mask[..., None], 0)\n", ""),
    ),
    torch(
        "the state of a sample without a step",
        "lengths-begin-with-a-state",
        "reference",
        ("(x_lengths > 0)[:, None]", "(x_lengths > -1)[:, None]"),
    ),
)
"""Slips about lengths: all shapes are right, and where all samples are as long as their batch so is the rest."""
