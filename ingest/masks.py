"""What of an export may be shown to people: cells that were set aside, headers, and names of files, sheets and members.

Only what is known to be harmless is shown; everything else becomes its shape, so that nobody needs a list of all the
forms in which people are named. A cell is found again by file, record and column, a file by the digest in its masked
name. Recognising a person's number, and pseudonyms, belong in `privacy.py`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from duckdb import DuckDBPyConnection

from ingest.persons import OFFICE_WORDS, SYLLABLE, reads_like_a_desk

COMMON = 5  # rows: a code that so many records of a batch share is a word of the system and names nobody
_SHORT = 12  # characters; longer codes are texts
_LONGEST_DRAFTED = 40  # characters; a longer cell has swallowed its neighbours

_ORGANISATION = (
    "[一-龥A-Za-z（）()·、－-]{1,30}(?:局|厅|委|办|中心|大厅|窗口|专窗|专区|台|镇|乡|街道|村|社区|站|所|室|科|股|队|处|部|院|校|会|社|公司|分公司|支行|银行"
    "|系统|平台|服务|点|代办点|[0-9A-Z]{1,3}号?窗口)[0-9一二三四五六七八九十]{0,2}(?:号)?"
)
# Words of which names of exports are made, in any combination.
_WORDS = (
    "办件|事项|评价|好差评|证照|电子证照|暂停|中止|特别程序|结果|指标|反馈|排名|台账|延时|服务|政务|审批|受理|办结|超期|未办|业务|系统|平台|"
    "窗口|大厅|综合|数据|导出|明细|汇总|清单|列表|报表|统计|通报|月报|日报|周报|季报|年报|全量|增量|补报|重报|更正|修正|最终|正式|测试|样例|副本|"
    "备份|新|旧|年|月|日|时|季|度|季度|上半年|下半年|全年|第|一|二|三|四|五|六|七|八|九|十|期|批|次|版|份|页|表|单位|部门|企业|个人|公安|税务|"
    "人社|医保|不动产|社保|民政|卫健|回访|工单|说明|样例|退回|隔离|记录|工作表|合并|查询|区县|县区|乡镇|街道|镇街"
    "|便民|名单|杂项|民生|行政|监管|城管|供水|供电|殡葬|退役|军人|档案|资料|文件|附件|原始|材料|对接|交换|推送|接口|共享|前置|归档|历史|情况|进度|督办|催办"
    "|预警|超时|满意度|差评|热线|诉求|终端|一体机|网办|线上|线下|全程|一网通办|一窗|综窗|新办|办理|收件|发证|快递|邮寄|日志|模板|目录|字典|代码|编码|对照|名称"
    "|机构|人员|工作|考勤|值班|挂起|恢复|整改|回复|试点|试运行|国家|自治区|省级|市级|县级|镇村|村社区|本县|本市|全县|全市|各|类|和|与|及|的|内|外|无|再次|号|表头|标题|"
    + OFFICE_WORDS
)
_WORD = re.compile("|".join(sorted(_WORDS.split("|"), key=len, reverse=True)))
_PLACE = "[一-龥]{1,12}(?:省|市|县|区|乡|镇|街道|局|厅|委|中心|目录|库)"
# words in Latin letters: English, and the Chinese ones in pinyin
_LATIN = (
    "accept after again alike all an archive backup bak be bytes call calls can capitals case cases"
    " certificate certificates change city complaints control copy counter counters county csv ctl daily data"
    " date day delta department detail details download duty evaluation evaluations exchange export exports"
    " extended file files final followups full gb gbk gz h half hall history hotline hr htm html import in"
    " indicator indicators info item items json late latin le ledger left line list lone long manifest mark"
    " md men month monthly name new none note of office ok old one open order orders org other page part"
    " pause pauses platform public q quarantine quarter quarterly query quote rating raw record records"
    " region report request requests result results sample service services sheet source special stat"
    " statistics stats sum summary system tab table task tasks tax test text that the town township tsv two"
    " txt unit update upload utf v week weekly with without work xls xlsb xlsm xlsx xml year yearly zip"
)
_LATIN_WORDS = frozenset(_LATIN.split())
_PINYIN = re.compile(
    "(?:banjian|banjie|baobiao|beifen|bubao|budongchan|bumen|ceshi|chaoqi|chengnuo|chongbao|chuangkou|danwei|daochu"
    "|dating|dengji|dongtai|fuwu|gengzheng|geren|gongan|gongdan|guaqi|haochaping|huifang|huizong|jiedao|jieguo|jigou"
    "|jiu|lingwu|liebiao|mingxi|minsheng|minzheng|nian|nianbao|paiming|pingjia|pingtai|qingdan|qiye|quanliang|renshe"
    "|rexian|ri|ribao|shebao|shenpi|shixiang|shouli|shuiwu|shuju|taizhang|tongbao|tongji|tuihui|weiban|weijian|xiangzhen"
    "|xin|xitong|yanshi|yewu|yibao|yue|yuebao|zanting|zengliang|zhengming|zhengshi|zhengwu|zhengzhao|zhibiao|zhoubao"
    "|zonghe|zuizhong)+"
)
_ACCOUNT = re.compile("@|wxid|qq\\d", re.I)
_MAY_BE_PINYIN = re.compile(f"{SYLLABLE}+")
_NO_VOWEL = re.compile("[b-df-hj-np-tw-z]{1,5}")  # initials, as systems are called: ywtb
_LATIN_WORD = re.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_SEPARATOR = re.compile(r"([\s_\-*.()（）\[\]【】+~#&,，、=]+)")
_DAY = re.compile(r"20\d\d(?:(?:0[1-9]|1[0-2])(?:(?:[0-2]\d|3[01])(?:\d{4}|\d{6})?)?)?|(?:[01]\d|2[0-3])[0-5]\d[0-5]\d")
# digits in groups, as telephone numbers and bank cards are written; so are days, 2022-06-30
_GROUPS = re.compile(r"\d+(?:[ \-*._]+\d+)+")
_GROUP = re.compile(rf"{_DAY.pattern}|\d\d?|0\d{{1,3}}")
_GB18030 = "18030"  # the encoding
# of which headers in Latin letters are made, applicant_phone
_COLUMN = (
    "accepted account address age amount applicant applied apply area at attachment birth by case certificate"
    " channel city code company contact content count county create created date day department dept desc"
    " description district due duration email end evaluate evaluated evaluation file finish finished flag from"
    " gender hall handle handler id is issue issued item kind legal level limit memo mobile mode month name no"
    " note number of officer org organisation organization paid phone place platform promised reason region remark"
    " result satisfaction sex sn source staff start state status street sum system tel time title to total town"
    " type unit update updated user value venue village window year"
)
_COLUMN_WORDS = frozenset(_COLUMN.split())
# Headers are nouns; the last word of each says what the column holds.
_HEADER = re.compile(
    r"[一-龥A-Za-z（）()／/]{0,14}(?:证号|文号|单号|户号|账号|批号|案号|卡号|档号|代号|工号|号码|编号|编码|代码|序号|名称|名字|姓名|(?:申请|经办|受理|办理|审核|联系|代理|负责|评价|操作|持证|被评价|委托|当事)人|人员|时间|日期|时限|期限|状态|类型|类别|方式|渠道|来源|单位|部门|"
    r"机构|区划|区县|县区|乡镇|街道|地址|电话|手机|数|数量|次数|天数|量|率|额|值|备注|说明|意见|结果|级别|等级|满意度|事项|(?:受理|办理|经办|综合|服务|所属|办件)窗口|系统|主体|性质|标识|"
    r"标志|标记|行业|用途|材料|附件|批次|排名|期间|年度|月份|内容|原因|依据|是否[一-龥]{1,8}|列[0-9]*|字段[0-9]*)"
)

MACROS = f"""
    create or replace temp macro shape(value) as '（已遮蔽，' || length(value) || '字）';
    create or replace temp macro is_day(value) as regexp_full_match(value, '[0-9]{{1,4}}[-/.年][0-9]{{1,2}}[-/.月]'
        || '[0-9]{{1,4}}[日号]?([ T]*[0-9]{{1,2}}[:：时][0-9:：分秒. ZAPM+-]{{0,14}})?');
    create or replace temp macro is_amount(value) as regexp_full_match(value,
        '[-+]?[0-9]{{1,6}}([.,][0-9]{{1,6}})?([Ee][-+]?[0-9]{{1,3}})?[%天日个件次]?');
    create or replace temp macro is_harmless(value, kind, alike) as case
        when value is null or starts_with(value, '（已遮蔽，') then true
        when kind = 'code' then alike >= {COMMON} and length(value) <= {_SHORT}
            and not contains(value, chr(10)) and not is_personal(value) and not is_like_a_name(value)
            and not regexp_matches(value, '[0-9]{{7}}')
        when kind = 'date' then is_day(value)
        when kind = 'number' then is_amount(value)
        else regexp_full_match(value, '[0-9][.][0-9]{{1,6}}[Ee][+][0-9]{{2}}') end;
    create or replace temp macro shown(value, kind, alike) as
        case when is_harmless(value, kind, alike) then value else shape(value) end;
    create or replace temp macro shown_word(value) as
        case when length(value) > {_LONGEST_DRAFTED} or contains(value, chr(10)) or is_personal(value)
            or is_personal_number(value) or is_like_a_name(value) then shape(value) else value end;
    create or replace temp macro names_nobody(value) as not (
        is_personal(value) or is_personal_number(value) or reads_like_a_name(value) or reads_like_a_person(value));
    create or replace temp macro shown_member(value, alike) as case
        when value is null or value = '' or starts_with(value, '（') then value
        when value in (select name from listed_names) then value
        when alike >= {COMMON} and names_nobody(value)
            and (length(value) <= {_SHORT} or regexp_full_match(value, '{_ORGANISATION}')) then value
        else shape(value) end;
    create or replace temp macro shown_member_of(dimension, value) as
        -- Members of the other dimensions are codes of the project, or words of a contract.
        case when dimension in ('org', 'town', 'item') then shown_member(value, 1) else value end;
