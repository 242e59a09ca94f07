"""Lengths that rows above divide: what generated code does with others."""

from __future__ import annotations

import numpy as np
import pytest

import seqdsl

PAIRS = "Y    ...  Y\n|\\        |\\\nX X  ...  X X\n\nX = input(2)\nY = gru(4)\n"


@pytest.mark.parametrize("target", ["keras", "torch"])
def test_a_length_that_cannot_be_divided_raises(target: str) -> None:
    model = seqdsl.compile(PAIRS, "a.seq").build(target)

    def steps(length: int) -> int:
        array = np.zeros((3, length, 2), "float32")
        if target == "keras":
            return int(model(array).shape[1])
        import torch

        return int(model(torch.from_numpy(array)).shape[1])

    assert (steps(4), steps(6)) == (2, 3)
    # TensorFlow and PyTorch both name the two lengths that do not fit.
    with pytest.raises(Exception, match=r"(?s)3.*2"):
        steps(5)
