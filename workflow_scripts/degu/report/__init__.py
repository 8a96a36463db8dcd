"""Pages of the report: answers, tables, data cards, costs and versions."""
