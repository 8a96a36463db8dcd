"""Variants: read, cut from a genome, scored by the members of a run."""
