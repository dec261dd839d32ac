"""``python -m sim`` is the same program as the command ``gridgov``."""

from sim.cli.main import main

if __name__ == "__main__":
    main()
