"""Which names a variable may have so that every program can read it.

Belongs here: the rule about names and the words that programs keep for themselves. Not here: labels, values.
"""

from __future__ import annotations

import re

MAX_LENGTH = 32
PATTERN = re.compile(r"[A-Za-z][A-Za-z0-9_]*")

# Words that are no variable names: `help reserved` of Stata (str1 to str2045 are held by `_STATA_STRING`), the reserved keywords of SPSS.
STATA = frozenset(("byte", "double", "float", "if", "in", "int", "long", "strl", "using", "with"))
SPSS = frozenset(("all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"))
_STATA_STRING = re.compile(r"str[0-9]+", re.IGNORECASE)

# SQL-99 as the National Archives list it. Such a name is no mistake in a public table (`year`), only in a submission package, where it stands in quotes.
_SQL99_TEXT = """
absolute action add admin after aggregate alias all allocate alter and any are array as asc assertion at authorization before begin binary bit
blob boolean both breadth by call cascade cascaded case cast catalog char character check class clob close collate collation column commit
completion connect connection constraint constraints constructor continue corresponding create cross cube current current_date current_path
current_role current_time current_timestamp current_user cursor cycle data date day deallocate dec decimal declare default deferrable deferred
delete depth deref desc describe descriptor destroy destructor deterministic dictionary diagnostics disconnect distinct domain double drop dynamic
each else end end-exec equals escape every except exception exec execute external false fetch first float for foreign found from free full
function general get global go goto grant group grouping having host hour identity ignore immediate in indicator initialize initially inner inout
input insert int integer intersect interval into is isolation iterate join key language large last lateral leading left less level like limit
local localtime localtimestamp locator map match minute modifies modify module month names national natural nchar nclob new next no none not null
numeric object of off old on only open operation option or order ordinality out outer output pad parameter parameters partial path postfix
precision prefix preorder prepare preserve primary prior privileges procedure public read reads real recursive ref references referencing relative
restrict result return returns revoke right role rollback rollup routine row rows savepoint schema scroll scope search second section select
sequence session session_user set sets size smallint some space specific specifictype sql sqlexception sqlstate sqlwarning start state statement
static structure system_user table temporary terminate than then time timestamp timezone_hour timezone_minute to trailing transaction translation
treat trigger true under union unique unknown unnest update usage user using value values varchar variable varying view when whenever where with
without work write year zone"""
SQL99 = frozenset(_SQL99_TEXT.split())


def problem(name: str) -> str | None:
    """Why Stata, SPSS or SAS could not take `name`; None when all can."""
    if not PATTERN.fullmatch(name):
        return "a name is a letter and then letters, digits and _ (a to z)"
    if len(name) > MAX_LENGTH:
        return f"a name has at most {MAX_LENGTH} characters"
    if name.lower() in STATA or _STATA_STRING.fullmatch(name):
        return "Stata keeps this name for itself"
    if name.lower() in SPSS:
        return "SPSS keeps this name for itself"
    return None


def is_reserved_in_sql(name: str) -> bool:
    """Whether SQL-99 reserves `name`, upper or lower case."""
    return name.lower() in SQL99
