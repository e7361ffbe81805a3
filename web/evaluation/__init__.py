"""How good the search is, in more detail than one figure: halves, typing errors, components, words, weights."""
