"""Put what git does not hold into the templates: the letters' typeface, the scripts' packages.

From npm by the lock files, which hold each package's SHA-512. The typeface can also
come from Debian's package fonts-croscore. Run by ``make fonts`` and ``make scripts``;
what cannot be had is said and done without.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[1]
NPM_SECONDS = 120

FONTS = TEMPLATES / "fonts"
ARIMO = "@expo-google-fonts/arimo"
FONT_FILES = {
    f"{ARIMO}/400Regular/Arimo_400Regular.ttf": "Arimo-Regular.ttf",
    f"{ARIMO}/700Bold/Arimo_700Bold.ttf": "Arimo-Bold.ttf",
    f"{ARIMO}/400Regular_Italic/Arimo_400Regular_Italic.ttf": "Arimo-Italic.ttf",
    f"{ARIMO}/LICENSE_FONT": "OFL.txt",
}
DEBIAN_FONTS = Path("/usr/share/fonts/truetype/croscore")
DEBIAN_LICENCE = Path("/usr/share/doc/fonts-croscore/copyright")

SCRIPTS = TEMPLATES / "scripts"
VENDOR = TEMPLATES / "offline" / "vendor"
CBORG_MODULES = (
    *("0uint", "1negint", "2bytes", "3string", "4array", "5map", "6tag", "7float"),
    *("bl", "byte-utils", "common", "decode", "encode", "is", "jump", "token"),
)
SCRIPT_FILES = {
    **{f"cborg/lib/{name}.js": f"cborg/{name}.js" for name in CBORG_MODULES},
    "cborg/LICENSE": "cborg/LICENSE",
    "zxing-wasm/dist/es/share.js": "zxing/share.js",
    "zxing-wasm/dist/es/reader/index.js": "zxing/reader/index.js",
    "zxing-wasm/dist/reader/zxing_reader.wasm": "zxing/zxing_reader.wasm",
    "zxing-wasm/LICENSE": "zxing/LICENSE",
}


def main(wanted: str) -> None:
    """Fetch what is missing and say where it came from; nothing found is no error."""
    say({"fonts": fonts, "scripts": scripts}[wanted]())


def fonts() -> str:
    """Fetch the typeface; without it letters are set in ReportLab's own Vera."""
    if there(FONTS, FONT_FILES):
        return "Arimo is here."
    if from_npm(FONTS, FONT_FILES, FONTS):
        return "Arimo fetched from npm by the lock file."
    if from_debian():
        return "Arimo copied from Debian's package fonts-croscore."
    return "No npm and no Debian package fonts-croscore: letters will be set in Vera."


def scripts() -> str:
    """Fetch what the offline verifier is made with; without it that one page says so."""
    if there(VENDOR, SCRIPT_FILES):
        return "The packages of the offline verifier are here."
    if from_npm(SCRIPTS, SCRIPT_FILES, VENDOR):
        return "The packages of the offline verifier fetched from npm by the lock file."
    return "No npm: the offline verifier will not work, everything else does."


def there(folder: Path, files: Mapping[str, str]) -> bool:
    """Say whether nothing is missing."""
    return all((folder / name).is_file() for name in files.values())


def from_npm(lock: Path, files: Mapping[str, str], target: Path) -> bool:
    """Install by the lock file in ``lock`` and copy the files; say whether it worked."""
    npm = shutil.which("npm")
    if npm is None:
        return False
    with tempfile.TemporaryDirectory() as work:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(lock / name, work)
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"]
        try:
            done = subprocess.run(  # noqa: S603 - a fixed command, found on the PATH
                command, cwd=work, capture_output=True, timeout=NPM_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            return False
        if done.returncode != 0:
            return False
        for source, name in files.items():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(Path(work) / "node_modules" / source, target / name)
    return True


def from_debian() -> bool:
    """Copy the system's Arimo; say whether there is one."""
    found = [name for name in FONT_FILES.values() if name.endswith(".ttf")]
    if not there(DEBIAN_FONTS, {name: name for name in found}):
        return False
    for name in found:
        shutil.copy(DEBIAN_FONTS / name, FONTS / name)
    shutil.copy(DEBIAN_LICENCE, FONTS / "OFL.txt")
    return True


def say(line: str) -> None:
    """Print one line."""
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main(sys.argv[1])
