"""PyTorch model tagger-tag-before: many-to-many aligned, stacked 2, bidirectional, feedback."""

import torch
from torch import Tensor, nn


class TaggerTagBefore(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``t``.

        T   T   T   T     argmax
        |   |   |   |
        Y   Y   Y   Y     dense(5, softmax)
        |   |   |   |
        D---D---D---D     lstm(6, name=decoder)
        |\  |\  |\  |\
        | V | V | V | V   embedding(3)
        | | | | | | | |
        | t | t | t | t
        |   |   |   |
        H===H===H===H     lstm(3)
        |   |   |   |
        W   W   W   W     embedding(6)
        |   |   |   |
        X   X   X   X     tokens(15)

    Shapes, without the batch:
        input x: (4,) int32
        output t: (4,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(15, 6)
        self.lstm_h = nn.LSTM(6, 3, batch_first=True, bidirectional=True)
        self.decoder = nn.LSTM(9, 6, batch_first=True)
        self.embedding_v = nn.Embedding(5, 3)
        self.dense_y = nn.Linear(6, 5)

    def forward(self, x: Tensor) -> Tensor:
        embedding_w = self.embedding_w(x)
        lstm_h, _ = self.lstm_h(embedding_w)
        t = torch.zeros(embedding_w.shape[0], dtype=torch.int, device=x.device)
        decoder_state = None
        t_steps = []
        lstm_h_steps = lstm_h.unbind(1)
        for step in range(4):
            embedding_v = self.embedding_v(t)
            joined = torch.cat((lstm_h_steps[step], embedding_v), dim=-1)
            decoder, decoder_state = self.decoder(joined.unsqueeze(1), decoder_state)
            decoder = decoder.squeeze(1)
            dense_y = torch.softmax(self.dense_y(decoder), dim=-1)
            t = dense_y.argmax(dim=-1).int()
            t_steps.append(t)
        return torch.stack(t_steps, dim=1)


def build_model() -> TaggerTagBefore:
    """Build the model, with random weights."""
    return TaggerTagBefore()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(15, (2, 4))
    with torch.no_grad():
        outputs = model(x)
    print("t", tuple(outputs.shape))
