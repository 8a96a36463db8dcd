# Checks of data sets and variants before any work. No rules here.

import re
from argparse import ArgumentParser


def check_report():
    """The folder of a report is there: Snakemake opens the file last, and has no words for this."""
    options = ArgumentParser(add_help=False, allow_abbrev=False)
    options.add_argument("--report", nargs="?")
    path = options.parse_known_args(sys.argv)[0].report
    folder = Path(path or "report.html").absolute().parent
    if not folder.is_dir():
        refuse("--report", f"there is no folder {str(folder)!r}, make it first")


def check_folder():
    """Results can be written: their place is not taken by a file."""
    taken = Path("results").absolute()
    if taken.exists() and not taken.is_dir():
        refuse("results", f"{str(taken)!r} is a file, where a folder of results is to be made")


def check_files():
    """The user's own files of what is run or described are there, genomes with their index."""
    used = {*config["data"], *(name for run in config["runs"] for name in run["datasets"])}
    for section in ("datasets", "variants") if workflow.is_main_process else ():
        for name, owner in config[section].items():
            if name in used or used & owner.get("models", {}).keys():
                for role, files in files_of(name).items():
                    for file in files if isinstance(files, list) else [files]:
                        check_file(file, f"{section}.{name}.files.{role}")


def check_file(file, place):
    """A file of the user's is there; a genome is plain FASTA with its index."""
    listed = not isinstance(file, str) and config["genomes"].get(file.get("genome"))
    if not isinstance(listed or file, str):
        return
    path = Path(workflow.basedir, expanded(listed or file))
    if set("{}") & set(str(path)):
        refuse(place, f"{str(path)!r} has braces, which Snakemake reads as wildcards: rename it")
    if not path.is_file():
        problem = "is a folder" if path.is_dir() else "is not there"
        refuse(place, f"{str(path)!r} {problem} (a relative path starts at the Snakefile's folder)")
    if listed or not place.endswith(".genome"):
        return
    cure = (
        "name it under `genomes`, as in {mine: FILE}, and here {genome: mine}: then it is unpacked "
        "and indexed"
    )
    with path.open("rb") as content:
        if content.read(2) == b"\x1f\x8b":
            refuse(place, f"{str(path)!r} is packed: {cure}")
    if not Path(f"{path}.fai").exists():
        problem = f"has no index beside it: `samtools faidx {path}` makes it; or {cure}"
        refuse(place, f"{str(path)!r} {problem}")


def check_windows():
    """Two crops cover a window; predictions of each are kept; models take what is explained."""
    for name, dataset in config["datasets"].items():
        if not is_profile(name):
            continue
        place, (crop, window) = f"datasets.{name}", map(dataset["assay"].get, ("crop", "window"))
        if "adaptors" in dataset:
            refuse(f"{place}.adaptors", "windows of a genome have no adaptors")
        if not window / 2 <= crop <= window:
            allowed = f"{-(-window // 2)} to {window}"
            refuse(f"{place}.assay.crop", f"{crop} of {window} bases", allowed=[allowed])
        try:
            re.compile(dataset["assay"]["chromosomes"])
        except re.error as error:
            problem = f"{dataset['assay']['chromosomes']!r} is no regular expression: {error}"
            refuse(f"{place}.assay.chromosomes", problem)
        if dataset["stride"] > window:
            problem = f"{dataset['stride']} bases"
            refuse(f"{place}.stride", problem, allowed=[f"1 to {window}"])
        for title, sequence in attribution_of(name).get("explain", {}).items():
            if len(sequence) != crop:
                place = f"{place}.attribution.explain.{title}"
                refuse(place, f"{len(sequence)} bases, but models take {crop}")


def check_regions():
    """Regions that logos mark start before they end."""
    for name in config["datasets"]:
        for title, (start, end) in attribution_of(name).get("regions", {}).items():
            if start >= end:
                place = f"datasets.{name}.attribution.regions.{title}"
                refuse(place, f"it starts at {start} and ends at {end}, before it starts")


def check_heads():
    """Heads that a data set wants explained are those that models of it can have."""
    for name in config["datasets"]:
        heads = attribution_of(name)["heads"]
        allowed = Heads.of(activities_of(name), "aleatoric", "epistemic").names
        for head in heads if isinstance(heads, list) else ():
            if head not in allowed:
                place = f"datasets.{name}.attribution.heads"
                refuse(place, f"there is no head {head!r}", head, allowed)


def check_data():
    """Data sets to be described are defined; replicates are at least two; files are known."""
    owners = config["datasets"] | config["variants"]
    for name in [*config["variants"], "genomes"]:
        if name in config["datasets"]:
            refuse(f"datasets.{name}", "the name is taken by a set of variants, or the genomes")
    for name in config["data"]:
        if name not in owners:
            refuse("data", f"{name!r} is not defined", name, owners)
    for name, dataset in config["datasets"].items():
        check_splits(dataset["assay"], f"datasets.{name}.assay")
        for target in activities_of(name):
            if re.search("_(aleatoric|epistemic)$|^mutual_information$", target):
                key = "classes" if is_classified(name) else "targets"
                place = f"datasets.{name}.assay.{key}"
                refuse(place, f"{target!r} ends as heads of uncertainty do: another name is needed")
        for target, how in dataset["assay"].get("targets", {}).items():
            replicates = how.get("replicates")
            if replicates is not None and len(replicates) < 2:
                refuse(
                    f"datasets.{name}.assay.targets.{target}.replicates",
                    f"{replicates} is one replicate, but a standard deviation needs two or more",
                )
    for name, owner in owners.items():
        for role in assays.SOURCES.get(owner["assay"].get("source"), ()):
            if role not in owner["files"]:
                refuse(
                    f"datasets.{name}.files", f"{role!r} is missing, which assay.source asks for"
                )
        for role, file in owner["files"].items():
            for key, defined in [("archive", "archives"), ("genome", "genomes")]:
                if key in file and not isinstance(file, str) and file[key] not in config[defined]:
                    place = f"{name}.files.{role}.{key}"
                    refuse(place, f"{file[key]!r} is not defined", file[key], config[defined])


