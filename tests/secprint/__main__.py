"""A counter letter and its photocopy: ``python -m tests.secprint DIR``.

Pictures of whole pages and enlarged parts, and figures, from the model in ``photocopier``.
Look at them; then try a real printer and a real copier, which no model replaces.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

from issuer.domain.presentation import Variant
from tests.secprint.photocopier import crop, photocopied, printed, raster, seen
from tests.secprint.secprint_figures import report
from tests.secprint.secprint_letters import MICROTEXT_BOX, panel_of, pdf_of, record_of

LETTERS = 100


def main(folder: Path) -> int:
    """Write the pictures and return the exit status."""
    folder.mkdir(parents=True, exist_ok=True)
    pdf = folder / "counter.pdf"
    pdf.write_bytes(pdf_of(record_of(1, Variant.COUNTER)))
    dots = raster(pdf, folder)
    parts = {
        "page": (0.0, 0.0, 596.0, 842.0),
        "panel": panel_of(pdf),
        "data": (80.0, 480.0, 330.0, 620.0),
        "microtext": MICROTEXT_BOX,
    }
    for name, box in parts.items():
        sheet = printed(crop(dots, *box))
        for kind, paper in (("original", sheet), ("copy", photocopied(sheet, 1))):
            picture = seen(paper)
            width = min(picture.width, 1600)
            size = (width, round(picture.height * width / picture.width))
            picture.resize(size, Image.Resampling.BOX).save(folder / f"{name}-{kind}.png")
    sys.stdout.write(f"{folder}\n")
    for line in report(folder, LETTERS):
        sys.stdout.write(f"{line}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
