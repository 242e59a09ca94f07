"""PyTorch model stream-own-tags: many-to-many aligned, feedback, stateful, variable length."""

import torch
from torch import Tensor, nn


class StreamOwnTags(nn.Module):
    """Map a sequence ``x`` to a sequence ``t``.

          T   T ...   T     argmax
          |   |       |
          Y   Y ...   Y     dense(9)
          |   |       |
        *-H---H-...---H-*   lstm(24)
         /|  /|      /|
        E | E | ... E |     embedding(6)
        | | | |     | |
        | W | W ... | W     embedding(16)
        | | | |     | |
        t X t X ... t X

        X = tokens(200)

    Shapes, without the batch:
        input x: (None,) int32
        output t: (None,)
        state h_state_h: (24,)
        state h_state_c: (24,)
        state t_state: () int32

    States follow the inputs, in this order; those that are left out are zero.

    New states follow the outputs, in this order.
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(200, 16)
        self.lstm_h = nn.LSTM(22, 24, batch_first=True)
        self.embedding_e = nn.Embedding(9, 6)
        self.dense_y = nn.Linear(24, 9)

    def zero_states(self, batch: int) -> tuple[Tensor, Tensor, Tensor]:
        """The states before the first call, for so many samples."""
        weight = next(self.parameters())
        return (
            weight.new_zeros(batch, 24),
            weight.new_zeros(batch, 24),
            weight.new_zeros(batch, dtype=torch.int32),
        )

    def forward(
        self,
        x: Tensor,
        h_state_h: Tensor | None = None,
        h_state_c: Tensor | None = None,
        t_state: Tensor | None = None,
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        zeros = self.zero_states(x.shape[0])
        h_state_h = zeros[0] if h_state_h is None else h_state_h
        h_state_c = zeros[1] if h_state_c is None else h_state_c
        t_state = zeros[2] if t_state is None else t_state
        embedding_w = self.embedding_w(x)
        t = t_state
        lstm_h_state = (h_state_h.unsqueeze(0), h_state_c.unsqueeze(0))
        t_steps = []
        embedding_w_steps = embedding_w.unbind(1)
        for step in range(x.shape[1]):
            embedding_e = self.embedding_e(t)
            joined = torch.cat((embedding_e, embedding_w_steps[step]), dim=-1)
            lstm_h, lstm_h_state = self.lstm_h(joined.unsqueeze(1), lstm_h_state)
            lstm_h = lstm_h.squeeze(1)
            dense_y = self.dense_y(lstm_h)
            t = dense_y.argmax(dim=-1).int()
            t_steps.append(t)
        t = torch.stack(t_steps, dim=1)
        return t, lstm_h_state[0][0], lstm_h_state[1][0], t[:, -1]


def build_model() -> StreamOwnTags:
    """Build the model, with random weights."""
    return StreamOwnTags()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(200, (2, 6))
    with torch.no_grad():
        outputs = model(x)
    for name, output in zip(
        ["t", "h_state_h", "h_state_c", "t_state"],
        outputs,
        strict=True,
    ):
        print(name, tuple(output.shape))
