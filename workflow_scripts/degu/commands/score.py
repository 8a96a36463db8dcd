"""Score the variants of a VCF: effects with intervals, and whether to trust them."""

import argparse
from pathlib import Path

from degu.shards import Shard

EXAMPLES = """\
examples:
  degu score results/students/mpra/degu_members/1.0 my.vcf.gz --genome hg38.fa --out my.tsv
  degu score student/ my.vcf --genome hg38.fa --out my.tsv.gz my.scored.vcf.gz \\
      --level 0.9
"""


def describe(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this verb."""
    parser.add_argument("student", type=Path, help="folder of a student: student.keras, .json")
    parser.add_argument("vcf", type=Path, help="VCF, bgzipped or not")
    parser.add_argument("--genome", type=Path, required=True, help="FASTA with its index (.fai)")
    parser.add_argument(
        "--out", type=Path, nargs="+", required=True,
        help="files to write, by their endings: .tsv, .tsv.gz, .vcf, .vcf.gz",
    )  # fmt: skip
    parser.add_argument("--level", type=float, help="of intervals and calls; else the student's")
    parser.add_argument(
        "--effects", metavar="NAME",
        help="measured variants whose calibration intervals have; else the first of the passport",
    )  # fmt: skip
    parser.add_argument(
        "--window", type=int,
        help="bases of the genome around a variant; else those of the variants that calibrate, or "
        "what the student takes between adaptors",
    )  # fmt: skip
    parser.add_argument(
        "--screen", type=float, metavar="EFFECT",
        help="predict only substitutions whose effect to first order (TISM) is as large",
    )  # fmt: skip
    parser.add_argument(
        "--random", type=int, default=2000, metavar="N",
        help="random substitutions that effects are compared with (2000; 0 for none)",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, default=0, help="of the random substitutions (0)")
    parser.add_argument("--shard", type=_shard, default=Shard(), help="share of the file, as 2of20")
    parser.add_argument(
        "--stop-on-mismatch", action="store_true",
        help="end at a reference allele that is not the genome's; else it is flagged and counted",
    )  # fmt: skip


def run(arguments: argparse.Namespace) -> None:
    """Score, and say how many variants were scored, and why others were not.

    Raises
    ------
    InputError
        From `degu.variants.scores.write`.
    """
    # The network is imported where it is needed, so that a mistake of the user's is told at once.
    from degu import device, students
    from degu.attribution import substitutions
    from degu.variants import outputs, scores

    outputs.check_endings(arguments.out)
    device.claim("any")
    student = students.load(arguments.student)
    screened = None
    if arguments.screen is not None:
        explain = substitutions.first_order(student.model, student.heads.columns("activity"))
        screened = explain, arguments.screen
    counts = scores.write(
        student,
        arguments.vcf,
        arguments.genome,
        arguments.out,
        level=arguments.level,
        window=arguments.window,
        effects=arguments.effects,
        random=arguments.random,
        screened=screened,
        shard=arguments.shard,
        stop=arguments.stop_on_mismatch,
        seed=arguments.seed,
    )
    print(f"{counts['scored']} of {counts.total()} variants are scored.")
    for line in scores.told(counts):
        print(line if line.endswith("?") else f"{line}.")


def _shard(text: str) -> Shard:
    """Read a shard such as 2of20."""
    try:
        number, of = map(int, text.split("of"))
    except ValueError:
        number = of = 0
    if not 1 <= number <= of:
        raise argparse.ArgumentTypeError(f"{text!r} is no shard, such as 2of20")
    return Shard(number, of)
