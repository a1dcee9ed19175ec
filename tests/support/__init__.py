"""What tests share.

| module | has |
|---|---|
| `world` | one small world on loopback: a web site with feeds, a mail server, a webhook |
| `configuration` | one `sources.toml` for it |
| `scripted` | far ends that say what a test wants, down to the byte |
| `databases` | SQLite files and PostgreSQL databases with the schema of the program |
| `archive` | a database with articles, written without a network |
| `commands` | the command line, in this process and as a process of its own |
| `mail` | a mail server on a port of the system's choice |
| `programs` | which child processes of tests are programs on the real clock |
| `cores` | how many processes the suite runs in |
| `growth` | whether the cost of work grows with its size, and not with its square |
| `waiting` | how long tests wait, on whatever machine |

What a program needs is started once per process of tests and reset before each test. The fixtures are in `fixtures`,
which every test gets.
"""
