"""A module with its axes in any order is called, and gives its results, in the order of pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
import torch
from torch import Tensor, nn

from seqdsl.targets.torch.arranging import arrange

X = torch.arange(3 * 5 * 2.0).reshape(3, 5, 2)
"""Three samples of five steps of two features."""


class Plain(nn.Module):
    """What a function computes."""

    def __init__(self, computes: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.computes = computes

    def forward(self, x: Tensor) -> Tensor:
        return self.computes(x)


@pytest.mark.parametrize(
    ("axes", "computes", "expected"),
    [
        (["sbf"], lambda x: x.cumsum(0), X.cumsum(1)),
        (["bfs"], lambda x: x.cumsum(2), X.cumsum(1)),
        # The last step alone: (samples, features) is right as it is.
        (["sbf"], lambda x: x[-1], X[:, -1]),
        (["sf"], lambda x: x.cumsum(0), X.cumsum(1)),
        (["sf"], lambda x: x[-1:], X[:, -1]),
        # An axis of length 1 that the picture has.
        (["given"], lambda x: x.sum((1, 2)), X.sum((1, 2))[:, None]),
        (["given"], lambda x: x[:, :, None], X),
    ],
)
def test_axes(axes: Sequence[str], computes: Callable[[Tensor], Tensor], expected: Tensor) -> None:
    model = Plain(computes)
    arrange(model, axes, [(None,) * (expected.dim() - 2) + tuple(expected.shape[-1:])])
    # One sample of one step is open; what is found for others holds for it.
    for samples in (slice(None), slice(1)):
        (given,) = model(X[samples])
        assert torch.equal(given, expected[samples])


def test_an_order_is_kept_where_a_call_leaves_it_open() -> None:
    model = Plain(lambda x: x.cumsum(0))
    arrange(model, ["sbf"], [(None, 2)])
    model(X)
    square = X[:, :3]
    (given,) = model(square)
    assert torch.equal(given, square.cumsum(1))
