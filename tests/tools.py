"""Say which tools of this machine the tests miss, and what is skipped for it.

Run by ``make test``. With ``CI=true`` a missing tool is a failure: exit status 1.
"""

from __future__ import annotations

import ctypes.util
import os
import shutil
import sys
from pathlib import Path

import psycopg
from redis import Redis, RedisError

PROGRAMS = {
    "pdfsig": ("poppler-utils", "poppler's opinion on the signature"),
    "pdftotext": ("poppler-utils", "reading order of the text"),
    "pdftoppm": ("poppler-utils", "reading the QR from a rendered page"),
    "mutool": ("mupdf-tools", "MuPDF's opinion on the signature"),
    "tesseract": ("tesseract-ocr", "reading data over the fine lines, and microtext"),
    "qpdf": ("qpdf", "the file's structure"),
    "javac": ("default-jdk-headless", "veraPDF's opinion on archive and accessibility"),
    "openssl": ("openssl", "OpenSSL's opinion on certificates and signatures"),
    "certutil": ("libnss3-tools", "trusting the demo root in pdfsig"),
    "chromium": ("chromium", "pages in a real browser"),
    "npm": ("npm", "axe-core's opinion on pages, and a JavaScript reader of the QR"),
}
POSTGRES = os.environ.get(
    "ISSUER_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@localhost:5432/postgres"
)
REDIS = os.environ.get("ISSUER_TEST_REDIS_URL", "redis://localhost:6379/0")
JAXB = Path("/usr/share/java/jaxb-runtime.jar")
OFFLINE = Path(__file__).parents[1] / "templates" / "offline" / "vendor" / "zxing" / "share.js"
FONT = Path(__file__).parents[1] / "templates" / "fonts" / "Arimo-Regular.ttf"


def missing() -> list[str]:
    """Return one line for each thing that is not there: what, for which tests, how to get it."""
    lines = [
        f"{program}: skips {use} (Debian: {package})"
        for program, (package, use) in PROGRAMS.items()
        if shutil.which(program) is None
    ]
    if ctypes.util.find_library("zbar") is None:
        lines.append("zbar: skips the second QR reader (Debian: libzbar0)")
    if not JAXB.is_file():
        lines.append("JAXB: skips veraPDF's opinion too (Debian: libjaxb-java)")
    if not OFFLINE.is_file():
        lines.append("zxing-wasm, cborg: skips the offline verifier (make scripts)")
    if not FONT.is_file():
        lines.append("Arimo: skips what is measured with the real typeface (make fonts)")
    try:
        psycopg.connect(POSTGRES.replace("+psycopg", ""), connect_timeout=3).close()
    except psycopg.OperationalError:
        lines.append("PostgreSQL: skips its half of the register tests (ISSUER_TEST_POSTGRES_URL)")
    try:
        with Redis.from_url(REDIS, socket_connect_timeout=3) as redis:
            redis.ping()
    except RedisError:
        lines.append("Redis: skips its half of the limits' tests (ISSUER_TEST_REDIS_URL)")
    return lines


def main() -> int:
    """Print the lines; return the exit status."""
    lines = missing()
    for line in lines or ["All are here; nothing is skipped."]:
        sys.stdout.write(f"  {line}\n")
    return 1 if lines and os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
