"""Write mean and spread of the answers of a foreign ensemble: the labels that students learn."""

from degu.dataset import Dataset
from degu.foreign import kept
from degu.job import begin, seed


def main(
    data: str, answers: str, output: str, number: int, fraction: float, fraction_seed: int
) -> None:
    """Label by the first so many members; of the training split the rows of a fraction."""
    rows = Dataset(data).fraction(fraction, fraction_seed)
    kept.write_labels(output, answers, rows, number)


if __name__ == "__main__":
    begin(snakemake)
    wildcards = snakemake.wildcards
    main(
        data=snakemake.input.data,
        answers=snakemake.input.answers,
        output=snakemake.output[0],
        number=int(wildcards.labelled.split("_")[0]),
        fraction=float(wildcards.fraction),
        fraction_seed=seed(snakemake.params.base_seed, wildcards.dataset, "fraction"),
    )
