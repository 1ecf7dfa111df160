"""The command `flong`: the same command line as the binary's."""

import os
import sys

from flong._flong import main as run


def main() -> None:
    """Run the command line with the arguments of this process, and exit with its exit code."""
    code = run(["flong", *sys.argv[1:]])
    sys.stdout.flush()
    # Nothing of the interpreter is worth waiting for.
    os._exit(code)


if __name__ == "__main__":
    main()
