"""Which ethnicities does the state list? GB/T 3304-1991, and the groups registered beside it (R37)."""

from app.verification.documents.names import han_only

LISTED = frozenset(
    """
    汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇
    柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京
    塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺
    """.split(),  # noqa: SIM905  56 quoted names are harder to compare with the standard
)
"""The 56 of GB/T 3304, without the 族 that cards leave out."""
REGISTERED_BESIDE = frozenset({"穿青人", "穿青", "革家人", "革家", "亻革家人", "其他", "入籍", "外国血统中国籍人士"})
"""Printed on cards though not among the 56."""


def ethnicity_listed(seen: str) -> bool | None:
    """Whether the text beside 民族 is a listed ethnicity; None when nothing was read there."""
    name = han_only(seen)
    if not name:
        return None
    return name in LISTED or name.removesuffix("族") in LISTED or name in REGISTERED_BESIDE
