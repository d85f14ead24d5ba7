"""What does a liveness challenge refuse? Its rows of THE table in problems.py: moves and frames, never what was found in them."""

from typing import Final

from app.core.refusal import Refusal
from app.routers.problem import Problem
from app.verification.faces.liveness import batch, challenge, frame, judgement, line

LIVENESS_PROBLEMS: Final[dict[type[Refusal], Problem]] = {
    challenge.ChallengeNotBegun: Problem(
        409, "尚未开始", "Challenge not begun", "请先开始活体检测。", "Begin the challenge first."
    ),
    challenge.ChallengeBegun: Problem(
        409, "已经开始", "Challenge begun", "一次检测只能进行一遍。", "One challenge is for one try."
    ),
    challenge.ChallengeElsewhere: Problem(
        409,
        "正在另一连接中进行",
        "Challenge elsewhere",
        "请在原连接中继续,或重新开始。",
        "Go on in the connection that began it, or begin another.",
    ),
    challenge.ChallengeOver: Problem(
        409, "检测已结束", "Challenge is over", "请重新开始一次检测。", "Begin another challenge."
    ),
    challenge.ChallengeExpired: Problem(
        410, "检测已过期", "Challenge expired", "三分钟已过,请重新开始。", "Its three minutes are over; begin another."
    ),
    challenge.FrameOutOfOrder: Problem(
        409, "画面次序有误", "Frame out of order", "画面须按次序发送。", "Frames come in their order."
    ),
    challenge.FrameDoubled: Problem(
        409, "画面重复发送", "Frame doubled", "该序号的画面已收到。", "The frame of that number was taken."
    ),
    challenge.FrameMissing: Problem(
        409, "缺少画面", "Frame missing", "应先发送第 {expected} 帧。", "Frame {expected} comes first."
    ),
    batch.BatchOutOfOrder: Problem(
        409, "批次次序有误", "Batch out of order", "应发送第 {expected} 批。", "Batch {expected} comes next."
    ),
    frame.FrameTooLarge: Problem(
        413,
        "画面过大",
        "Frame too large",
        "每帧最多 {most_pixels} 像素、{most_octets} 字节。",
        "A frame may have {most_pixels} pixels and {most_octets} bytes.",
    ),
    challenge.FramesTooMany: Problem(
        413, "画面过多", "Too many frames", "一次检测最多 {most} 帧。", "A challenge takes {most} frames."
    ),
    challenge.TriesOver: Problem(
        429,
        "检测次数已满",
        "Tries are over",
        "每次提交最多检测 {most} 次。可选择不进行人脸比对后提交,由人工处理,或前往网点办理。",
        "A submission takes {most} tries. Answer no to the comparison and submit, and people will look; or come to a branch.",
    ),
    frame.FrameMalformed: Problem(
        422,
        "不是画面",
        "Not a frame",
        "每条消息应为四字节帧号、四字节毫秒数和一张 JPEG。",
        "A message is four octets of number, four of milliseconds, and a JPEG.",
    ),
    judgement.LivenessNotShown: Problem(
        422,
        "活体检测未通过",
        "Liveness was not shown",
        "请再试一次，或选择由工作人员当面办理。",
        "Please try once more, or come to a branch, where no camera is needed.",
    ),
    line.LivenessLineSlow: Problem(
        422,
        "网络过慢",
        "Connection too slow",
        "画面未能及时传到。请靠近路由器或换用其他网络后再试一次，或选择由工作人员当面办理。",
        "What was filmed did not come in time. Move closer to the router or use another network and try once more, "
        "or come to a branch, where no camera is needed.",
    ),
}
