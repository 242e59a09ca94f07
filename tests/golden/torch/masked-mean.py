"""PyTorch model masked-mean: many-to-one, masked."""

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class MaskedMean(nn.Module):
    """The model.

            Y       dense(2, softmax)
            |
            M       mean
            |
        +-+-+-+-+
        | | | | |
        H H H H H   gru(12)
        | | | | |
        X X X X X   input(3, mask=0)

    Shapes, without the batch:
        input x: (5, 3) float32
        output y: (2,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_h = nn.GRU(3, 12, batch_first=True)
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
        gru_h, _ = self.gru_h(packed)
        gru_h, _ = pad_packed_sequence(
            gru_h,
            batch_first=True,
            total_length=mask.shape[1],
        )
        mean_m = gru_h.sum(dim=1) / mask.sum(dim=1, keepdim=True)
        return torch.softmax(self.dense_y(mean_m), dim=-1)


def build_model() -> MaskedMean:
    """Build the model."""
    return MaskedMean()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 5, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
