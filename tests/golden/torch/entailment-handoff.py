"""PyTorch model entailment-handoff: many-to-one, state handoff."""

import torch
from torch import Tensor, nn


class EntailmentHandoff(nn.Module):
    """Map 2 sequences to a vector.

                      Y   dense(3, softmax)
                      |
        P-P-P-P---H-H-H
        | | | |   | | |
        X X X X   Z Z Z

        X = input(6, name=premise)
        Z = input(6, name=hypothesis)
        P = lstm(12)
        H = lstm(12)

    Shapes, without the batch:
        input premise: (4, 6) float32
        input hypothesis: (3, 6) float32
        output y: (3,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm_p = nn.LSTM(6, 12, batch_first=True)
        self.lstm_h = nn.LSTM(6, 12, batch_first=True)
        self.dense_y = nn.Linear(12, 3)

    def forward(self, premise: Tensor, hypothesis: Tensor) -> Tensor:
        _, lstm_p_state = self.lstm_p(premise)
        _, (h_n, _) = self.lstm_h(hypothesis, lstm_p_state)
        return torch.softmax(self.dense_y(h_n[-1]), dim=-1)


def build_model() -> EntailmentHandoff:
    """Build the model, with random weights."""
    return EntailmentHandoff()


if __name__ == "__main__":
    model = build_model()
    print(model)
    premise = torch.randn(2, 4, 6)
    hypothesis = torch.randn(2, 3, 6)
    with torch.no_grad():
        outputs = model(premise, hypothesis)
    print("y", tuple(outputs.shape))
