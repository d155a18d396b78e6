"""Put the typeface of the letters beside this file: Arimo and its licence.

From npm by the lock file, else from Debian's package fonts-croscore; where neither
can be had, letters are set in ReportLab's own Vera. Run by ``make fonts``.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
NPM_PACKAGE = Path("node_modules/@expo-google-fonts/arimo")
NPM_FILES = {
    "400Regular/Arimo_400Regular.ttf": "Arimo-Regular.ttf",
    "700Bold/Arimo_700Bold.ttf": "Arimo-Bold.ttf",
    "400Regular_Italic/Arimo_400Regular_Italic.ttf": "Arimo-Italic.ttf",
    "LICENSE_FONT": "OFL.txt",
}
DEBIAN_FONTS = Path("/usr/share/fonts/truetype/croscore")
DEBIAN_LICENCE = Path("/usr/share/doc/fonts-croscore/copyright")
NPM_SECONDS = 120


def main() -> None:
    """Fetch what is missing and say where it came from; nothing found is no error."""
    if all((FOLDER / name).is_file() for name in NPM_FILES.values()):
        return
    if from_npm():
        say("Arimo fetched from npm by the lock file.")
    elif from_debian():
        say("Arimo copied from Debian's package fonts-croscore.")
    else:
        say("No npm and no Debian package fonts-croscore: letters will be set in Vera.")


def from_npm() -> bool:
    """Fetch by the lock file, which holds the package's SHA-512; say whether it worked."""
    npm = shutil.which("npm")
    if npm is None:
        return False
    with tempfile.TemporaryDirectory() as work:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(FOLDER / name, work)
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"]
        try:
            done = subprocess.run(  # noqa: S603 - a fixed command, found on the PATH
                command, cwd=work, capture_output=True, timeout=NPM_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            return False
        if done.returncode != 0:
            return False
        for source, target in NPM_FILES.items():
            shutil.copy(Path(work) / NPM_PACKAGE / source, FOLDER / target)
    return True


def from_debian() -> bool:
    """Copy the system's Arimo; say whether there is one."""
    fonts = [FOLDER / name for name in NPM_FILES.values() if name.endswith(".ttf")]
    if not all((DEBIAN_FONTS / font.name).is_file() for font in fonts):
        return False
    for font in fonts:
        shutil.copy(DEBIAN_FONTS / font.name, font)
    shutil.copy(DEBIAN_LICENCE, FOLDER / "OFL.txt")
    return True


def say(line: str) -> None:
    """Print one line."""
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
