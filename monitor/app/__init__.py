"""What the program can do, as values in and out. The command line parses, calls this, and prints.

`wiring` joins the live parts, `program` is what they do together; each further module is one use case.
"""
