"""PyTorch model video-caption-s2vt: graph, stacked 2."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class VideoCaptionS2vt(nn.Module):
    """Map sequences ``frames`` and ``words`` to a sequence ``y``.

                    Y   Y   Y   dense(20, softmax)
                    |   |   |
        G---G---G---G---G---G   lstm(16)
        |   |   |  /|  /|  /|
        F---F---F-|-F-|-F-|-F   lstm(16)
        |   |   | |   |   |
        V   V   V W   W   W
                  |   |   |
                  X   X   X

        V = input(12, name=frames)
        X = tokens(20, name=words)
        W = embedding(8)

    Shapes, without the batch:
        input frames: (3, 12) float32
        input words: (3,) int32
        output y: (3, 20)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(20, 8)
        self.lstm_f = nn.LSTM(12, 16, batch_first=True)
        self.lstm_g = nn.LSTM(24, 16, batch_first=True)
        self.dense_y = nn.Linear(16, 20)

    def forward(self, frames: Tensor, words: Tensor) -> Tensor:
        embedding_w = self.embedding_w(words)
        padded = F.pad(frames, (0, 0, 0, 3))
        lstm_f, _ = self.lstm_f(padded)
        padded_2 = F.pad(embedding_w, (0, 0, 3, 0))
        joined = torch.cat((padded_2, lstm_f), dim=-1)
        lstm_g, _ = self.lstm_g(joined)
        return torch.softmax(self.dense_y(lstm_g[:, -3:]), dim=-1)


def build_model() -> VideoCaptionS2vt:
    """Build the model, with random weights."""
    return VideoCaptionS2vt()


if __name__ == "__main__":
    model = build_model()
    print(model)
    frames = torch.randn(2, 3, 12)
    words = torch.randint(20, (2, 3))
    with torch.no_grad():
        outputs = model(frames, words)
    print("y", tuple(outputs.shape))
