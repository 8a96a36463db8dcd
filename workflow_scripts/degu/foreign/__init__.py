"""Ensembles that were trained elsewhere: requests to them, and their answers.

A request asks for predictions of sequences: those of a data set, or those that students learn
beside it. Every sequence has an id, the digest of its request and its number, so that an answer
tells by its ids which request it is of. Checked answers are kept as

/{train,validation,test,unlabelled}/predictions   float32  (members, n, activities)
attributes: heads (JSON), members (their names)

in the order of the sequences; splits that a request has not are absent.
"""
