"""Models of sequences that teach by features or outputs, such as foundation models.

A file of vectors of a teacher (`degu.embeddings`) is the user's, or made by `asked` in an
environment of its own. `files` holds it against a data set, and writes for each split, in its
order,

/{train,validation,test}/features   float32   (n, width)
/{train,validation,test}/outputs    float32   (n, activities), own ones or fitted to measurements

`runner`, `keras_models` and `language_models` run in the user's environment: they import nothing of
ours, and need numpy beside the framework of the model.
"""
