"""PyTorch model self-attention: many-to-many aligned, attention."""

import torch
from torch import Tensor, nn


class SelfAttention(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

        Y Y Y Y   dense(5)
        | | | |
        A A A A   attention(heads=2)
        | | | |
        +-+-+-+
        | | | |
        X X X X   input(8)

    Shapes, without the batch:
        input x: (4, 8) float32
        output y: (4, 5)
    """

    def __init__(self) -> None:
        super().__init__()
        self.attention_a = nn.MultiheadAttention(8, 2, batch_first=True)
        self.dense_y = nn.Linear(8, 5)

    def forward(self, x: Tensor) -> Tensor:
        attention_a, _ = self.attention_a(x, x, x, need_weights=False)
        y: Tensor = self.dense_y(attention_a)
        return y


def build_model() -> SelfAttention:
    """Build the model, with random weights."""
    return SelfAttention()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 4, 8)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
