"""PyTorch model broken-chains: many-to-many aligned."""

import torch
from torch import Tensor, nn


class BrokenChains(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

        Y Y Y Y Y Y   dense(4, softmax)
        | | | | | |
        H-H-H H-H-H   gru(8)
        | | | | | |
        X X X X X X   input(5)

    Shapes, without the batch:
        input x: (6, 5) float32
        output y: (6, 4)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_h = nn.GRU(5, 8, batch_first=True)
        self.dense_y = nn.Linear(8, 4)

    def forward(self, x: Tensor) -> Tensor:
        # The 2 chains run as one batch.
        chains = x.reshape(-1, 3, 5)
        gru_h, _ = self.gru_h(chains)
        gru_h = gru_h.reshape(-1, 6, 8)
        return torch.softmax(self.dense_y(gru_h), dim=-1)


def build_model() -> BrokenChains:
    """Build the model, with random weights."""
    return BrokenChains()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 5)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
