"""``python -m seqdsl``: the command line."""

from seqdsl.tools.cli import main

if __name__ == "__main__":
    main()
