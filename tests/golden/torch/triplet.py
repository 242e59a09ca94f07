"""PyTorch model triplet: many-to-one, shared weights."""

import torch
from torch import Tensor, nn


class Triplet(nn.Module):
    """Map 3 sequences to 3 vectors.

                            E
                            |
                    E       |
                    |       |
            E       |       |
            |       |       |
        L-L-L   L-L-L   L-L-L
        | | |   | | |   | | |
        X X X   Z Z Z   V V V

        X = input(6, name=anchor)
        Z = input(6, name=positive)
        V = input(6, name=negative)
        L = lstm(12, name=encoder)
        E = dense(8, name=embedding)

    Shapes, without the batch:
        input anchor: (3, 6) float32
        input positive: (3, 6) float32
        input negative: (3, 6) float32
        output embedding: (8,)
        output embedding_2: (8,)
        output embedding_3: (8,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.LSTM(6, 12, batch_first=True)
        self.embedding = nn.Linear(12, 8)

    def forward(
        self,
        anchor: Tensor,
        positive: Tensor,
        negative: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor]:
        _, (encoder_1_hidden, _) = self.encoder(anchor)
        _, (encoder_2_hidden, _) = self.encoder(positive)
        _, (encoder_3_hidden, _) = self.encoder(negative)
        embedding_1 = self.embedding(encoder_1_hidden[-1])
        embedding_2 = self.embedding(encoder_2_hidden[-1])
        embedding_3 = self.embedding(encoder_3_hidden[-1])
        return embedding_1, embedding_2, embedding_3


def build_model() -> Triplet:
    """Build the model, with random weights."""
    return Triplet()


if __name__ == "__main__":
    model = build_model()
    print(model)
    anchor = torch.randn(2, 3, 6)
    positive = torch.randn(2, 3, 6)
    negative = torch.randn(2, 3, 6)
    with torch.no_grad():
        outputs = model(anchor, positive, negative)
    for name, output in zip(
        ["embedding", "embedding_2", "embedding_3"],
        outputs,
        strict=True,
    ):
        print(name, tuple(output.shape))
