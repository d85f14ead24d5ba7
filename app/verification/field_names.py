"""What is a field called, in Chinese and English, when an applicant is told of it?"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages."""

    zh: str
    en: str


FIELD_NAMES: Mapping[str, Words] = MappingProxyType(
    {
        "name": Words("姓名", "name"),
        "chinese_name": Words("中文姓名", "Chinese name"),
        "latin_name": Words("姓名", "name in Latin letters"),
        "sex": Words("性别", "sex"),
        "ethnicity": Words("民族", "ethnicity"),
        "birth": Words("出生日期", "date of birth"),
        "nationality": Words("国籍", "nationality"),
        "address": Words("住址", "address"),
        "number": Words("证件号码", "number"),
        "previous_number": Words("曾持证件号码", "previous number"),
        "authority": Words("签发机关", "issuing authority"),
        "valid_from": Words("有效期限", "validity"),
        "valid_to": Words("有效期限", "validity"),
        "expiry": Words("有效期限", "date of expiry"),
        "travel_permit": Words("通行证号码", "travel permit number"),
        "times_issued": Words("签发次数", "number of issues"),
        "first_issue": Words("初次领证日期", "date of first issue"),
        "classes": Words("准驾车型", "vehicle class"),
        "file_number": Words("档案编号", "file number"),
        "record": Words("记录", "record"),
        "portrait": Words("照片", "portrait"),
    }
)
"""As the documents print them."""
