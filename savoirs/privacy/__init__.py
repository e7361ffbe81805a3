"""What is held of a person, how it is shown, corrected and erased, and how long anything is kept.

Jobs work on the tables themselves, so that a person is erased from all of them whatever else is being done with one.
"""
