"""Downloads: files of archives, resumed, checked, and whole or absent."""

from degu.download.transfer import fetch, fetch_json

__all__ = ["fetch", "fetch_json"]
