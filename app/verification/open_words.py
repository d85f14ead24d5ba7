"""What may an applicant be told as it is, in Chinese and English? What can be done better next time (R115)."""

from app.verification.field_names import Words
from app.verification.reasons import ReasonCode

OPEN = {
    ReasonCode.CARD_NOT_FOUND: Words(
        "照片中未找到证件，请将证件平放后重拍。",
        "No document was found in the photograph. Lay it flat and take it again.",
    ),
    ReasonCode.WRONG_DOCUMENT: Words(
        "拍摄的是另一种证件，请重拍或改选证件种类。",
        "This is another kind of document. Take the right one, or choose its kind.",
    ),
    ReasonCode.WRONG_SIDE: Words(
        "拍摄的是证件的另一面，请重拍。", "This is the other side of the card. Please take it again."
    ),
    ReasonCode.CARD_BLURRED: Words("照片模糊，请对焦后重拍。", "The photograph is blurred. Focus and take it again."),
    ReasonCode.CARD_GLARE: Words(
        "证件反光，请避开光源后重拍。", "Light is mirrored on the card. Move it and take it again."
    ),
    ReasonCode.CARD_DARK: Words(
        "照片过暗，请在明亮处重拍。", "The photograph is too dark. Take it again in more light."
    ),
    ReasonCode.CARD_BRIGHT: Words("照片过亮，请重拍。", "The photograph is too bright. Please take it again."),
    ReasonCode.CARD_SMALL: Words(
        "证件在照片中过小，请靠近后重拍。", "The card is too small. Move closer and take it again."
    ),
    ReasonCode.CARD_EDGE_CUT: Words(
        "证件未完整入镜，请重拍。", "Part of the card is outside the photograph. Please take it again."
    ),
    ReasonCode.CARD_SHADOWED: Words(
        "证件上有阴影，请在光线均匀处重拍。", "There is a shadow on the card. Take it again in even light."
    ),
    ReasonCode.CARD_FAINT: Words(
        "文字与底色难以分辨，请避开雾光并擦净镜头后重拍。",
        "The print hardly shows. Wipe the lens, keep light off the card and take it again.",
    ),
    ReasonCode.CARD_OCCLUDED: Words(
        "证件被遮挡，请移开手指或遮挡物后重拍。",
        "Something lies on the card. Take fingers and other things off it and take it again.",
    ),
    ReasonCode.CARD_GRAINY: Words(
        "照片噪点过多，请在明亮处重拍。", "The photograph is grainy. Take it again in more light."
    ),
    ReasonCode.CARD_COMPRESSED: Words(
        "照片压缩过度，请直接拍摄或上传原图。",
        "The photograph was compressed too far. Send it as it was taken, not through a messenger.",
    ),
    ReasonCode.CARD_TILTED: Words(
        "拍摄角度过斜，请从证件正上方重拍。",
        "The card was photographed from too far aside. Hold the camera straight above it and take it again.",
    ),
    ReasonCode.SEVERAL_CARDS: Words(
        "照片中有多张证件，请每次只拍一张。", "There is more than one card. Photograph one at a time."
    ),
    ReasonCode.FIELD_UNCLEAR: Words(
        "部分文字未能看清，请录入、重拍或由工作人员核对。",
        "Some of the text could not be read. Type it, take it again, or a member of staff will look.",
    ),
    ReasonCode.NUMBER_UNCLEAR: Words(
        "公民身份号码未能看清，请重拍或由工作人员核对。",
        "The identity number could not be read. Take it again, or staff will look.",
    ),
    ReasonCode.EXPIRED: Words("证件已过有效期，请使用有效证件。", "The card has expired. Please use a valid one."),
    ReasonCode.TEMPORARY_CARD: Words("临时身份证请到网点办理。", "With a temporary card, please visit a branch."),
    ReasonCode.ZONE_BROKEN: Words(
        "证件下方的机读码未能看清，请重拍。",
        "The machine-readable lines could not be read. Please take the page again.",
    ),
    ReasonCode.ZONE_AMBIGUOUS: Words(
        "证件下方的机读码读取不一致，请重拍。",
        "The machine-readable lines were read in two ways. Please take the page again.",
    ),
    ReasonCode.DOCUMENT_NOT_ACCEPTED: Words(
        "此处不接受该种证件，请提供其他证件。",
        "This kind of document is not accepted here. Please present another.",
    ),
    ReasonCode.SECONDARY_ALONE: Words(
        "请另外提供居民身份证、护照等主要证件。",
        "Please present an identity card or a passport as well: this document only supports one.",
    ),
    ReasonCode.GUARDIAN_NEEDED: Words(
        "未满十六周岁，请由监护人陪同到网点办理。", "Under sixteen, please come to a branch with a guardian."
    ),
    ReasonCode.CAPTURE_GAP: Words("请在十分钟内拍摄证件的两面。", "Please photograph both sides within ten minutes."),
    ReasonCode.FACE_DECLINED: Words(
        "您未同意采集人脸，工作人员将以其他方式为您办理。",
        "You did not consent to the use of your face. Staff will help you another way.",
    ),
    ReasonCode.FACE_ABSENT: Words(
        "照片中未找到人脸，请正对镜头重拍。", "No face was found. Look at the camera and try again."
    ),
    ReasonCode.FACES_MANY: Words(
        "照片中有多张人脸，请独自重拍。", "There is more than one face. Please be alone and try again."
    ),
    ReasonCode.FACE_SMALL: Words("人脸过小，请靠近后重拍。", "The face is too small. Move closer and try again."),
    ReasonCode.FACE_TURNED: Words("请正对镜头重拍。", "Please look straight at the camera and try again."),
    ReasonCode.FACE_BLURRED: Words("人脸模糊，请重拍。", "The face is blurred. Please try again."),
    ReasonCode.FACE_DARK: Words("人脸过暗，请在明亮处重拍。", "The face is too dark. Try again in more light."),
    ReasonCode.FACE_BRIGHT: Words("人脸过亮，请重拍。", "The face is too bright. Please try again."),
    ReasonCode.FACE_PITCHED: Words(
        "请平视镜头，不要仰头或低头。", "Hold the camera at eye level; look neither up nor down."
    ),
    ReasonCode.FACE_CUT: Words(
        "人脸未完整入镜，请后退一些重拍。", "Part of the face is outside the picture. Move back a little."
    ),
    ReasonCode.FACE_GLARE: Words(
        "眼镜反光，请避开光源或摘下眼镜重拍。",
        "Your glasses mirror a light. Turn away from it or take them off, and try again.",
    ),
    ReasonCode.PORTRAIT_FACE_UNCLEAR: Words(
        "证件上的照片未能看清，请重拍。", "The portrait on the card could not be seen. Please take it again."
    ),
}
"""What an applicant may be told as it is."""

