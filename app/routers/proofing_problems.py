"""What does a proofing refuse? Its rows of THE table in problems.py: pictures, numbers, notices, moves."""

from typing import Final

from app.core.refusal import Refusal
from app.routers.problem import Problem
from app.verification import asked, capture, consents, notices, picture, presenting, proofing, typed
from app.verification.documents import foreign_number, machine_number, resident_number
from app.verification.faces import reference

PROOFING_PROBLEMS: Final[dict[type[Refusal], Problem]] = {
    picture.EmptyImage: Problem(422, "图片为空", "Empty image", "未收到任何内容。", "Nothing was received."),
    picture.ImageTooLarge: Problem(413, "图片过大", "Image too large", "图片最大 15 MB。", "A picture may have 15 MB."),
    picture.UnsupportedImage: Problem(
        415,
        "不支持的图片格式",
        "Unsupported image",
        "请使用 JPEG、PNG、WebP 或 HEIC 静态图片。",
        "Send a still JPEG, PNG, WebP or HEIC.",
    ),
    picture.TooManyPixels: Problem(
        422, "像素过多", "Too many pixels", "图片最多 4000 万像素。", "A picture may have 40 megapixels."
    ),
    picture.BrokenImage: Problem(
        422,
        "图片损坏",
        "Broken image",
        "图片不完整或无法解码,请重新拍摄。",
        "The picture is truncated or cannot be decoded; take it again.",
    ),
    resident_number.NumberMalformed: Problem(
        422,
        "号码格式有误",
        "Malformed identity number",
        "应为 18 位证件号码。",
        "An identity number has 18 characters.",
    ),
    resident_number.NumberFirstGeneration: Problem(
        422,
        "十五位旧号码",
        "First-generation number",
        "十五位号码已停用。",
        "Numbers of 15 digits are no longer in use.",
    ),
    resident_number.NumberCheckWrong: Problem(
        422,
        "校验码不符",
        "Wrong check character",
        "末位校验码与号码不符。",
        "The last character does not fit the others.",
    ),
    resident_number.NumberProvinceUnknown: Problem(
        422, "省级代码不存在", "Unknown province", "前两位不是任何省级代码。", "No province has the first two digits."
    ),
    resident_number.NumberBirthImpossible: Problem(
        422,
        "出生日期无效",
        "Impossible birth date",
        "号码中的日期不存在或尚未到来。",
        "Its date does not exist, or not yet.",
    ),
    foreign_number.ForeignNumberMalformed: Problem(
        422,
        "永久居留身份证号码格式有误",
        "Malformed permanent residence number",
        "应为 9 开头的 18 位号码,或三个字母加 12 位数字。",
        "It has 18 characters and begins with 9, or three letters and 12 digits.",
    ),
    foreign_number.NumberCountryUnknown: Problem(
        422, "国家代码不存在", "Unknown country", "号码中的国家代码不适用。", "No foreign country has the code in it."
    ),
    machine_number.DocumentNumberMalformed: Problem(
        422,
        "证件号码格式有误",
        "Malformed document number",
        "应为字母和数字,至多 {longest} 位。",
        "It has letters and digits, {longest} at most.",
    ),
    notices.UnknownNotice: Problem(
        422, "告知文本不符", "Unknown notice", "请重新展示现行告知文本。", "Show the notice in force and ask again."
    ),
    proofing.IllegalMove: Problem(
        409,
        "当前状态不允许",
        "Not in this state",
        "状态 {state} 不允许 {move}。",
        "The state {state} does not allow: {move}.",
    ),
    typed.StateUnknown: Problem(
        422,
        "国家代码不存在",
        "Unknown state",
        "签发国应为三个字母的代码。",
        "Who issued it is a state's code of three letters.",
    ),
    presenting.DocumentNotAccepted: Problem(
        422,
        "不接受该种证件",
        "Document not accepted",
        "此处接受:{accepted}。",
        "Accepted here: {accepted}.",
    ),
    presenting.LivenessNeeded: Problem(
        409,
        "需进行活体检测",
        "Liveness is needed",
        "此处不接受上传的人脸照片，请进行活体检测，或选择前往网点办理。",
        "No uploaded photograph of a face is taken here. Begin a liveness challenge, or come to a branch instead.",
    ),
    presenting.TooManyDocuments: Problem(
        422,
        "证件种类过多",
        "Too many documents",
        "一次办理最多接受 {most} 种证件。",
        "One proofing takes at most {most} kinds of document.",
    ),
    asked.FieldNotAsked: Problem(
        422,
        "未要求录入该字段",
        "Field not asked for",
        "可录入的字段:{asked}。",
        "Asked for: {asked}.",
    ),
    typed.SexUnknown: Problem(
        422,
        "性别有误",
        "Unknown sex",
        "字段 {field} 应为 {printed} 之一。",
        "{field} is one of those the document prints: {printed}.",
    ),
    proofing.StillNeeded: Problem(
        409, "材料不全", "Something is missing", "仍缺:{needed}。", "Still needed: {needed}."
    ),
    consents.ConsentNeeded: Problem(
        403,
        "尚未取得同意",
        "Consent needed",
        "须先对用途 {purpose} 作出答复。",
        "The purpose {purpose} must be answered first.",
    ),
    reference.NoFaceEnrolled: Problem(
        409,
        "未登记人脸",
        "No face enrolled",
        "请以其他方式核验。",
        "There is nothing to compare with: take another way.",
    ),
    reference.FaceModelOutdated: Problem(
        409,
        "人脸须重新登记",
        "Faces of another model",
        "登记的人脸由其他模型生成,不能比对;请以其他方式核验。",
        "The enrolled faces were described by another model and cannot be compared: take another way.",
    ),
    capture.CaptureCodeInvalid: Problem(
        403,
        "进入码无效",
        "Code not valid",
        "该码已使用、已过期或不存在,请重新获取。",
        "The code was used, is too old or was never given; ask for another.",
    ),
    proofing.ProofingExpired: Problem(410, "核验已过期", "Proofing expired", "请重新开始。", "Please begin again."),
}
