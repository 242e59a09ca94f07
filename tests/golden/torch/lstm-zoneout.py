"""PyTorch model lstm-zoneout: many-to-one."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class ZoneoutLstm(nn.Module):
    """A cell of the picture, run over all steps.

    cell zoneout_lstm(units, rate=0.1):
        i = sigmoid(dense(dropout(x, 0.2), h))
        f = sigmoid(dense(dropout(x, 0.2), h))
        o = sigmoid(dense(dropout(x, 0.2), h))
        c = zoneout(c, f * c + i * tanh(dense(x, h)), 0.5)
        h = zoneout(h, o * tanh(c), rate)
    """

    def __init__(self, features: int, units: int, rate: float) -> None:
        super().__init__()
        self.units = units
        self.features = features
        self.rate = rate
        self.i_x = nn.Linear(features, units)
        self.i_h = nn.Linear(units, units, bias=False)
        self.f_x = nn.Linear(features, units)
        self.f_h = nn.Linear(units, units, bias=False)
        self.o_x = nn.Linear(features, units)
        self.o_h = nn.Linear(units, units, bias=False)
        self.c_x = nn.Linear(features, units)
        self.c_h = nn.Linear(units, units, bias=False)

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
        # What is dropped is the same at all steps.
        kept = F.dropout(x.new_ones(x.shape[0], self.features), 0.2, self.training)
        kept_2 = F.dropout(x.new_ones(x.shape[0], self.features), 0.2, self.training)
        kept_3 = F.dropout(x.new_ones(x.shape[0], self.features), 0.2, self.training)
        # What depends on x alone, for all steps at once.
        i_x = self.i_x(x * kept[:, None])
        f_x = self.f_x(x * kept_2[:, None])
        o_x = self.o_x(x * kept_3[:, None])
        c_x = self.c_x(x)
        i_h_joined = torch.cat(
            [self.i_h.weight, self.f_h.weight, self.o_h.weight, self.c_h.weight],
        )
        outputs: list[Tensor] = []
        for i_x_now, f_x_now, o_x_now, c_x_now in zip(
            i_x.unbind(1),
            f_x.unbind(1),
            o_x.unbind(1),
            c_x.unbind(1),
            strict=True,
        ):
            i_h, f_h, o_h, c_h = F.linear(h, i_h_joined).chunk(4, dim=-1)
            i = torch.sigmoid(i_x_now + i_h)
            f = torch.sigmoid(f_x_now + f_h)
            o = torch.sigmoid(o_x_now + o_h)
            c = zoneout(c, f * c + i * torch.tanh(c_x_now + c_h), 0.5, self.training)
            h = zoneout(h, o * torch.tanh(c), self.rate, self.training)
            outputs.append(h)
        last = tuple(part[None] for part in (h, c))
        return torch.stack(outputs, dim=1), last


def zoneout(old: Tensor, new: Tensor, rate: float, training: bool) -> Tensor:
    """Keep some features as they were; outside training, the expected value."""
    if not training:
        return rate * old + (1 - rate) * new
    return torch.where(torch.rand_like(new) < 1 - rate, new, old)


class LstmZoneout(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

        cell zoneout_lstm(units, rate=0.1):
            i = sigmoid(dense(dropout(x, 0.2), h))
            f = sigmoid(dense(dropout(x, 0.2), h))
            o = sigmoid(dense(dropout(x, 0.2), h))
            c = zoneout(c, f * c + i * tanh(dense(x, h)), 0.5)
            h = zoneout(h, o * tanh(c), rate)

            Y   dense(1)
            |
        H-H-H   zoneout_lstm(8)
        | | |
        X X X   input(3)

    Shapes, without the batch:
        input x: (3, 3) float32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.zoneout_lstm_h = ZoneoutLstm(3, 8, rate=0.1)
        self.dense_y = nn.Linear(8, 1)

    def forward(self, x: Tensor) -> Tensor:
        _, (h_n, _) = self.zoneout_lstm_h(x)
        y: Tensor = self.dense_y(h_n[-1])
        return y


def build_model() -> LstmZoneout:
    """Build the model, with random weights."""
    return LstmZoneout()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 3, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
