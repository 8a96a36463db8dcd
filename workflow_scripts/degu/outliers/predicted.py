"""Scores of a run's members for groups of foreign sequences and the test set: one file a run.

/{group}/predictions   float32  (members, n, heads)
/{group}/scores        float32  (scores, n)
/{group}/units         int64    (n,), measured units
attributes: heads, scores (JSON, a `Score` each)
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import keras
import numpy as np

from degu import feed, models, uncertainty
from degu.classification import entropy, mutual_information, probabilities
from degu.dataset import Dataset
from degu.heads import Heads, read_common
from degu.outliers import scored, scores
from degu.outliers.groups import TEST, Group
from degu.outliers.scored import INPUTS, Score
from degu.predictions import ENSEMBLE

# Training sequences, at most, that distances are measured from.
REFERENCES = 25_000


class Sampling(NamedTuple):
    """Passes of each member with dropout, or with an epinet's index, and their seed."""

    passes: int
    seed: int


class _Timed(NamedTuple):
    """Values by group, and seconds for a thousand sequences."""

    values: Mapping[str, np.ndarray]
    seconds: float


def _timed(function: Callable, groups: Mapping[str, Group]) -> _Timed:
    """Call a function of inputs for all groups; time it for the test set, once it is compiled."""
    function(groups[TEST].inputs[:1])
    start = perf_counter()
    found = {TEST: function(groups[TEST].inputs)}
    seconds = (perf_counter() - start) / len(groups[TEST].units) * 1000
    others = {name: function(group.inputs) for name, group in groups.items() if name != TEST}
    return _Timed(found | others, seconds)


def write(
    path: str | Path,
    members: Sequence[str],
    data: Dataset,
    groups: Mapping[str, Group],
    sampling: Sampling | None = None,
    strands: str = "forward",
    seed: int = 0,
) -> None:
    """Predict and score groups by all members of a run.

    Parameters
    ----------
    path
        File to write.
    members
        Saved models, one a member.
    data
        Their data set, whose training sequences distances are measured from.
    groups
        From `degu.outliers.groups.read`.
    sampling
        Passes with dropout of each member; none by default.
    strands
        Strands that members predict from (`degu.models.on_strands`).
    seed
        Seed of the draw of training sequences, where there are many.
    """
    heads = read_common(members)
    networks = [models.load(path) for path in members]
    each = [
        _timed(models.on_strands(models.predictor(network), strands), groups)
        for network in networks
    ]
    predictions = {
        name: heads.to_std(np.stack([one.values[name] for one in each])) for name in groups
    }
    seconds = [one.seconds for one in each]
    found = [*_of_predictions(heads, predictions, seconds)]
    for number, network in enumerate(networks) if sampling else ():
        found.append(_of_passes(network, number, heads, groups, sampling, strands))
    found += _distances(networks, data, groups, seed)
    values = {name: np.stack([of[name] for _, of in found]) for name in groups}
    units = {name: group.units for name, group in groups.items()}
    run = scored.Scored([score for score, _ in found], values, units)
    scored.write(path, run, heads, predictions)


Found = tuple[Score, Mapping[str, np.ndarray]]


def _of_predictions(heads: Heads, predictions: Mapping, seconds: list[float]) -> Iterator[Found]:
    """Scores of single predictions and heads of each member, and of the ensemble."""
    number, single = len(seconds), {"max_probability": scores.unsure, "entropy": _entropy}
    told = heads.columns("information") or heads.columns("epistemic")
    classes = heads.columns("class")
    disagree = "mutual_information" if classes else "epistemic_variance"
    for name, of in single.items() if classes else ():
        logits = {group: values[..., classes] for group, values in predictions.items()}
        for member in range(number):
            known = {group: of(values[member]) for group, values in logits.items()}
            yield Score(name, "prediction", str(member), 1, seconds[member]), known
        if number > 1:
            known = {group: of(values.mean(axis=0)) for group, values in logits.items()}
            yield Score(name, "prediction", ENSEMBLE, number, sum(seconds)), known
    for member in range(number) if told else ():
        known = {group: _told(heads, values[member]) for group, values in predictions.items()}
        yield Score(disagree, "head", str(member), 1, seconds[member]), known
    if number > 1:
        known = {group: _disagreement(heads, values) for group, values in predictions.items()}
        yield Score(disagree, "members", ENSEMBLE, number, sum(seconds)), known


def _entropy(logits: np.ndarray) -> np.ndarray:
    return entropy(probabilities(logits))


def _told(heads: Heads, values: np.ndarray) -> np.ndarray:
    """Find what heads say of the disagreement: information, or mean variance of activities."""
    information = heads.columns("information")
    if information:
        return values[:, information[0]]
    return np.square(np.maximum(values[:, heads.columns("epistemic")], 0)).mean(axis=1)


def _disagreement(heads: Heads, values: np.ndarray) -> np.ndarray:
    """Mutual information of class and member, or mean variance of activities over members."""
    classes = heads.columns("class")
    if classes:
        return mutual_information(values[..., classes])
    return values[..., heads.columns("activity")].var(axis=0).mean(axis=1)


def _of_passes(network, number, heads, groups, sampling: Sampling, strands) -> Found:
    """Disagreement of the passes of one member."""
    sample = uncertainty.sampler(network, sampling.seed + number, strands)

    def disagree(inputs: np.ndarray) -> np.ndarray:
        return _disagreement(heads, np.stack([sample(inputs) for _ in range(sampling.passes)]))

    known = _timed(disagree, groups)
    name = "mutual_information" if heads.columns("class") else "epistemic_variance"
    return Score(name, "passes", str(number), sampling.passes, known.seconds), known.values


def _distances(networks, data: Dataset, groups, seed: int) -> Iterator[Found]:
    """Distances of vectors, or of the features in front of each member's heads."""
    size = data.size("train")
    rows = np.arange(size)
    if size > REFERENCES:
        rows = np.sort(np.random.default_rng(seed).choice(size, REFERENCES, replace=False))
    trained = feed.sequences(data, "train", rows)[:]
    classes = np.zeros(len(rows), int)
    if data.is_classes:
        classes = data.targets("train")[rows][:, data.columns(data.activities)].argmax(axis=1)
    embeds = {INPUTS: None}
    if data.inputs == "codes":
        embeds = {str(number): _features(network) for number, network in enumerate(networks)}
    for member, embed in embeds.items():
        known = trained if embed is None else embed(trained)
        measures = {
            "mahalanobis": lambda new, known=known: scores.mahalanobis(known, classes, new),
            "nearest": lambda new, known=known: scores.nearest(known, new, min(10, len(known))),
        }
        for name, of in measures.items():

            def distance(new, of=of, embed=embed):
                return of(new if embed is None else embed(new))

            found = _timed(distance, groups)
            passes = 0 if embed is None else 1
            yield Score(name, "distance", member, passes, found.seconds), found.values


def _features(network: keras.Model) -> Callable[[np.ndarray], np.ndarray]:
    """Compile what a network's heads take."""
    return models.predictor(keras.Model(network.input, network.get_layer("heads").input))
