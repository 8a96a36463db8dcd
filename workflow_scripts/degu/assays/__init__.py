"""One module a raw format; each has `load(files, seed, **options) -> Records`."""
