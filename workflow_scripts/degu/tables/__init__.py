"""Tables in long form, a module for each: the numbers that figures show."""
