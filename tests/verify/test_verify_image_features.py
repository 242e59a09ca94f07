"""What looks at all features, or at a whole batch, gives the same numbers for images in every target."""

from __future__ import annotations

from dataclasses import replace

import pytest

import seqdsl
from seqdsl.verify.check_names import checks_of
from seqdsl.verify.expected_results import compute_expected
from seqdsl.verify.generated_job import job_for
from seqdsl.verify.lane import Lane

# As many features as places a side, so that no shape tells one axis from another.
ALL_LAYERS = """
Y Y   conv2d(3, 3, log_softmax)
| |
S S   activation(softmax)
| |
N N   layernorm
| |
B B   batchnorm
| |
D D   dense(3, log_softmax)
| |
C C   conv2d(3, 3, softmax)
| |
X X   input(3, 3, 3)
"""

LONE = """
Y   activation(log_softmax)
|
N   layernorm
|
B   batchnorm
|
C   conv2d(3, 3, softmax)
|
X   input(3, 3, 3)
"""

# One letter above and below the mean of all places: the same statistics for images and for features alone.
IMAGES_FIRST = """
Y Y   dense(2)
| |
{letter} {letter}   {layer}
| |
M M   mean(grid)
| |
{letter} {letter}
| |
C C   {first}
| |
X X   input({shape})
"""

# A single vector, then images of all steps.
FEATURES_FIRST = """
Y   M M
|   | |
N   | |
|   | |
D   N N
|   | |
X   C C
    | |
    Z Z

X = input(2)
Z = input(3, 3, 3)
C = conv2d(3, 3)
D = dense(3)
N = batchnorm
M = mean(grid)
Y = dense(2)
"""


def _twice(layer: str, first: str, shape: str) -> str:
    return IMAGES_FIRST.format(letter="N", layer=layer, first=first, shape=shape)


PICTURES = {
    "images": ALL_LAYERS,
    "one image": LONE,
    "batchnorm of images and features": _twice("batchnorm", "conv2d(3, 3)", "3, 3, 3"),
    "batchnorm of words and features": _twice("batchnorm", "dense(3)", "3, 2"),
    "batchnorm of one vector and images": FEATURES_FIRST,
    "layernorm of images and features": _twice("layernorm", "conv2d(3, 3)", "3, 3, 3"),
}


@pytest.mark.xdist_group("lanes")
@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("target", ["torch", "keras", "numpy"])
def test_the_numbers_are_those_of_the_picture(
    name: str, target: str, lanes: dict[str, Lane]
) -> None:
    model = seqdsl.compile(PICTURES[name], "model.seq")
    job = replace(
        job_for(model, target), checks=checks_of(target), expected=compute_expected(model)
    )
    results = lanes[target].run(job)
    assert {item.check: item.message for item in results if not item.passed} == {}
    assert "reference" in {item.check for item in results}
