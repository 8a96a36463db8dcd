"""Config of a user's table, proposed from what stands in it: columns, targets, settings, costs."""
