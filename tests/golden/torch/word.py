"""PyTorch model word: many-to-one, convolutional, masked."""

import torch
from torch import Tensor, nn


def some_valid(mask: Tensor) -> Tensor:
    """The mask, all true for samples without a valid step, whose steps are all zero."""
    return mask | ~mask.any(dim=1, keepdim=True)


class Word(nn.Module):
    """Map a sequence ``x`` to a vector ``m``.

              M       max
              |
        +-+-+-+-+-+
        | | | | | |
        C C C C C C   conv(5, 3, relu)
        | | | | | |
        E E E E E E   embedding(4, mask=true)
        | | | | | |
        X X X X X X   tokens(30)

    Shapes, without the batch:
        input x: (6,) int32
        output m: (5,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_e = nn.Embedding(30, 4)
        self.conv_c = nn.Conv1d(4, 5, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        mask = x != 0
        embedding_e = self.embedding_e(x)
        embedding_e = embedding_e.masked_fill(~mask[..., None], 0)
        conv_c = torch.relu(self.conv_c(embedding_e.transpose(1, 2))).transpose(1, 2)
        conv_c = conv_c.masked_fill(~mask[..., None], 0)
        return conv_c.masked_fill(
            ~some_valid(mask)[..., None],
            float("-inf"),
        ).amax(dim=1)


def build_model() -> Word:
    """Build the model, with random weights."""
    return Word()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(30, (2, 6))
    with torch.no_grad():
        outputs = model(x)
    print("m", tuple(outputs.shape))
