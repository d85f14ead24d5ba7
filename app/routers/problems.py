"""What does a refusal look like over HTTP? THE table: one row each, status and words; RFC 9457.

Nothing else in the house knows a status code. A refusal without a row is a bug a test finds; were one to slip through,
it is answered as `SILENT`: plain 403 without a word of why.
"""

from typing import Final

from app.assertion import oauth, step_up
from app.assertion.client import InvalidRegistration
from app.assertion.token import InvalidToken
from app.core.quota import TooManyRequests
from app.core.refusal import NotAllowed, NotFound, OutcomeUnknown, Refusal, Unavailable
from app.mfa import contact_address, contact_code, guessing, login, password, sending, sms, totp
from app.routers.liveness_problems import LIVENESS_PROBLEMS
from app.routers.problem import Problem
from app.routers.proofing_problems import PROOFING_PROBLEMS
from app.routers.refusals import BodyTooLarge, BodyTooSlow, InternalError, Malformed, MethodNotAllowed, NoSuchRoute
from app.routers.review_problems import REVIEW_PROBLEMS
from app.routers.sandbox_problems import SANDBOX_PROBLEMS
from app.routers.staff_problems import STAFF_PROBLEMS
from app.services import authenticators, doors, idempotency, logins
from app.storage import subscribers

SILENT: Final = Problem(403, "请求被拒绝", "Refused", "请求被拒绝。", "The request was refused.")

