"""Variants in a genome: left-aligned, checked against it, with the sequences of both alleles."""

from functools import cache
from typing import NamedTuple

from degu.genome import Genome
from degu.sequences import AMBIGUOUS
from degu.variants.scored import both_alleles
from degu.variants.vcf import SCORED, Variant

# Bases of a genome that are read at a time: a file sorted by position reads each once.
_STRETCH = 1 << 20


class Placed(NamedTuple):
    """A variant with its sequences.

    Attributes
    ----------
    variant
        As it was read, with its status: beside those of `degu.variants.vcf` "no_contig" (the
        genome lacks it), "ref_mismatch" (the genome has other letters), "long" (an allele that
        the window has no room for), "edge" (the window leaves the chromosome).
    pos, ref, alt
        Left-aligned and trimmed.
    ref_sequence, alt_sequence
        Letters of the window; empty where nothing is scored.
    """

    variant: Variant
    pos: int
    ref: str
    alt: str
    ref_sequence: str = ""
    alt_sequence: str = ""


class Places:
    """Find the sequences of variants, of one length, with the variant in the middle.

    Parameters
    ----------
    genome
        Genome that the variants are of.
    window
        Bases of a sequence; with 230 a substitution has 114 before it.
    """

    def __init__(self, genome: Genome, window: int):
        self.genome, self.window = genome, window
        # Names are looked up in the index once.
        self.length = cache(genome.length)
        self._chrom, self._start, self._letters = "", 0, ""

    def place(self, variant: Variant) -> Placed:
        """Left-align a variant and cut its sequences; its status says why there are none."""
        pos, ref, alt = variant.pos, variant.ref, variant.alt
        status, length = variant.status, self.length(variant.chrom)
        if status == SCORED:
            status = self._checked(variant, length)
        if status == SCORED and len(ref) != len(alt):
            pos, ref, alt = self._aligned(variant.chrom, pos, ref, alt)
        index = (self.window - 1) // 2
        start, stop = pos - 1 - index, pos - 1 - index + self.window + max(0, len(ref) - len(alt))
        if status == SCORED and max(len(ref), len(alt)) > self.window - index:
            status = "long"
        elif status == SCORED and (start < 0 or stop > length):
            status = "edge"
        variant = variant._replace(status=status)
        if status != SCORED:
            return Placed(variant, pos, ref, alt)
        genome = self.letters(variant.chrom, start, stop)
        return Placed(variant, pos, ref, alt, *both_alleles(genome, index, ref, alt, self.window))

    def _checked(self, variant: Variant, length: int | None) -> str:
        """Return the status of a variant that the genome may not have."""
        if length is None:
            return "no_contig"
        start, stop = variant.pos - 1, variant.pos - 1 + len(variant.ref)
        if start < 0 or stop > length or self.letters(variant.chrom, start, stop) != variant.ref:
            return "ref_mismatch"
        return SCORED

    def _aligned(self, chrom: str, pos: int, ref: str, alt: str) -> tuple[int, str, str]:
        """Move an insertion or deletion to its leftmost place (Tan, Abecasis and Kang, 2015)."""
        while ref[-1] == alt[-1] and (min(len(ref), len(alt)) > 1 or pos > 1):
            ref, alt = ref[:-1], alt[:-1]
            if not ref or not alt:
                pos -= 1
                before = self.letters(chrom, pos - 1, pos)
                ref, alt = before + ref, before + alt
        while min(len(ref), len(alt)) > 1 and ref[0] == alt[0]:
            pos, ref, alt = pos + 1, ref[1:], alt[1:]
        return pos, ref, alt

    def letters(self, chrom: str, start: int, stop: int) -> str:
        """Return the letters of [start, stop); stretches of the genome are read at once."""
        end = self._start + len(self._letters)
        if chrom != self._chrom or start < self._start or stop > end:
            first = max(0, start - self.window)
            last = min(max(stop, first + _STRETCH), self.length(chrom))
            letters = self.genome.fetch(chrom, first, last).translate(AMBIGUOUS)
            self._chrom, self._start, self._letters = chrom, first, letters
        return self._letters[start - self._start : stop - self._start]