def check_vectors():
    """Embeddings have a file, and the reverse; what needs sequences is not asked of vectors."""
    for name, dataset in config["datasets"].items():
        asked, given = (
            dataset["assay"].get("inputs") == "embeddings",
            "embeddings" in dataset["files"],
        )
        if asked != given:
            place = f"datasets.{name}.{'files' if asked else 'files.embeddings'}"
            how = "'embeddings' is missing, which" if asked else "they are for"
            refuse(place, f"{how} assay.inputs{' asks for' if asked else ': embeddings'}")
        if not has_vectors(name):
            continue
        for key in ("attribution", "adaptors"):
            if key in dataset:
                refuse(f"datasets.{name}.{key}", "models take vectors, and see no sequence")
        if strands_of(name) == "both":
            refuse(f"datasets.{name}.strands", "vectors have no other strand")


def check_splits(assay, place):
    """Words for splits are of a column, and each stands for one split."""
    words = [word for words in assay.get("splits", {}).values() for word in words]
    if words and "split" not in assay["columns"]:
        refuse(f"{place}.splits", "there are words for splits, but columns has no split")
    for word in words:
        if words.count(word) > 1:
            refuse(f"{place}.splits", f"{word!r} stands for two splits")


def check_variants():
    """Variants are scored by models of data sets, at loci that are defined, ranked by a student."""
    for name, variants in config["variants"].items():
        certainty, students = variants.get("certainty"), recipes_of(students=True)
        if certainty is not None and certainty not in students:
            place = f"variants.{name}.certainty"
            refuse(place, f"{certainty!r} is no recipe of students", certainty, students)
        for dataset, loci in variants.get("models", {}).items():
            place = f"variants.{name}.models"
            if dataset not in config["datasets"]:
                refuse(place, f"{dataset!r} is not defined", dataset, config["datasets"])
            if is_profile(dataset):
                refuse(place, f"models of {dataset!r} tell profiles, and score no variants")
            if has_vectors(dataset):
                refuse(place, f"models of {dataset!r} take vectors, and score no variants")
            if is_classified(dataset):
                refuse(place, f"models of {dataset!r} tell classes, and score no variants")
            check_adaptors(name, dataset)
            for locus in loci:
                if locus not in variants["assay"].get("loci", loci):
                    place = f"{place}.{dataset}"
                    refuse(place, f"{locus!r} is not in loci", locus, variants["assay"]["loci"])


def check_adaptors(variants, dataset):
    """Adaptors that a set of variants names are not other ones than those of a data set."""
    own = config["variants"][variants].get("adaptors")
    for side in ("left", "right") if own and "adaptors" in config["datasets"][dataset] else ():
        named = config["datasets"][dataset]["adaptors"][side]
        if named.upper() != own[side].upper():
            refuse(
                f"variants.{variants}.adaptors.{side}",
                f"{own[side]!r}, but datasets.{dataset}.adaptors.{side} is {named!r}: name them in "
                "the data set alone",
            )


def check_scores():
    """VCFs are scored by students that are run, in a genome, with intervals of a set that they score."""
    students = {}
    for run in runs_of_config():
        if is_student(run.recipe) and not is_profile(run.dataset):
            students.setdefault(run.dataset, []).append(run.recipe)
    for name, asked in config["scores"].items():
        place = f"scores.{name}"
        if asked["genome"] not in config["genomes"]:
            problem = f"{asked['genome']!r} is not defined"
            refuse(f"{place}.genome", problem, asked["genome"], config["genomes"])
        for dataset, recipes in asked["students"].items():
            if dataset not in students:
                problem = f"no run has students of single activities on {dataset!r}"
                refuse(f"{place}.students", problem, dataset, students)
            for recipe in recipes:
                if recipe not in students[dataset]:
                    problem = f"no run has students {recipe!r} on {dataset!r}"
                    refuse(f"{place}.students.{dataset}", problem, recipe, students[dataset])
            effects = asked.get("effects")
            scoring = [
                one
                for one, variants in config["variants"].items()
                if dataset in variants.get("models", {})
            ]
            if effects is not None and effects not in scoring:
                problem = f"{effects!r} is no set of variants that models of {dataset!r} score"
                refuse(f"{place}.effects", problem, effects, scoring)
        if workflow.is_main_process:
            check_file(asked["vcf"], f"{place}.vcf")


def check_paper():
    """Data sets and variants that the figures of the paper show are defined."""
    for role, name in config["paper"].items():
        defined = config["variants" if role == "variants" else "datasets"]
        if name not in defined:
            refuse(f"paper.{role}", f"{name!r} is not defined", name, defined)


def check_titles():
    """Activities that are given a title or a unit exist; no two recipes share a title."""
    for name, dataset in config["datasets"].items():
        for target, said in dataset.get("targets", {}).items():
            place, assay = f"datasets.{name}.targets", said.get("published")
            if target not in activities_of(name):
                refuse(place, f"there is no activity {target!r}", target, activities_of(name))
            if assay and assay not in published.names():
                place = f"{place}.{target}.published"
                refuse(place, f"no r of {assay!r} is known", assay, published.names())
    titles = {}
    for name in config["recipes"]:
        title = title_of("recipes", name)
        if title in titles:
            problem = f"{title!r} is the title of {titles[title]!r} already"
            refuse(f"recipes.{name}.title", problem)
        titles[title] = name
