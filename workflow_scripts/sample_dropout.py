"""Predict with dropout: mean and spread over the passes of each member of a run."""

from functools import partial
from pathlib import Path

import numpy as np

from degu import device, feed, plan, tasks, uncertainty
from degu.dataset import Dataset
from degu.heads import Heads, read_common
from degu.job import begin, seed
from degu.parts import Parts
from degu.predictions import Predictions, Split, write


def main(
    data: str, members: list[str], parts: Parts, passes: int, names: list[str], strands: str
) -> None:
    """Write mean and spread over passes: of activities, or of classes with their information."""
    data, known = Dataset(data), read_common(members)
    told = Heads(head for head in known if head.kind in ("activity", "class"))
    heads, columns = told.with_epistemic(), slice(len(told))

    def predict(split: str) -> Split:
        predictions, codes = [], feed.sequences(data, split)[:]
        for number, path in enumerate(members):
            own = seed(*names, number, "dropout", split)
            sample = partial(uncertainty.sampled, path, codes, passes, own, strands)
            part = parts.get(f"{split}{number}", [Path(path), codes, own, passes, strands], sample)
            predictions.append(np.hstack([values[:, columns] for values in part.values()]))
        truth = tasks.of(data).truth(data, split, heads, None)
        return Split(data.names(split), data.units(split), truth, np.stack(predictions))

    write(parts.output, Predictions(heads, predict("validation"), predict("test")))
    parts.delete()


if __name__ == "__main__":
    begin(snakemake)
    device.claim(snakemake.config["device"])
    main(
        data=snakemake.input.data,
        members=snakemake.input.models,
        parts=Parts(snakemake.output[0], plan.digest(*snakemake.input.code)),
        passes=snakemake.params.passes,
        names=snakemake.params.names,
        strands=snakemake.params.strands,
    )
