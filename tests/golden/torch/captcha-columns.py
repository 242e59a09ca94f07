"""PyTorch model captcha-columns: one-to-many, bidirectional."""

import torch
from torch import Tensor, nn


class CaptchaColumns(nn.Module):
    """Map a grid ``image`` to a sequence ``y``.

        Y Y Y Y   dense(9, softmax)
        | | | |
        H=H=H=H   lstm(6)
        | | | |
        W W W W   dense(8, relu)
        | | | |
        F F F F   flatten
        | | | |
        S S S S   split
        | | | |
        +-+-+-+
        |
        P         maxpool2d(2)
        |
        C         conv2d(4, 3, relu)
        |
        X         input(6, 8, 1, name=image)

    Shapes, without the batch:
        input image: (1, 6, 8) float32
        output y: (4, 9)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv2d_c = nn.Conv2d(1, 4, 3, padding=1)
        self.pooled_p = nn.MaxPool2d(2)
        self.dense_w = nn.Linear(12, 8)
        self.lstm_h = nn.LSTM(8, 6, batch_first=True, bidirectional=True)
        self.dense_y = nn.Linear(12, 9)

    def forward(self, image: Tensor) -> Tensor:
        conv2d_c = torch.relu(self.conv2d_c(image))
        pooled_p = self.pooled_p(conv2d_c)
        split_s = pooled_p.unflatten(-1, (4, -1)).movedim(-2, 1)
        flat_f = split_s.movedim(-3, -1).flatten(-3)
        dense_w = torch.relu(self.dense_w(flat_f))
        lstm_h, _ = self.lstm_h(dense_w)
        return torch.softmax(self.dense_y(lstm_h), dim=-1)


def build_model() -> CaptchaColumns:
    """Build the model, with random weights."""
    return CaptchaColumns()


if __name__ == "__main__":
    model = build_model()
    print(model)
    image = torch.randn(2, 1, 6, 8)
    with torch.no_grad():
        outputs = model(image)
    print("y", tuple(outputs.shape))
