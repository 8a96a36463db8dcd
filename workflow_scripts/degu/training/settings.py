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
        At most.
    learning_rate
        Learning rate of Adam at the start.
    decay, decay_patience, minimum_rate
        The rate is multiplied by `decay` after `decay_patience` epochs without a better
        validation loss, down to `minimum_rate`.
    patience
        Training stops after so many epochs without a better validation loss.
    warmup_steps
        Before so many steps no epoch counts as best and no patience runs out.
    batchnorm_sample
        Training sequences on which the batch-norm statistics are recomputed, dropout off,
        before each validation; 0 keeps the moving averages.
    batchnorm_augmented
        Whether that sample is augmented as minibatches are, or clean, as in inference.
    reverse_complement
        Whether each training sequence is turned to its other strand with probability one half.
    mixed_precision
        Whether features are bfloat16, with weights in float32; saved models are float32.
    xla
        Whether steps are compiled by XLA, whose max pools rule out bit-identical results.
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
