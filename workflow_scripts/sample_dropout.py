"""Predict with dropout: mean and spread over the passes of each member of a run."""

import numpy as np

from degu import device, models, uncertainty
from degu.dataset import Dataset
from degu.ensemble import summarise
from degu.heads import Heads, read_common
from degu.job import begin, log, seed
from degu.predictions import Predictions, Split, write
from degu.tasks.activities import truth


def main(
    data: str, members: list[str], output: str, passes: int, names: list[str], strands: str
) -> None:
    """Write predictions whose heads are the activities and their epistemic deviations."""
    data = Dataset(data)
    heads = Heads.of(data.activities, "epistemic")
    columns = read_common(members).columns("activity")

    def predict(split: str) -> Split:
        predictions, codes = [], data.codes(split)
        for number, path in enumerate(members):
            log.info("%d passes of %d sequences through %s", passes, len(codes), path)
            own = seed(*names, number, "dropout", split)
            drawn = uncertainty.mc_dropout(models.load(path), codes, passes, own, strands)
            predictions.append(np.hstack(summarise(drawn[..., columns])))
        known = truth(data, split, heads, None)
        return Split(data.names(split), data.units(split), known, np.stack(predictions))

    write(output, Predictions(heads, predict("validation"), predict("test")))


if __name__ == "__main__":
    begin(snakemake)
    device.claim(snakemake.config["device"])
    main(
        data=snakemake.input.data,
        members=snakemake.input.models,
        output=snakemake.output[0],
        passes=snakemake.params.passes,
        names=snakemake.params.names,
        strands=snakemake.params.strands,
    )
