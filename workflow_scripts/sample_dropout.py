"""Predict with dropout: mean and spread over the passes of each member of a run."""

import numpy as np

from degu import distill, models, uncertainty
from degu.dataset import Dataset
from degu.ensemble import summarise
from degu.job import log, log_to, seed
from degu.predictions import Predictions, Split, write


def main(data: str, members: list[str], output: str, passes: int, names: list[str]) -> None:
    """Write predictions whose heads are the activities and their epistemic deviations."""
    data = Dataset(data)
    heads = distill.head_names(data.activities, with_aleatoric=False, with_epistemic=True)
    count = len(data.activities)

    def of_split(split: str) -> Split:
        predictions, codes = [], data.codes(split)
        for number, path in enumerate(members):
            log.info("%d passes of %d sequences through %s", passes, len(codes), path)
            own = seed(*names, number, "dropout", split)
            drawn = uncertainty.mc_dropout(models.load(path), codes, passes, own)
            predictions.append(np.hstack(summarise(drawn[..., :count])))
        truth = distill.truth(data, split, heads, labels=None)
        return Split(data.names(split), truth, np.stack(predictions))

    write(output, Predictions(heads, data.activities, of_split("validation"), of_split("test")))


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        data=snakemake.input.data,
        members=snakemake.input.models,
        output=snakemake.output[0],
        passes=snakemake.params.passes,
        names=snakemake.params.names,
    )
