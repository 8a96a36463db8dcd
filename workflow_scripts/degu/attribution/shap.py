"""Explanations by the package shap itself, each in a process of its own.

`shap.DeepExplainer` replaces gradients in TensorFlow's registry and does not put all of them back:
what takes gradients after it in its process may be wrong. `in_own_process` keeps it apart.
"""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import NamedTuple

import keras
import numpy as np
from keras import layers

from degu.attribution.references import reference_sets
from degu.attribution.substitutions import check, full_precision
from degu.job import InputError
from degu.sequences import one_hot

# Completeness error that can be rounding, as a share of the largest difference in prediction.
_TOLERANCE = 0.01


class Contributions(NamedTuple):
    """Contributions of the bases to a prediction's difference from the mean of references.

    Attributes
    ----------
    scores : float32 array, shape (n, length, 4)
        As shap returns them: a base that only references have counts too, in its own channel.
    errors : float32 array, shape (n, 1)
        Sum of a sequence's scores less its difference in prediction.
    """

    scores: np.ndarray
    errors: np.ndarray


@full_precision()
def shap_deep(
    model: keras.Model, codes: np.ndarray, references: np.ndarray, output: int
) -> Contributions:
    """Explain one head by `shap.DeepExplainer` (Lundberg and Lee, 2017, section 4.2).

    Call it by `in_own_process`. It is right for convolutions, dense layers, ReLU and max pools;
    terms of a softmax cancel to rounding, and dilated or recurrent layers make it fail.

    Parameters
    ----------
    model
        From `degu.models`.
    codes : uint8 array, shape (n, length)
    references : uint8 array, shape (references, length) or (n, references, length)
        The same for all sequences, or a set for each.
    output
        Index of the head to explain; of a profile its mean over length.

    Raises
    ------
    InputError
        For an output that does not exist; for sequences or references of another shape; if scores
        do not add up to the differences in prediction, within 1 % of the largest one.
    """
    import shap

    network, sets = _network(model, codes, output), reference_sets(references, codes)
    # It asks for the references of one sequence after the other.
    of_each = iter(np.broadcast_to(sets, (len(codes), *sets.shape[1:])))
    explainer = shap.DeepExplainer(network, lambda _: one_hot(next(of_each)))
    scores = explainer.shap_values(one_hot(codes), check_additivity=False)[..., 0]
    differences = _differences(network, codes, sets)
    errors = scores.sum(axis=(1, 2)) - differences
    worst, largest = np.abs(errors).max(), np.abs(differences).max()
    if not worst <= _TOLERANCE * largest:
        raise InputError(
            f"shap_deep is wrong for the network {model.name!r}: its scores miss a difference in "
            f"prediction by {worst:.2g}, where the largest difference is {largest:.2g}. Explain it "
            "with deepshap, integrated_gradients or ism."
        )
    return Contributions(scores.astype(np.float32), errors.astype(np.float32)[:, None])


@full_precision()
def shap_gradient(
    model: keras.Model, codes: np.ndarray, references: np.ndarray, output: int, steps: int
) -> Contributions:
    """Explain one head by `shap.GradientExplainer`: expected gradients (Erion et al., 2021).

    For any network. References, and places on the way from them, are drawn at random, so that
    errors fall with the root of the number of gradients; a sequence's number among the others is
    the seed of its draws.

    Parameters
    ----------
    model, codes, references, output
        As for `shap_deep`.
    steps
        Gradients a sequence, for each of its references.

    Raises
    ------
    InputError
        For an output that does not exist; for sequences or references of another shape.
    """
    import shap

    network, sets = _network(model, codes, output), reference_sets(references, codes)
    explainer, number = shap.GradientExplainer(network, one_hot(sets[0])), steps * sets.shape[1]
    scores = []
    for row, x in enumerate(one_hot(codes)):
        explainer.explainer.data = [one_hot(sets[row % len(sets)])]
        scores.append(explainer.shap_values(x[None], nsamples=number, rseed=row)[0, ..., 0])
    scores = np.stack(scores)
    errors = scores.sum(axis=(1, 2)) - _differences(network, codes, sets)
    return Contributions(scores.astype(np.float32), errors.astype(np.float32)[:, None])


def in_own_process(function: Callable, *arguments: object) -> object:
    """Call a function of a module in a fresh process, which ends with it."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def _network(model: keras.Model, codes: np.ndarray, output: int) -> keras.Model:
    """Build a network of one head alone, (n, 1), that ends in a layer, as shap needs it."""
    check(model, codes, output)
    heads = model.output
    # Keras would choose names that layers read from a file may have already.
    if len(heads.shape) == 3:
        heads = layers.GlobalAveragePooling1D(name="mean_over_length")(heads)
    choice = layers.Dense(1, use_bias=False, name="head_alone")
    network = keras.Model([model.input], choice(heads))
    choice.set_weights([np.eye(heads.shape[-1])[:, [output]]])
    return network


def _differences(network: keras.Model, codes: np.ndarray, sets: np.ndarray) -> np.ndarray:
    """Predictions less the mean prediction of the references, shape (n,)."""
    at_references = [_predict(network, some).mean(dtype=np.float64) for some in sets]
    return _predict(network, codes) - np.array(at_references)


def _predict(network: keras.Model, codes: np.ndarray) -> np.ndarray:
    return network.predict([one_hot(codes)], batch_size=256, verbose=0)[:, 0]
