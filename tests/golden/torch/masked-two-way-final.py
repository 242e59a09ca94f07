"""PyTorch model masked-two-way-final: many-to-one, bidirectional, masked, variable length."""

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence


class MaskedTwoWayFinal(nn.Module):
    """The model.

                    Y   dense(1, sigmoid)
                    |
        H=...=H=H---+   lstm(8)
        |     | |
        W ... W W       embedding(10, mask=true)
        |     | |
        X ... X X       tokens(30)

    Shapes, without the batch:
        input x: (any,) int32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(30, 10)
        self.lstm_h = nn.LSTM(10, 8, batch_first=True, bidirectional=True)
        self.dense_y = nn.Linear(16, 1)

    def forward(self, x: Tensor) -> Tensor:
        mask = x != 0
        embedding_w = self.embedding_w(x)
        lengths = mask.sum(dim=1)
        packed = pack_padded_sequence(
            embedding_w,
            lengths.cpu(),
            batch_first=True,
            enforce_sorted=False,
        )
        _, (lstm_h_h, _) = self.lstm_h(packed)
        lstm_h_final = torch.cat((lstm_h_h[0], lstm_h_h[1]), dim=-1)
        return torch.sigmoid(self.dense_y(lstm_h_final))


def build_model() -> MaskedTwoWayFinal:
    """Build the model."""
    return MaskedTwoWayFinal()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(30, (2, 6))
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
