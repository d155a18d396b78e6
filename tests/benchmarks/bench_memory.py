"""``python -m tests.benchmarks.bench_memory FOLDER N``: issue N letters, print the peak memory."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.offices import Clock, compose_office, issue

_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


def peak_megabytes(folder: Path, letters: int) -> float:
    """Return the peak memory of a fresh process that issues letters of the office in ``folder``."""
    command = [sys.executable, "-m", __name__, str(folder), str(letters)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(done.stdout)


def _main(folder: Path, letters: int) -> None:
    office = compose_office(folder, Clock(datetime.now(UTC)))
    for _ in range(letters):
        issue(office)
    office.close()
    # Not getrusage: its maximum is inherited from the process that started this one.
    found = _PEAK.search(Path("/proc/self/status").read_text(encoding="ascii"))
    assert found is not None
    sys.stdout.write(f"{int(found[1]) / 1024:.1f}\n")


if __name__ == "__main__":
    _main(Path(sys.argv[1]), int(sys.argv[2]))
