"""Predict both alleles of variants with all members of a run."""

import numpy as np
import pandas as pd

from degu import device
from degu.ensemble import Ensemble
from degu.job import begin
from degu.models import load
from degu.variants import scored


def main(
    table: str,
    models: list[str],
    output: str,
    loci: list[str],
    adaptors: dict[str, str],
    strands: str = "forward",
) -> None:
    """Write predictions of the variants of some loci, cut to the length that the models take."""
    ensemble, length = Ensemble(models, strands), load(models[0]).input_shape[1]
    variants = scored.of_loci(pd.read_table(table, dtype={"ref": str, "alt": str}), loci)
    codes = [
        scored.flanked(variants[f"{allele}_sequence"], **adaptors, length=length)
        for allele in ("ref", "alt")
    ]
    predicted = ensemble.heads.to_std(ensemble.predict(np.concatenate(codes)))
    kept = variants[["locus", "chrom", "pos", "ref", "alt", "value"]]
    ref, alt = np.split(predicted, 2, axis=1)
    scored.write(output, scored.Scored(kept, ensemble.heads, ref, alt))


if __name__ == "__main__":
    begin(snakemake)
    device.claim(snakemake.config["device"])
    main(
        table=snakemake.input.variants,
        models=snakemake.input.models,
        output=snakemake.output[0],
        loci=snakemake.params.loci,
        adaptors=dict(zip(("left", "right"), snakemake.params.adaptors, strict=True)),
        strands=snakemake.params.strands,
    )
