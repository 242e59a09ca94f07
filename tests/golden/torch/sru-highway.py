"""PyTorch model sru-highway: many-to-one, masked, variable length."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Sru(nn.Module):
    """A cell of the picture, run over all steps.

    cell sru(units):
        f = sigmoid(dense(x) + scale(c))
        r = sigmoid(dense(x) + scale(c))
        c = f * c + (1 - f) * dense(x, bias=false)
        h = r * c + (1 - r) * x
    """

    def __init__(self, features: int, units: int) -> None:
        super().__init__()
        self.units = units
        self.f_x = nn.Linear(units, units)
        self.f_scale = nn.Parameter(torch.ones(units))
        self.r_x = nn.Linear(units, units)
        self.r_scale = nn.Parameter(torch.ones(units))
        self.c_x = nn.Linear(units, units, bias=False)

    def forward(
        self,
        x: Tensor,
        state: tuple[Tensor, ...] | None = None,
        mask: Tensor | None = None,
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Map (batch, steps, features) and a state to all outputs and the last state.

        The parts of a state, h and c, are (1, batch, units).
        State passes unchanged over the steps that are false in ``mask``, (batch, steps).
        """
        if state is None:
            zeros = x.new_zeros(1, x.shape[0], self.units)
            state = (zeros, zeros)
        h, c = (part[0] for part in state)
        # What depends on x alone, for all steps at once.
        f_x, r_x = F.linear(
            x,
            torch.cat([self.f_x.weight, self.r_x.weight]),
            torch.cat([self.f_x.bias, self.r_x.bias]),
        ).chunk(2, dim=-1)
        c_x = self.c_x(x)
        outputs: list[Tensor] = []
        for step, (f_x_now, r_x_now, c_x_now, x_now) in enumerate(
            zip(f_x.unbind(1), r_x.unbind(1), c_x.unbind(1), x.unbind(1), strict=True),
        ):
            before = h, c
            f = torch.sigmoid(f_x_now + self.f_scale * c)
            r = torch.sigmoid(r_x_now + self.r_scale * c)
            c = f * c + (1 - f) * c_x_now
            h = r * c + (1 - r) * x_now
            if mask is not None:
                valid = mask[:, step, None]
                pairs = zip((h, c), before, strict=True)
                h, c = (torch.where(valid, new, old) for new, old in pairs)
            outputs.append(h)
        last = tuple(part[None] for part in (h, c))
        return torch.stack(outputs, dim=1), last


class SruHighway(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

        cell sru(units):
            f = sigmoid(dense(x) + scale(c))
            r = sigmoid(dense(x) + scale(c))
            c = f * c + (1 - f) * dense(x, bias=false)
            h = r * c + (1 - r) * x

                Y   dense(2, softmax)
                |
        H H ... H   sru(8)
        | |     |
        W W ... W   embedding(8, mask=true)
        | |     |
        X X ... X   tokens(50)

    Shapes, without the batch:
        input x: (None,) int32
        output y: (2,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(50, 8)
        self.sru_h = Sru(8, 8)
        self.dense_y = nn.Linear(8, 2)

    def forward(self, x: Tensor) -> Tensor:
        mask = x != 0
        embedding_w = self.embedding_w(x)
        _, (h_n, _) = self.sru_h(embedding_w, mask=mask)
        return torch.softmax(self.dense_y(h_n[-1]), dim=-1)


def build_model() -> SruHighway:
    """Build the model, with random weights."""
    return SruHighway()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(50, (2, 6))
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
