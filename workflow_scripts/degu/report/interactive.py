"""A table that can be sorted and searched in a browser without a network, by ITables."""

import itables
import pandas as pd
from itables.javascript import generate_init_offline_itables_html
from itables.options import dt_bundle

# Characters of a table as text. Browsers refuse pages of 2 MB in the report, where the library
# takes 1.3 MB.
LIMIT = 400_000


def wide(table: pd.DataFrame) -> pd.DataFrame:
    """Make metrics of a long table its columns, without their intervals; other tables stay."""
    if not {"metric", "value"} <= set(table.columns):
        return table
    keys = [name for name in table if name not in ("metric", "value", "low", "high", "ceiling")]
    # Labels of some rows alone are told from those of others by being empty.
    named = table.fillna(dict.fromkeys(keys, ""))
    found = named.pivot_table("value", keys, "metric", sort=False)
    return found.rename_axis(columns=None).reset_index()


def shortened(table: pd.DataFrame, limit: int = LIMIT) -> pd.DataFrame:
    """Keep the first rows of a table, as many as hold so many characters."""
    size = len(table.to_csv(index=False))
    return table if size <= limit else table.head(int(len(table) * limit / size))


def to_html(table: pd.DataFrame) -> str:
    """HTML of a table, numbers to four significant digits, with all that its page needs.

    Sorting goes by the numbers as they are shown.
    """
    rounded = table.copy()
    for name in rounded.select_dtypes("float"):
        rounded[name] = [float(f"{value:.4g}") for value in rounded[name]]
    return generate_init_offline_itables_html(dt_bundle) + itables.to_html_datatable(
        rounded,
        connected=False,
        maxBytes=0,
        showIndex=False,
        format_floats_in_python=False,
        column_filters="footer",
        lengthMenu=[25, 50, 100, -1],
        scrollX=True,
    )
