"""PyTorch model siamese-infersent: many-to-one, shared weights."""

import torch
from torch import Tensor, nn


class SiameseInfersent(nn.Module):
    r"""Map 2 sequences to a vector.

                Y       dense(3, softmax)
                |
                D       dense(10, relu)
                |
            +---+---+
            |   |   |
            |   P   |   multiply
            |  / \  |
            | /   \ |
            |/     \|
        L-L-L   L-L-L   gru(8, name=encoder)
        | | |   | | |
        X X X   Z Z Z

        X = input(6, name=premise)
        Z = input(6, name=hypothesis)

    Shapes, without the batch:
        input premise: (3, 6) float32
        input hypothesis: (3, 6) float32
        output y: (3,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.GRU(6, 8, batch_first=True)
        self.dense_d = nn.Linear(24, 10)
        self.dense_y = nn.Linear(10, 3)

    def forward(self, premise: Tensor, hypothesis: Tensor) -> Tensor:
        _, encoder_1_hidden = self.encoder(premise)
        _, encoder_2_hidden = self.encoder(hypothesis)
        multiply_p = encoder_1_hidden[-1] * encoder_2_hidden[-1]
        joined = torch.cat(
            (encoder_1_hidden[-1], multiply_p, encoder_2_hidden[-1]),
            dim=-1,
        )
        dense_d = torch.relu(self.dense_d(joined))
        return torch.softmax(self.dense_y(dense_d), dim=-1)


def build_model() -> SiameseInfersent:
    """Build the model, with random weights."""
    return SiameseInfersent()


if __name__ == "__main__":
    model = build_model()
    print(model)
    premise = torch.randn(2, 3, 6)
    hypothesis = torch.randn(2, 3, 6)
    with torch.no_grad():
        outputs = model(premise, hypothesis)
    print("y", tuple(outputs.shape))
