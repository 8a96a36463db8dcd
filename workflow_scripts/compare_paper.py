"""Compare the numbers and claims of the paper with those of the workflow."""

from pathlib import Path

from degu import job
from degu.tables import claims, comparison, join, verdicts


def main(
    tables: list[str],
    studies: dict[str, dict],
    variants: str | None,
    level: float,
    numbers: str,
    judged: str,
) -> None:
    """Write the paper's numbers beside ours, and the verdicts on its claims."""
    measured = comparison.Measured(
        {Path(path).name.split(".")[0]: comparison.read(path) for path in tables},
        {role: comparison.Study(**study) for role, study in studies.items()},
        variants,
    )
    join.write(comparison.compare(comparison.reference(), measured), numbers)
    join.write(verdicts.judge(claims.claims(measured.loci(), level), measured), judged)


if __name__ == "__main__":
    job.begin(snakemake)
    main(
        tables=snakemake.input.tables,
        numbers=snakemake.output.comparison,
        judged=snakemake.output.claims,
        **dict(snakemake.params.items()),
    )
