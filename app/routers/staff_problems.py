"""How does THE table speak to staff? The rows of their realm."""

from typing import Final

from app.assertion.client import AdministrativeScope
from app.core.refusal import Refusal
from app.routers.problem import Problem
from app.services import block_list, policies, staff_enrolment
from app.staff import enrolment, listing, proposal, roles, signin

STAFF_PROBLEMS: Final[dict[type[Refusal], Problem]] = {
    roles.RolesConflict: Problem(
        422,
        "角色冲突",
        "Roles conflict",
        "至少一个角色;审计员不得兼任其他角色。",
        "At least one role is needed, and an auditor has no other.",
    ),
    enrolment.EnrolmentCodeInvalid: Problem(
        403,
        "登记码无效",
        "Enrolment code not valid",
        "登记码未知、已用或已过期。",
        "The code is unknown, used or too old.",
    ),
    enrolment.EnrolmentNotBegun: Problem(
        409, "尚未设置密码", "Enrolment not begun", "请先设置密码。", "Set a password first."
    ),
    enrolment.TooFewOfficers: Problem(
        409,
        "安全员不足",
        "Too few officers",
        "至少须保留 {fewest} 名有效的安全员。",
        "At least {fewest} active security officers must remain.",
    ),
    enrolment.LoginNameTaken: Problem(
        409, "登录名已被使用", "Login name taken", "请另选登录名。", "Choose another login name."
    ),
    staff_enrolment.AlreadyFounded: Problem(
        409,
        "已有安全员",
        "Already founded",
        "此后须由两名安全员共同决定。",
        "From now on two security officers decide together.",
    ),
    signin.StaffNotProven: Problem(401, "验证未通过", "Not proven", "信息不正确。", "What was given is not right."),
    signin.SignInOutOfOrder: Problem(
        409, "步骤顺序有误", "Step out of order", "请按所列步骤进行。", "Take the step that is asked for."
    ),
    signin.SignInClosed: Problem(409, "登录已结束", "Sign-in is over", "请重新登录。", "Begin another sign-in."),
    proposal.OwnProposal: Problem(
        403,
        "不得批准本人的提议",
        "Own proposal",
        "须由另一名安全员批准。",
        "Another security officer must approve it.",
    ),
    proposal.ProposerGone: Problem(
        409,
        "提议人已离任",
        "Proposer is gone",
        "提议人已不是有效的安全员。",
        "Whoever proposed it is no active security officer any more.",
    ),
    proposal.ProposalClosed: Problem(
        409, "提议已关闭", "Proposal closed", "提议状态为 {state}。", "The proposal is {state}."
    ),
    policies.UnknownPolicy: Problem(
        422,
        "没有此决策策略",
        "Unknown policy",
        "本环境没有该版本的决策策略。",
        "This environment has no decision policy of that version.",
    ),
    block_list.PurposeOff: Problem(
        409,
        "该用途未启用",
        "Purpose is off",
        "现行决策策略未载明此用途({purpose})的影响评估。",
        "The policy in force names no impact assessment for this purpose ({purpose}).",
    ),
    listing.FaceListedAlready: Problem(
        409, "已在名单上", "On the list already", "该客户的面部已列入名单。", "This subscriber's faces are on the list."
    ),
    listing.FaceNotListed: Problem(
        409, "不在名单上", "Not on the list", "该客户的面部不在名单上。", "This subscriber's faces are not on the list."
    ),
    AdministrativeScope: Problem(
        403,
        "须两人批准",
        "Two people needed",
        "含管理范围的客户端须由两名安全员批准。",
        "A client with an administrative scope takes two security officers.",
    ),
}
