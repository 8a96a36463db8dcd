"""A small genome, a VCF of it, and a student with a head for each of four teachers."""

import numpy as np

import small_student
from degu import students
from degu.heads import Heads
from test_genome import write_fasta
from test_variants_vcf import write

HEADS = Heads.of(["y", "z"]).with_members(4)
RNG = np.random.default_rng(0)
LETTERS = {name: "".join(RNG.choice([*"ACGT"], 400)) for name in ("chr1", "chr2")}


def genome(folder):
    return write_fasta(folder / "hg.fa", **LETTERS)


def student(folder, heads=HEADS, **changes):
    """Save a student whose means and deviations are those of its heads of teachers."""
    facts = {"facts": {"picked": {"member": 1}}}
    return students.load(small_student.save(folder / "student", heads, **facts | changes))


def snvs(chrom, positions):
    """All three alternatives of some positions, as rows of a VCF with one record a position."""
    refs = [LETTERS[chrom][pos - 1] for pos in positions]
    return [
        f"{chrom} {pos} . {ref} {','.join('ACGT'.replace(ref, ''))}"
        for pos, ref in zip(positions, refs, strict=True)
    ]


def variants(folder, *rows):
    """Write a VCF of some substitutions, and further rows."""
    known = [*snvs("chr1", range(30, 50)), *snvs("chr2", range(60, 90, 3))]
    return write(folder / "my.vcf", *known, *rows)