PROBLEMS: Final[dict[type[Refusal], Problem]] = {
    **PROOFING_PROBLEMS,
    **LIVENESS_PROBLEMS,
    **REVIEW_PROBLEMS,
    **STAFF_PROBLEMS,
    **SANDBOX_PROBLEMS,
    Malformed: Problem(422, "请求格式有误", "Malformed request", "{where}:{what}", "{where}: {what}"),
    NoSuchRoute: Problem(404, "没有此地址", "No such address", "此地址没有任何接口。", "Nothing is at this address."),
    MethodNotAllowed: Problem(
        405, "方法不允许", "Method not allowed", "此地址不支持该方法。", "This address does not take this method."
    ),
    BodyTooLarge: Problem(
        413, "请求体过大", "Body too large", "请求体超过此地址的上限。", "The body is larger than this address takes."
    ),
    BodyTooSlow: Problem(
        408, "请求体过慢", "Body too slow", "请求体未在限时内送达。", "The body did not come within its time."
    ),
    InternalError: Problem(
        500, "内部错误", "Internal error", "系统出错,已记录。", "A mistake of ours; it was recorded."
    ),
    TooManyRequests: Problem(
        429,
        "请求过多",
        "Too many requests",
        "请求过于频繁,请稍后再试。",
        "More was asked than one caller may; come later.",
    ),
    Unavailable: Problem(503, "服务暂不可用", "Unavailable", "请稍后重试。", "Please try again later."),
    OutcomeUnknown: Problem(503, "结果未知", "Outcome unknown", "或已完成,请查看。", "It may be done; look first."),
    NotFound: Problem(404, "未找到", "Not found", "不存在,或不属于您。", "There is no such thing, or it is not yours."),
    NotAllowed: Problem(403, "不允许", "Not allowed", "您无权执行此操作。", "You may not do this."),
    doors.Unauthenticated: Problem(
        401, "需要身份凭证", "Credentials needed", "请携带访问令牌。", "Bring an access token."
    ),
    doors.InsufficientScope: Problem(
        403, "权限范围不足", "Insufficient scope", "需要范围 {scope}。", "The scope {scope} is needed."
    ),
    InvalidToken: Problem(
        401, "令牌无效", "Invalid token", "令牌无效或已失效。", "The token is not valid, or no longer."
    ),
    step_up.InsufficientAuthentication: Problem(
        401,
        "需要更强或更新的登录",
        "Stronger or fresher log-in needed",
        "请以 {acr_values} 重新登录。",
        "Log in again at {acr_values}.",
    ),
    oauth.InvalidRequest: Problem(
        400,
        "请求参数有误",
        "Invalid request",
        "参数缺失、重复或有误。",
        "A parameter is missing, repeated or malformed.",
    ),
    oauth.InvalidClient: Problem(
        401,
        "客户端认证失败",
        "Client not authenticated",
        "客户端未知或凭证有误。",
        "Unknown client or wrong credentials.",
    ),
    oauth.InvalidGrant: Problem(
        400, "授权无效", "Invalid grant", "授权码或刷新令牌无效。", "The code or refresh token is not valid."
    ),
    oauth.UnauthorizedClient: Problem(
        400,
        "客户端未获授权",
        "Client not authorised",
        "该客户端不得使用此方式。",
        "This client may not use this grant.",
    ),
    oauth.UnsupportedGrantType: Problem(
        400, "不支持的授权方式", "Unsupported grant type", "没有这种授权方式。", "There is no such grant."
    ),
    oauth.InvalidScope: Problem(
        400, "范围无效", "Invalid scope", "所请求的范围未知或超出许可。", "A scope is unknown or more than is allowed."
    ),
    oauth.InvalidTarget: Problem(
        400,
        "目标资源无效",
        "Invalid target",
        "该客户端不得请求此资源的令牌。",
        "The client may ask no token for this resource.",
    ),
    InvalidRegistration: Problem(
        422,
        "客户端登记有误",
        "Unsafe registration",
        "字段 {field} 有误。",
        "The field {field} is unsafe or contradictory.",
    ),
    contact_address.InvalidAddress: Problem(
        422, "地址有误", "Invalid address", "这不是有效的 {channel}。", "This is not a valid {channel}."
    ),
    contact_code.WrongContactCode: Problem(403, "验证码错误", "Wrong code", "验证码不正确。", "The code is not right."),
    contact_code.ContactCodeClosed: Problem(
        409, "验证码已失效", "Code closed", "请重新获取验证码。", "The code is used or too old; ask for another."
    ),
    sending.SentTooOften: Problem(
        429, "发送过于频繁", "Sent too often", "请稍后再获取验证码。", "Wait before asking for another code."
    ),
    subscribers.CustomerRefTaken: Problem(
        409,
        "客户编号已被使用",
        "Customer reference taken",
        "该编号已属于另一位客户。",
        "The reference belongs to another subscriber.",
    ),
    subscribers.ContactTaken: Problem(
        409,
        "联系方式已被使用",
        "Contact taken",
        "该联系方式已绑定另一账户。",
        "The address is bound to another account.",
    ),
    subscribers.AlreadyEnrolled: Problem(
        409, "无法自动开户", "Cannot be enrolled automatically", "请联系网点。", "Please ask at a branch."
    ),
    authenticators.NotPending: Problem(
        409, "尚未开始绑定", "Not begun", "请先开始绑定动态口令。", "Begin to bind an authenticator first."
    ),
    authenticators.AlreadyBound: Problem(
        409, "已绑定", "Already bound", "该类认证器已绑定。", "An authenticator of this kind is bound."
    ),
    password.PasswordTooShort: Problem(
        422, "密码太短", "Password too short", "至少 {min_length} 个字符。", "At least {min_length} characters."
    ),
    password.PasswordTooLong: Problem(
        422, "密码太长", "Password too long", "最多 {max_length} 个字符。", "At most {max_length} characters."
    ),
    password.PasswordUnusable: Problem(
        422, "密码含不可用字符", "Unusable character", "密码含有控制字符。", "The password holds a control character."
    ),
    password.PasswordTooSimple: Problem(
        422,
        "密码过于简单",
        "Password too simple",
        "须包含下列字符中的 {kinds_needed} 类:{kinds}。",
        "It needs {kinds_needed} kinds of: {kinds}.",
    ),
    password.PasswordTooCommon: Problem(
        422, "密码过于常见", "Password too common", "该密码在常见密码表中。", "It is on the list of common passwords."
    ),
    password.PasswordPredictable: Problem(
        422, "密码容易猜到", "Password predictable", "该密码有规律:{pattern}。", "It follows a pattern: {pattern}."
    ),
    password.PasswordPersonal: Problem(
        422,
        "密码含个人信息",
        "Password is personal",
        "请勿使用姓名、证件号、生日或联系方式。",
        "Use neither name, number, birth date nor address.",
    ),
    password.PasswordReused: Problem(
        422,
        "密码用过",
        "Password reused",
        "不得与最近 {history} 个密码相同。",
        "It must differ from the last {history}.",
    ),
    logins.PasswordExpired: Problem(
        403, "密码已到期", "Password expired", "请先设置新密码。", "Set a new password first."
    ),
    totp.WrongCode: Problem(403, "动态口令错误", "Wrong code", "动态口令不正确。", "The code is not right."),
    login.WrongProof: Problem(401, "验证未通过", "Not proven", "信息不正确。", "What was given is not right."),
    login.OutOfOrder: Problem(
        409, "步骤顺序有误", "Step out of order", "请按所列步骤进行。", "Take the step that is asked for."
    ),
    login.LoginClosed: Problem(409, "登录已结束", "Log-in is over", "请重新登录。", "Begin another log-in."),
    login.AuthenticatorNotBound: Problem(
        409,
        "未绑定认证器",
        "No such authenticator",
        "尚未绑定所需的认证器。",
        "No authenticator of the needed kind is bound.",
    ),
    sms.SmsForbidden: Problem(
        403,
        "不支持短信验证",
        "No codes by SMS",
        "请使用动态口令。",
        "Use the authenticator app: codes by SMS are not taken here.",
    ),
    sms.SmsCodeClosed: Problem(
        409,
        "验证码已失效",
        "Code closed",
        "请重新获取验证码。",
        "None was sent, or it is used or too old; ask for another.",
    ),
    idempotency.KeyReused: Problem(
        422,
        "幂等键已被使用",
        "Idempotency key reused",
        "该键已用于另一请求,请换一个新键。",
        "The key came with another request before; use a new one.",
    ),
    idempotency.StillAnswering: Problem(
        409,
        "请求处理中",
        "Still being done",
        "同一请求正在处理,请稍后再试。",
        "The same request is being done; ask again.",
    ),
    idempotency.NotRepeated: Problem(
        409,
        "答复不再重复",
        "Answer not repeated",
        "该请求已受理,答复不再显示;请查看 {resource}。",
        "The request was taken and its answer is not shown again; look at {resource}.",
    ),
    guessing.TooManyTries: Problem(429, "尝试次数过多", "Too many tries", "请稍后再试。", "Please try again later."),
}
