"""Make the sequences without measurements that students learn beside their training sequences."""

from degu.dataset import Dataset
from degu.job import begin, seed
from degu.splits import subset
from degu.unlabelled import make


def main(
    data: str,
    output: str,
    asked: dict,
    fraction: float,
    fraction_seed: int,
    own_seed: int,
    sources: make.Sources,
) -> None:
    """Derive sequences from the fraction's rows, and read natural ones."""
    data = Dataset(data)
    rows = subset(data.size("train"), fraction, fraction_seed)
    make.write(output, data, rows, asked, own_seed, sources)


if __name__ == "__main__":
    begin(snakemake)
    base_seed, wildcards = snakemake.params.base_seed, snakemake.wildcards
    names = base_seed, wildcards.dataset, wildcards.fraction
    files = {role: snakemake.input.get(role) for role in make.Sources._fields}
    main(
        data=snakemake.input.data,
        output=snakemake.output[0],
        asked=snakemake.params.asked,
        fraction=float(wildcards.fraction),
        fraction_seed=seed(base_seed, wildcards.dataset, "fraction"),
        own_seed=seed(*names, "unlabelled"),
        sources=make.Sources(**files),
    )
