"""Genomes against letters known by heart: names, positions, sizes, and files that are damaged."""

import gzip
import os

import numpy as np
import pyfaidx
import pytest

from degu import genome
from degu.genome import Genome, Region
from degu.job import InputError

#          0123456789
LETTERS = "ACGTacgtNRY"


def write_fasta(path, *, indexed=True, width=60, **chromosomes):
    """Write chromosomes in lines of a width, and an index beside them; the path is returned."""
    with path.open("w") as file:
        for name, letters in chromosomes.items():
            rows = [letters[at : at + width] for at in range(0, len(letters), width)]
            print(f">{name}", *rows, sep="\n", file=file)
    path.with_name(f"{path.name}.fai").unlink(missing_ok=True)
    if indexed and chromosomes:
        pyfaidx.Faidx(str(path)).close()
    return path


@pytest.fixture
def path(tmp_path):
    return write_fasta(tmp_path / "made.fa", width=4, chr1=LETTERS, **{"2": "TTTTT"})


@pytest.mark.parametrize(
    ("start", "stop", "letters"),
    [(0, 11, "ACGTACGTNRY"), (2, 9, "GTACGTN"), (3, 4, "T"), (4, 4, ""), (10, 11, "Y")],
)
def test_letters_are_upper_case_counted_from_0_across_lines(path, start, stop, letters):
    with Genome(path) as made:
        assert made.fetch("chr1", start, stop) == letters


def test_codes_know_other_letters_as_n(path):
    with Genome(path) as made:
        codes = made.codes("chr1", 1, 11)
    assert codes.dtype == np.uint8
    np.testing.assert_array_equal(codes, [1, 2, 3, 0, 1, 2, 3, 4, 4, 4])


@pytest.mark.parametrize("name", ["chr1", "1"])
def test_chromosomes_are_found_with_and_without_chr(path, name):
    with Genome(path) as made:
        assert made.fetch(name, 0, 4) == "ACGT"
        assert made.fetch(f"{'chr' * name.startswith('chr')}2", 0, 2) == "TT"


def test_names_are_those_of_ucsc():
    assert [genome.chromosome(name) for name in ("1", "chr1", "X", "chrX")] == [
        "chr1", "chr1", "chrX", "chrX",
    ]  # fmt: skip


def test_an_unknown_chromosome_is_named_beside_the_known_ones(path):
    with Genome(path) as made, pytest.raises(InputError, match=r"made\.fa has no chrX: .*chr1, 2"):
        made.fetch("chrX", 0, 2)


@pytest.mark.parametrize(("start", "stop"), [(-1, 3), (8, 12)])
def test_a_window_that_leaves_its_chromosome_is_refused(path, start, stop):
    message = rf"window chr1:{start + 1}-{stop} leaves chr1, which has 11 bases in .*made\.fa"
    with Genome(path) as made, pytest.raises(InputError, match=message):
        made.fetch("chr1", start, stop)


def test_sizes_are_those_of_the_tracks(path):
    with Genome(path) as made:
        made.check_sizes({"chr1": 11, "2": 5})
        with pytest.raises(InputError, match=r"'2' has 5 bases in .*made\.fa, but 6 in the tracks"):
            made.check_sizes({"chr1": 11, "2": 6})
        with pytest.raises(InputError, match=r"'chr2' has no bases in .*made\.fa, but 5 in the"):
            made.check_sizes({"chr2": 5})


def test_a_genome_needs_its_index(path):
    path.with_name("made.fa.fai").unlink()
    with pytest.raises(InputError, match=r"made\.fa is not a plain FASTA with its index made\.fa"):
        Genome(path)
    assert [file.name for file in path.parent.iterdir()] == ["made.fa"]


@pytest.mark.parametrize("missing", ["made.fa", "made.fa.fai"])
def test_a_missing_file_is_named(tmp_path, missing):
    path = write_fasta(tmp_path / "made.fa", chr1=LETTERS)
    (tmp_path / missing).unlink()
    with pytest.raises(InputError, match=r"made\.fa"):
        Genome(path)


def test_a_genome_shorter_than_its_index_is_refused(path):
    path.write_bytes(path.read_bytes()[:10])
    os.utime(path, (0, 0))
    with Genome(path) as made, pytest.raises(InputError, match=r"made\.fa ends inside chr1:0-11"):
        made.fetch("chr1", 0, 11)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"index made\.fa\.fai: the file is empty"),
        (b"hello\nACGT\n", r"index made\.fa\.fai: the file does not start with >"),
        (gzip.compress(b">chr1\nACGT\n", mtime=0), r"index made\.fa\.fai: the file is gzipped"),
    ],
    ids=["empty", "text", "packed"],
)
def test_what_is_no_fasta_is_told(content, message, path):
    path.write_bytes(content)
    with pytest.raises(InputError, match=rf"made\.fa is not a plain FASTA with its {message}"):
        Genome(path)


