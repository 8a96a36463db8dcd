"""The end of a study: its best trial, the table of all of them, the chosen values as a recipe."""

import optuna
import pandas as pd
import yaml
from optuna.trial import FrozenTrial, TrialState

from degu import chosen
from degu.job import InputError
from degu.tuning.study import STATES


def ended(study: optuna.Study, trials: int) -> list[FrozenTrial]:
    """Return the trials of a study that were asked for, in their order.

    Raises
    ------
    InputError
        If there are fewer, or some have not ended.
    """
    found = study.trials[:trials]
    left = [trial.number for trial in found if not trial.state.is_finished()]
    left += range(len(found), trials)
    if left:
        raise InputError(
            f"Of {trials} trials {len(left)} have not ended ({', '.join(map(str, left[:5]))}, …): "
            "delete the files of its workers (worker….json), and start Snakemake again."
        )
    return found


def best(trials: list[FrozenTrial]) -> FrozenTrial:
    """Return the trial of the smallest validation loss of those that were trained to their end.

    Raises
    ------
    InputError
        If no training came to its end; it says why the first one failed.
    """
    complete = [trial for trial in trials if trial.state == TrialState.COMPLETE]
    if not complete:
        why = next((trial.user_attrs["why"] for trial in trials if "why" in trial.user_attrs), "")
        raise InputError(f"No trial of {len(trials)} was trained to its end: {why}")
    return min(complete, key=lambda trial: (trial.value, trial.number))


def table(trials: list[FrozenTrial]) -> pd.DataFrame:
    """Make a table of trials, a row for each parameter of each.

    Returns
    -------
    table : DataFrame
        trial, state (complete, halved, failed), validation_loss (of the best epoch of complete
        ones, of the last of halved ones), epochs, seconds, chosen, parameter, value.
    """
    picked = best(trials).number
    return pd.DataFrame(
        {
            "trial": trial.number,
            "state": STATES[trial.state],
            "validation_loss": trial.value,
            "epochs": trial.last_step or 0,
            "seconds": trial.user_attrs["seconds"],
            "chosen": trial.number == picked,
            "parameter": name,
            "value": value,
        }
        for trial in trials
        for name, value in trial.params.items()
    )


def as_recipe(name: str, values: dict[str, object], recipe: dict, architecture: dict) -> str:
    """Write the chosen values as a recipe of a config.

    Parameters
    ----------
    name
        Name of the recipe.
    values
        Chosen values by name.
    recipe
        Recipe that was tuned, as the config has it.
    architecture
        Its architecture, or that of its data set.
    """
    own = recipe.get("training", {})
    known = {key: value for key, value in recipe.items() if key != "training"}
    found = chosen.replaced(values, architecture, own, known)
    whole = found["recipe"] | {"architecture": found["architecture"]}
    whole |= {"training": found["settings"]} if found["settings"] else {}
    return yaml.safe_dump({"recipes": {name: whole}}, sort_keys=False)
