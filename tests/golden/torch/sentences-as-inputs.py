"""PyTorch model sentences-as-inputs: many-to-one, stacked 2, shared weights."""

import torch
from torch import Tensor, nn


class SentencesAsInputs(nn.Module):
    """Map 3 sequences to a vector.

                            Y   dense(2, softmax)
                            |
            S-------S-------S   gru(12, name=document)
            |       |       |
        H-H-H   H-H-H   H-H-H
        | | |   | | |   | | |
        X X X   Z Z Z   V V V

        X = input(8, name=first)
        Z = input(8, name=second)
        V = input(8, name=third)
        H = gru(10, name=sentence)

    Shapes, without the batch:
        input first: (3, 8) float32
        input second: (3, 8) float32
        input third: (3, 8) float32
        output y: (2,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.sentence = nn.GRU(8, 10, batch_first=True)
        self.document = nn.GRU(10, 12, batch_first=True)
        self.dense_y = nn.Linear(12, 2)

    def forward(self, first: Tensor, second: Tensor, third: Tensor) -> Tensor:
        sentence_1, _ = self.sentence(first)
        sentence_2, _ = self.sentence(second)
        sentence_3, _ = self.sentence(third)
        joined = torch.cat(
            (sentence_1[:, -1:], sentence_2[:, -1:], sentence_3[:, -1:]),
            dim=1,
        )
        _, h_n = self.document(joined)
        return torch.softmax(self.dense_y(h_n[-1]), dim=-1)


def build_model() -> SentencesAsInputs:
    """Build the model, with random weights."""
    return SentencesAsInputs()


if __name__ == "__main__":
    model = build_model()
    print(model)
    first = torch.randn(2, 3, 8)
    second = torch.randn(2, 3, 8)
    third = torch.randn(2, 3, 8)
    with torch.no_grad():
        outputs = model(first, second, third)
    print("y", tuple(outputs.shape))
