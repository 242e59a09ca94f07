"""PyTorch model text-mean-and-max: many-to-one, bidirectional."""

import torch
from torch import Tensor, nn


class TextMeanAndMax(nn.Module):
    r"""Map a sequence ``x`` to a vector ``y``.

            Y       dense(6, sigmoid)
           / \
          M   N
          |   |
        +-+-+-+-+
        | | | | |
        H=H=H=H=H   gru(8)
        | | | | |
        X X X X X   input(12)

        M = mean
        N = max

    Shapes, without the batch:
        input x: (5, 12) float32
        output y: (6,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_h = nn.GRU(12, 8, batch_first=True, bidirectional=True)
        self.dense_y = nn.Linear(32, 6)

    def forward(self, x: Tensor) -> Tensor:
        gru_h, _ = self.gru_h(x)
        mean_m = gru_h.mean(dim=1)
        max_n = gru_h.amax(dim=1)
        joined = torch.cat((mean_m, max_n), dim=-1)
        return torch.sigmoid(self.dense_y(joined))


def build_model() -> TextMeanAndMax:
    """Build the model, with random weights."""
    return TextMeanAndMax()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 5, 12)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
