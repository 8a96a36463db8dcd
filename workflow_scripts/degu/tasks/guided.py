"""Students that learn features or outputs of models of sequences beside their task.

Teachers are files of `degu.teachers`, one a teacher; the combined losses those of
`degu.feature_losses`. They are for training alone: the loss of the task chooses the epoch.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import keras
import numpy as np

from degu import feature_losses
from degu.dataset import Dataset
from degu.feature_losses import OF_FEATURES
from degu.feed import Beside, Part, Stored
from degu.tasks.supervision import Supervision

# Layer of the matrix W that turns features of a student into those of its teachers.
PROJECTION = "projection"


def guided(
    supervision: Supervision,
    data: Dataset,
    rows: np.ndarray | None,
    recipe: dict,
    teachers: Sequence[str | Path],
) -> Supervision:
    """Add the loss of a recipe's `features` to a supervision; without it, it stays as it is.

    Parameters
    ----------
    supervision
        Supervision of the task, by measurements or by labels of an ensemble.
    data, rows
        Data set, and rows of its training split; all if None.
    recipe
        `features`: `loss`, `combine`, and `alpha` of a convex one.
    teachers
        Files of the teachers; features stand side by side, of outputs the mean counts.
    """
    if "features" not in recipe:
        return supervision
    asked = recipe["features"]
    name, of_features = asked["loss"], asked["loss"] in OF_FEATURES
    key = "features" if of_features else "outputs"
    taught = Stored(*(Part(path, f"train/{key}", rows=rows) for path in teachers))
    selects = data.selects()
    parts = [Part(path, f"validation/{key}", rows=selects, convert=_unknown) for path in teachers]
    width = taught.shape[1]
    (codes, targets), (held, held_targets) = supervision.train, supervision.validation
    loss = feature_losses.combined(
        supervision.loss,
        name,
        width,
        supervision.outputs,
        len(supervision.heads.activities),
        feature_losses.weights_of(asked["combine"], asked.get("alpha", 0.0)),
    )
    return replace(
        supervision,
        train=(codes, Beside(targets, taught)),
        validation=(held, Beside(held_targets, Stored(*parts))),
        loss=loss,
        extend=partial(projected, width=width) if of_features else None,
    )


def _unknown(vectors: np.ndarray) -> np.ndarray:
    return np.full(vectors.shape, np.nan, np.float32)


def projected(model: keras.Model, width: int) -> keras.Model:
    """Let a network give, behind its outputs, its last features times a matrix that learns.

    Parameters
    ----------
    model
        Network whose layer `heads` takes the features, (n, own width). It keeps its outputs, and
        shares its weights with the result.
    width
        Features of all teachers together.
    """
    features = model.get_layer("heads").input
    layer = keras.layers.Dense(width, use_bias=False, name=PROJECTION, dtype="float32")
    outputs = [keras.ops.cast(model.output, "float32"), layer(features)]
    return keras.Model(model.input, keras.ops.concatenate(outputs, axis=-1), name=model.name)
