"""Explain heads of all members of a run by one method."""

from degu import attribution, distill, maps
from degu.dataset import Dataset
from degu.job import log_to, seed


def main(
    data: str,
    models: list[str],
    output: str,
    method: str,
    heads: str | list[str],
    aleatoric: bool,
    epistemic: bool,
    explain: dict[str, str],
    sequences: int,
    references: str,
    number: int,
    reference_seed: str,
    steps: int,
) -> None:
    """Explain the sequences asked for and the most active ones of the test set."""
    data = Dataset(data)
    of_models = distill.head_names(data.activities, aleatoric, epistemic)
    chosen = {
        head: attribution.chosen(explain, data, activity, sequences)
        for head, activity in attribution.heads_of(heads, of_models, data.activities).items()
    }
    if method in attribution.WITH_REFERENCES:
        drawn = references, number, data, seed(reference_seed)
        chosen = {head: attribution.with_references(some, *drawn) for head, some in chosen.items()}
    maps.write(output, attribution.explain(models, of_models, chosen, method, steps))


if __name__ == "__main__":
    log_to(snakemake.log[0])
    files = dict(data=snakemake.input.data, models=snakemake.input.models)
    options = dict(snakemake.params.items(), method=snakemake.wildcards.method)
    main(**files, output=snakemake.output[0], **options)
