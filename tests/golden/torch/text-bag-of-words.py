"""PyTorch model text-bag-of-words: many-to-one, masked."""

import torch
from torch import Tensor, nn


class TextBagOfWords(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

            Y       dense(4, softmax)
            |
            M       mean
            |
        +-+-+-+-+
        | | | | |
        W W W W W   embedding(8, mask=true)
        | | | | |
        X X X X X   tokens(30)

    Shapes, without the batch:
        input x: (5,) int32
        output y: (4,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(30, 8)
        self.dense_y = nn.Linear(8, 4)

    def forward(self, x: Tensor) -> Tensor:
        mask = x != 0
        embedding_w = self.embedding_w(x)
        embedding_w = embedding_w.masked_fill(~mask[..., None], 0)
        mean_m = embedding_w.sum(dim=1) / mask.sum(dim=1, keepdim=True).clamp(min=1)
        return torch.softmax(self.dense_y(mean_m), dim=-1)


def build_model() -> TextBagOfWords:
    """Build the model, with random weights."""
    return TextBagOfWords()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(30, (2, 5))
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
