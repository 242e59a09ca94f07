"""PyTorch model forecast-lstnet: many-to-one, convolutional."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class ForecastLstnet(nn.Module):
    r"""Map a sequence ``x`` to a vector ``y``.

                            Y
                            |\
                            | \
                            L  \
                            |\  |
              S-------S-----|-S |
              |       |     | | |
        H---H-|-H---H-|-H---H | |
        |   |/  |   |/  |   |/  |
        C   C   C   C   C   C   A
        |   |   |   |   |   |   |
        |   |   |   | +-|-+-|-+-+
        |   |   |   |/  |/  |/
        X   X   X   X   X   X

        X = input(2)
        C = conv(5, 3, relu, padding=causal)
        H = gru(5, name=recurrent)
        S = gru(4, name=skipping)
        A = dense(2, name=linear)
        L = dense(2)
        Y = add

    Shapes, without the batch:
        input x: (6, 2) float32
        output y: (2,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv_c = nn.Conv1d(2, 5, 3)
        self.linear = nn.Linear(6, 2)
        self.recurrent = nn.GRU(5, 5, batch_first=True)
        self.skipping = nn.GRU(5, 4, batch_first=True)
        self.dense_l = nn.Linear(9, 2)

    def forward(self, x: Tensor) -> Tensor:
        padded = F.pad(x.transpose(1, 2), (2, 0))
        conv_c = torch.relu(self.conv_c(padded)).transpose(1, 2)
        linear = self.linear(x[:, -3:].flatten(1))
        _, recurrent_hidden = self.recurrent(conv_c)
        _, skipping_hidden = self.skipping(conv_c[:, 1::2])
        joined = torch.cat((recurrent_hidden[-1], skipping_hidden[-1]), dim=-1)
        dense_l = self.dense_l(joined)
        y: Tensor = dense_l + linear
        return y


def build_model() -> ForecastLstnet:
    """Build the model, with random weights."""
    return ForecastLstnet()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 2)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
