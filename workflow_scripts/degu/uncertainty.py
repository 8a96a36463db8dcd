"""Standard deviations, log-variances, their sum, and the spread of a model with dropout."""

from itertools import count

import numpy as np

from degu.job import InputError

# Added to a variance before its logarithm, since members can agree to the last bit.
EPSILON = 1e-6


def to_logvar(std: np.ndarray) -> np.ndarray:
    """Logarithm of the variance plus `EPSILON`."""
    return np.log(np.square(std) + std.dtype.type(EPSILON))


def to_std(logvar: np.ndarray) -> np.ndarray:
    """Inverse of `to_logvar`; zero where the log-variance is below that of a zero deviation."""
    return np.sqrt(np.maximum(np.exp(logvar) - logvar.dtype.type(EPSILON), 0))


def total(epistemic: np.ndarray, aleatoric: np.ndarray) -> np.ndarray:
    """Total uncertainty: root of the summed variances (paper, Methods, "Interval coverage")."""
    return np.hypot(epistemic, aleatoric)


def clip(std: np.ndarray, smallest: float) -> tuple[np.ndarray, np.ndarray]:
    """Raise standard deviations to a smallest one, since linear heads may go below zero.

    Returns
    -------
    std : array
        At least `smallest`.
    raised : bool array
        Which values were below.
    """
    return np.maximum(std, smallest), std < smallest


def mc_dropout(model, codes: np.ndarray, passes: int, seed: int) -> np.ndarray:
    """Predict in many passes with dropout on and batch norm as in inference.

    Monte Carlo dropout (Gal and Ghahramani, 2016; paper, Methods, "MC Dropout"): mean and standard
    deviation over the passes are prediction and epistemic uncertainty. The model stays as it is.

    Parameters
    ----------
    model : keras.Model
        Functional, with dropout layers.
    codes : uint8 array, shape (n, length)
    passes
        At least 1; the paper has 100.
    seed
        The same seed gives the same masks.

    Returns
    -------
    predictions : float32 array, shape (passes, n, outputs)

    Raises
    ------
    InputError
        For no pass, or a model without dropout.
    """
    # Tables use this module where there is no TensorFlow.
    import keras

    from degu.models import predictor

    if passes < 1:
        raise InputError(f"passes is {passes}: at least 1 is needed.")
    if not any(isinstance(layer, keras.layers.Dropout) for layer in model.layers):
        raise InputError(f"{model.name!r} has no dropout layer: all passes would be the same.")
    seeds = count(seed)

    class ActiveDropout(keras.layers.Dropout):
        def call(self, inputs, training=False):
            return super().call(inputs, training=True)

    def activate(layer):
        if not isinstance(layer, keras.layers.Dropout):
            return layer
        return ActiveDropout(layer.rate, noise_shape=layer.noise_shape, seed=next(seeds))

    # Not `training=True`: batch norm would use and change the statistics of the batch.
    active = keras.models.clone_model(model, input_tensors=model.input, clone_function=activate)
    predict = predictor(active)
    return np.stack([predict(codes) for _ in range(passes)])
