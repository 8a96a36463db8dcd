"""Methods of attribution, sequences to explain, and the maps of all members of a run."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np

from degu import feed, models, shards
from degu.attribution.references import explain_by_deepshap, integrated_gradients
from degu.attribution.shap import in_own_process, shap_deep, shap_gradient
from degu.attribution.substitutions import ism, saliency, tism
from degu.dataset import Dataset
from degu.heads import Heads, read_common
from degu.job import InputError, log
from degu.lengths import check_explained
from degu.maps import Maps
from degu.parts import Parts
from degu.sequences import dinucleotide_shuffle, encode

_WITHOUT_REFERENCES = {"saliency": saliency, "ism": ism, "tism": tism}
_OF_SHAP = ("shap_deep", "shap_gradient")
WITH_REFERENCES = ("deepshap", "integrated_gradients", *_OF_SHAP)


def deepshap(
    model: keras.Model, codes: np.ndarray, references: np.ndarray, output: int
) -> np.ndarray:
    """DeepSHAP scores by the rescale rule, averaged over references, complete for every pair.

    Parameters
    ----------
    model
        From `degu.models`; recurrent layers are refused by name.
    codes : uint8 array, shape (n, length)
    references : uint8 array, shape (references, length), or (n, references, length)
    output
        Index of the head to explain; of a profile its mean over length.

    Returns
    -------
    scores : float array, shape (n, length, 4)
        They sum to the prediction less the mean prediction of the references.
    """
    explanation = explain_by_deepshap(model, codes, references, output)
    log.info("DeepSHAP: largest completeness error %.1e", np.abs(explanation.errors).max())
    return explanation.scores


def correct(scores: np.ndarray) -> np.ndarray:
    """Subtract each position's mean over the four bases (paper, "gradient correction").

    One-hot sequences lie on a simplex; the gradient's part off it is arbitrary.
    """
    return scores - scores.mean(axis=-1, keepdims=True)


class Explained(NamedTuple):
    """Sequences to explain: names, codes (n, length), and how many of them were asked for.

    `references`, codes of shape (references, length) or (n, references, length), are None for a
    method without.
    """

    names: list[str]
    codes: np.ndarray
    asked: int
    references: np.ndarray | None = None


def heads_of(asked: str | list[str], heads: Heads) -> Heads:
    """Heads to explain.

    Parameters
    ----------
    asked
        "activities", "all" (but those of single teachers), or names; those that only other models
        of the data set have, such as the epistemic heads of students, are left out.
    heads
        Heads of the models.

    Raises
    ------
    InputError
        For a head that no model of the data set can have.
    """
    possible = Heads.of(heads.activities, "aleatoric", "epistemic").names
    every = [head.name for head in heads if head.kind != "member"]
    wanted = {"activities": heads.activities, "all": every}.get(str(asked), asked)
    for head in wanted:
        if head not in possible:
            raise InputError(
                f"There is no head {head!r} to be explained: allowed are {', '.join(possible)}."
            )
    return Heads(head for head in heads if head.name in wanted)


def most_active(asked: dict[str, str], data: Dataset, activity: str, number: int) -> Explained:
    """Sequences asked for, and behind them the test sequences that are measured largest.

    Paper, Methods, "Attribution analysis". Each measured unit is explained once, such as one strand
    of a window whose two strands share a measurement. Windows of profiles are cut, and named, to as
    many bases in their middle as models take, over which their measurements are averaged.

    Parameters
    ----------
    asked
        Sequences by name; may be empty.
    activity
        Activity whose measurements count.
    number
        Number of test sequences, of as many units.

    Raises
    ------
    InputError
        For a sequence of another length than models take.
    """
    codes, measured = feed.measured(data, "test", [activity], cropped=True)
    mean = np.concatenate(
        [
            measured[block].reshape(-1, measured.shape[1]).mean(axis=1, dtype=np.float64)
            for block in shards.blocks(*codes.shape)
        ]
    )
    # Sequences in which the activity was not measured come last.
    order = np.argsort(-mean, kind="stable")[: np.isfinite(mean).sum()]
    first = np.unique(data.units("test")[order], return_index=True)[1]
    rows = order[np.sort(first)][:number]
    codes = codes[rows]
    names = list(data.names("test")[rows])
    if data.is_profile:
        names = [feed.name_of_centre(name, data.crop) for name in names]
    if asked:
        check_explained(asked, data.crop)
        first = encode(list(asked.values()), list(asked))
        names, codes = [*asked, *names], np.concatenate([first, codes])
    return Explained(names, codes, len(asked))


def with_references(some: Explained, kind: str, number: int, data: Dataset, seed: int) -> Explained:
    """Draw references for sequences.

    Parameters
    ----------
    kind
        "test": random sequences of the test set, the same for all (paper, Methods, "Attribution
        analysis"); "dinucleotide_shuffle": shuffles of each sequence itself.
    number
        Number of references for each sequence.

    Raises
    ------
    InputError
        For more references than test sequences.
    """
    if kind == "dinucleotide_shuffle":
        drawn = dinucleotide_shuffle(some.codes.repeat(number, axis=0), seed)
        return some._replace(references=drawn.reshape(len(some.codes), number, -1))
    n = data.size("test")
    if number > n:
        raise InputError(f"There are {n} test sequences, fewer than {number} references.")
    rows = np.random.default_rng(seed).choice(n, number, replace=False)
    return some._replace(references=feed.sequences(data, "test", rows, cropped=True)[:])


def explain(
    members: list[str],
    sequences: Mapping[str, Explained],
    method: str,
    steps: int,
    parts: Parts | None = None,
) -> dict[str, Maps]:
    """Explain sequences with all members of a run.

    Parameters
    ----------
    members
        Model files.
    sequences
        Sequences by the name of the head to explain.
    method
        saliency, deepshap, integrated_gradients, ism, tism, shap_deep or shap_gradient.
    steps
        Steps of integrated gradients, and gradients for each reference of shap_gradient.
    parts
        Parts by which a killed job goes on, head by head of each member; by default none are kept.
    """
    heads, found = read_common(members), {head: [] for head in sequences}
    parts = parts or Parts(None)
    run = partial(in_own_process, _explain) if method in _OF_SHAP else _explain
    for number, member in enumerate(members):
        for head, some in sequences.items():
            log.info("%s of %d sequences for %s with %s", method, len(some.codes), head, member)
            facts = [Path(member), head, some.codes, some.references, method, steps]
            compute = partial(run, member, some, heads.column(head), method, steps)
            own = parts.get(f"{head}{number}", facts, compute)
            if "errors" in own:
                log.info("largest completeness error %.1e", np.abs(own["errors"]).max())
            found[head].append(own)
    return {
        head: Maps(heads.kinds[head], some.names, some.codes, some.asked, **_stack(found[head]))
        for head, some in sequences.items()
    }


def _explain(
    member: str, some: Explained, output: int, method: str, steps: int
) -> dict[str, np.ndarray]:
    """Arrays of one head of a model file, by their name in `degu.maps`."""
    return explain_one(models.load(member), some, output, method, steps)


def explain_one(
    model: keras.Model, some: Explained, output: int, method: str, steps: int
) -> dict[str, np.ndarray]:
    """Explain one head of a model; the arrays have their names in `degu.maps`.

    Parameters
    ----------
    model
        From `degu.models`.
    some
        Sequences, with references for a method that has them.
    output
        Index of the head.
    method, steps
        As of `explain`.
    """
    if method in _WITHOUT_REFERENCES:
        return {"scores": correct(_WITHOUT_REFERENCES[method](model, some.codes, output))}
    explain_head = {
        "deepshap": explain_by_deepshap,
        "integrated_gradients": partial(integrated_gradients, steps=steps),
        "shap_deep": shap_deep,
        "shap_gradient": partial(shap_gradient, steps=steps),
    }[method]
    found = explain_head(model, some.codes, some.references, output)
    return found._replace(scores=correct(found.scores))._asdict()


def _stack(members: list[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    return {key: np.stack([member[key] for member in members]) for key in members[0]}
