"""The use cases of the program, as functions from values to values. The command line parses, calls them, and prints.

`wiring` connects the parts of a running program, and `program` is what they do together. Every other module is a use
case.
"""
