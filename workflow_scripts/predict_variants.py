"""Predict both alleles of variants with all members of a run."""

import numpy as np
import pandas as pd

from degu import distill, predictions, variants
from degu.dataset import Dataset
from degu.ensemble import Ensemble
from degu.job import log_to


def main(
    table: str,
    data: str,
    run: str,
    models: list[str],
    output: str,
    loci: list[str],
    adaptors: dict[str, str],
    scale: str | None,
) -> None:
    """Write predictions of the variants of some loci; `run` has the predictions of the test set."""
    data, heads = Dataset(data), predictions.read(run).heads
    table = variants.of_loci(pd.read_table(table, dtype={"ref": str, "alt": str}), loci)
    codes = [
        variants.flanked(table[f"{allele}_sequence"], **adaptors, length=data.length)
        for allele in ("ref", "alt")
    ]
    predicted = distill.to_std(Ensemble(models).predict(np.concatenate(codes)), heads, data, scale)
    kept = table[["locus", "chrom", "pos", "ref", "alt", "value"]]
    ref, alt = np.split(predicted, 2, axis=1)
    variants.write(output, variants.Scored(kept, heads, data.activities, ref, alt))


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(
        table=snakemake.input.variants,
        data=snakemake.input.data,
        run=snakemake.input.predictions,
        models=snakemake.input.models,
        output=snakemake.output[0],
        loci=snakemake.params.loci,
        adaptors=dict(zip(("left", "right"), snakemake.params.adaptors, strict=True)),
        scale=snakemake.params.scale,
    )
