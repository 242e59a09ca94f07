"""PyTorch model text-max-pooling: many-to-one, bidirectional."""

import torch
from torch import Tensor, nn


class TextMaxPooling(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

            Y       dense(3, softmax)
            |
            M       max
            |
        +-+-+-+-+
        | | | | |
        H=H=H=H=H   lstm(8)
        | | | | |
        W W W W W   embedding(10)
        | | | | |
        X X X X X   tokens(30)

    Shapes, without the batch:
        input x: (5,) int32
        output y: (3,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(30, 10)
        self.lstm_h = nn.LSTM(10, 8, batch_first=True, bidirectional=True)
        self.dense_y = nn.Linear(16, 3)

    def forward(self, x: Tensor) -> Tensor:
        embedding_w = self.embedding_w(x)
        lstm_h, _ = self.lstm_h(embedding_w)
        max_m = lstm_h.amax(dim=1)
        return torch.softmax(self.dense_y(max_m), dim=-1)


def build_model() -> TextMaxPooling:
    """Build the model, with random weights."""
    return TextMaxPooling()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(30, (2, 5))
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
