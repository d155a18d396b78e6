"""``python -m tests.benchmarks``: measure, print the table, write the figures."""

import sys

from tests.benchmarks.bench_table import main

sys.exit(main())
