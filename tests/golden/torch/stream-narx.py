"""PyTorch model stream-narx: many-to-many aligned, convolutional, feedback, stateful, variable length."""

import torch
from torch import Tensor, nn


class StreamNarx(nn.Module):
    """Map a sequence ``control`` to a sequence ``y``.

          Y   Y ...   Y     dense(1)
          |   |       |
        *-H---H-...---H-*   gru(12)
         /|  /|      /|
        E | E | ... E |     conv(4, 3, tanh, padding=causal)
        | | | |     | |
        | F | F ... | F     conv(4, 2, tanh, padding=causal)
        | | | |     | |
        P | P | ... P |     concat
        | | | |     | |
        y X y X ... y X

        X = input(2, name=control)

    Shapes, without the batch:
        input control: (None, 2) float32
        output y: (None, 1)
        state e_state: (2, 1)
        state f_state: (1, 2)
        state h_state: (12,)
        state y_state: (1,)

    States follow the inputs, in this order; those that are left out are zero.

    New states follow the outputs, in this order.
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv_f = nn.Conv1d(2, 4, 2)
        self.gru_h = nn.GRU(8, 12, batch_first=True)
        self.conv_e = nn.Conv1d(1, 4, 3)
        self.dense_y = nn.Linear(12, 1)

    def zero_states(self, batch: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """The states before the first call, for so many samples."""
        weight = next(self.parameters())
        return (
            weight.new_zeros(batch, 2, 1),
            weight.new_zeros(batch, 1, 2),
            weight.new_zeros(batch, 12),
            weight.new_zeros(batch, 1),
        )

    def forward(
        self,
        control: Tensor,
        e_state: Tensor | None = None,
        f_state: Tensor | None = None,
        h_state: Tensor | None = None,
        y_state: Tensor | None = None,
    ) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        zeros = self.zero_states(control.shape[0])
        e_state = zeros[0] if e_state is None else e_state
        f_state = zeros[1] if f_state is None else f_state
        h_state = zeros[2] if h_state is None else h_state
        y_state = zeros[3] if y_state is None else y_state
        conv_f_steps = torch.cat((f_state, control), dim=1)
        conv_f = torch.tanh(self.conv_f(conv_f_steps.transpose(1, 2))).transpose(1, 2)
        y = y_state
        window = torch.cat((control.new_zeros(control.shape[0], 1, 1), e_state), dim=1)
        gru_h_state = h_state.unsqueeze(0)
        y_steps = []
        conv_f_steps_2 = conv_f.unbind(1)
        for step in range(control.shape[1]):
            joined_p = y
            window = torch.cat((window[:, 1:], joined_p.unsqueeze(1)), dim=1)
            conv_e = torch.tanh(self.conv_e(window.transpose(1, 2))).transpose(1, 2)
            joined = torch.cat((conv_e[:, -1], conv_f_steps_2[step]), dim=-1)
            gru_h, gru_h_state = self.gru_h(joined.unsqueeze(1), gru_h_state)
            gru_h = gru_h.squeeze(1)
            y = self.dense_y(gru_h)
            y_steps.append(y)
        y = torch.stack(y_steps, dim=1)
        return y, window[:, 1:], conv_f_steps[:, -1:], gru_h_state[0], y[:, -1]


def build_model() -> StreamNarx:
    """Build the model, with random weights."""
    return StreamNarx()


if __name__ == "__main__":
    model = build_model()
    print(model)
    control = torch.randn(2, 6, 2)
    with torch.no_grad():
        outputs = model(control)
    for name, output in zip(
        ["y", "e_state", "f_state", "h_state", "y_state"],
        outputs,
        strict=True,
    ):
        print(name, tuple(output.shape))
