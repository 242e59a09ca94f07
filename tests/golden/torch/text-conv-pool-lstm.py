"""PyTorch model text-conv-pool-lstm: many-to-one, convolutional."""

import torch
from torch import Tensor, nn


class TextConvPoolLstm(nn.Module):
    r"""Map a sequence ``x`` to a vector ``y``.

                          Y     dense(1, sigmoid)
                          |
          H-------H-------H     lstm(12)
          |       |       |
          M       M       M     max
         / \     / \     / \
        F   F   F   F   F   F   conv(10, 3, relu)
        |   |   |   |   |   |
        W   W   W   W   W   W   embedding(8)
        |   |   |   |   |   |
        X   X   X   X   X   X   tokens(30)

    Shapes, without the batch:
        input x: (6,) int32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(30, 8)
        self.conv_f = nn.Conv1d(8, 10, 3, padding=1)
        self.lstm_h = nn.LSTM(10, 12, batch_first=True)
        self.dense_y = nn.Linear(12, 1)

    def forward(self, x: Tensor) -> Tensor:
        embedding_w = self.embedding_w(x)
        conv_f = torch.relu(self.conv_f(embedding_w.transpose(1, 2))).transpose(1, 2)
        max_m = torch.maximum(conv_f[:, ::2], conv_f[:, 1::2])
        _, (h_n, _) = self.lstm_h(max_m)
        return torch.sigmoid(self.dense_y(h_n[-1]))


def build_model() -> TextConvPoolLstm:
    """Build the model, with random weights."""
    return TextConvPoolLstm()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(30, (2, 6))
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
