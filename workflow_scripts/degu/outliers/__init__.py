"""Foreign sequences, in groups that the user names, and whether models know them for foreign.

`groups` gathers the sequences, `predicted` has them scored by the members of a run with `scores`,
`scored` keeps what comes out, and `separation` tells how well a score finds them.
"""
