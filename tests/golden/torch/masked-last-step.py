"""PyTorch model masked-last-step: many-to-one, masked."""

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence


class MaskedLastStep(nn.Module):
    """The model.

                Y   dense(2, softmax)
                |
        H H H H H   lstm(12)
        | | | | |
        X X X X X   input(3, mask=0)

    Shapes, without the batch:
        input x: (5, 3) float32
        output y: (2,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm_h = nn.LSTM(3, 12, batch_first=True)
        self.dense_y = nn.Linear(12, 2)

    def forward(self, x: Tensor) -> Tensor:
        mask = (x != 0).any(dim=-1)
        lengths = mask.sum(dim=1)
        packed = pack_padded_sequence(
            x,
            lengths.cpu(),
            batch_first=True,
            enforce_sorted=False,
        )
        _, (lstm_h_h, _) = self.lstm_h(packed)
        return torch.softmax(self.dense_y(lstm_h_h[-1]), dim=-1)


def build_model() -> MaskedLastStep:
    """Build the model."""
    return MaskedLastStep()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 5, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
