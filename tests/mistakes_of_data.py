"""Mistakes of data sets: assays, files, classes, vectors, profiles."""

from made_configs import assay, classified, embedded, made, measured, other, reporter, run

MISTAKES = {
    "data set to describe": (
        {"data": ["mad"]},
        "data: 'mad' is not defined; allowed: *. Did you mean 'made'?",
    ),
    "a column with a wildcard": (
        measured({"replicates": ["r*", "b"]}),
        "datasets.other.assay.targets.activity.replicates[0]: 'r*' is not allowed "
        "(Title of one column, without a *)",
    ),
    "one replicate": (
        measured({"replicates": ["r1"]}),
        "datasets.other.assay.targets.activity.replicates: ['r1'] is one replicate, "
        "but a standard deviation needs two or more",
    ),
    "classes beside targets": (
        other(classes={"column": "family", "names": ["a", "b"]}),
        "datasets.other.assay: has name, columns, targets, missing, classes, one choice of keys is "
        "needed; allowed: targets, classes",
    ),
    "a single class": (
        classified(names=["tRNA"]),
        "datasets.other.assay.classes.names: 1 given, at least 2 needed (as in [tRNA, miRNA])",
    ),
    "too many classes": (
        classified(names=[f"c{number}" for number in range(1001)]),
        "datasets.other.assay.classes.names: 1001 given, at most 1000 needed (as in [tRNA, miRNA])",
    ),
    "a class that stands twice": (
        classified(names=["tRNA", "miRNA", "tRNA"]),
        "datasets.other.assay.classes.names: 'tRNA' stands twice (as in [tRNA, miRNA])",
    ),
    "a class with the name of a head": (
        classified(names=["tRNA", "mutual_information"]),
        "datasets.other.assay.classes: 'mutual_information' ends as heads of uncertainty do: "
        "another name is needed",
    ),
    "recipe that classes have not": (
        classified("heteroscedastic"),
        "runs[0].recipes: 'heteroscedastic' has 'likelihood', but 'other' has classes",
    ),
    "dynamic labels of classes": (
        classified("degu_dynamic_evoaug"),
        "runs[0].recipes: 'degu_dynamic_evoaug' has 'dynamic', but 'other' has classes",
    ),
    "embeddings without a file": (
        other(inputs="embeddings"),
        "datasets.other.files: 'embeddings' is missing, which assay.inputs asks for",
    ),
    "a file of embeddings for nothing": (
        made(files={"embeddings": "e.h5"}),
        "datasets.made.files.embeddings: they are for assay.inputs: embeddings",
    ),
    "inputs that are unknown": (
        assay(inputs="vectors"),
        "datasets.made.assay.inputs: 'vectors' is not known; allowed: sequences, embeddings",
    ),
    "vectors into a network of sequences": (
        assay(inputs={"kmers": 4}),
        "runs[0].recipes: 'standard' has 'compact_cnn', but 'made' needs one of vectors; "
        "allowed: mlp, epinet",
    ),
    "sequences into a network of vectors": (
        {"recipes": {"standard": {"architecture": {"name": "mlp"}}}},
        "runs[0].recipes: 'standard' has 'mlp', but 'made' needs one of sequences; allowed: "
        "deepstarr, residualbind, bio_cnn, compact_cnn, mprann, dream_rnn, cnn_task_base",
    ),
    "attribution of vectors": (
        made(assay={"inputs": {"kmers": 4}}, attribution={"methods": ["saliency"]}),
        "datasets.made.attribution: models take vectors, and see no sequence",
    ),
    "both strands of vectors": (
        made(assay={"inputs": {"kmers": 4}}, strands="both"),
        "datasets.made.strands: vectors have no other strand",
    ),
    "augmented vectors": (
        embedded("evoaug"),
        "runs[0].recipes: 'evoaug' has 'augment', but models of 'other' take vectors",
    ),
    "vectors of sequences without measurements": (
        embedded("mutated", unlabelled={"mutate": 4}),
        "runs[0].recipes: 'mutated' has 'unlabelled', but models of 'other' take vectors",
    ),
    "turned vectors": (
        embedded("turned", training={"reverse_complement": True}),
        "runs[0].recipes: 'turned' has 'reverse_complement', but models of 'other' take vectors",
    ),
    "variants of vectors": (
        made(assay={"inputs": {"kmers": 4}})
        | {"variants": {"cagi5": {"models": {"made": ["F9"]}}}},
        "variants.cagi5.models: models of 'made' take vectors, and score no variants",
    ),
    "recipe that profiles have not": (
        run(datasets=["atac_a549"], recipes=["degu_evoaug"]),
        "runs[0].recipes: 'evoaug' has 'augment', but 'atac_a549' has profiles",
    ),
    "control of profiles": (
        {"runs": [{"datasets": ["atac_a549"], "recipes": ["shuffled"], "fractions": [1.0]}]},
        "runs[0].recipes: 'shuffled' has 'shuffled', but 'atac_a549' has profiles",
    ),
    "log-variance of profiles": (
        run(datasets=["atac_a549"], recipes=["degu_logvar"]),
        "runs[0].recipes: 'degu_logvar' has 'scale: logvar', but 'atac_a549' has profiles",
    ),
    "members of profiles": (
        run(datasets=["atac_a549"], recipes=["degu_members"]),
        "runs[0].recipes: 'degu_members' has 'scale: members', but 'atac_a549' has profiles",
    ),
    "measurements beside a head a teacher": (
        {"recipes": {"degu_members": {"measured_weight": 0.5}}},
        "recipes.degu_members.measured_weight: it does not go together with scale: members",
    ),
    "assay": (
        assay(name="tabel"),
        "datasets.made.assay.name: 'tabel' is not known; allowed: *. Did you mean 'table'?",
    ),
    "genome of a file": (
        {"variants": {"cagi5": {"files": {"genome": {"genome": "hg18"}}}}},
        "cagi5.files.genome.genome: 'hg18' is not defined; allowed: hg38, hg19. "
        "Did you mean 'hg38'?",
    ),
    "archive of a file": (
        {"datasets": {"lentimpra_k562": {"files": {"hdf5": {"archive": "deg", "name": "x.h5"}}}}},
        "lentimpra_k562.files.hdf5.archive: 'deg' is not defined; allowed: *. Did you mean 'degu'?",
    ),
    "reporter experiment without a design": (
        reporter(files=["experiment"]),
        "datasets.mpra.files: 'design' is missing (as in {experiment: "
        "reporter_experiment.barcode.tsv.gz, design: design.fa})",
    ),
    "no barcode of an oligo": (
        reporter(min_barcodes=0),
        "datasets.mpra.assay.min_barcodes: 0 is less than the minimum of 1 (Barcodes of an oligo *"
        "10 where it is not given.)",
    ),
    "one least number of reads for both": (
        reporter(min_counts=1),
        "datasets.mpra.assay.min_counts: 1 is a whole number, a mapping of keys is needed (as in "
        "{dna: 1, rna: 1})",
    ),
    "pseudocount of reads": (
        reporter(pseudocount={"dna": 1}),
        "datasets.mpra.assay.pseudocount: unknown key 'dna'; allowed: barcode, oligo",
    ),
    "depth": (
        reporter(depth="median"),
        "datasets.mpra.assay.depth: 'median' is not known; allowed: total, none",
    ),
    "target of a reporter experiment": (
        reporter(targets={"a": {"mean": "b"}}),
        "datasets.mpra.assay: unknown key 'targets'; allowed: *",
    ),
    "column for the columns": (
        other(columns="sequence"),
        "datasets.other.assay.columns: 'sequence' is text, a mapping of keys is needed (*",
    ),
    "column for a target": (
        other(targets={"activity": "m"}),
        "datasets.other.assay.targets.activity: 'm' is text, a mapping of keys is needed (*",
    ),
    "no targets": (other(targets={}), "datasets.other.assay.targets: it is empty (as in {*"),
    "column for replicates": (
        measured({"replicates": "rep1"}),
        "datasets.other.assay.targets.activity.replicates: 'rep1' is text, a list is needed (*",
    ),
    "standard deviation alone": (
        measured({"std": "s"}),
        "datasets.other.assay.targets.activity: 'std' goes together with 'mean' only (*",
    ),
    "standard deviation of replicates": (
        measured({"replicates": ["a", "b"], "std": "s"}),
        "datasets.other.assay.targets.activity: 'std' goes together with 'mean' only (*",
    ),
    "one bin": (
        measured({"bins": ["b0"]}),
        "datasets.other.assay.targets.activity.bins: 1 given, at least 2 needed (*",
    ),
    "no word for missing": (
        other(missing=None),
        "datasets.other.assay.missing: None is not known; allowed: mask, drop, error",
    ),
    "one bigWig": (
        {"datasets": {"atac_a549": {"files": {"replicates": ["a.bw"]}}}},
        "datasets.atac_a549.files.replicates: 1 given, at least 2 needed (two bigWigs or more, as "
        "in [a.bw, b.bw])",
    ),
    "bigWig for a list": (
        {"datasets": {"atac_a549": {"files": {"replicates": "a.bw"}}}},
        "datasets.atac_a549.files.replicates: 'a.bw' is text, a list is needed (two bigWigs *",
    ),
    "chromosomes that are no expression": (
        {"datasets": {"atac_a549": {"assay": {"chromosomes": "chr(("}}}},
        "datasets.atac_a549.assay.chromosomes: 'chr((' is no regular expression: missing ), "
        "unterminated subpattern at position 4",
    ),
    "words for splits without their column": (
        other(columns={"sequence": "x"}, splits={"train": ["pool"]}),
        "datasets.other.assay.splits: there are words for splits, but columns has no split",
    ),
    "word for two splits": (
        other(splits={"train": ["pool"], "test": ["pool"]}),
        "datasets.other.assay.splits: 'pool' stands for two splits",
    ),
    "split that there is not": (
        other(splits={"training": ["pool"]}),
        "datasets.other.assay.splits: unknown key 'training'; allowed: train, validation, test, "
        "drop. Did you mean 'train'?",
    ),
    "word for a list of words": (
        other(splits={"train": "pool"}),
        "datasets.other.assay.splits.train: 'pool' is text, a list is needed (as in [pool])",
    ),
    "length": (
        other(length="center"),
        "datasets.other.assay.length: 'center' is not known; allowed: centre. "
        "Did you mean 'centre'?",
    ),
    "number for a length": (
        other(length=200),
        "datasets.other.assay.length: 200 is a whole number, text or a mapping of keys is needed "
        "({pad: both}, {pad: left}, {pad: right}, or centre)",
    ),
    "side of padding": (
        other(length={"pad": "top"}),
        "datasets.other.assay.length.pad: 'top' is not known; allowed: both, left, right",
    ),
    "repeated names": (
        other(repeated_names=True),
        "datasets.other.assay.repeated_names: True is not known; allowed: error, number",
    ),
    "region that ends before it starts": (
        made(attribution={"regions": {"box": [30, 10]}}),
        "datasets.made.attribution.regions.box: it starts at 30 and ends at 10, before it starts",
    ),
    "region without an end": (
        made(attribution={"regions": {"box": [30]}}),
        "datasets.made.attribution.regions.box: 1 given, at least 2 needed (start and end, as in "
        "[20, 28])",
    ),
    "table with braces": (
        made(files={"table": "/none/{a}.tsv"}),
        "datasets.made.files.table: '/none/{a}.tsv' has braces, which Snakemake reads as "
        "wildcards: rename it",
    ),
    "table that is not there": (
        made(files={"table": "nowhere/mine.tsv"}),
        "datasets.made.files.table: *nowhere/mine.tsv' is not there (a relative path starts at "
        "the Snakefile's folder)",
    ),
    "folder for a table": (
        made(files={"table": "demo"}),
        "datasets.made.files.table: *demo' is a folder (a relative path starts at the "
        "Snakefile's folder)",
    ),
}
