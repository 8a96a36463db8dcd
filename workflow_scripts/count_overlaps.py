"""Count training sequences that overlap the loci of variants."""

import pandas as pd

from degu import feed, splits
from degu.dataset import Dataset
from degu.job import begin, errors_name
from degu.tables import join
from degu.variants.overlap import overlaps

if __name__ == "__main__":
    begin(snakemake)
    variants = pd.read_table(snakemake.input.variants, dtype={"ref": str, "alt": str})
    codes = feed.sequences(Dataset(snakemake.input.data), "train")
    with errors_name(snakemake.input.data):
        splits.check_adaptors(codes[:1000], *snakemake.params.adaptors)
    join.write(overlaps(variants, codes), snakemake.output[0])
