"""PyTorch model attention-scaled: many-to-many aligned, attention."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class AttentionScaled(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

        Y Y Y Y   dense(5, softmax)
        | | | |
        A A A A   attention(scale=true, dropout=0.1)
        | | | |
        +-+-+-+
        | | | |
        P P P P   dense(8, tanh)
        | | | |
        X X X X   input(6)

    Shapes, without the batch:
        input x: (4, 6) float32
        output y: (4, 5)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_p = nn.Linear(6, 8)
        self.dense_y = nn.Linear(8, 5)

    def forward(self, x: Tensor) -> Tensor:
        dense_p = torch.tanh(self.dense_p(x))
        attention_a = F.scaled_dot_product_attention(
            dense_p,
            dense_p,
            dense_p,
            dropout_p=0.1 if self.training else 0.0,
        )
        return torch.softmax(self.dense_y(attention_a), dim=-1)


def build_model() -> AttentionScaled:
    """Build the model, with random weights."""
    return AttentionScaled()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 4, 6)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
