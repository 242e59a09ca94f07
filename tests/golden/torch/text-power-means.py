"""PyTorch model text-power-means: many-to-one, masked, variable length."""

import torch
from torch import Tensor, nn


def some_valid(mask: Tensor) -> Tensor:
    """The mask, all true for samples without a valid step, whose steps are all zero."""
    return mask | ~mask.any(dim=1, keepdim=True)


class TextPowerMeans(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

              Y         dense(3, softmax)
              |
          +---+---+
          |   |   |
          S   M   L
          |   |   |
        +-+---+---+-+
        | |       | |
        W W  ...  W W   embedding(10, mask=true)
        | |       | |
        X X  ...  X X   tokens(30)

        S = min(name=smallest)
        M = mean
        L = max(name=largest)

    Shapes, without the batch:
        input x: (None,) int32
        output y: (3,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(30, 10)
        self.dense_y = nn.Linear(30, 3)

    def forward(self, x: Tensor) -> Tensor:
        mask = x != 0
        embedding_w = self.embedding_w(x)
        embedding_w = embedding_w.masked_fill(~mask[..., None], 0)
        smallest = embedding_w.masked_fill(
            ~some_valid(mask)[..., None],
            float("inf"),
        ).amin(dim=1)
        mean_m = embedding_w.sum(dim=1) / mask.sum(dim=1, keepdim=True).clamp(min=1)
        largest = embedding_w.masked_fill(
            ~some_valid(mask)[..., None],
            float("-inf"),
        ).amax(dim=1)
        joined = torch.cat((smallest, mean_m, largest), dim=-1)
        return torch.softmax(self.dense_y(joined), dim=-1)


def build_model() -> TextPowerMeans:
    """Build the model, with random weights."""
    return TextPowerMeans()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(30, (2, 7))
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
