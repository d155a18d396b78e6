"""``python -m tests.benchmarks``: tests are no package, so their folders are named here."""

import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(_HERE), str(_HERE.parent)]

from bench_table import main  # noqa: E402 - found by the line above

sys.exit(main())
