"""What is the applicant told before they answer? The texts themselves; a consent names the hash of the one shown (R96)."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from app.core.refusal import Refusal
from app.verification.consents import Consent, ConsentNeeded, Purpose, standing


class UnknownNotice(Refusal, code="unknown_notice"):
    """The answer names a text that is not the one in force for this purpose and language (R96, R97)."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One text in one language."""

    purpose: Purpose
    version: str
    language: str
    text: str

    @property
    def sha256(self) -> str:
        """Hash of the text's UTF-8, in hexadecimal: what the consent is given to."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()


NAMES_THE_PORTRAIT: Final = "2026-11-26.2"
"""The first text about being known again that says a photograph may be compared with the portrait on the document."""

NOTICES = (
    Notice(
        Purpose.IDENTITY,
        "2026-11-26",
        "zh-CN",
        "为履行《反洗钱法》第二十九条规定的客户尽职调查义务,本行需要收集并核验您所出示的身份证件影像及其记载的信息、您的手机号码或电子邮箱。"
        "本行可能将您的姓名和证件号码提交公安机关或国家网络身份认证公共服务核对。"
        "影像和信息加密保存,业务关系结束后至少保存十年,到期删除。您可以查询、更正您的信息,也可以就自动作出的拒绝决定要求人工复核。"
        "您点击“我已知悉”表示已阅读本告知;这一处理基于法定义务,不以您的同意为前提。",
    ),
    Notice(
        Purpose.IDENTITY,
        "2026-11-26",
        "en",
        "To meet its duty of customer due diligence (Anti-Money Laundering Law, Art. 29) the bank collects and checks the pictures of the "
        "identity documents you present, what is printed on them, and your phone number or e-mail address. It may ask the public security authorities or the "
        "national network-identity service whether your name and number belong together. Pictures and data are kept encrypted, for at "
        "least ten years after the business relationship ends, and then erased. You may see and correct your data, and ask for a human review "
        "of any automated refusal. By choosing “I have read this” you confirm that you were told; the duty is the law's and does not rest on your consent.",
    ),
    Notice(
        Purpose.FACE,
        "2026-11-26",
        "zh-CN",
        "为确认您就是所持身份证件的本人,本行希望拍摄您的面部照片,提取面部特征,并与证件照片比对。面部信息属于敏感个人信息,泄露可能影响您的人身、财产安全;"
        "本行加密保存,仅用于上述比对;审核通过或由工作人员作出决定后即删除面部照片和特征,自动拒绝的在十五日后删除,此前您申请人工复核的,由工作人员查看,至其作出决定;此后申请的,不再使用面部照片,依据身份证件或由网点工作人员当面复核;您另行同意日后凭面部认出您的除外。"
        "您可随时撤回同意,撤回后立即删除面部照片和特征。这是一项单独同意:不同意不影响您开户,您可以改由网点工作人员当面核验。",
    ),
    Notice(
        Purpose.FACE,
        "2026-11-26",
        "en",
        "To confirm that you are the rightful holder of the card the bank would like to photograph your face, derive a face descriptor and compare it "
        "with the portrait on the card. Face data are sensitive personal information; a leak could harm your person or your property. They are kept "
        "encrypted and used for this comparison alone. Photograph and descriptor are erased when you are accepted or people have decided, and fifteen days after an "
        "automatic refusal: if you ask for a human review before that, members of staff look at them until they have decided; one you ask for later goes by your document, "
        "or by comparing you in person at a branch, and no longer by the photograph. They stay where you agree apart from this to be known again by your face, and go at once when "
        "you withdraw your consent, which you may do at any time. This consent stands by itself: if you refuse, you can still open an account, and a member of staff "
        "at a branch will compare you with your card in person.",
    ),
    Notice(
        Purpose.FACE_ENROLMENT,
        "2026-11-26.2",
        "zh-CN",
        "为便于日后在您登录、找回账户或到网点办理业务时认出您本人,本行希望保存您的面部照片(最多五张)及面部特征;首张照片须与您身份核验时的面部照片比对,已无该照片的,与您证件上的照片比对。"
        "面部信息属于敏感个人信息,泄露可能影响您的人身、财产安全;"
        "本行以您专属的密钥加密保存,仅用于日后认出您本人,不用于在其他人中搜索。您可随时撤回同意,撤回后立即删除照片和特征。"
        "这是一项单独同意:不同意或撤回不影响您开户和使用服务,您可以用密码和动态口令登录,或由网点工作人员当面核验。",
    ),
    Notice(
        Purpose.FACE_ENROLMENT,
        "2026-11-26.2",
        "en",
        "To know you again later, when you sign in, recover your account or come to a branch, the bank would like to keep photographs of your face, "
        "five at most, and face descriptors made of them. The first is compared with the one shown when your identity was checked or, "
        "where that is erased, with the portrait on your document. Face data are sensitive personal information; a leak could harm your person or your property. "
        "They are kept encrypted under a key of your own, used to know you again alone, never to search among others, and erased at once when you withdraw "
        "your consent, which you may do at any time. This consent stands by itself: if you refuse or withdraw it you can still open and use your account, "
        "sign in by password and authenticator app, or be known by a member of staff at a branch.",
    ),
    Notice(
        Purpose.FACE_SEARCH,
        "2026-11-26",
        "zh-CN",
        "为防止他人冒用身份重复开户,本行希望在您申请时,以及日后他人申请时,将面部特征与同性别、年龄相近的已登记客户比对,看是否同一人。"
        "面部信息属于敏感个人信息,泄露可能影响您的人身、财产安全。比对结果只供工作人员参考,不会据此自动拒绝任何人。"
        "您可随时撤回同意,撤回后您的面部特征不再参与此类比对。这是一项单独同意:不同意或撤回不影响您开户和使用服务。",
    ),
    Notice(
        Purpose.FACE_SEARCH,
        "2026-11-26",
        "en",
        "To keep anybody from opening a second account under another name, the bank would like to compare face descriptors, yours when you apply and later when "
        "others do, with those of enrolled customers of the same sex and about the same age. Face data are sensitive personal information; a leak could harm your "
        "person or your property. What is found is for members of staff to look at; nobody is refused by it automatically. You may withdraw your consent at any "
        "time, and your descriptors are then compared in this way no more. This consent stands by itself: refusing or withdrawing it changes nothing about your account.",
    ),
    Notice(
        Purpose.FACE_FIT,
        "2026-11-26",
        "zh-CN",
        "为使面部比对对本行客户同样准确,本行希望将您已登记的一份面部特征与许多其他客户的一起,用于计算面部特征的平均值和分布。"
        "面部信息属于敏感个人信息,泄露可能影响您的人身、财产安全;特征仅在计算时于内存中解密,结果只是至少二百人的统计数值,不含任何一人的特征,也不能据以认出任何人。"
        "您可随时撤回同意,此后的计算不再使用您的特征;此前得出的统计数值不因此改变。这是一项单独同意:不同意或撤回不影响您开户和使用服务。",
    ),
    Notice(
        Purpose.FACE_FIT,
        "2026-11-26",
        "en",
        "So that faces are compared as well for its own customers as for others, the bank would like to use one enrolled face descriptor of yours, together with "
        "those of many other customers, to compute their mean and spread. Face data are sensitive personal information; a leak could harm your person or your property. "
        "Descriptors are decrypted in memory alone, while it is computed; what comes of it are figures of two hundred people at least, which hold nobody's descriptor and by which nobody "
        "can be known again. You may withdraw your consent at any time: no later computation uses your descriptor, and figures computed before stay as they are. "
        "This consent stands by itself: refusing or withdrawing it changes nothing about your account.",
    ),
    Notice(
        Purpose.FACE_BLOCK_LIST,
        "2026-11-26",
        "zh-CN",
        "为防止以虚假身份开户,本行设有面部名单:客户的身份造假或账户被用于诈骗的,经两名工作人员同意,可将其已登记的面部特征列入名单。"
        "本行希望在您申请时将您的面部特征与名单比对;今后您的账户发生上述情形的,也可能将您的面部特征列入名单。"
        "面部信息属于敏感个人信息,泄露可能影响您的人身、财产安全。比对结果只供工作人员参考,不会据此自动拒绝任何人。"
        "您可随时撤回同意,撤回后您的面部特征不再参与此类比对,也不再列于名单。这是一项单独同意:不同意或撤回不影响您开户和使用服务。",
    ),
    Notice(
        Purpose.FACE_BLOCK_LIST,
        "2026-11-26",
        "en",
        "To keep accounts from being opened under a false identity the bank keeps a list of faces: where a customer's identity was false or an account served fraud, two members of staff "
        "together may put the customer's enrolled face descriptors on it. The bank would like to compare yours with that list when you apply and, should this ever be found of your account, to put yours on it. "
        "Face data are sensitive personal information; a leak could harm your person or your property. What is found is for members of staff to look at; nobody is refused by it "
        "automatically. You may withdraw your consent at any time: your descriptors are then compared in this way no more and are taken off the list. "
        "This consent stands by itself: refusing or withdrawing it changes nothing about your account.",
    ),
)


def notice(purpose: Purpose, text_sha256: str) -> Notice:
    """The text in force with this hash; raises UnknownNotice."""
    for each in NOTICES:
        if each.purpose is purpose and each.sha256 == text_sha256:
            return each
    raise UnknownNotice


def may_liken_to_document(consents: Collection[Consent]) -> None:
    """Raise ConsentNeeded where the comparison with the document does not stand, and the text agreed to named none (R95, R96)."""
    purpose = Purpose.FACE_ENROLMENT
    read = max((c for c in consents if c.purpose is purpose and c.given), key=lambda c: c.at, default=None)
    told = read is not None and _age(read.text_version) >= _age(NAMES_THE_PORTRAIT)
    if standing(Purpose.FACE, consents) is not True and not told:
        raise ConsentNeeded(purpose=purpose.value)


def _age(version: str) -> tuple[str, int]:
    """A day, and which text of that day."""
    day, _, ordinal = version.partition(".")
    return day, int(ordinal or 1)
