"""Explain heads of all members of a run by one method."""

from degu import attribution, device, maps
from degu.dataset import Dataset
from degu.heads import read_common
from degu.job import begin, seed


def main(
    data: str,
    models: list[str],
    output: str,
    method: str,
    heads: str | list[str],
    explain: dict[str, str],
    sequences: int,
    references: dict,
    reference_seed: int,
    steps: int,
) -> None:
    """Explain the sequences asked for and the most active ones of the test set."""
    data = Dataset(data)
    explained = {
        head.name: attribution.most_active(explain, data, head.activity, sequences)
        for head in attribution.heads_of(heads, read_common(models))
    }
    if method in attribution.WITH_REFERENCES:
        explained = {
            head: attribution.with_references(some, **references, data=data, seed=reference_seed)
            for head, some in explained.items()
        }
    maps.write(output, attribution.explain(models, explained, method, steps))


if __name__ == "__main__":
    begin(snakemake)
    device.claim(snakemake.config["device"])
    options = dict(snakemake.params.items())
    main(
        data=snakemake.input.data,
        models=snakemake.input.models,
        output=snakemake.output[0],
        method=snakemake.wildcards.method,
        reference_seed=seed(options.pop("base_seed"), snakemake.wildcards.dataset, "references"),
        **options,
    )
