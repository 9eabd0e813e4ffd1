"""The pictures of the sample newsroom, drawn from the figures of the texts that they stand above."""

import io
from dataclasses import dataclass
from typing import IO

from PIL import Image, ImageDraw

PAPER, SHEET, LINE, INK = "#e7edef", "#fdfdfb", "#c3ccd0", "#0b4f6c"
WIDTH, MARGIN, GAP = 1600, 100, 24


@dataclass(frozen=True)
class Drawing:
    """So many sheets of paper, the first of them written on; `key` is the text's."""

    key: str
    sheets: int
    written: int
    columns: int
    alt: str
    caption: str

    def file(self) -> IO[bytes]:
        """A PNG."""
        wide = (WIDTH - 2 * MARGIN - (self.columns - 1) * GAP) // self.columns
        tall = wide * 4 // 3
        rows = -(-self.sheets // self.columns)
        picture = Image.new("RGB", (WIDTH, 2 * MARGIN + rows * (tall + GAP) - GAP), PAPER)
        draw = ImageDraw.Draw(picture)
        for number in range(self.sheets):
            row, column = divmod(number, self.columns)
            left, top = MARGIN + column * (wide + GAP), MARGIN + row * (tall + GAP)
            draw.rectangle((left, top, left + wide, top + tall), fill=SHEET, outline=LINE, width=2)
            for line in range(1, 7):
                y = top + line * tall // 8
                end = left + wide * (5 + line * 3 % 4) // 9
                if number < self.written:
                    draw.line((left + wide // 8, y, end, y), fill=INK, width=max(3, tall // 30))
        file = io.BytesIO()
        picture.save(file, "PNG")
        file.seek(0)
        return file


DRAWINGS = {
    drawing.key: drawing
    for drawing in (
        Drawing(
            "asset-register", 44, 4, 11,
            "Forty-four sheets of paper in four rows. There is writing on the first four; the other forty are blank.",
            "The register as it was published: 44 declarations, of which four are filled in. Drawing: Ledgerlight Observatory.",
        ),
        Drawing(
            "adjourned", 94, 7, 16,
            "Ninety-four sheets of paper in six rows. There is writing on seven of them; the rest are blank.",
            "94 cases since January 2019, seven of them decided. Drawing: Ledgerlight Observatory.",
        ),
    )
}  # fmt: skip
