"""Files of sequences and regions: what a student is given of them, and mistakes in one line."""

import gzip
import re

import pytest

from degu import genome
from degu.job import InputError
from degu.sequences import decode
from degu.students import inputs
from degu.students.fitting import Fit

GENOME = "ACGTTGCARCAGTCAT"


@pytest.fixture
def fasta(tmp_path):
    """Write a genome of the chromosomes 1 and 2 with its index."""
    packed, plain = tmp_path / "packed", tmp_path / "genome.fa"
    packed.write_text(f">1\n{GENOME}\n>2\nAAAATTTT\n")
    genome.index(packed, plain, tmp_path / "genome.fa.fai")
    return plain


def given(path, *words, length=4, **how):
    return [one[1:] for one in inputs.windows(path, Fit(length, words, ("G", "")), **how)]


def refused(path, *words, **how):
    with pytest.raises(InputError) as error:
        given(path, *words, **how)
    return str(error.value)


def write(path, text):
    content = text.encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


@pytest.mark.parametrize("name", ["a.fa", "a.fa.gz", "a.txt"])
def test_fasta(tmp_path, name):
    path = write(tmp_path / name, ">one of them\nAC\ngt\n\n>\nTTTTA\n")
    assert given(path, "tile") == [
        ("one", "", 0, 4, "+", "ACGT", True),
        ("sequence2", "", 0, 4, "+", "TTTT", False),
        ("sequence2", "", 1, 5, "+", "TTTA", False),
    ]
    titles = [one.title for one in inputs.windows(path, Fit(4, ("tile",)))]
    assert titles == ["one", "sequence2:0-4", "sequence2:1-5"]
    assert inputs.count(path) == 2


def test_one_line_of_many_bases(tmp_path):
    path = write(tmp_path / "long.fa", f">long\n{'ACGT' * 50_000}\n")
    assert len(given(path, "tile")) == 50_000


def test_tables(tmp_path):
    path = write(tmp_path / "t.tsv", "ID\tSeq\ty\nfirst\tacgt\t1\n\nsecond\tTTTT\t2\n")
    assert [(one.name, one.letters) for one in inputs.windows(path, Fit(4))] == [
        ("first", "ACGT"),
        ("second", "TTTT"),
    ]
    assert inputs.count(path) == 2
    commas = write(tmp_path / "t.csv.gz", "oligo,bases\nx,ACGT\n")
    found = [one[0] for one in given(commas, columns=("bases", None))]
    assert found == ["row2"]
    found = [one[0] for one in given(commas, columns=("bases", "oligo"))]
    assert found == ["x"]


def test_regions_of_a_genome(tmp_path, fasta):
    """The strand is read; chr is no matter; IUPAC codes are N."""
    path = write(tmp_path / "r.bed", "chr1\t0\t4\tpeak\n1\t0\t4\t.\t0\t-\n1\t6\t10\n")
    assert given(path, genome=fasta) == [
        ("peak", "chr1", 0, 4, "+", "ACGT", True),
        ("1:0-4(-)", "1", 0, 4, "-", "ACGT", True),
        ("1:6-10", "1", 6, 10, "+", "CANC", True),
    ]
    assert inputs.count(path) == 3


@pytest.mark.parametrize(
    ("line", "words", "place", "letters"),
    [
        ("1\t3\t5", ("centre",), (2, 6), "GTTG"),
        ("1\t0\t7", ("centre",), (1, 5), "CGTT"),
        ("1\t3\t5", ("pad",), (2, 6), "NTTN"),
        ("1\t0\t1", ("centre", "pad"), (-1, 3), "NACG"),
        ("2\t7\t8", ("centre", "pad"), (6, 10), "TTNN"),
        # On the other strand the middle of an odd one lies a base further right in the genome.
        ("1\t3\t6\t.\t0\t-", ("pad",), (2, 6), "CAAN"),
        ("1\t0\t7\t.\t0\t-", ("centre",), (2, 6), "CAAC"),
        ("1\t3\t6", ("adaptors",), (3, 6), "GTTG"),
    ],
)
def test_regions_of_other_lengths(tmp_path, fasta, line, words, place, letters):
    path = write(tmp_path / "r.bed", line + "\n")
    (one,) = inputs.windows(path, Fit(4, words, ("G", "")), fasta)
    assert ((one.start, one.end), one.letters) == (place, letters)


