"""Mistakes of groups of foreign sequences."""

from made_configs import made


def group(how, **changes):
    """Give the data set `made` a group of foreign sequences."""
    return made(outliers={"far": how}, **changes)


MISTAKES = {
    "word of a group": (
        group("shufle"),
        "datasets.made.outliers.far: 'shufle' is not known; allowed: shuffle. Did you mean "
        "'shuffle'?",
    ),
    "two sources of a group": (
        group({"file": "x.fa", "dataset": "starrseq"}),
        "datasets.made.outliers.far: has file, dataset, one choice of keys is needed; allowed: *",
    ),
    "name of a group": (
        made(outliers={"test": "shuffle"}),
        "datasets.made.outliers.test: the name 'test' is taken: another one is needed",
    ),
    "file of a group": (
        group({"file": "/none/far.fa"}),
        "datasets.made.outliers.far.file: '/none/far.fa' is not there (a relative path starts at "
        "the Snakefile's folder)",
    ),
    "data set of a group": (
        group({"dataset": "starseq"}),
        "datasets.made.outliers.far.dataset: 'starseq' is no other data set; allowed: *. Did you "
        "mean 'starrseq'?",
    ),
    "profiles as a group": (
        group({"dataset": "atac_a549"}),
        "datasets.made.outliers.far.dataset: models of 'made' cannot take the inputs of "
        "'atac_a549'",
    ),
    "group of profiles": (
        {"datasets": {"atac_a549": {"outliers": {"far": "shuffle"}}}},
        "datasets.atac_a549.outliers.far: models tell profiles, and have no scores of foreign "
        "sequences",
    ),
    "rows of no table": (
        {"datasets": {"starrseq": {"outliers": {"far": {"column": "genus", "values": ["x"]}}}}},
        "datasets.starrseq.outliers.far.column: 'starrseq' is no table of the user's: it has no "
        "columns",
    ),
    "embeddings of sequences": (
        group({"file": "x.fa", "embeddings": "x.h5"}),
        "datasets.made.outliers.far: 'embeddings' are for assay.inputs: embeddings",
    ),
}
