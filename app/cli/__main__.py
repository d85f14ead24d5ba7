"""How does a child process of ours call the command line? `python -m app.cli`, with the interpreter we run under."""

from app.cli import main

main()
