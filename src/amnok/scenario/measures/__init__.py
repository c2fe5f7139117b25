"""Measures as data: a vocabulary, and what its words mean on one border.

`vocabulary` has the words, `dimensions` the names that a border gives them, `windows` its days;
`compiling` turns a measure into a `plan` that `amnok.results.measuring` evaluates.
"""
