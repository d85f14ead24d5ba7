"""What do staff read of a liveness try? Every code has its words; the applicant reads none of them (R-section 6.5)."""

from typing import Final

from app.verification.field_names import Words
from app.verification.reasons import ReasonCode

LIVENESS_STAFF: Final = {
    ReasonCode.LIVENESS_UNDONE: Words("未在规定时间内完成动作", "A step was not done in its time"),
    ReasonCode.LIVENESS_ASTRAY: Words("做的是另一个动作", "Another step was done than the one asked for"),
    ReasonCode.LIVENESS_TOO_SOON: Words("反应或动作快于常人", "Done sooner than people usually read and move"),
    ReasonCode.LIVENESS_AT_ONCE: Words("动作快于人所能", "Done sooner than anybody reads and moves"),
    ReasonCode.LIVENESS_UNSTEADY: Words("动作不连贯，反复摇摆", "The head wandered instead of going there and back"),
    ReasonCode.LIVENESS_FACE_LOST: Words("过程中人脸曾消失", "The face was out of sight for too long"),
    ReasonCode.LIVENESS_OTHER_FACE: Words("过程中出现另一张人脸", "Another face was seen too"),
    ReasonCode.LIVENESS_GAP: Words("画面中断过久", "Frames were missing for too long"),
    ReasonCode.LIVENESS_CLOCKS: Words("页面时钟与服务器不符", "The page's clock went otherwise than ours"),
    ReasonCode.LIVENESS_JUMP: Words("人脸位置突变", "The face jumped from one place to another"),
    ReasonCode.LIVENESS_SCALE: Words("人脸大小突变", "The face changed its size at once"),
    ReasonCode.LIVENESS_STALLED: Words(
        "摄像头过慢，画面有停顿", "The camera was too slow: a picture came again at once"
    ),
    ReasonCode.LIVENESS_REPEATED: Words("同一帧画面重复出现", "The very same frame came twice"),
    ReasonCode.LIVENESS_FROZEN: Words(
        "画面静止，没有摄像头应有的噪点", "Two frames are alike as no camera's are: frozen or repeated"
    ),
    ReasonCode.LIVENESS_OTHER_PERSON: Words("过程中换了人", "The face is not one person's throughout"),
    ReasonCode.LIVENESS_UNDESCRIBED: Words(
        "可用于核对是否同一人的画面过少", "Too few frames in which the face could be described"
    ),
    ReasonCode.LIVENESS_COLOUR: Words("人脸没有随屏幕颜色变化", "The face did not answer the screen's colours"),
    ReasonCode.LIVENESS_COLOUR_FAINT: Words(
        "人脸对屏幕颜色的反应过弱", "The face hardly answered the screen's colours"
    ),
    ReasonCode.LIVENESS_COLOUR_LATE: Words(
        "人脸对屏幕颜色的反应过迟", "The face answered the screen's colours too late"
    ),
    ReasonCode.LIVENESS_LINE_SLOW: Words(
        "网络过慢，未能及时看到人脸对屏幕颜色的反应",
        "The line was too slow to see in time how the face answered the colours",
    ),
    ReasonCode.LIVENESS_TEXTURE: Words("人脸缺少皮肤应有的纹理", "The face lacks the grain of skin"),
    ReasonCode.LIVENESS_SPECTRUM: Words("人脸上有屏幕般的规则细纹", "A fine regular pattern lies on the face"),
    ReasonCode.LIVENESS_EDGES: Words(
        "头部两侧有屏幕或纸张般的直边", "Straight edges beside the head, as of a screen or a sheet"
    ),
    ReasonCode.LIVENESS_PAD: Words("本行的活体模型认为不是真人", "The bank's own model takes it for an attack"),
    ReasonCode.LIVENESS_UNCLEAR: Words("没有一帧足够清晰的正面画面", "No frame shows the face clearly from the front"),
}
