"""Score a shard of a VCF with an exported student."""

from pathlib import Path

from degu import device
from degu.attribution.substitutions import first_order
from degu.job import begin
from degu.shards import Shard
from degu.students.loaded import load
from degu.variants import scores


def main(
    student: str, files: dict[str, str], outputs: list[str], shard: str, **options: object
) -> None:
    """Write the table of the shard as TSV and VCF."""
    student, screen = load(Path(student).parent), options.pop("screen", None)
    if screen is not None:
        columns = student.heads.columns("activity")
        options["screened"] = (first_order(student.model, columns), screen)
    scores.write(student, **files, paths=outputs, shard=Shard.named(shard), **options)


if __name__ == "__main__":
    begin(snakemake)
    device.claim(snakemake.config["device"])
    main(
        student=snakemake.input.model,
        files={
            "variants": snakemake.input.vcf,
            "genome": snakemake.input.genome,
        },
        outputs=list(snakemake.output),
        shard=snakemake.wildcards.shard,
        **dict(snakemake.params.items()),
    )
