"""`python -m amnok` is `amnok`."""

import sys

if __name__ == "__main__":
    try:
        from amnok.cli import main

        status = main()
    except KeyboardInterrupt:  # while all that a command needs is read, which takes a while
        status = 130
    sys.exit(status)
