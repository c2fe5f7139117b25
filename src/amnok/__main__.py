"""`python -m amnok` is `amnok`."""

import sys

from amnok.cli import main

if __name__ == "__main__":
    sys.exit(main())
