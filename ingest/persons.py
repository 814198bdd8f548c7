"""Recognises a person in a cell that should name something else: an item, an organisation, a window, or a number.

It holds DuckDB macros over one text: `reads_like_a_name` (a bare name), `reads_like_a_person` (a name with a title, a
telephone, an address …) and `is_no_identifier`. They judge by the text alone, so that a row read today and a row of a
rebuild are judged alike. `rows/conform.py` and `rows/rules.py` use them; what may be shown is decided in `masks.py`.
"""

from __future__ import annotations

import re
from functools import cache

import duckdb

# The 100 commonest surnames (Ministry of Public Security, 2020) and those of the Hui in Ningxia.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方"
    "邹熊白孟秦邱侯江尹薛闫雷龙黎史陶贺毛段郝顾龚邵覃武钱戴严莫孔向常汤哈纳撒买闪拜海"
)
LONG_SURNAMES = "欧阳|上官|司马|司徒|诸葛|尉迟|皇甫|慕容|令狐|夏侯|端木|东方"
# rarer surnames of 百家姓 that begin few other words, and traditional forms
_RARE = (
    "褚卫尤施华戚喻柏窦章葛奚鲁昌苗凤柳鲍费廉岑倪滕殷毕邬傅皮卞齐康伍卜穆萧湛祁禹狄臧伏谈茅庞纪舒屈项祝阮蓝闵席季麻娄危童颜梅盛刁骆樊凌霍虞柯昝裘缪"
    "宗宣郁杭洪诸左吉钮邢裴荣翁荀甄曲封芮储靳汲松井巫乌焦巴隗谷宓班仲伊宫仇栾甘厉戎祖符景詹束幸韶蓟印宿怀蒲邰索赖卓蔺屠蒙池乔胥苍闻莘翟贡劳姬申扶冉"
    "宰雍桑桂濮牛寿扈燕冀浦尚温庄晏柴瞿阎慕连茹艾容古易戈庾衡步耿匡寇敖冷辛阚饶沙鞠丰巢荆游竺佟苟仝冼亓代"
    "劉陳張楊黃趙吳孫馬鄭謝許韓馮鄧葉蘇呂盧鍾譚陸賈龔閻蕭羅齊龍"
)
# names of Uyghurs and others, written by their sound without a dot
_BY_SOUND = "[买尔旦江撒依娜提阿古丽吐逊艾合木沙热库力帕曼布拉海日孜麦图荪克里亚玛乃穆罕默德丽伊帕努尼萨苏甫]{3,6}"
_DOTTED = "[一-龥]+(?:[·•．・‧][一-龥]+)+"
_TITLES = (
    "副?(?:主任|局长|科长|处长|所长|站长|队长|股长|组长|镇长|乡长|村长|院长|校长|书记|主席|经理)|女士|先生|小姐|同志|老师|师傅|医生"
    "|阿姨|大爷|大妈|大姐|大哥|家属|本人|之[子女妻夫父母]"
)
_ROLES = "经办人|承办人|联系人|代办人|办事员|受理员|经办员"
# What ends like these, or holds one of these words, is an office, a window, a place or an item.
_ENDS = (
    "[局厅委办心口台镇乡村道区县市省站所室科股队处部院校会社司行店厂场馆库园寺桥坝滩岗庄堡湾沟渠坪街巷组证照卡簿书表单费税贷险号类项]"
    "[0-9一二三四五六七八九十]*号?"
)
OFFICE_WORDS = (
    "公安|税务|民政|人社|医保|社保|卫健|住建|司法|水务|文旅|农业|农牧|应急|房产|国土|资源|交通|水利|商务|广电|党群|综合|企业|公积金|市场|市监|教育"
    "|体育|发改|财政|审计|统计|信访|残联|工信|科技|环保|生态|林业|林草|畜牧|消防|气象|烟草|邮政|电信|移动|联通|燃气|户籍|户政|车管|婚姻|社会|养老|低保"
    "|就业|登记|许可|备案|审批|审核|核准|认定|确认|缴费|查询|申领|变更|注销|补办|年检|咨询|导办|帮办|代办|投诉|服务|受理|自助|管理|施工|任职|执业|职称"
    "|高级|高新|高速|安全|金融|石油|白酒|江河|海关|海事|温泉|康复|连锁|代理|代码|印章|印刷|劳动|寿险|申请|申报|祖国|蒙古|田地|林地|方案|易制"
)
# days and spans of years are no telephone numbers
_SPAN_OR_DAY = "(?:19|20)[0-9]{2}|[0-9]{1,2}(?:[-./月 ]+[0-9]{1,2})?"
_DAYS = f"(?:(?:19|20)[0-9]{{2}}(?:[-—~至./年 ]+(?:{_SPAN_OR_DAY})|[01][0-9][0-3][0-9])?[日号年]?)"
# a syllable of pinyin
SYLLABLE = (
    "(?:[bpm](?:ang?|ai|a|ao|ei|eng?|ian|iao|ie|ing?|i|ou?|u)|f(?:ang?|a|ei|eng?|ou?|u)"
    "|[dt](?:ang?|ai|ao|a|ei|eng?|e|ian|iao|ie|ing|iu|i|ong|ou|uan|ui|un|uo|u)"
    "|[nl](?:ang?|ai|ao|a|ei|eng?|e|iang?|iao|ia|ie|ing?|iu|i|ong|ou|uan|ue|un|uo|u|ve?)"
    "|[gkh](?:ang?|ai|ao|a|ei|eng?|e|ong|ou|uai|uang?|ua|ui|un|uo|u)"
    "|[jqx](?:iang?|iao|iong|ia|ie|ing?|iu|i|uan|ue|un|u)"
    "|(?:[zcs]h?)(?:ang?|ai|ao|a|ei|eng?|e|i|ong|ou|uai|uang?|ua|ui|un|uo|u)"
    "|r(?:ang?|ao|eng?|e|i|ong|ou|uan|ua|ui|un|uo|u)|y(?:ang?|ao|a|e|ing?|i|ong|ou|o|uan|ue|un|u)"
    "|w(?:ang?|ai|a|ei|eng?|o|u)|ai|ang?|ao|ou|er|[aeo])"
)
_SURNAMES_IN_LETTERS = (
    "zhang|wang|chen|yang|huang|zhao|zhou|liang|deng|feng|peng|zeng|xiao|dong|yuan|jiang|cheng|zheng|xie|tang|meng|qian"
    "|shen|yao|shao|duan|qin|jin|gong|ding|wei|cai|pan|cao|liu|sun|guo|chu|zhu|gao|luo|song"
)
_PLATE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][A-Z0-9]{5,6}"  # of cars
_CONTACTS = f"@|(?i:wxid_|qq[:：]?[0-9]{{5}})|[*]{{3}}|{_PLATE}|[0-9]+(?:栋|幢|单元)|组[0-9]+号|军字第[0-9]"
# of case numbers: mobiles, ids of 15 digits and landlines, if most numbers of a file look otherwise
_PERSONAL_FORM = (
    "1[3-9][0-9]{9}|1[3-9][0-9]-[0-9]{4}-[0-9]{4}|"
    f"{_PLATE}|"
    "[1-9][0-9]{7}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])[0-9]{3}|0[1-9][0-9]{1,2}-[0-9]{7,8}"
)

