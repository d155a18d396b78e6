"""Prove a wheelhouse: install it without network and use the office from elsewhere.

Run by ``make build``. Uses nothing of this checkout but the wheelhouse.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

REQUIRED = ("issuer/_templates/regency/bojonegoro/villages.csv", "issuer/py.typed")
FONTS = ("Arimo-Regular.ttf", "Arimo-Bold.ttf", "Arimo-Italic.ttf", "OFL.txt")
FORBIDDEN = ("keys/", "node_modules", "package.json", "package-lock.json", "fetch.py")
PRIVATE = (".key", ".p12", ".pfx", ".pem")


def main(wheelhouse: Path) -> None:
    """Raise or exit with 1 at the first thing that is not as promised."""
    (wheel,) = wheelhouse.glob("issuer-*.whl")
    look_inside(wheel)
    with tempfile.TemporaryDirectory() as work:
        environment, elsewhere = Path(work) / "environment", Path(work) / "elsewhere"
        elsewhere.mkdir()
        venv.create(environment, with_pip=True)
        python, issuer = environment / "bin" / "python", environment / "bin" / "issuer"
        offline = ["--no-index", "--find-links", str(wheelhouse.resolve())]
        quietly = ["--quiet", "--disable-pip-version-check"]
        run([str(python), "-m", "pip", "install", *quietly, *offline, "issuer"], elsewhere)
        say("installed from the wheelhouse alone")
        use(str(issuer), elsewhere)


def look_inside(wheel: Path) -> None:
    """Check what the wheel carries and what it must never carry."""
    names = zipfile.ZipFile(wheel).namelist()
    missing = [name for name in REQUIRED if name not in names]
    wrong = [n for n in names if n.endswith(PRIVATE) or any(part in n for part in FORBIDDEN)]
    if missing or wrong:
        sys.exit(f"{wheel.name}: missing {missing}, must not carry {wrong}")
    say(f"{wheel.name}: {len(names)} files, {wheel.stat().st_size // 1024} kB, no keys")
    fonts = [name for name in FONTS if f"issuer/_templates/fonts/{name}" in names]
    if fonts != list(FONTS):
        say("the wheel carries no Arimo: neither npm nor fonts-croscore was there")
    if not any(name.startswith("issuer/_templates/offline/vendor/") for name in names):
        say("the wheel carries no packages of the offline verifier: npm was not there")


def use(issuer: str, elsewhere: Path) -> None:
    """Issue a letter and verify it, as somebody with no checkout would."""
    say(run([issuer, "--version"], elsewhere).strip())
    run([issuer, "demo", "--no-serve", "--data-dir", "office"], elsewhere)
    office = [issuer, "--data-dir", "office"]
    (elsewhere / "data.json").write_text(run([*office, "letters", "example", "usaha"], elsewhere))
    who = ["--agency", "35.22.06.2001", "--signatory", "kades-3522062001"]
    what = ["--type", "usaha", "--data", "data.json", "--out", "letter.pdf", "--json"]
    issued = json.loads(run([*office, "issue", *who, *what], elsewhere))
    verified = json.loads(run([*office, "verify", "letter.pdf", "--json"], elsewhere))
    if verified["verdict"] != "VALID":
        sys.exit(f"the letter is {verified['verdict']}: {verified['reasons']}")
    say(f"issued {issued['number']} and verified it: VALID")


def run(command: Sequence[str], folder: Path) -> str:
    """Run in ``folder`` without settings of pip, Python or this office; return the output."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "PYTHON", "ISSUER_"))}
    environment = {**kept, "PIP_CONFIG_FILE": os.devnull}
    return subprocess.run(
        command, cwd=folder, env=environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def say(line: str) -> None:
    """Print one line at once."""
    sys.stdout.write(f"  {line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
