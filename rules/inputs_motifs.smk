# Inputs of rules on motifs, and the runs that have some. No rules here.

# Runs whose motifs are asked for.
MOTIF_RUNS = [run for run in EXPLAINED_RUNS if motifs_of(run.dataset)["file"] is not None]
DISCOVERED_RUNS = [run for run in MOTIF_RUNS if motifs_of(run.dataset)["discover"]]
ENRICHED_RUNS = [run for run in MOTIF_RUNS if motifs_of(run.dataset)["gene_sets"]]


def maps_for_motifs(wildcards):
    """Attribution maps of a run by the method that its motifs are found by."""
    run = run_of(wildcards)
    return maps_of([(run, motifs_of(run.dataset)["method"])])


def files_of_genes(dataset):
    """The table with the gene of each sequence; none where sequences have the names of genes."""
    asked = motifs_of(dataset)["genes"]
    return [asked["file"]] if asked else []


def columns_of_genes(dataset):
    """Columns of that table: name of the sequence, and its gene."""
    asked = motifs_of(dataset)["genes"]
    return [asked["name"], asked["gene"]] if asked else []


def tell_heads_of_motifs():
    """Say which data sets have motifs of activities alone, though students have uncertainty heads."""
    quiet = [
        name
        for name in dict.fromkeys(run.dataset for run in MOTIF_RUNS if is_student(run.recipe))
        if attribution_of(name)["heads"] == "activities"
    ]
    if quiet:
        tell(
            f"config: motifs: of activities alone ({', '.join(quiet)}): attribution.heads: all asks "
            "for those that make the ensemble unsure"
        )


tell_heads_of_motifs()
