"""One module a family of formats, each with ``lines(file, …)``. Run in the child process only: libraries are heavy."""
