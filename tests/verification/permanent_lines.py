"""What does OCR hand over for a foreign permanent resident card? Lines placed as on the published specimens."""

from app.verification.examination import Line
from tests.verification.card_lines import line

LEFT, SECOND = 60.0, 330.0
"""Left edges of the labels, and of the second label on a row."""
SMALL = 20.0
"""Height of an English label that stands under its Chinese one."""
SAID = {
    "latin": "CESHI, YANGLI",
    "chinese": "样例测试",
    "sex": "女/F",
    "birth": "1981.08.03",
    "nationality": "加拿大/CAN",
    "validity": "2023.09.15-2033.09.14",
    "authority": "",
    "number": "911124198108030024",
    "name_label": "姓名/Name",
    "sex_label": "性别/Sex",
    "birth_label": "出生日期/Date of Birth",
    "nationality_label": "国籍/Nationality",
    "validity_label": "有效期限/Period of Validity",
    "authority_label": "签发机关/Issuing Authority",
    "number_label": "证件号码/ID No.",
}
SAID_2017 = {
    "validity": "2015.10.25-2025.10.24",
    "authority": "中华人民共和国国家移民管理局",
    "number": "CAN110081080310",
    "number_label": "证件号码/ID Card No.",
}


def front_lines(**values: str) -> list[Line]:
    """The front of 2023: English beside its Chinese, values under both; a value given as empty is not read."""
    said = SAID | values
    authority = [(said["authority_label"], LEFT, 462), (said["authority"], LEFT, 492)] if said["authority"] else []
    rows = [
        ("中华人民共和国外国人永久居留身份证", 200, 20),
        ("PEOPLE'S REPUBLIC OF CHINA FOREIGN PERMANENT RESIDENT ID CARD", 150, 58),
        (said["name_label"], LEFT, 110),
        (said["latin"], LEFT, 142),
        (said["chinese"], LEFT, 176),
        (said["sex_label"], LEFT, 216),
        (said["birth_label"], SECOND, 216),
        (said["sex"], LEFT, 248),
        (said["birth"], SECOND, 248),
        (said["nationality_label"], LEFT, 290),
        (said["nationality"], LEFT, 322),
        (said["validity_label"], LEFT, 372),
        (said["validity"], LEFT, 404),
        *authority,
        (said["number_label"], LEFT, 545),
        (said["number"], LEFT, 577),
    ]
    return [line(text, left, top, height=28) for text, left, top in rows if text]


def front_2017_lines(**values: str) -> list[Line]:
    """The front of 2017, which prints the authority too and its English under it."""
    english = line("National Immigration Administration, PRC", LEFT, 518, height=SMALL)
    return [*front_lines(**(SAID_2017 | values)), english]


def stacked_lines(**values: str) -> list[Line]:
    """The same front with each English label under its Chinese one, and the value right of both."""
    said = SAID | values
    rows = [
        ("姓名", "Name", said["latin"], LEFT, 100),
        ("性别", "Sex", said["sex"], LEFT, 200),
        ("出生日期", "Date of Birth", said["birth"], 480, 200),
        ("国籍", "Nationality", said["nationality"], LEFT, 270),
        ("有效期限", "Period of Validity", said["validity"], LEFT, 340),
        ("证件号码", "ID No.", said["number"], LEFT, 560),
    ]
    found = [line(said["chinese"], 250, 150, height=28)]
    for chinese, english, value, left, top in rows:
        found += [line(chinese, left, top, height=28), line(english, left, top + 28, height=SMALL)]
        found.append(line(value, left + 190, top + 8, height=30))
    return found


def back_lines(**values: str) -> list[Line]:
    """The back: title, authority and the number of 2017 that went before."""
    said = {"authority": "中华人民共和国国家移民管理局", "previous": "CAN110081080310"} | values
    rows = [
        ("中华人民共和国外国人永久居留身份证", 200, 60),
        ("签发机关/Issuing Authority", LEFT, 330),
        (said["authority"], LEFT, 362),
        ("National Immigration Administration, PRC", LEFT, 396),
        ("曾持证件号码/Previous ID No.", LEFT, 450),
        (said["previous"], LEFT, 482),
    ]
    return [line(text, left, top, height=28) for text, left, top in rows if text]
