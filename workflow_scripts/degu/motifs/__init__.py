"""Motifs of attribution maps: seqlets, motif files, matches, discovery, enrichment."""