def test_bytes_that_are_no_letters_are_refused(path):
    path.write_bytes(path.read_bytes().replace(b"CGT", b"C\xffT", 1))
    with Genome(path) as made, pytest.raises(InputError, match=r"a byte in chr1:0-4 that is no l"):
        made.fetch("chr1", 0, 4)


@pytest.mark.parametrize("index", ["", "chr1\t3\t6\t4\t5\n"], ids=["empty", "stale"])
def test_an_index_that_ends_before_its_genome_is_refused(index, path):
    path.with_name("made.fa.fai").write_text(index)
    with pytest.raises(InputError, match=r"made\.fa goes on behind the end that its index"):
        Genome(path)


def test_a_genome_may_end_in_blank_lines_or_none(path):
    whole = path.read_bytes()
    for content in (whole.rstrip(), whole + b"\n\n"):
        path.write_bytes(content)
        with Genome(path) as made:
            assert made.fetch("2", 0, 5) == "TTTTT"


@pytest.mark.parametrize("packed", [False, True])
def test_a_genome_is_unpacked_and_indexed(path, tmp_path, packed):
    """Whether it is packed its bytes say, not its name."""
    content = path.read_bytes()
    source, fasta, fai = (tmp_path / name for name in ("source", "out/g.fa", "out/g.fa.fai"))
    source.write_bytes(gzip.compress(content) if packed else content)
    genome.index(source, fasta, fai)
    assert fasta.read_bytes() == content
    # Name, bases, offset of the first, bases a line, bytes a line.
    assert fai.read_text() == "chr1\t11\t6\t4\t5\n2\t5\t23\t4\t5\n"
    with Genome(fasta) as made:
        assert made.fetch("chr2", 1, 5) == "TTTT"
    assert sorted(file.name for file in fasta.parent.iterdir()) == ["g.fa", "g.fa.fai"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"hello\n", "Unexpected text before the first sequence"),
        (b">a\nAC\nACGT\nA\n", "Inconsistent line found in >a at line 3"),
        (gzip.compress(b">a\nACGT\n" * 1000, mtime=0)[:-20], "Compressed file ended before"),
        (b"\x1f\x8b" + bytes(20), "Unknown compression method"),
    ],
    ids=["text", "uneven lines", "cut short", "unknown packing"],
)
def test_what_is_no_whole_fasta_gets_no_index(tmp_path, content, message):
    source = tmp_path / "source"
    source.write_bytes(content)
    with pytest.raises(InputError, match=rf"source is no whole FASTA: .*{message}"):
        genome.index(source, tmp_path / "g.fa", tmp_path / "g.fa.fai")
    assert not (tmp_path / "g.fa.fai").exists()


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("chr1:10-16", ("chr1", 10, 16, "+")),
        ("chr1:0-1(+)", ("chr1", 0, 1, "+")),
        ("HLA:A*01:7-9(-)", ("HLA:A*01", 7, 9, "-")),
    ],
)
def test_regions_as_bedtools_writes_them(text, region):
    assert Region.parse(text) == region
    assert Region.parse(text).length == region[2] - region[1]


@pytest.mark.parametrize("text", ["chr1", "chr1:5", "chr1:5-5", "chr1:9-5", "1:-1-5", "1:1-5-"])
def test_what_is_no_region_is_named(text):
    with pytest.raises(InputError, match=f"'{text}' is no region: CHROM:START-END is needed"):
        Region.parse(text)


def test_regions_are_read_on_their_strand(path):
    with Genome(path) as made:
        assert made.read(Region("chr1", 1, 4)).tolist() == [1, 2, 3]
        assert made.read(Region("1", 1, 4, "-")).tolist() == [0, 1, 2]
        assert made.holds(Region("chr1", 0, 11)) and not made.holds(Region("chr1", -1, 11))
        assert made.holds(Region("chr2", 0, 5)) and not made.holds(Region("chr2", 0, 6))
        with pytest.raises(InputError, match="has no chr7"):
            made.holds(Region("chr7", 0, 6))


@pytest.mark.parametrize("packed", [False, True])
def test_lines_of_a_bed(tmp_path, packed):
    text = "track name=x\n# made\nchr1\t5\t9\n\nchr2 0 7 name 0 -\nchr2\t1\t3\tx\t0\t.\n"
    file = tmp_path / "made.bed"
    file.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    assert list(genome.bed(file)) == [
        (3, ("chr1", 5, 9, "+")),
        (5, ("chr2", 0, 7, "-")),
        (6, ("chr2", 1, 3, "+")),
    ]
    file.write_text("chr1\t5\n")
    with pytest.raises(InputError, match=r"made\.bed, line 1 is no BED line: 'chr1\\t5'"):
        list(genome.bed(file))


def test_records_of_a_fasta(tmp_path):
    (tmp_path / "made.fa").write_text("; remark\n>a b\nacg\nT\n\n>a b\n>c\nNN\n")
    assert genome.fasta(tmp_path / "made.fa") == [("a b", "ACGT"), ("a b", ""), ("c", "NN")]
