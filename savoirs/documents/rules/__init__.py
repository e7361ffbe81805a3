"""One module a kind of record: where it is recognised, by structure and by words, never by a document's own names."""
