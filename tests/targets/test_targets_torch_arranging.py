"""A module with its axes in any order is called, and gives its results, in the order of pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from seqdsl.targets.torch.arranging import arrange, flatten

X = torch.arange(3 * 5 * 2.0).reshape(3, 5, 2)
"""Three samples of five steps of two features."""


class Plain(nn.Module):
    """What a function computes."""

    def __init__(self, computes: Callable[..., Any]) -> None:
        super().__init__()
        self.computes = computes

    def forward(self, *x: Any) -> Any:
        return self.computes(*x)


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


def test_states_of_rows_are_put_one_behind_the_other() -> None:
    model = Plain(lambda x, h, c: [x.sum(1), h + 1, c + 2])
    # h, c, h, c of two rows here; (2, samples, units) of each there
    arrange(model, ["bsf", "sbf_1_3", "sbf_2_4"], [(2,), (4,), (4,), (4,), (4,)])
    states = [torch.randn(3, 4) for _ in range(4)]
    y, *given = model(X[:3], *states)
    assert torch.equal(y, X[:3].sum(1))
    for place, (made, state) in enumerate(zip(given, states, strict=True)):
        torch.testing.assert_close(made, state + 1 + place % 2)


def test_arguments_and_results_may_be_nested() -> None:
    model = Plain(lambda x, state: (x.sum(1) + state["h"], None, {"c": (state["c"][0],)}))
    flatten(model, (X, {"h": X[:, 0], "c": (X[:, 0],)}))
    one, two = model(X, X[:, 1], X[:, 2])
    assert torch.equal(one, X.sum(1) + X[:, 1]) and torch.equal(two, X[:, 2])
