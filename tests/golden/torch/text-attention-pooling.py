"""PyTorch model text-attention-pooling: many-to-one, attention."""

import torch
from torch import Tensor, nn


class TextAttentionPooling(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

                Y   dense(2, softmax)
                |
                C   attention
               /|
        +-+-+-+ |
        | | | | |
        H-H-H-H-+   gru(12)
        | | | |
        X X X X     input(8)

    Shapes, without the batch:
        input x: (4, 8) float32
        output y: (2,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_h = nn.GRU(8, 12, batch_first=True)
        self.dense_y = nn.Linear(12, 2)

    def forward(self, x: Tensor) -> Tensor:
        gru_h, h_n = self.gru_h(x)
        weights = torch.softmax(h_n[-1].unsqueeze(1) @ gru_h.transpose(1, 2), dim=-1)
        attention_c = (weights @ gru_h)[:, 0]
        return torch.softmax(self.dense_y(attention_c), dim=-1)


def build_model() -> TextAttentionPooling:
    """Build the model, with random weights."""
    return TextAttentionPooling()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 4, 8)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
