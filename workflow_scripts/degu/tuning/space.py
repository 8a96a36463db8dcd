"""Search spaces as the config states them, and the values that trials draw from them."""

import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)

# Distribution of each kind of range.
KINDS = {
    "choice": CategoricalDistribution,
    "integer": lambda bounds: IntDistribution(*bounds),
    "uniform": lambda bounds: FloatDistribution(*bounds),
    "log": lambda bounds: FloatDistribution(*bounds, log=True),
}


def distributions(space: dict[str, dict]) -> dict[str, BaseDistribution]:
    """Distribution of each parameter of a space, by name.

    Parameters
    ----------
    space
        Ranges by part ("architecture", "training") and key: {"choice": [9, 12]},
        {"integer": [1, 8]}, {"uniform": [0, 0.3]} or {"log": [0.0005, 0.01]}.

    Returns
    -------
    distributions : dict
        By name, such as "architecture.kernel".
    """
    return {
        f"{part}.{key}": KINDS[kind](values)
        for part, ranges in space.items()
        for key, asked in ranges.items()
        for kind, values in asked.items()
    }


def draw(asked: dict[str, BaseDistribution], number: int, seed: int) -> list[dict[str, object]]:
    """Draw values at random, no set of them twice.

    The first sets of a larger number are those of a smaller one.

    Parameters
    ----------
    asked
        Of `distributions`; it holds as many sets at least.
    number
        Sets that are drawn.
    seed
        The same seed and space give the same sets.
    """
    sampler = optuna.samplers.RandomSampler(seed=seed)
    study = optuna.create_study(sampler=sampler)
    found = []
    while len(found) < number:
        values = study.ask(asked).params
        if values not in found:
            found.append(values)
    return found
