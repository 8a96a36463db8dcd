"""A table that can be sorted and searched in a browser without a network, by ITables."""

import itables
import pandas as pd
from itables.javascript import generate_init_offline_itables_html
from itables.options import dt_bundle

# Characters of a table in its page. In the report, which adds a third, browsers refuse pages above
# 2 MB; the library takes 1 MB before that.
LIMIT = 500_000


def wide(table: pd.DataFrame) -> pd.DataFrame:
    """Make metrics of a long table its columns, without their intervals; other tables stay."""
    if not {"metric", "value"} <= set(table.columns):
        return table
    keys = [name for name in table if name not in ("metric", "value", "low", "high", "ceiling")]
    # Labels of some rows alone are told from those of others by being empty.
    named = table.fillna(dict.fromkeys(keys, ""))
    found = named.pivot_table("value", keys, "metric", sort=False)
    return found.rename_axis(columns=None).reset_index()


def rounded(table: pd.DataFrame) -> pd.DataFrame:
    """Round numbers to four significant digits."""
    numbers = table.select_dtypes("float")
    return table.assign(
        **{name: numbers[name].map(lambda x: float(f"{x:.4g}")) for name in numbers}
    )


def shortened(table: pd.DataFrame, limit: int = LIMIT) -> pd.DataFrame:
    """Keep the first rows of a table, as many as hold so many characters."""
    size = len(table.to_json(orient="values")) + table.size
    return table if size <= limit else table.head(int(len(table) * limit / size))


def to_html(table: pd.DataFrame) -> str:
    """HTML of a table with all that its page needs; it sorts by numbers as they are shown."""
    words = table.select_dtypes(exclude="number")
    return generate_init_offline_itables_html(dt_bundle) + itables.to_html_datatable(
        table.assign(**words.astype(object).fillna("")),
        connected=False,
        maxBytes=0,
        showIndex=False,
        format_floats_in_python=False,
        column_filters="footer",
        lengthMenu=[25, 50, 100, -1],
        scrollX=True,
        # Clicks on titles sort, not those on their arrows alone.
        text_in_header_can_be_selected=False,
    )
