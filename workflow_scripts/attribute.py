"""Explain heads of all members of a run by one method."""

from degu import attribution, device, maps, plan
from degu.dataset import Dataset
from degu.heads import read_common
from degu.job import begin, seed
from degu.parts import Parts


def main(
    data: str,
    models: list[str],
    parts: Parts,
    method: str,
    heads: str | list[str],
    explain: dict[str, str],
    sequences: int,
    references: dict,
    reference_seed: int,
    steps: int,
    labels: str | None = None,
) -> None:
    """Explain the sequences asked for and the most active ones of the test set."""
    data = Dataset(data)
    explained = {
        head.name: attribution.most_active(explain, data, head.activity, sequences, labels)
        for head in attribution.heads_of(heads, read_common(models))
    }
    if method in attribution.WITH_REFERENCES:
        explained = {
            head: attribution.with_references(some, **references, data=data, seed=reference_seed)
            for head, some in explained.items()
        }
    maps.write(parts.output, attribution.explain(models, explained, method, steps, parts))
    parts.delete()


if __name__ == "__main__":
    begin(snakemake)
    device.claim(snakemake.config["device"])
    options = dict(snakemake.params.items())
    main(
        data=snakemake.input.data,
        models=snakemake.input.models,
        labels=snakemake.input.get("labels") or None,
        parts=Parts(snakemake.output[0], plan.digest(*snakemake.input.code)),
        method=snakemake.wildcards.method,
        reference_seed=seed(options.pop("base_seed"), snakemake.wildcards.dataset, "references"),
        **options,
    )
