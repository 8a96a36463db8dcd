"""DEGU: distil an ensemble of genomic networks into one that knows what it does not know."""
