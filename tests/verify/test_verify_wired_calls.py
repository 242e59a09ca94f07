"""Rows of any length each of whose nodes calls a picture for what its own wires lead to it, as steps."""

from __future__ import annotations

import pytest

import seqdsl
from seqdsl.api import analyze
from seqdsl.targets import TARGETS
from seqdsl.verify.pool import verify
from tests.random_pictures.wired_calls import random_wired_calls
from tests.unsaved import UNSAVED

GROUPS = """
model word

        V   dense(2)
        |
H-H-...-H   gru(3)
| |     |
W W ... W   embedding(3, mask=true)
| |     |
X X ... X   tokens(9)

model sentence

  Y    ...    Y     lstm(3)
  |           |
  T    ...    T     word
  |           |
+-+-+       +-+-+
| | |       | | |
Z Z Z  ...  Z Z Z   tokens(9)
"""

BESIDE = r"""
model pair

B B   batchnorm
| |
H-H   gru(4)
| |
X X   input(3)

model whole

F   F  ...  F   flatten
|   |       |
T   T  ...  T   pair
|\  |\      |\
| D | D ... | D   dense(3)
|/  |/      |/
Z   Z  ...  Z   input(3)
"""


def test_targets_apply_a_picture_to_the_wires_of_each_node() -> None:
    # Padding in each group, by ids; and places that are normalized together in training.
    for text, targets in ((GROUPS, ["keras", "torch", "numpy"]), (BESIDE, ["torch", "numpy"])):
        report = verify([seqdsl.compile(text)], targets, checks=UNSAVED)
        assert report.results and not [item.message for item in report.results if not item.passed]


def test_random_ones_pass_every_check(pytestconfig: pytest.Config) -> None:
    first = pytestconfig.getoption("--first-seed")
    count = pytestconfig.getoption("--proven-pictures") // 16
    # By file and name the results of all targets are compared.
    models = [
        analyze(random_wired_calls(seed), f"wired-calls-{seed}.seq").models[-1]
        for seed in range(first, first + count)
    ]
    failed = [
        f"{item}\n{item.message}" for item in verify(models, TARGETS, checks=UNSAVED).failures
    ]
    assert not failed, "\n\n".join(failed)
