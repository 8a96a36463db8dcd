"""Training settings of a member."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Settings of a member's training (paper, Methods, "Training"); fields are keys of the config.

    Attributes
    ----------
    batch_size
        Sequences a step. What is left of an epoch's permutation after the last whole batch is
        not seen in that epoch.
    epochs
        Budget: epochs at most.
    learning_rate
        Learning rate of Adam at the start.
    decay, decay_patience, minimum_rate
        On a plateau the rate is multiplied by `decay` after `decay_patience` epochs without a
        better validation loss; by either schedule it falls to `minimum_rate` at most.
    patience
        By the plateau schedule training stops after so many epochs without a better validation
        loss.
    warmup_steps
        Before so many steps no epoch counts as best and no patience runs out.
    batchnorm_sample
        Training sequences on which the batch-norm statistics are recomputed, dropout off,
        before each validation; 0 keeps the moving averages.
    batchnorm_augmented
        Whether that sample is augmented as minibatches are, or clean, as in inference.
    steps
        Budget in optimizer steps, instead of `epochs`; the last epoch may be a part of one.
    schedule
        "plateau", or "cosine": the rate falls over the whole budget, which is run to its end.
    average
        The mean of the weights of the last so many epochs is a candidate for the model, beside
        those of the best epoch (Izmailov et al., 2018); None for none.
    reverse_complement
        Whether each training sequence is turned to its other strand with probability one half.
    mixed_precision
        Whether features are bfloat16, with weights in float32; saved models are float32.
    xla
        Whether steps are compiled by XLA, whose max pools rule out bit-identical results.
    draws
        Times that a minibatch goes through the network in a step, which minimises the mean loss;
        each time every sequence has an index of its own (`degu.models.vectors.epinet`), or a
        dropout mask.
    """

    batch_size: int
    epochs: int
    learning_rate: float
    decay: float
    decay_patience: int
    minimum_rate: float
    patience: int
    warmup_steps: int
    batchnorm_sample: int
    reverse_complement: bool
    batchnorm_augmented: bool = False
    mixed_precision: bool = False
    xla: bool = False
    steps: int | None = None
    schedule: str = "plateau"
    average: int | None = None
    draws: int = 1

    def budget(self, sequences: int) -> int:
        """Count the steps of a training on so many sequences, at most."""
        return self.steps or self.epochs * (sequences // self.batch_size)
