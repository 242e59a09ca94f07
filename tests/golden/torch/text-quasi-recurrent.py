"""PyTorch model text-quasi-recurrent: many-to-one."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class FoPooling(nn.Module):
    """A cell of the picture, run over all steps.

    cell fo_pooling(units):
        z, f, o = split(dense(x, features=3 * units), 3)
        k = sigmoid(f)
        c = k * c + (1 - k) * tanh(z)
        h = sigmoid(o) * c
    """

    def __init__(self, features: int, units: int) -> None:
        super().__init__()
        self.units = units
        self.zfo_x = nn.Linear(features, 3 * units)

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
        z, f, o = self.zfo_x(x).chunk(3, dim=-1)
        k = torch.sigmoid(f)
        outputs: list[Tensor] = []
        for k_now, z_now, o_now in zip(
            k.unbind(1),
            z.unbind(1),
            o.unbind(1),
            strict=True,
        ):
            c = k_now * c + (1 - k_now) * torch.tanh(z_now)
            h = torch.sigmoid(o_now) * c
            outputs.append(h)
        last = tuple(part[None] for part in (h, c))
        return torch.stack(outputs, dim=1), last


class TextQuasiRecurrent(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

        cell fo_pooling(units):
            z, f, o = split(dense(x, features=3 * units), 3)
            k = sigmoid(f)
            c = k * c + (1 - k) * tanh(z)
            h = sigmoid(o) * c

                        Y   dense(2, softmax)
                        |
        H---H---H---H---H   fo_pooling(6)
        |  /|  /|  /|  /|
        | / | / | / | / |
        |/  |/  |/  |/  |
        W   W   W   W   W   embedding(5)
        |   |   |   |   |
        X   X   X   X   X   tokens(20)

    Shapes, without the batch:
        input x: (5,) int32
        output y: (2,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(20, 5)
        self.fo_pooling_h = FoPooling(10, 6)
        self.dense_y = nn.Linear(6, 2)

    def forward(self, x: Tensor) -> Tensor:
        embedding_w = self.embedding_w(x)
        padded = F.pad(embedding_w[:, :4], (0, 0, 1, 0))
        joined = torch.cat((padded, embedding_w), dim=-1)
        _, (h_n, _) = self.fo_pooling_h(joined)
        return torch.softmax(self.dense_y(h_n[-1]), dim=-1)


def build_model() -> TextQuasiRecurrent:
    """Build the model, with random weights."""
    return TextQuasiRecurrent()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(20, (2, 5))
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
