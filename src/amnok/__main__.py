"""`amnok` and `python -m amnok`: whenever Ctrl-C comes, the exit status is a documented one."""

import gc
import os
import signal
import sys


def main() -> None:
    """Run the command line and end the process with its status."""
    # What a command reads at its start stays until its end: to search it for cycles again and again
    # took a fifth of a short run.
    gc.set_threshold(500_000, 50, 100)
    # Matrices are small here: beside other work, threads of BLAS mostly wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    heeded = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # a shell may ignore it
    if heeded:
        # All that a command needs takes a while to read, and nothing is half done meanwhile.
        signal.signal(signal.SIGINT, lambda *_: os._exit(130))
    try:
        from amnok.cli import main as command_line

        if heeded:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        status = command_line()
    except KeyboardInterrupt:
        status = 130
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is done, but for Python's own end
    sys.exit(status)


if __name__ == "__main__":
    main()
