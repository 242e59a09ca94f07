"""PyTorch model masked-own-tags: many-to-many aligned, feedback, masked."""

import torch
from torch import Tensor, nn


class MaskedOwnTags(nn.Module):
    """Map a token and a sequence to a sequence.

          T   T   T   T   argmax
          |   |   |   |
          Y   Y   Y   Y   dense(5)
          |   |   |   |
          H---H---H---H   lstm(12)
         /|  /|  /|  /|
        E | E | E | E |   embedding(4)
        | | | | | | | |
        | W | W | W | W   embedding(8, mask=true)
        | | | | | | | |
        S X t X t X t X

        X = tokens(60, name=words)
        S = tokens(5, name=first)

    Shapes, without the batch:
        input first: () int32
        input words: (4,) int32
        output t: (4,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(60, 8)
        self.lstm_h = nn.LSTM(12, 12, batch_first=True)
        self.embedding_e = nn.Embedding(5, 4)
        self.dense_y = nn.Linear(12, 5)

    def forward(self, first: Tensor, words: Tensor) -> Tensor:
        mask = words != 0
        embedding_w = self.embedding_w(words)
        embedding_w = embedding_w.masked_fill(~mask[..., None], 0)
        t_before = first
        lstm_h_start = embedding_w.new_zeros(1, embedding_w.shape[0], 12)
        lstm_h_state = (lstm_h_start, lstm_h_start)
        t_steps = []
        embedding_w_steps = embedding_w.unbind(1)
        for step in range(4):
            valid = mask[:, step]
            embedding_e = self.embedding_e(t_before)
            joined = torch.cat((embedding_e, embedding_w_steps[step]), dim=-1)
            lstm_h, new_state = self.lstm_h(joined.unsqueeze(1), lstm_h_state)
            lstm_h = lstm_h.squeeze(1)
            lstm_h_state = (
                torch.where(valid[:, None], new_state[0], lstm_h_state[0]),
                torch.where(valid[:, None], new_state[1], lstm_h_state[1]),
            )
            dense_y = self.dense_y(lstm_h)
            t = dense_y.argmax(dim=-1).int()
            t = t.masked_fill(~valid, 0)
            t_steps.append(t)
            t_before = torch.where(valid, t, t_before)
        return torch.stack(t_steps, dim=1)


def build_model() -> MaskedOwnTags:
    """Build the model, with random weights."""
    return MaskedOwnTags()


if __name__ == "__main__":
    model = build_model()
    print(model)
    first = torch.randint(5, (2,))
    words = torch.randint(60, (2, 4))
    with torch.no_grad():
        outputs = model(first, words)
    print("t", tuple(outputs.shape))
