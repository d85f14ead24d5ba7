"""How does a stranger's photograph become pixels? Fully decoded, turned upright once, RGB. Runs in a vision process."""

import struct
import warnings
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO

import numpy as np
import numpy.typing as npt
import pi_heif
from PIL import ExifTags, Image, ImageFile, ImageOps

from app.core.refusal import Refusal
from app.verification.picture import MAX_PIXELS, BrokenImage, Format, Header, Traces, has_too_many_scans, inspect
from app.verification.png_rows import holds_every_row

Pixels = npt.NDArray[np.uint8]
"""(height, width, 3) RGB."""

TRACE_CHARACTERS = 64
UNREADABLE_EXIF = (SyntaxError, ValueError, KeyError, IndexError, TypeError, struct.error, OSError)
"""What Pillow raises on broken EXIF data; they say nothing about the picture itself, which is taken as it lies."""

# Pillow's own guard stands behind ours.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
pi_heif.register_heif_opener(thumbnails=False)


@dataclass(frozen=True, slots=True)
class Decoded:
    """One photograph, upright."""

    format: Format
    pixels: Pixels
    traces: Traces


def decode(octets: bytes, shrink: int = 1) -> Decoded:
    """The photograph's pixels; raises the refusals of `verification.picture`, BrokenImage for whatever decoders raise.

    A JPEG may be decoded smaller by 2, 4 or 8: its decoder then computes no pixels that nobody looks at.
    """
    header = inspect(octets)
    if header.format is Format.JPEG and has_too_many_scans(octets):
        raise BrokenImage
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about metadata we do not read
            return _decoded(octets, header, shrink)
    except Refusal:
        raise
    except Exception as error:
        raise BrokenImage from error


def opened(octets: bytes, stored: str) -> Image.Image:
    """The picture in a format of Pillow's, its pixels not decoded yet: whoever loads those of a truncated one gets an OSError."""
    # Truncated files must not pass as grey areas. Said each time: any library of this process may say otherwise, and one does.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return Image.open(BytesIO(octets), formats=[stored])


def _decoded(octets: bytes, header: Header, shrink: int) -> Decoded:
    with opened(octets, header.format.value) as image:
        if not _as_declared(image, header):  # two decoders that disagree are an old way past a limit
            raise BrokenImage
        image.draft(None, (image.width // shrink, image.height // shrink))
        image.load()
        if header.format is Format.PNG and not holds_every_row(octets):
            raise BrokenImage
        traces = _traces(image)
        _turn_upright(image)
        return Decoded(header.format, _rgb(image), traces)


def _as_declared(image: Image.Image, header: Header) -> bool:
    """The size the header declared; HEIC's decoder has turned the picture already."""
    declared = (header.width, header.height)
    return image.size == declared or (header.format is Format.HEIC and image.size == declared[::-1])


def _turn_upright(image: Image.Image) -> None:
    with suppress(*UNREADABLE_EXIF):
        ImageOps.exif_transpose(image, in_place=True)


def _rgb(image: Image.Image) -> Pixels:
    """Sixteen-bit grey loses its low byte; what is transparent lies on white, as a page would show it."""
    if image.mode.startswith("I"):
        grey = (np.asarray(image).astype(np.int64) >> 8).clip(0, 255).astype(np.uint8)
        return np.repeat(grey[:, :, None], 3, axis=2)
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        image = Image.new("RGB", layer.size, "white")
        image.paste(layer, mask=layer.getchannel("A"))
    return np.asarray(image.convert("RGB"))


def _traces(image: Image.Image) -> Traces:
    try:
        exif = image.getexif()
        details = exif.get_ifd(ExifTags.IFD.Exif)
    except UNREADABLE_EXIF:
        return Traces(None, None, None)
    return Traces(
        software=_text(exif.get(ExifTags.Base.Software) or image.info.get("Software")),
        make=_text(exif.get(ExifTags.Base.Make)),
        taken=_text(details.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)),
    )


def _text(value: object) -> str | None:
    """Short and printable, or nothing: the sender chose these characters, and staff will read them."""
    if not isinstance(value, str):
        return None
    kept = "".join(character for character in value if character.isprintable()).strip()
    return kept[:TRACE_CHARACTERS] or None
