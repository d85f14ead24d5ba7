"""Does the file say that a picture was edited? Read of EXIF's Software alone: as easily forged as left out, so a signal."""

import re
import unicodedata

EDITORS = (
    ("Adobe Photoshop", r"photoshop"),
    ("Adobe Lightroom", r"lightroom"),
    ("Adobe Illustrator", r"adobe illustrator"),
    ("GIMP", r"gimp"),
    ("Krita", r"krita"),
    ("Inkscape", r"inkscape"),
    ("Affinity Photo", r"affinity photo"),
    ("Pixelmator", r"pixelmator"),
    ("Paint.NET", r"paint\.net"),
    ("PaintShop", r"paint ?shop"),
    ("CorelDRAW", r"corel ?(?:draw|photo-paint)"),
    ("PhotoScape", r"photoscape"),
    ("ACDSee", r"acdsee"),
    ("ImageMagick", r"imagemagick"),
    ("Snapseed", r"snapseed"),
    ("PicsArt", r"picsart"),
    ("Pixlr", r"pixlr"),
    ("Fotor", r"fotor"),
    ("Canva", r"canva"),
    ("Polarr", r"polarr"),
    ("VSCO", r"vsco"),
    ("Facetune", r"facetune"),
    ("FaceApp", r"faceapp"),
    ("Remini", r"remini"),
    ("PhotoRoom", r"photoroom"),
    ("美图", r"meitu(?:pic)?|美图(?:秀秀)?"),
    ("美颜相机", r"beautycam|beautyplus|美颜相机"),
    ("醒图", r"xingtu|hypic|醒图"),
    ("轻颜", r"ulike|轻颜"),
    ("B612", r"b612"),
    ("天天P图", r"天天p图|pitu"),
    ("光影魔术手", r"光影魔术手|neoimaging"),
)
"""Programs by the names they write into what they save; common knowledge of their files, no registry lists them."""
_NAMED = tuple((name, re.compile(rf"(?<![a-z0-9]){pattern}(?![a-z])")) for name, pattern in EDITORS)


def editor_named(software: str | None) -> str | None:
    """The editing program a file names as its maker; None where it names none, or a camera's own software."""
    if software is None:
        return None
    folded = unicodedata.normalize("NFKC", software[:256]).casefold()
    return next((name for name, pattern in _NAMED if pattern.search(folded)), None)
