"""PyTorch model siamese-multiply: many-to-one, shared weights."""

import torch
from torch import Tensor, nn


class SiameseMultiply(nn.Module):
    """Map sequences ``left`` and ``right`` to a vector ``y``.

              Y         dense(1, sigmoid)
              |
              M         multiply
              |
            +-+-----+
            |       |
        L-L-L   L-L-L
        | | |   | | |
        | | |   W W W
        | | |   | | |
        W W W   | | |
        | | |   | | |
        X X X   Z Z Z

        X = tokens(30, name=left)
        Z = tokens(30, name=right)
        W = embedding(8)
        L = gru(12, name=encoder)

    Shapes, without the batch:
        input left: (3,) int32
        input right: (3,) int32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(30, 8)
        self.encoder = nn.GRU(8, 12, batch_first=True)
        self.dense_y = nn.Linear(12, 1)

    def forward(self, left: Tensor, right: Tensor) -> Tensor:
        embedding_w_1 = self.embedding_w(left)
        embedding_w_2 = self.embedding_w(right)
        _, encoder_1_hidden = self.encoder(embedding_w_1)
        _, encoder_2_hidden = self.encoder(embedding_w_2)
        multiply_m = encoder_1_hidden[-1] * encoder_2_hidden[-1]
        return torch.sigmoid(self.dense_y(multiply_m))


def build_model() -> SiameseMultiply:
    """Build the model, with random weights."""
    return SiameseMultiply()


if __name__ == "__main__":
    model = build_model()
    print(model)
    left = torch.randint(30, (2, 3))
    right = torch.randint(30, (2, 3))
    with torch.no_grad():
        outputs = model(left, right)
    print("y", tuple(outputs.shape))
