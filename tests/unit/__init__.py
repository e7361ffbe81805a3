"""One thing at a time, without a database unless it is the thing."""
