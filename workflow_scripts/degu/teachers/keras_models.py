"""Keras models as teachers, in the user's own environment (`runner`)."""

import json
import sys
import zipfile
from pathlib import Path

import numpy as np

# Sequences that are encoded and predicted at once.
AT_ONCE = 2048


class KerasTeacher:
    """Model of one-hot sequences, with a layer whose output is the features.

    Parameters
    ----------
    asked
        `file`, `layer`, `order` of the letters in its one-hot encoding, and `check`: a sequence
        with the outputs that are expected of it.
    sequences
        Letters of all sequences, of the length that the model takes.
    """

    def __init__(self, asked: dict, sequences: list):
        import keras

        self._model = load(asked["file"])
        self._sequences, self._order = sequences, asked.get("order", "ACGT")
        names = [layer.name for layer in self._model.layers]
        if asked["layer"] not in names:
            sys.exit(f"there is no layer {asked['layer']!r}: there are {', '.join(names)}")
        self._check_input()
        x = self._model.get_layer(asked["layer"]).output
        # Features of positions are averaged over them.
        self._features = x if len(x.shape) == 2 else keras.ops.mean(x, axis=1)
        parts = [keras.ops.reshape(y, (-1, y.shape[-1])) for y in self._model.outputs]
        self._outputs = parts[0] if len(parts) == 1 else keras.ops.concatenate(parts, axis=-1)
        self._fresh, self._kept = self._model.get_weights(), None
        if "check" in asked:
            self._check_known(asked["check"])

    def _check_input(self) -> None:
        shape, length = self._model.input_shape, len(self._sequences[0])
        if len(shape) != 3 or shape[-1] != 4 or shape[1] not in (None, length):
            sys.exit(f"the model takes {shape}, but sequences are one-hot (n, {length}, 4)")

    def _check_known(self, known: dict) -> None:
        found = self._predicted([known["sequence"]])[1][0]
        expected, tolerance = known["expected"], known.get("tolerance", 0.001)
        if len(found) != len(expected) or not np.allclose(found, expected, 0, tolerance):
            told = ", ".join(f"{value:.5g}" for value in found)
            sys.exit(
                f"the sequence of check has the outputs {told}, not {expected}: is the order of "
                f"letters another one than {self._order}?"
            )

    def encode(self, sequences: list) -> np.ndarray:
        """Turn sequences into one-hot rows, float32 (n, length, 4); other letters are zeros."""
        letters = np.array([list(one.replace("U", "T")) for one in sequences])
        return (letters[..., None] == np.array(list(self._order))).astype(np.float32)

    def _predicted(self, sequences: list) -> list:
        import keras

        both = keras.Model(self._model.inputs, [self._features, self._outputs])
        blocks = [
            [np.asarray(y) for y in both(self.encode(sequences[at : at + AT_ONCE]), training=False)]
            for at in range(0, len(sequences), AT_ONCE)
        ]
        return [np.concatenate(arrays) for arrays in zip(*blocks, strict=True)]

    def predict(self) -> list:
        """Features and outputs of all sequences."""
        return self._predicted(self._sequences)

    def fit(
        self,
        measured: dict,
        classes: bool,
        batch_size: int,
        rate: float,
        epochs: int,
        patience: int,
    ) -> float:
        """Fine-tune a fresh copy, whose outputs are a new layer on the features.

        Returns the smallest validation loss, of whose epoch the weights are.
        """
        import keras

        keras.utils.set_random_seed(0)
        self._model.set_weights(self._fresh)
        self._model.trainable = True
        targets = measured["train_targets"], measured["validation_targets"]
        head = keras.layers.Dense(targets[0].shape[1], name="fine_tuned_head")
        tuned = keras.Model(self._model.inputs, head(self._features))
        x, held = (
            [self._sequences[row] for row in measured[key]] for key in ("train", "validation")
        )
        steps = epochs * -(-len(x) // batch_size)
        falling = keras.optimizers.schedules.CosineDecay(rate, steps, alpha=min(1.0, 1e-6 / rate))
        loss = keras.losses.CategoricalCrossentropy(from_logits=True) if classes else "mse"
        tuned.compile(keras.optimizers.AdamW(falling), loss=loss)
        stop = keras.callbacks.EarlyStopping(
            "val_loss", patience=patience, restore_best_weights=True
        )
        history = tuned.fit(
            self.encode(x),
            targets[0],
            batch_size=batch_size,
            epochs=epochs,
            validation_data=(self.encode(held), targets[1]),
            callbacks=[stop],
            verbose=0,
        )
        self._tuned = tuned
        return float(np.nanmin([*history.history["val_loss"], np.inf]))

    def keep(self) -> None:
        """Keep the weights of the last fit."""
        self._kept = self._tuned.get_weights()

    def restore(self) -> None:
        """Go back to the weights that were kept, whose outputs are those of the new layer."""
        self._tuned.set_weights(self._kept)
        self._outputs = self._tuned.output


def load(path: str) -> object:
    """Load a whole model; one that runs code of its own is refused by the names of its layers."""
    import keras

    file = Path(path)
    if file.suffix not in (".keras", ".h5", ".hdf5"):
        sys.exit(f"{path} ends in {file.suffix!r}: allowed are .keras, .h5 and .hdf5")
    if not file.is_file():
        sys.exit(f"{path} is not there")
    lambdas = lambda_layers(config_of(file))
    if lambdas:
        sys.exit(
            f"{path} has the Lambda layer {lambdas[0]!r}, which is code that Keras 3 does not "
            "load: write its vectors to a file with the Keras that it was saved by"
        )
    try:
        return keras.models.load_model(path, compile=False)
    except (ValueError, TypeError, KeyError, OSError) as error:
        sys.exit(
            f"{path} cannot be loaded by Keras {keras.__version__}: {str(error).split(chr(10))[0]}"
        )


def config_of(file: Path) -> object:
    """Read the layers of a saved model, as JSON; an empty one where they are not known."""
    if file.suffix == ".keras":
        with zipfile.ZipFile(file) as archive:
            return json.loads(archive.read("config.json"))
    import h5py

    with h5py.File(file) as stored:
        text = stored.attrs.get("model_config", "{}")
    return json.loads(text.decode() if isinstance(text, bytes) else text)


def lambda_layers(config: object) -> list:
    """Names of Lambda layers, wherever they stand in a model's config."""
    if isinstance(config, list):
        return [name for item in config for name in lambda_layers(item)]
    if not isinstance(config, dict):
        return []
    own = config.get("class_name") == "Lambda" and isinstance(config.get("config"), dict)
    below = [name for item in config.values() for name in lambda_layers(item)]
    return ([config["config"].get("name", "?")] if own else []) + below
