"""What does a refusal look like to a reviewer? The part of THE table that tells of reviews."""

from typing import Final

from app.core.refusal import Refusal
from app.routers.problem import Problem
from app.services import own_cases, reviews
from app.verification import review, typed

REVIEW_PROBLEMS: Final[dict[type[Refusal], Problem]] = {
    review.ReviewClosed: Problem(409, "复核已结束", "Review is over", "此复核已结束。", "It was decided or withdrawn."),
    review.ClaimedByAnother: Problem(
        409, "他人正在复核", "Claimed by another", "另一位复核员正在处理。", "Another reviewer is looking at it."
    ),
    review.ClaimFirst: Problem(409, "请先领取", "Claim it first", "请先领取此复核。", "Claim the review first."),
    review.AlreadyVoted: Problem(409, "您已表决", "Already voted", "每人只能表决一次。", "One person has one vote."),
    review.TookPart: Problem(
        403, "须由他人复核", "Another person decides", "您此前参与过此案。", "You took part in this case before."
    ),
    review.OwnCase: Problem(403, "本人案件", "Your own case", "不得复核本人案件。", "Nobody decides their own case."),
    own_cases.DeclareFirst: Problem(
        409,
        "请先登记本人号码",
        "Declare your number first",
        "请先登记您本人的证件号码。",
        "First say which identity number is your own.",
    ),
    reviews.AlreadyDeclared: Problem(
        409,
        "号码已登记",
        "Already declared",
        "该号码已登记;终身号码只能登记一个。",
        "It was written down before; of a number for life there is one.",
    ),
    typed.StillUnread: Problem(
        422, "尚有未读字段", "Fields still unread", "请录入:{fields}。", "Type from the document: {fields}."
    ),
    typed.DateMalformed: Problem(
        422, "日期格式有误", "Malformed date", "字段 {field} 应为 YYYY-MM-DD。", "{field} is not YYYY-MM-DD."
    ),
    typed.DayImpossible: Problem(
        422,
        "日期不可能",
        "Impossible day",
        "字段 {field} 晚于今日,或晚于有效期截止日。",
        "{field} is still to come, or after the end of the term.",
    ),
    typed.NumberTellsOtherwise: Problem(
        422,
        "与号码不符",
        "The number tells otherwise",
        "录入的 {field} 与证件号码所示不符,其一录入有误。",
        "{field} was typed and the number tells another: one of them is mistyped.",
    ),
    typed.CardExpired: Problem(
        409, "证件已过期", "Card expired", "过期证件不得通过。", "Nobody is accepted on an expired card."
    ),
    typed.AuthorityDenies: Problem(
        409,
        "权威机构不予确认",
        "The authority denies it",
        "权威机构答复:证件已挂失、注销,或姓名与号码不一致。请核对录入;若为新证件,请录入其有效期。",
        "Lost, cancelled or another name's, it says. Check what was typed; of a new document type its term too.",
    ),
    typed.GuardianNeeded: Problem(
        409,
        "需要监护人",
        "Guardian needed",
        "未满十六周岁,须由监护人陪同到网点办理。",
        "Under sixteen, a guardian comes along to the counter.",
    ),
}
