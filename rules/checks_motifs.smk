# Checks of motifs, before any work. No rules here.

from degu.motifs import genes, meme


def motifs_of(dataset):
    """How motifs of a data set are found: its own keys, else those of all data sets."""
    return config["motifs"] | config["datasets"][dataset].get("motifs", {})


def check_motifs():
    """Data sets whose motifs are asked for have maps by the method; their files can be read."""
    for dataset in dict.fromkeys(run.dataset for run in runs_of_config()):
        asked = motifs_of(dataset)
        if asked["file"] is None:
            continue
        own = config["datasets"][dataset].get("motifs", {})
        places = {
            key: f"datasets.{dataset}.motifs.{key}" if key in own else f"motifs.{key}"
            for key in asked
        }
        check_maps(dataset, asked["method"], places)
        if asked["shortest"] > asked["longest"]:
            problem = f"{asked['shortest']} is more than longest, {asked['longest']}"
            refuse(places["shortest"], problem)
        if workflow.is_main_process:
            check_motif_files(asked, places)


def check_maps(dataset, method, places):
    """A data set has attribution maps by a method."""
    if has_vectors(dataset):
        problem = f"models of {dataset!r} take vectors, which have no maps: datasets.{dataset}."
        refuse(places["file"], f"{problem}motifs: {{file: null}} leaves it out")
    recipes = [run.recipe for run in runs_of_config() if run.dataset == dataset]
    if not any(is_trained(recipe) for recipe in recipes):
        problem = f"no run of {dataset!r} trains models here, which maps need"
        refuse(places["file"], problem)
    methods = attribution_of(dataset)["methods"]
    if method not in methods:
        problem = f"{method!r} explains no model of {dataset!r}: attribution.methods asks for it"
        refuse(places["method"], problem, method, methods)


def check_motif_files(asked, places):
    """Motifs, gene sets and genes are there, and are read."""
    try:
        check_file(asked["file"], places["file"])
        motifs, place = meme.read(path_at_door(asked["file"])), places["file"]
        if asked["discover"] and not motifs.both_strands:
            problem = (
                "modisco-lite takes both strands for one, and the motifs are of one: set false"
            )
            refuse(places["discover"], problem)
        for name, file in asked["gene_sets"].items():
            place = f"{places['gene_sets']}.{name}"
            check_file(file, place)
            genes.read_gmt(path_at_door(file))
        if asked["genes"]:
            place = f"{places['genes']}.file"
            check_file(asked["genes"]["file"], place)
            columns = asked["genes"]["name"], asked["genes"]["gene"]
            genes.read_genes(path_at_door(asked["genes"]["file"]), *columns)
    except InputError as error:
        refuse(place, str(error))


def path_at_door(file):
    """The path of a file of the user's, which starts at the Snakefile's folder if relative."""
    return Path(workflow.basedir, expanded(file))
