"""PyTorch model lstm-layer-normalized: many-to-one."""

import torch
from torch import Tensor, nn


class NormLstm(nn.Module):
    """A cell of the picture, run over all steps.

    cell norm_lstm(units):
        i, f, g, o = split(layernorm(dense(x, h, features=4 * units)), 4)
        c = sigmoid(f) * c + sigmoid(i) * tanh(g)
        h = sigmoid(o) * tanh(layernorm(c))
    """

    def __init__(self, features: int, units: int) -> None:
        super().__init__()
        self.units = units
        self.ifgo_norm = nn.LayerNorm(4 * units)
        self.ifgo_x = nn.Linear(features, 4 * units)
        self.ifgo_h = nn.Linear(units, 4 * units, bias=False)
        self.h_norm = nn.LayerNorm(units)

    def forward(
        self,
        x: Tensor,
        state: tuple[Tensor, ...] | None = None,
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Map (batch, steps, features) and a state to all outputs and the last state.

        The parts of a state, h and c, are (1, batch, units).
        """
        if state is None:
            zeros = x.new_zeros(1, x.shape[0], self.units)
            state = (zeros, zeros)
        h, c = (part[0] for part in state)
        # What depends on x alone, for all steps at once.
        ifgo_x = self.ifgo_x(x)
        outputs: list[Tensor] = []
        for ifgo_x_now in ifgo_x.unbind(1):
            i, f, g, o = self.ifgo_norm(ifgo_x_now + self.ifgo_h(h)).chunk(4, dim=-1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(self.h_norm(c))
            outputs.append(h)
        last = tuple(part[None] for part in (h, c))
        return torch.stack(outputs, dim=1), last


class LstmLayerNormalized(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

        cell norm_lstm(units):
            i, f, g, o = split(layernorm(dense(x, h, features=4 * units)), 4)
            c = sigmoid(f) * c + sigmoid(i) * tanh(g)
            h = sigmoid(o) * tanh(layernorm(c))

            Y   dense(1)
            |
        H-H-H   norm_lstm(8)
        | | |
        X X X   input(3)

    Shapes, without the batch:
        input x: (3, 3) float32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.norm_lstm_h = NormLstm(3, 8)
        self.dense_y = nn.Linear(8, 1)

    def forward(self, x: Tensor) -> Tensor:
        _, (h_n, _) = self.norm_lstm_h(x)
        y: Tensor = self.dense_y(h_n[-1])
        return y


def build_model() -> LstmLayerNormalized:
    """Build the model, with random weights."""
    return LstmLayerNormalized()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 3, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
