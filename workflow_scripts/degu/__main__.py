"""The command `degu` as `python -m degu`."""

from degu.commands import main

if __name__ == "__main__":
    main()
