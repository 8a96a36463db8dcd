# The folder of results belongs to one config. No rules here.
#
# OUT: results/config.txt, the path of that config, seen from the working directory.

OWNER = Path("results/config.txt")
# The config that comes first; those behind it refine it.
FIRST = next(iter(workflow.overwrite_configfiles), f"{workflow.basedir}/config.yaml")


def claim_results():
    """Keep the results of another config from being overwritten without a word."""
    mine = os.path.relpath(FIRST)
    owner = OWNER.read_text().strip() if OWNER.exists() else mine
    if owner != mine:
        refuse(
            "results",
            f"those in {str(OWNER.parent.absolute())!r} are of {owner}, and {mine} would overwrite "
            f"some: add `--directory FOLDER` for a folder of its own, or delete {OWNER} to mix both",
        )
    OWNER.parent.mkdir(exist_ok=True)
    OWNER.write_text(f"{mine}\n")
