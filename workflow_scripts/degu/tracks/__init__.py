"""Base-resolution tracks (bigWig): replicates summarised, windows read, labels written."""

from degu.tracks.bigwig import write
from degu.tracks.replicates import summarise
from degu.tracks.windowed import Windows, windows

__all__ = ["Windows", "summarise", "windows", "write"]
