"""Training of one member: seeded, checkpointed after every epoch, resumed bit for bit."""

from degu.training.loop import Stage, fit
from degu.training.member import start, train_member
from degu.training.settings import Settings

__all__ = ["Settings", "Stage", "fit", "start", "train_member"]
