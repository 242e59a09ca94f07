"""what a node reads → what it draws of it, by the noise that all models are given while they are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqdsl.runtime.noise import gumbel_noise, normal_noise

if TYPE_CHECKING:
    from seqdsl.verify.oracle.functions import Array
    from seqdsl.verify.oracle.values import Walk


def sample(walk: Walk, index: int) -> list[Array]:
    """An id drawn by the softmax of the features at a temperature: the largest of log probability and Gumbel noise."""
    temperature = walk.number(index, "temperature", 1.0)
    is_softmax = _reads_softmax(walk, index)
    found = []
    # argmax(x / t + g), as argmax(log p + g) is k with the probability p[k]
    for x in walk.rows(index):
        given = np.log(np.maximum(x.real, 1e-300)) if is_softmax else x.real
        scores = given / temperature + gumbel_noise(x.shape[-1])
        found.append(np.argmax(scores, -1)[..., None].astype(float))
    return found


def _reads_softmax(walk: Walk, index: int) -> bool:
    """Whether what a block reads are probabilities already: all of it ends in a softmax."""
    steps = [[place for place in step if place] for step in walk.steps.operands[index]]
    # Two softmaxes side by side are not one.
    if max(map(len, steps)) != 1:
        return False
    sources = {source.block for step in steps for place in step for source in place.sources}
    return all(_ends_in_softmax(walk, block) for block in sources)


def _ends_in_softmax(walk: Walk, index: int) -> bool:
    if walk.kind(index) in ("output", "concat"):
        return _reads_softmax(walk, index)
    return walk.kind(index) in ("dense", "conv", "activation") and (
        walk.argument(index, "activation") == "softmax"
    )


def sample_normal(walk: Walk, index: int) -> list[Array]:
    """A value drawn by a mean and a deviation, which are side by side; both have derivatives."""
    # m0 m1 | s0 s1  ->  m0 + s0 z0, m1 + s1 z1
    halves = [np.split(x, 2, -1) for x in walk.rows(index)]
    return [mean + deviation * normal_noise(mean.shape[-1]) for mean, deviation in halves]
