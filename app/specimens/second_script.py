"""What else stands on a card of an autonomous area? Small above the Chinese, a second script (居民身份证法 Art. 4; R38).

Uyghur and Tibetan where a face for them is installed; Zhuang, written in Latin letters, always.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.specimens.faces import BUILT_IN, FOLDERS, Face, tibetan_face, uyghur_face
from app.specimens.people import Sex

UYGHUR_NAMES: Final = {
    Sex.MALE: ("阿卜杜拉·买买提", "艾山·吐尔逊", "吐尔洪·阿卜杜热合曼"),
    Sex.FEMALE: ("古丽娜·买买提", "阿依努尔·艾合买提"),
}
TIBETAN_NAMES: Final = {Sex.MALE: ("才让多吉", "扎西顿珠"), Sex.FEMALE: ("卓玛央宗", "次仁拉姆")}
INK: Final = (96, 74, 60)

ZHUANG_WORDS: Final = {
    "name": "Singqmingz", "sex": "Singqbied", "ethnicity": "Minzcuz", "birth": "Seng", "address": "Dieg youq",
    "number": "Gunghminz sinhfwn hauma", "state": "Cunghvaz Yinzminz Gunghozgoz", "title": "Gihminz Sinhfwncwng",
    "authority": "Gihgvanh cim'fat", "validity": "Geizhanh mizyauq",
}  # fmt: skip
UYGHUR_WORDS: Final = {
    "name": "ئىسمى", "sex": "جىنسى", "ethnicity": "مىللىتى", "birth": "تۇغۇلغان ۋاقتى", "address": "ئادرېسى",
    "number": "گراژدانلىق سالاھىيەت نومۇرى", "state": "جۇڭخۇا خەلق جۇمھۇرىيىتى", "title": "ئاھالە كىملىكى",
    "authority": "تارقاتقان ئورگان", "validity": "كۈچكە ئىگە مۇددىتى",
}  # fmt: skip
TIBETAN_WORDS: Final = {
    "name": "མིང་", "sex": "ཕོ་མོ།", "ethnicity": "མི་རིགས།", "birth": "སྐྱེས་དུས།", "address": "སྡོད་གནས།",
    "number": "སྤྱི་དམངས་ཐོབ་ཐང་ཨང་གྲངས།", "state": "ཀྲུང་ཧྭ་མི་དམངས་སྤྱི་མཐུན་རྒྱལ་ཁབ།", "title": "ཐོབ་ཐང་ལག་ཁྱེར།",
    "authority": "སྤྲོད་མཁན་ལས་ཁུངས།", "validity": "ནུས་ལྡན་དུས་ཚོད།",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SecondScript:
    """What is printed in it, by row."""

    name: str
    face: Face
    words: Mapping[str, str]
    ethnicity: str
    """Of those whose script it is."""
    names: Mapping[Sex, tuple[str, ...]]
    """As the Chinese row has them; empty where they are like anybody's."""

    def write(self, canvas: NDArray[np.uint8], row: str, at: tuple[int, int], size: int) -> None:
        """The row's label, from its left end on the base line."""
        self.face.write(canvas, self.words[row], at, size, INK)


def second_scripts(folders: Sequence[Path] = FOLDERS) -> tuple[SecondScript, ...]:
    """Those that can be printed here."""
    uyghur, tibetan = uyghur_face(folders), tibetan_face(folders)
    scripts = [SecondScript("Zhuang", BUILT_IN, ZHUANG_WORDS, "壮", {})]
    if uyghur is not None:
        scripts.append(SecondScript("Uyghur", uyghur, UYGHUR_WORDS, "维吾尔", UYGHUR_NAMES))
    if tibetan is not None:
        scripts.append(SecondScript("Tibetan", tibetan, TIBETAN_WORDS, "藏", TIBETAN_NAMES))
    return tuple(scripts)