_SURNAME = f"(?:[{SURNAMES}{_RARE}]|{LONG_SURNAMES})"
_NAME = f"{_SURNAME}[一-龥]{{1,2}}"

_DESK = re.compile(f"{_NAME}的?(?:局|厅|委|中心|目录|库)")

MACROS = f"""
    create or replace temp macro without_blanks(value) as
        regexp_replace(value, '[\\x{{200b}}-\\x{{200f}}\\x{{2060}}\\x{{feff}}]', '', 'g');
    create or replace temp macro is_bare_name(value) as
        regexp_full_match(value, '{_NAME}|{_BY_SOUND}|{_DOTTED}')
        and not regexp_matches(value, '{_ENDS}$|{OFFICE_WORDS}')
        or length(value) >= 6 and regexp_full_match(value, '(?i:{_SURNAMES_IN_LETTERS}) ?(?i:{SYLLABLE}){{1,3}}');
    create or replace temp macro is_called(value) as
        regexp_full_match(value, '{_SURNAME}[一-龥]{{0,2}}(?:{_TITLES})[一-龥]?[0-9]*|(?:{_TITLES}){_NAME}'
            || '|{_NAME}(?:的[一-龥]+|[0-9]{{4,}}|[0-9]{{4}}年.*|(?:[、，,/ ]+{_NAME})+)')
        and not regexp_matches(value, '{OFFICE_WORDS}');
    create or replace temp macro holds_contact(value) as
        regexp_matches(value, '(?:{_ROLES})[:：是为]?{_NAME}(?:$|[已,，、：:（( ])|{_CONTACTS}');
    create or replace temp macro holds_long_number(value) as
        regexp_matches(value, '^[0-9]{{6,}}$|[0-9](?:[ ._*-]?[0-9]){{6}}')
        and not regexp_full_match(value, '(?:[15][1-9]|91)[0-9]{{6}}[0-9A-Z]*[A-Z][0-9A-Z]{{2,9}}')
        and regexp_matches(regexp_replace(value, '(^|[^0-9]){_DAYS}([^0-9]|$)', '\\1、\\2', 'g'),
            '^[0-9]{{6,}}$|[0-9](?:[ ._*-]?[0-9]){{6}}');
    create or replace temp macro has_many_ascii(value) as 3 * length(value) - strlen(value) >= 10;
    create or replace temp macro reads_like_a_name(value) as
        -- A name of up to six characters, or one in letters or with blanks; measuring bytes is cheaper than a pattern.
        case when contains(value, '\u200b') then is_bare_name(without_blanks(value))
            when strlen(value) <= 18 or has_many_ascii(value) or contains(value, '·') or contains(value, '•')
                then is_bare_name(value) else false end;
    create or replace temp macro reads_like_a_person(value) as
        case when strlen(value) <= 30 then is_called(value) else false end
        or case
            when has_many_ascii(value) or contains(value, '组') then holds_contact(value) or holds_long_number(value)
            when contains(value, '人') or contains(value, '员') then holds_contact(value) else false end;
    create or replace temp macro is_no_identifier(value) as
        reads_like_a_name(value)
        or case
            when strlen(value) = length(value) then regexp_matches(value, '@|[*]{{3}}|^[+]|(?i:wxid_|qq)|[0-9] [0-9]')
            else is_called(value) or holds_contact(value)
                or regexp_matches(value, '转[0-9]|证[0-9]{{15}}|户号|电话') end;
    create or replace temp macro has_no_digit(value) as
        length(value) > case when strlen(value) = length(value) then 3 else 1 end
        and not regexp_matches(value, '[0-9]');
    create or replace temp macro has_personal_form(value) as regexp_full_match(value, '{_PERSONAL_FORM}');
"""


def reads_like_a_desk(text: str) -> bool:
    """Whether the name of an office is a person's name with 局, 厅, 中心 … behind it."""
    return _DESK.fullmatch(text) is not None and re.search(OFFICE_WORDS, text) is None


@cache
def names_a_person(text: str) -> bool:
    """Whether a single text reads like a person's name, or names a person in it; the macros decide."""
    query = "select reads_like_a_name($1::varchar) or reads_like_a_person($1::varchar)"
    return _connect().execute(query, [text]).fetchone()[0]


@cache
def _connect() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(MACROS)
    return connection
