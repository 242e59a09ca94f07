"""PyTorch model gru-reset-before: many-to-one."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class GruBefore(nn.Module):
    """A cell of the picture, run over all steps.

    cell gru_before(units):
        z = sigmoid(dense(x, h))
        r = sigmoid(dense(x, h))
        n = tanh(dense(x, r * h))
        h = z * h + (1 - z) * n
    """

    def __init__(self, features: int, units: int) -> None:
        super().__init__()
        self.units = units
        self.z_x = nn.Linear(features, units)
        self.z_h = nn.Linear(units, units, bias=False)
        self.r_x = nn.Linear(features, units)
        self.r_h = nn.Linear(units, units, bias=False)
        self.n_x = nn.Linear(features, units)
        self.n_rh = nn.Linear(units, units, bias=False)

    def forward(self, x: Tensor, state: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Map (batch, steps, features) and a state to all outputs and the last state.

        A state is (1, batch, units).
        """
        if state is None:
            state = x.new_zeros(1, x.shape[0], self.units)
        h = state[0]
        # What depends on x alone, for all steps at once.
        z_x, r_x, n_x = F.linear(
            x,
            torch.cat([self.z_x.weight, self.r_x.weight, self.n_x.weight]),
            torch.cat([self.z_x.bias, self.r_x.bias, self.n_x.bias]),
        ).chunk(3, dim=-1)
        z_h_joined = torch.cat([self.z_h.weight, self.r_h.weight])
        outputs: list[Tensor] = []
        for z_x_now, r_x_now, n_x_now in zip(
            z_x.unbind(1),
            r_x.unbind(1),
            n_x.unbind(1),
            strict=True,
        ):
            z_h, r_h = F.linear(h, z_h_joined).chunk(2, dim=-1)
            z = torch.sigmoid(z_x_now + z_h)
            r = torch.sigmoid(r_x_now + r_h)
            n = torch.tanh(n_x_now + self.n_rh(r * h))
            h = z * h + (1 - z) * n
            outputs.append(h)
        return torch.stack(outputs, dim=1), h[None]


class GruResetBefore(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

        cell gru_before(units):
            z = sigmoid(dense(x, h))
            r = sigmoid(dense(x, h))
            n = tanh(dense(x, r * h))
            h = z * h + (1 - z) * n

            Y   dense(1)
            |
        H-H-H   gru_before(8)
        | | |
        X X X   input(3)

    Shapes, without the batch:
        input x: (3, 3) float32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_before_h = GruBefore(3, 8)
        self.dense_y = nn.Linear(8, 1)

    def forward(self, x: Tensor) -> Tensor:
        _, h_n = self.gru_before_h(x)
        y: Tensor = self.dense_y(h_n[-1])
        return y


def build_model() -> GruResetBefore:
    """Build the model, with random weights."""
    return GruResetBefore()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 3, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
