"""PyTorch model motion-residual: encoder-decoder, residual, state handoff, feedback."""

import torch
from torch import Tensor, nn


class MotionResidual(nn.Module):
    r"""Map a sequence and a vector to a sequence.

                Y   Y   Y     add
                |\  |\  |\
                A | A | A |
                | | | | | |
        E-E-E---D-|-D-|-D |
        | | |   | | | | | |
        | | |   |/  |/  |/
        X X X   S   y   y

        X = input(4, name=poses)
        S = input(4, name=last_pose)
        E = gru(7, name=encoder)
        D = gru(7, name=decoder)
        A = dense(4, name=change)

    Shapes, without the batch:
        input poses: (3, 4) float32
        input last_pose: (4,) float32
        output y: (3, 4)
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.GRU(4, 7, batch_first=True)
        self.decoder = nn.GRU(4, 7, batch_first=True)
        self.change = nn.Linear(7, 4)

    def forward(self, poses: Tensor, last_pose: Tensor) -> Tensor:
        _, encoder_state = self.encoder(poses)
        y = last_pose
        decoder_state = encoder_state
        y_steps = []
        for _ in range(3):
            decoder, decoder_state = self.decoder(y.unsqueeze(1), decoder_state)
            decoder = decoder.squeeze(1)
            change = self.change(decoder)
            y = change + y
            y_steps.append(y)
        return torch.stack(y_steps, dim=1)


def build_model() -> MotionResidual:
    """Build the model, with random weights."""
    return MotionResidual()


if __name__ == "__main__":
    model = build_model()
    print(model)
    poses = torch.randn(2, 3, 4)
    last_pose = torch.randn(2, 4)
    with torch.no_grad():
        outputs = model(poses, last_pose)
    print("y", tuple(outputs.shape))