def test_regions_outside_the_genome(tmp_path, fasta):
    bed = tmp_path / "r.bed"
    assert "r.bed, line 1: The window 2:5-10 leaves 2, which has 8 bases" in refused(
        write(bed, "2\t4\t10\n"), "centre", "pad", genome=fasta
    )
    assert "line 1: The window 1:0-3 leaves 1" in refused(
        write(bed, "1\t0\t1\n"), "centre", genome=fasta
    )
    said = refused(write(bed, "chr1\t0\t4\nchr7\t0\t4\n"), genome=fasta)
    assert re.search(
        r"line 2: .*genome\.fa has no chr7: it has 1, 2\. chr1 and 1 count as one name: is the "
        r"FASTA of another assembly, or are its names of another kind \(NC_000001\.11\)\?",
        said,
    )
    assert "r.bed, line 1: 1:4-4 has no bases" in refused(write(bed, "1\t4\t4\n"), genome=fasta)
    assert "the genome that they lie in is needed" in refused(bed)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.fa", "", "a.fa is empty: sequences or regions are needed."),
        ("a.fa.gz", "\n \n", "a.fa.gz is empty: sequences or regions are needed."),
        ("a.fa", "ACGT\n", "a.fa is no FASTA: it does not start with >."),
        ("a.fa", ">x\n>y\nACGT\n", "a.fa, sequence 'x': it is empty."),
        ("a.fa", ">x\nACG\n", "a.fa, sequence 'x': it has 3 bases, but the student takes 4: say"),
        ("a.vcf", "##fileformat=VCFv4.2\n", "a.vcf is a VCF: sequences (FASTA, TSV) or regions"),
        ("a.tsv", "name\tbases\nx\tACGT\n", "has no column sequence or seq: it has name, bases;"),
        ("a.tsv", "sequence\tname\n\tx\n", "a.tsv, row 2: 'sequence' is empty, text is needed."),
        ("a.bed", "chr1\tx\ty\n", "a.bed, line 1 is no BED line: 'chr1\\tx\\ty'."),
    ],
)
def test_files_that_cannot_be_used(tmp_path, fasta, name, text, said):
    assert said in refused(write(tmp_path / name, text), genome=fasta)


def test_a_file_that_is_not_there(tmp_path):
    assert refused(tmp_path / "no.fa") == f"{tmp_path}/no.fa is not there."
    assert refused(tmp_path) == f"{tmp_path} is a folder."


def test_a_truncated_gzip(tmp_path):
    path = tmp_path / "cut.fa.gz"
    content = gzip.compress("".join(f">s{n}\nACGT\n" for n in range(9999)).encode())
    path.write_bytes(content[:-2000])
    assert re.search(
        r"cut\.fa\.gz cannot be read after row \d+: Compressed file ended", refused(path)
    )


def test_blocks_are_bounded_and_codes_of_several_bases_are_told_once(tmp_path, caplog):
    path = write(tmp_path / "a.fa", ">a\nACGT\n>b\nARGT\n>c\nYYYY\n")
    found = list(inputs.blocks(inputs.windows(path, Fit(4)), 4, bases=8))
    assert [[one.name for one in some] for some, _ in found] == [["a", "b"], ["c"]]
    assert [decode(codes) for _, codes in found] == [["ACGT", "ANGT"], ["NNNN"]]
    assert [record.getMessage() for record in caplog.records] == [
        "Sequence 'b' has IUPAC codes of several bases: they are read as N."
    ]
    odd = write(tmp_path / "odd.fa", ">r\nACGJ\n")
    with pytest.raises(InputError, match="sequence 'r' has 'J' at position 4"):
        list(inputs.blocks(inputs.windows(odd, Fit(4)), 4))


def test_blocks_are_whole_batches(tmp_path):
    path = write(tmp_path / "a.fa", ">a\nACGT\n" * 3000)
    sizes = [len(some) for some, _ in inputs.blocks(inputs.windows(path, Fit(4)), 4, bases=5000)]
    assert sizes == [1024, 1024, 952]
