"""Measures as data: a vocabulary, and what its words mean on one border.

`vocabulary` has the words and `statements` where a measure must lie; `dimensions` has the names
that a border gives them, `windows` its days. `compiling` turns a measure into a `plan`, within
`contexts` and by `totals`, and `amnok.results.measuring` evaluates that.
"""
