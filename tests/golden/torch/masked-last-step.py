"""PyTorch model masked-last-step: many-to-one, masked."""

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence


def check_padding(mask: Tensor) -> None:
    """Refuse padding before a valid step; compiled or exported code does not check."""
    if torch.compiler.is_compiling():
        return
    if bool((mask[:, 1:] & ~mask[:, :-1]).any()):
        raise ValueError("padding=end: a padded step comes before a valid step")


class MaskedLastStep(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

                Y   dense(2, softmax)
                |
        H H H H H   lstm(12)
        | | | | |
        X X X X X   input(3, mask=0, padding=end)

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
        check_padding(mask)
        lengths = mask.sum(dim=1)
        packed = pack_padded_sequence(
            x,
            lengths.clamp(min=1).cpu(),
            batch_first=True,
            enforce_sorted=False,
        )
        _, (h_n, _) = self.lstm_h(packed)
        h_n = torch.where((lengths > 0)[:, None], h_n, 0.0)
        return torch.softmax(self.dense_y(h_n[-1]), dim=-1)


def build_model() -> MaskedLastStep:
    """Build the model, with random weights."""
    return MaskedLastStep()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 5, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
