"""Count training sequences that overlap the loci of variants."""

import pandas as pd

from degu import feed
from degu.dataset import Dataset
from degu.job import begin
from degu.tables import join
from degu.variants.overlap import overlaps

if __name__ == "__main__":
    begin(snakemake)
    variants = pd.read_table(snakemake.input.variants, dtype={"ref": str, "alt": str})
    codes = feed.sequences(Dataset(snakemake.input.data), "train")
    join.write(overlaps(variants, codes), snakemake.output[0])