AT_FIELD = {
    ReasonCode.CARD_BLURRED: Words("“{}”处模糊，请对焦后重拍。", "The {} is blurred. Focus and take it again."),
    ReasonCode.CARD_GLARE: Words(
        "“{}”处反光，请避开光源后重拍。", "Light is mirrored on the {}. Move the card and take it again."
    ),
    ReasonCode.CARD_DARK: Words("“{}”处过暗，请在明亮处重拍。", "The {} is too dark. Take it again in more light."),
    ReasonCode.CARD_BRIGHT: Words(
        "“{}”处曝光过度，请避开强光后重拍。", "The {} is burnt out. Take it again in less light."
    ),
    ReasonCode.CARD_SHADOWED: Words(
        "“{}”处有阴影，请在光线均匀处重拍。", "There is a shadow on the {}. Take it again in even light."
    ),
    ReasonCode.CARD_FAINT: Words(
        "“{}”处文字与底色难以分辨，请避开雾光并擦净镜头后重拍。",
        "The {} hardly shows. Wipe the lens, keep light off the card and take it again.",
    ),
    ReasonCode.CARD_OCCLUDED: Words(
        "“{}”处被遮挡，请移开手指或遮挡物后重拍。",
        "Something lies on the {}. Take fingers and other things off the card and take it again.",
    ),
}
"""The same of one field, which is named."""
