"""What do staff read of a reason, in Chinese and English?"""

from app.verification.faces.liveness.words import LIVENESS_STAFF
from app.verification.field_names import Words
from app.verification.open_words import OPEN
from app.verification.reasons import ReasonCode

STAFF = {
    **OPEN,
    ReasonCode.FIELD_TYPED: Words(
        "该字段未能识别，由申请人录入，请与图片核对",
        "The applicant typed a field that could not be read: compare it with its picture",
    ),
    ReasonCode.NUMBER_CHECK_WRONG: Words(
        "公民身份号码校验码不符，号码疑被改动", "The identity number's check character is wrong: altered"
    ),
    ReasonCode.NUMBER_BIRTH_IMPOSSIBLE: Words(
        "号码中的出生日期不存在或在将来", "The number's birth date does not exist or is to come"
    ),
    ReasonCode.NUMBER_PROVINCE_UNKNOWN: Words("号码的省级代码不存在", "No province has the number's first two digits"),
    ReasonCode.AGE_IMPLAUSIBLE: Words("号码所示年龄超过120岁", "By the number the holder is older than 120"),
    ReasonCode.SEX_DIFFERS: Words("性别与号码不一致", "The sex printed differs from the number's"),
    ReasonCode.BIRTH_DIFFERS: Words("出生日期与号码不一致", "The birth date printed differs from the number's"),
    ReasonCode.PERMIT_CONTRADICTION: Words(
        "证件版式与号码前缀矛盾", "The card's layout contradicts the number's prefix"
    ),
    ReasonCode.ETHNICITY_UNLISTED: Words("民族不在国家名录", "The ethnicity is not one the state lists"),
    ReasonCode.AUTHORITY_UNUSUAL: Words(
        "签发机关名称不以公安局或分局结尾", "The issuing authority does not end in 公安局 or 分局"
    ),
    ReasonCode.NOT_YET_VALID: Words("有效期起始日在将来", "The card's validity has not begun"),
    ReasonCode.TERM_UNKNOWN: Words(
        "有效期限不是5年、10年、20年或长期", "The term is none of 5, 10, 20 years and long-term"
    ),
    ReasonCode.TERM_WRONG_FOR_AGE: Words("有效期限与签发时年龄不符", "The term does not fit the age at issue"),
    ReasonCode.LONG_TERM_TOO_YOUNG: Words("签发时未满46岁却为长期", "Long-term, yet issued before the age of 46"),
    ReasonCode.LICENCE_TERM_UNKNOWN: Words(
        "驾驶证有效期限不是6年、10年或长期", "The licence's term is none of 6, 10 years and long-term"
    ),
    ReasonCode.LONG_TERM_TOO_EARLY: Words(
        "初次领证未满16年，驾驶证却为长期", "A long-term licence less than 16 years after its first issue"
    ),
    ReasonCode.RENEWAL_OPEN: Words(
        "驾驶证将在90日内到期，可申请换证", "The licence ends within 90 days and may be renewed"
    ),
    ReasonCode.CLASS_UNKNOWN: Words("准驾车型不在国家规定的代号之列", "The vehicle class is not one of the 17 codes"),
    ReasonCode.CLASS_AGE_UNUSUAL: Words(
        "持证人年龄不符合准驾车型的规定", "The holder is not of an age to hold the class"
    ),
    ReasonCode.FIRST_ISSUE_TOO_YOUNG: Words(
        "初次领证时未达到准驾车型的最低年龄", "At the first issue the holder was too young for the class"
    ),
    ReasonCode.FIRST_ISSUE_CONTRADICTED: Words(
        "初次领证日期晚于有效期起始日或在将来", "The first issue lies after the term's start, or is to come"
    ),
    ReasonCode.DUPLICATE_NUMBER_DIFFERS: Words(
        "驾驶证副页的证号与正页不一致", "The duplicate page's number differs from the licence's"
    ),
    ReasonCode.DUPLICATE_NAME_DIFFERS: Words(
        "驾驶证副页的姓名与正页不一致", "The duplicate page's name differs from the licence's"
    ),
    ReasonCode.PERMIT_REGION_UNKNOWN: Words(
        "居住证号码的地区代码未知", "The permit number's region is none of the three"
    ),
    ReasonCode.PERMIT_TITLE_DIFFERS: Words(
        "居住证名称与号码所示地区不符", "The permit's title is another region's than its number"
    ),
    ReasonCode.TRAVEL_PERMIT_DIFFERS: Words(
        "通行证号码与居住证号码所示地区不符", "The travel permit's number is another region's than the permit's"
    ),
    ReasonCode.NUMBER_COUNTRY_UNKNOWN: Words(
        "证件号码中的国家代码未知", "The number's country is not one that foreigners come from"
    ),
    ReasonCode.NATIONALITY_DIFFERS: Words(
        "国籍与证件号码中的国家不一致", "The nationality printed differs from the number's country"
    ),
    ReasonCode.ZONE_CORRECTED: Words(
        "机读码经更正后才符合校验位，请核对", "The machine-readable zone holds only after corrections: compare it"
    ),
    ReasonCode.ZONE_UNCONFIRMED: Words(
        "机读码中校验位未覆盖的内容未得到印刷信息证实",
        "The page does not confirm what no check digit of its machine-readable zone covers",
    ),
    ReasonCode.PRINT_DIFFERS: Words(
        "印刷信息与机读码不一致", "What the page prints differs from its machine-readable zone"
    ),
    ReasonCode.STATE_UNKNOWN: Words(
        "机读码中的国家代码未知", "The machine-readable zone names a state that is not listed"
    ),
    ReasonCode.DOCUMENTS_DIFFER: Words("所提交的证件不属于同一人", "The documents presented are not of one person"),
    ReasonCode.DOCUMENTS_UNCOMPARED: Words(
        "所提交的证件之间没有可比对的内容", "Nothing that both documents print could be compared"
    ),
    ReasonCode.PORTRAIT_PAGE_UNREAD: Words(
        "带照片的一面没有可读取的内容，须由工作人员与机读码核对",
        "The side with the portrait says nothing that is read: compare it with the machine-readable zone",
    ),
    ReasonCode.SPECIMEN: Words("证件为样本", "The card is a specimen"),
    ReasonCode.RECAPTURE_PATTERN: Words(
        "画面有屏幕或印刷网点般的规则细纹，疑为翻拍", "A fine regular pattern, as of a screen's or a printer's dots"
    ),
    ReasonCode.RECAPTURE_FRINGES: Words(
        "画面有彩色摩尔纹，疑为翻拍屏幕", "Coloured fringes, as a screen's red, green and blue dots leave"
    ),
    ReasonCode.RECAPTURE_FRAME: Words("证件四周有屏幕边框，疑为翻拍屏幕", "A dark straight frame as of a screen"),
    ReasonCode.RECAPTURE_BANDS: Words(
        "画面有明暗条带，疑为翻拍屏幕", "Bands of light and dark, as a screen's refresh leaves"
    ),
    ReasonCode.COPY_COLOURLESS: Words("证件没有应有的颜色，疑为复印件", "The card lacks its colours: a grey copy"),
    ReasonCode.COPY_DOTS: Words("画面有印刷网点，疑为打印件", "A lattice of dots, as a printer's toner leaves"),
    ReasonCode.COPY_EMBLEM_PALE: Words("国徽缺少红色，疑为复印件", "There is no red where the emblem is"),
    ReasonCode.DIGITS_UNEVEN: Words(
        "有数字的高低、大小或笔画与相邻数字不一致，疑被改动",
        "A digit stands, or is drawn, unlike its neighbours: altered",
    ),
    ReasonCode.NOISE_DIFFERS: Words(
        "该处噪点与周围不一致，疑被修图", "This place's noise differs from what is around it: edited"
    ),
    ReasonCode.PORTRAIT_EDGED: Words("证件照四周有切边，疑被替换", "The portrait has cut edges: replaced"),
    ReasonCode.PORTRAIT_NOISE_DIFFERS: Words(
        "证件照的噪点或清晰度与证件不一致，疑被替换", "The portrait's noise differs from the card's: replaced"
    ),
    ReasonCode.COMPRESSION_DIFFERS: Words(
        "该处的 JPEG 压缩块与周围不一致，疑被粘贴",
        "This place has blocks of another JPEG than what is around it: pasted",
    ),
    ReasonCode.EDITED_BY_SOFTWARE: Words("图片带有修图软件的痕迹", "The file names software that edits pictures"),
    ReasonCode.COMPROMISED_NUMBER: Words(
        "该号码是公开的示例号码或已知泄露", "The number is published as a sample, or known to be misused"
    ),
    ReasonCode.IMAGE_SEEN_BEFORE: Words("同一图片曾用于他人的办理", "The same picture was sent for another person"),
    ReasonCode.PORTRAIT_SEEN_BEFORE: Words(
        "证件上的照片与他人办理时所用证件上的照片几乎相同",
        "The portrait on the document is nearly the one on a document sent for another person",
    ),
    ReasonCode.ALREADY_ENROLLED: Words("该号码已属于一名客户", "The number already belongs to a subscriber"),
    ReasonCode.PHONE_KNOWN: Words(
        "本行所存的手机号码已属于一名客户", "The phone number the bank holds already belongs to a subscriber"
    ),
    ReasonCode.FACE_KNOWN: Words(
        "人脸与已登记的客户相似，须由工作人员判断是否同一人（双胞胎亦会如此）",
        "The face resembles an enrolled subscriber's; a person decides whether they are one (twins do, too)",
    ),
    ReasonCode.FACE_LISTED: Words(
        "人脸与名单上的人相似，须由两名工作人员判断是否同一人（双胞胎亦会如此）",
        "The face resembles one on the block list; two people decide whether they are one (twins do, too)",
    ),
    ReasonCode.FACE_NOT_COMPARED: Words("人脸未能比对", "The faces could not be compared"),
    ReasonCode.FACE_DOUBTFUL: Words(
        "人脸比对分数介于两个阈值之间", "The comparison score lies between the two thresholds"
    ),
    ReasonCode.FACE_DIFFERS: Words("人脸比对不符", "The faces differ"),
    ReasonCode.FACE_CLAIM_WEAK: Words(
        "校准所证明的误识率上限不足以仅凭人脸自动通过",
        "The bound on false matches that was measured is too high for a face to accept by itself",
    ),
    ReasonCode.FACE_REFERENCE_OLD: Words(
        "登记的人脸照片已久，建议重新登记", "An enrolled photograph is old; a new one should be enrolled"
    ),
    ReasonCode.CALIBRATION_MISSING: Words(
        "人脸阈值未经校准，本环境不得自动通过", "Uncalibrated face thresholds may not accept here"
    ),
    ReasonCode.LIVENESS_MISSING: Words("缺少活体检测证据", "There is no liveness evidence"),
    ReasonCode.NOT_MEASURED: Words("照片未能自动测量", "The pictures could not be measured automatically"),
    ReasonCode.KNOWN_NAME_DIFFERS: Words("姓名与本行已有记录不一致", "The name differs from what the bank holds"),
    ReasonCode.KNOWN_BIRTH_DIFFERS: Words(
        "出生日期与本行已有记录不一致", "The birth date differs from what the bank holds"
    ),
    ReasonCode.KNOWN_NUMBER_DIFFERS: Words(
        "号码后四位与本行已有记录不一致", "The number's last four characters differ from what the bank holds"
    ),
    ReasonCode.AUTHORITY_REVOKED: Words(
        "权威机构答复：证件已挂失、注销，或持证人已故",
        "The authority says: lost, cancelled, or its holder is dead",
    ),
    ReasonCode.AUTHORITY_DIFFERS: Words(
        "权威机构答复：姓名与号码不一致", "The authority says: the number is not this name's"
    ),
    ReasonCode.AUTHORITY_UNKNOWN: Words("权威机构答复：无此号码", "The authority says: there is no such number"),
    ReasonCode.AUTHORITY_UNAVAILABLE: Words(
        "权威机构未能及时答复，请稍后再核查", "The authority did not answer; ask again later"
    ),
    ReasonCode.AUTHORITY_UNASKED: Words("尚无权威机构的核查结果", "No authority has answered for this number"),
    **LIVENESS_STAFF,
}
"""What staff read: every code has words here, a test compares."""
