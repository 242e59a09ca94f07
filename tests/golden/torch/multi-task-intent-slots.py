"""PyTorch model multi-task-intent-slots: graph, bidirectional."""

import torch
from torch import Tensor, nn


class MultiTaskIntentSlots(nn.Module):
    """Map a sequence to a sequence and a vector.

                    I   dense(5, softmax, name=intent)
                    |
        S S S S S   |
        | | | | |   |
        H=H=H=H=H---+   lstm(8)
        | | | | |
        W W W W W       embedding(10)
        | | | | |
        X X X X X       tokens(30)

        S = dense(7, softmax, name=slots)

    Shapes, without the batch:
        input x: (5,) int32
        output slots: (5, 7)
        output intent: (5,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(30, 10)
        self.lstm_h = nn.LSTM(10, 8, batch_first=True, bidirectional=True)
        self.slots = nn.Linear(16, 7)
        self.intent = nn.Linear(16, 5)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        embedding_w = self.embedding_w(x)
        lstm_h, (h_n, _) = self.lstm_h(embedding_w)
        lstm_h_final = torch.cat((h_n[0], h_n[1]), dim=-1)
        slots = torch.softmax(self.slots(lstm_h), dim=-1)
        intent = torch.softmax(self.intent(lstm_h_final), dim=-1)
        return slots, intent


def build_model() -> MultiTaskIntentSlots:
    """Build the model, with random weights."""
    return MultiTaskIntentSlots()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(30, (2, 5))
    with torch.no_grad():
        outputs = model(x)
    for name, output in zip(["slots", "intent"], outputs, strict=True):
        print(name, tuple(output.shape))