"""


# `shown_member` is for names of organisations, towns, windows and items; `alike` counts the rows that have the name.
# `shown_word` is for drafts of mappings, which are never stored, and for rows of facts, whose names were conformed.


def kind_of(column_type: str) -> str:
    """How `shown` treats a column of the contract's type: code, date, number or text."""
    kinds = {"code": "code", "boolean": "code", "date": "date", "timestamp": "date"}
    return kinds.get(column_type, "number" if column_type in ("integer", "number") else "text")


def mask_header(header: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """Header cells as they may be stored and printed: those that a mapping knows, and nouns that head columns."""
    declared = {*known}
    return tuple(
        cell if not cell or cell in declared or _is_noun(cell) else f"第{place}列（已遮蔽，{len(cell)}字）"
        for place, cell in enumerate(header, 1)
    )


def _is_noun(cell: str) -> bool:
    words = re.fullmatch(r"([a-z]+(?:_[a-z]+)*)(?:_?\d{1,2})?", cell.lower())
    return all(w in _COLUMN_WORDS for w in words[1].split("_")) if words else bool(_HEADER.fullmatch(cell))


def create_listed_names(connection: DuckDBPyConnection) -> None:
    """Create the temporary table of the jurisdiction's own names, which `shown_member` reads."""
    connection.execute("""
        create or replace temp table listed_names as
        select unnest([org_name, printed_name]) as name from reference.organisations
        union select unnest([region_name, printed_name]) from reference.regions
    """)


@cache
def mask_path(path: str, globs: frozenset[str] = frozenset()) -> str:
    """The path of a file in the landing folder, of an archive's member or a sheet: words that may name people masked.

    `globs`: the mappings' patterns of names, whose own words are harmless. A masked path ends in 8 hex digits of the
    real one's SHA-256, so that two files stay two.
    """
    words = {word.lower() for glob in globs for word in re.split(r"[^A-Za-z一-龥]+", glob) if word}
    masked = "/".join(_mask_part(part, words) for part in path.split("/"))
    return path if masked == path else f"{masked}〔{hashlib.sha256(path.encode()).hexdigest()[:8]}〕"


def mask_glob(glob: str) -> str:
    """A glob made of a file's name, with * for each of its words that may name people."""
    masked = re.sub(r"…\d+字…", "*", "/".join(_mask_part(part, set()) for part in glob.split("/")))
    return re.sub(r"(?<!/)\*+(?!/)", "*", masked)


def _mask_part(part: str, words: set[str]) -> str:
    if _ACCOUNT.search(part) or any(not _are_days(found[0]) for found in _GROUPS.finditer(part)):
        return f"…{len(part)}字…{Path(part).suffix if Path(part).suffix[1:].lower() in _LATIN_WORDS else ''}"
    stem, is_spaced = _SEPARATOR.split(part), " " in part
    return "".join(piece if _is_harmless(piece, words, is_spaced) else f"…{len(piece)}字…" for piece in stem)


def _are_days(groups: str) -> bool:
    """Whether the groups are days, times and short ordinals, or too few digits to call anybody."""
    found = re.findall(r"\d+", groups)
    return sum(map(len, found)) < 7 or all(_GROUP.fullmatch(group) for group in found)


def _is_harmless(piece: str, words: set[str], is_spaced: bool) -> bool:
    if not piece or _SEPARATOR.fullmatch(piece):
        return True
    parts = re.findall(r"[0-9]+|[A-Za-z]+|[^0-9A-Za-z]+", piece)
    return all(_is_harmless_part(part, words, is_alone=len(parts) == 1 and not is_spaced) for part in parts)


def _is_harmless_part(part: str, words: set[str], *, is_alone: bool) -> bool:
    """`is_alone`: no digits and no other word stand beside it. In lower case it is English then, if it is no pinyin."""
    if part.isdigit():
        return len(part) <= 4 or part == _GB18030 or _DAY.fullmatch(part) is not None
    if part.isascii():
        is_english = is_alone and part.islower() and not _MAY_BE_PINYIN.fullmatch(part)
        found = [part, *_LATIN_WORD.findall(part)]
        return (
            is_english
            or _is_known_word(found[0].lower(), words)
            or (len(found) > 1 and all(_is_known_word(word.lower(), words) for word in found[1:]))
        )
    if part in words:
        return True
    rest = _WORD.sub("", part)
    return not rest or (re.fullmatch(f"(?:{_PLACE})+", rest) is not None and not reads_like_a_desk(rest))


def _is_known_word(word: str, words: set[str]) -> bool:
    is_listed = word in words or word in _LATIN_WORDS
    return is_listed or _PINYIN.fullmatch(word) is not None or _NO_VOWEL.fullmatch(word) is not None or len(word) == 1
