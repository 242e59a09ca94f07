"""PyTorch model listen-attend-spell: encoder-decoder, stacked 2, bidirectional, attention."""

import torch
from torch import Tensor, nn


class ListenAttendSpell(nn.Module):
    r"""Map 2 sequences to a sequence.

                          Y   Y   Y   dense(12, softmax)
                          |   |   |
                          C   C   C   attention
                         /|  /|  /|
          +-------+-----+-|-+-|-+ |
          |       |       |   |   |
          |       |       S---S---S   gru(16, name=speller)
          |       |       |   |   |
          P=======P       |   |   |   gru(8, name=listener)
         / \     / \      |   |   |
        B===B===B===B     W   W   W
        |   |   |   |     |   |   |
        X   X   X   X     Z   Z   Z

        X = input(6, name=speech)
        B = gru(4)
        Z = tokens(12, name=letters)
        W = embedding(5)

    Shapes, without the batch:
        input speech: (4, 6) float32
        input letters: (3,) int32
        output y: (3, 12)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_b = nn.GRU(6, 4, batch_first=True, bidirectional=True)
        self.embedding_w = nn.Embedding(12, 5)
        self.listener = nn.GRU(16, 8, batch_first=True, bidirectional=True)
        self.speller = nn.GRU(5, 16, batch_first=True)
        self.dense_y = nn.Linear(16, 12)

    def forward(self, speech: Tensor, letters: Tensor) -> Tensor:
        gru_b, _ = self.gru_b(speech)
        embedding_w = self.embedding_w(letters)
        joined = torch.cat((gru_b[:, ::2], gru_b[:, 1::2]), dim=-1)
        listener, _ = self.listener(joined)
        speller, _ = self.speller(embedding_w)
        weights = torch.softmax(speller @ listener.transpose(1, 2), dim=-1)
        attention_c = weights @ listener
        return torch.softmax(self.dense_y(attention_c), dim=-1)


def build_model() -> ListenAttendSpell:
    """Build the model, with random weights."""
    return ListenAttendSpell()


if __name__ == "__main__":
    model = build_model()
    print(model)
    speech = torch.randn(2, 4, 6)
    letters = torch.randint(12, (2, 3))
    with torch.no_grad():
        outputs = model(speech, letters)
    print("y", tuple(outputs.shape))
