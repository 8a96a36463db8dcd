"""Check the answers of a foreign ensemble to a request, and keep them."""

from degu.dataset import Dataset
from degu.foreign import answers, checks, kept
from degu.foreign.requests import Request
from degu.heads import Heads
from degu.job import begin


def main(
    data: str,
    unlabelled: str | None,
    files: list[str],
    output: str,
    members: int,
    order: str,
    check: dict,
) -> None:
    """Read all files, refuse what cannot be the ensemble's predictions, and write the rest."""
    data = Dataset(data)
    request = Request(data, unlabelled, order, check.get("sequence"))
    answer = answers.read(files, request, members)
    checks.check_members(answer.predictions, answer.members, data.activities)
    if check:
        known, tolerance = check["expected"], check.get("tolerance", 0.001)
        checks.check_known(answer.known, known, data.activities, order, tolerance)
    if unlabelled is None:
        checks.check_measured(answer.predictions, data, order)
    heads = Heads.of(data.activities)
    kept.write(output, answer.predictions, answer.members, heads, request.sizes)


if __name__ == "__main__":
    begin(snakemake)
    main(
        data=snakemake.input.data,
        unlabelled=snakemake.input.get("unlabelled") or None,
        files=snakemake.input.files,
        output=snakemake.output[0],
        members=snakemake.params.members,
        order=snakemake.params.order,
        check=snakemake.params.check,
    )
