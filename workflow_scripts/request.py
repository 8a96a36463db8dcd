"""Write a request: sequences with ids, of which a foreign ensemble is asked for predictions."""

from degu.dataset import Dataset
from degu.foreign.requests import Request
from degu.job import begin


def main(
    data: str,
    unlabelled: str | None,
    sequences: str,
    facts: str,
    members: int,
    order: str,
    check: str | None,
) -> None:
    """Write the sequences, and what an answer needs to be."""
    request = Request(Dataset(data), unlabelled, order, check)
    request.write(sequences)
    request.write_facts(facts, members)


if __name__ == "__main__":
    begin(snakemake)
    main(
        data=snakemake.input.data,
        unlabelled=snakemake.input.get("unlabelled") or None,
        sequences=snakemake.output.sequences,
        facts=snakemake.output.facts,
        members=snakemake.params.members,
        order=snakemake.params.order,
        check=snakemake.params.check or None,
    )
