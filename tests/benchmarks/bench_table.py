"""The command: measures, prints the table, writes JSON, says whether targets are met."""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks import bench_issuing
from tests.benchmarks.bench_measuring import Row

NAMES = ("issue", "issue-pyhanko", "signature")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks. Returns 1 when a required "first" target is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("json", nargs="?", type=Path, help="write the rows to this file too")
    parser.add_argument("--rounds", type=int, default=40, help="samples of each (default 40)")
    parser.add_argument(
        "--require", action="append", default=[], choices=NAMES, help="exit 1 if it is missed"
    )
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        rows = list(bench_issuing.rows(Path(folder) / "office", options.rounds))
    sys.stdout.write(table(rows))
    if options.json is not None:
        options.json.write_text(json.dumps(as_json(rows), indent=2) + "\n", encoding="utf-8")
    missed = [row.name for row in rows if row.name in options.require and not row.reaches_first]
    sys.stderr.writelines(f"missed: {name}\n" for name in missed)
    return 1 if missed else 0


def table(rows: Sequence[Row]) -> str:
    """Return a line a row: both medians, the ratio, and the ratios to reach."""
    head = ("row", "ms", "against ms", "ratio", "first", "goal", "reached")
    lines = [head, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    printed = [
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    ]
    notes = [f"{row.name}: {row.what}; against {row.against}" for row in rows]
    return "\n".join([*printed, "", *notes, ""])


def as_json(rows: Sequence[Row]) -> dict[str, object]:
    """Return the rows with where they were measured."""
    return {
        "python": platform.python_version(),
        "machine": platform.platform(),
        "unit": "median CPU milliseconds",
        "rows": [
            {
                **asdict(row),
                "ratio": row.ratio,
                "reaches_first": row.reaches_first,
                "reaches_goal": row.reaches_goal,
            }
            for row in rows
        ],
    }


def _cells(row: Row) -> tuple[str, ...]:
    reached = "goal" if row.reaches_goal else "first" if row.reaches_first else "no"
    return (
        row.name,
        f"{row.measured:.3f}",
        f"{row.baseline:.3f}",
        f"{row.ratio:.2f}",
        f"{row.first:.2f}",
        f"{row.goal:.2f}",
        reached,
    )
