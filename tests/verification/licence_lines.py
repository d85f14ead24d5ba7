"""What does OCR hand over for a driving licence? Lines placed as it places them, without a picture."""

from app.verification.examination import Line
from tests.verification.card_lines import line

LEFT, VALUE, RIGHT, RIGHT_VALUE = 60.0, 160.0, 390.0, 590.0
"""Left edges: of the labels, of what stands beside them, of the labels beside the portrait, and of their values."""
SMALL = 20.0
"""Height of an English label; it stands under its Chinese one, and the value right of both, between them."""


def labelled(chinese: str, english: str, value: str, left: float, at: float, top: float) -> list[Line]:
    """A label with its English beneath and a value right of both."""
    return [
        line(chinese, left, top, height=28),
        line(english, left, top + 26, height=SMALL),
        line(value, at, top + 7, height=34),
    ]


def licence_lines(**values: str) -> list[Line]:
    """The main page, all apart; a value given as empty is not read, `name_label=…` misreads a label."""
    said = {
        "number": "11010119900307002X",
        "name": "欧阳样例",
        "sex": "女",
        "nationality": "中国",
        "first": "北京市东城区示例街道样板胡同",
        "second": "十二号院三单元",
        "birth": "1990-03-07",
        "first_issue": "2009-06-01",
        "classes": "C1",
        "validity": "2015-06-01至2025-06-01",
        "number_label": "证号",
        "name_label": "姓名",
        "sex_label": "性别",
        "nationality_label": "国籍",
        "address_label": "住址",
        "birth_label": "出生日期",
        "first_issue_label": "初次领证日期",
        "classes_label": "准驾车型",
        "validity_label": "有效期限",
    } | values
    rows = [
        line("中华人民共和国机动车驾驶证", 200, 20, height=44),
        line("Driving License of the People's Republic of China", 220, 66, height=SMALL),
        *labelled(said["number_label"], "No.", said["number"], LEFT, 300, 96),
        *labelled(said["name_label"], "Name", said["name"], LEFT, VALUE, 152),
        *labelled(said["sex_label"], "Sex", said["sex"], 500, 580, 152),
        *labelled(said["nationality_label"], "Nationality", said["nationality"], 680, 800, 152),
        *labelled(said["address_label"], "Address", said["first"], LEFT, VALUE, 216),
        line(said["second"], VALUE, 266, height=34),
        line("北京市公安局", 80, 400, height=30),
        line("公安交通管理局", 80, 440, height=30),
        *labelled(said["birth_label"], "Date of Birth", said["birth"], RIGHT, RIGHT_VALUE, 320),
        *labelled(said["first_issue_label"], "Date of First Issue", said["first_issue"], RIGHT, RIGHT_VALUE, 390),
        *labelled(said["classes_label"], "Class", said["classes"], RIGHT, RIGHT_VALUE, 460),
        *labelled(said["validity_label"], "Valid Period", said["validity"], LEFT, 220, 550),
    ]
    return [row for row in rows if row.text]


def merged_lines() -> list[Line]:
    """The main page with labels, English and values in the same boxes, as OCR has them where they stand close."""
    return [
        line("证号No.11010119900307002X", LEFT, 96),
        line("姓名欧阳样例性别女国籍中国", LEFT, 152),
        line("NameSexNationality", LEFT, 184, height=SMALL),
        line("住址北京市东城区示例街道样板胡同", LEFT, 216),
        line("Address十二号院三单元", LEFT, 258),
        line("出生日期1990-03-07", RIGHT, 320),
        line("Date of Birth", RIGHT, 352, height=SMALL),
        line("初次领证日期", RIGHT, 390, height=28),
        line("DateofFirstIssue2009-06-01", RIGHT, 400, height=28),
        line("准驾车型Class C1", RIGHT, 460),
        line("有效期限2015-06-01至2025-06-01", LEFT, 550),
        line("Valid Period", LEFT, 582, height=SMALL),
    ]


def duplicate_lines(**values: str) -> list[Line]:
    """The duplicate page, all apart."""
    said = {
        "number": "11010119900307002X",
        "name": "欧阳样例",
        "file_number": "110100123456",
        "record": "请于2025年06月01日前九十日内",
        "more": "申请换领新驾驶证。",
        "number_label": "证号",
        "name_label": "姓名",
        "file_number_label": "档案编号",
        "record_label": "记录",
    } | values
    rows = [
        line("中华人民共和国机动车驾驶证副页", 180, 20, height=44),
        *labelled(said["number_label"], "No.", said["number"], LEFT, 300, 96),
        *labelled(said["name_label"], "Name", said["name"], LEFT, VALUE, 160),
        *labelled(said["file_number_label"], "File No.", said["file_number"], 500, 650, 160),
        *labelled(said["record_label"], "Record", said["record"], LEFT, VALUE, 230),
        line(said["more"], VALUE, 280, height=34),
    ]
    return [row for row in rows if row.text]
