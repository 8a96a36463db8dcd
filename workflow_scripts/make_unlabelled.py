"""Make the sequences without measurements that students learn beside their training sequences."""

from degu.dataset import Dataset, check_shards
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
    shards: int,
) -> None:
    """Derive sequences from the fraction's rows, and read natural ones."""
    data = Dataset(data)
    rows = subset(data.size("train"), fraction, fraction_seed)
    number = make.write(output, data, rows, asked, own_seed, sources)
    check_shards(output, number, data.length, shards)


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
        # No parameter of the rule: a changed number makes nothing again.
        shards=snakemake.config["datasets"][wildcards.dataset].get("shards", 1),
    )
