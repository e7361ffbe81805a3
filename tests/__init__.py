"""The tests of Savoirs."""
