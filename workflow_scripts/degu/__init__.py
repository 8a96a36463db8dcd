"""DEGU: distil an ensemble of genomic networks into one that knows what it does not know."""

import os

# TensorFlow's own chatter; `degu.training` logs what matters, the devices. Set before its import.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
