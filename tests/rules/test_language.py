"""Reading rules: what they come to, where errors point, what is noticed as a slip."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import RuleError
from monitor.rules.language import parse
from monitor.rules.lexer import MAX_DEPTH


@pytest.mark.parametrize(
    ("expression", "meaning"),
    [
        ("a b", "a AND b"),
        ("a  AND\tb", "a AND b"),
        ("a OR b AND c", "a OR b AND c"),
        ("(a OR b) c", "(a OR b) AND c"),
        ("(a OR b)(c OR d)", "(a OR b) AND (c OR d)"),
        ("a OR (b OR c)", "a OR b OR c"),
        ("a (b c)", "a AND b AND c"),
        ("NOT a b", "NOT a AND b"),
        ("-a -(b OR c) -@d -title:e -“f g”", 'NOT a AND NOT (b OR c) AND NOT @d AND NOT title:e AND NOT "f g"'),
        ("NOT NOT a", "a"),
        ("-(-a)", "a"),
        ("((a))", "a"),
        ("“元宇宙”", '"元宇宙"'),
        ("”元宇宙“", '"元宇宙"'),
        ("「两江 新区」 『a』 ‘b c’", '"两江 新区" AND "a" AND "b c"'),
        ('title:"white paper"', 'title:"white paper"'),
        ("title: web3", "title:web3"),
        ("title:(a OR -b)", "title:(a OR NOT b)"),
        ("title:@web3", "title:@web3"),
        ("url:http://x.cn/a?b=c", "url:http://x.cn/a?b=c"),
        ("10:30", "10:30"),
        ("covid-19 AT&T U.S. C++ Liangjiang’s", "covid-19 AND AT&T AND U.S. AND C++ AND Liangjiang’s"),
        ("metaverse* *chain *coin*", "metaverse* AND *chain AND *coin*"),
        ('"smart cit* plan*"', '"smart cit* plan*"'),
        ("\u200bweb\u200b3\u200b AND b", "web3 AND b"),
        ("ti\u200btle:\u3164a", "title:a"),
        ("a\u3000b", "a AND b"),
        ("OF CASE NEARBY SENTENCE a", "OF AND CASE AND NEARBY AND SENTENCE AND a"),
        ('"NEAR" "CASE"(a)', '"NEAR" AND "CASE" AND a'),
        ("a\nOR\nb", "a OR b"),
        ("START(a b) START((c OR d) title:e)", "START(a OR b) AND START(c OR d OR title:e)"),
        ("START a OR “START”", 'START AND a OR "START"'),
    ],
)
def test_rules_read_as_people_who_know_search_engines_expect(expression: str, meaning: str) -> None:
    assert str(parse("r", expression).tree) == meaning


@pytest.mark.parametrize(
    ("expression", "line", "column", "said"),
    [
        ("", 1, 1, "the rule is empty"),
        (" \n ", 1, 1, "the rule is empty"),
        ("AND a", 1, 1, "a term is missing before AND"),
        ("OR", 1, 1, "a term is missing before OR"),
        ("\ufeffAND\u200b a", 1, 2, "a term is missing before AND"),
        ("a AND", 1, 3, "a term is missing after AND"),
        ("a\nOR\nAND b", 2, 1, "a term is missing after OR"),
        ("a NOT", 1, 3, "a term is missing after NOT"),
        ("(OR a)", 1, 2, "a term is missing before OR"),
        ("(a OR)", 1, 4, "a term is missing after OR"),
        ("a ()", 1, 3, "nothing is between the parentheses"),
        ("foo AND (bar", 1, 9, "this parenthesis is never closed"),
        ("((a) b", 1, 1, "this parenthesis is never closed"),
        ("a)", 1, 2, "this parenthesis was never opened"),
        ('重庆 "unclosed', 1, 4, "this quote is never closed"),
        ("「a』", 1, 1, "this quote is never closed"),
        ("a 」", 1, 3, "the quote 」 has no opening quote"),
        ("a *", 1, 3, "has no letter or digit"),
        ('a "…"', 1, 3, "has no letter or digit"),
        ('""', 1, 1, "has no letter or digit"),
        ("a && b", 1, 3, "has no letter or digit"),
        ("a 🚀", 1, 3, "has no letter or digit"),
        ("me*verse", 1, 1, 'the "*" in "me*verse" is not allowed there'),
        ('"a *b"', 1, 1, "is not allowed there"),
        ("a**", 1, 1, "is not allowed there"),
        ('"a *"', 1, 1, "is not allowed there"),
        ("a - b", 1, 3, '"-" excludes nothing'),
        ("a -", 1, 3, '"-" excludes nothing'),
        ("(a -)", 1, 4, '"-" excludes nothing'),
        ("--a", 1, 1, '"-" excludes nothing'),
        ('"a"-b', 1, 4, 'a blank is missing before "-"'),
        ("title:-a", 1, 7, '"-" follows a field'),
        ("a title:", 1, 3, "a term is missing after title:"),
        ("title: AND a", 1, 1, "a term is missing after title:"),
        ("title:NOT a", 1, 1, "a term is missing after title:"),
        ("title:text:a", 1, 1, "a term is missing after title:"),
        ("a nosuchfield:foo", 1, 3, "there is no field nosuchfield"),
        ("标题：重庆", 1, 1, "there is no field 标题"),
        ("http://x.cn/", 1, 1, "there is no field http"),
        ("NEAR/5 foo", 1, 1, "a term is missing before NEAR/5"),
        ("重庆 NEAR/5", 1, 4, "a term is missing after NEAR/5"),
        ("a NEAR/5 OR b", 1, 3, "a term is missing after NEAR/5"),
        ("a NEAR b", 1, 3, "NEAR does not say how many words"),
        ("a BEFORE/x b", 1, 3, "BEFORE/x does not say how many words"),
        ("a NEAR/0 b", 1, 3, "NEAR/0 does not say how many words"),
        ("a NEAR/１ b NEAR/99999 c", 1, 12, "NEAR/99999 does not say how many words"),
        ("SENTENCE()", 1, 9, "nothing is between the parentheses"),
        ("SENTENCE(a b", 1, 9, "this parenthesis is never closed"),
        ("START()", 1, 6, "nothing is between the parentheses"),
        ("START(OR a)", 1, 7, "a term is missing before OR"),
        ("START(a AND b)", 1, 9, "AND is written within START"),
        ("START(a -b)", 1, 9, "- is written within START"),
        ("START(a NEAR/2 b)", 1, 9, "NEAR/2 is written within START"),
        ("CASE（)", 1, 5, "nothing is between the parentheses"),
        ("OF (a, b)", 1, 1, "OF needs a number before it"),
        ("2 OF a, b", 1, 3, "OF has no group of operands"),
        ("a OF (a, b)", 1, 3, "OF needs a number before it"),
        ("2 OF (a, , b)", 1, 8, "a term is missing after the comma"),
        ("2 OF (a, b,)", 1, 11, "a term is missing after the comma"),
        ("2 OF (, b)", 1, 7, "a term is missing before ,"),
        ("2 OF (a, (b, c))", 1, 12, "the comma is within a group"),
        ("a /web\\s?3", 1, 3, "this regular expression is never closed"),
        ("/a/ig", 1, 1, '"ig" after a regular expression is not a flag'),
        ("a /(b/", 1, 3, "cannot be run: missing )"),
        ("/(a)\\1/", 1, 1, "cannot be run: invalid escape"),
        ("/a*/", 1, 1, "holds for any text"),
        ("(" * 10_000 + "a" + ")" * 10_000, 1, MAX_DEPTH + 1, "nested too deeply"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(expression: str, line: int, column: int, said: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse("r", expression)
    error = caught.value
    assert (error.rule, error.line, error.column) == ("r", line, column)
    assert said in error.message
    assert error.hint


@pytest.mark.parametrize(
    ("expression", "hint"),
    [
        ("titel:a", 'did you mean "title:"?'),
        ("TITLE:a", 'did you mean "title:"?'),
        ("a && b", "write AND"),
        ("a || b", "write OR"),
        ("a NEAR b", "write NEAR/5"),
        ("/(?<=a)b/", "RE2 has no look-behind"),
        ("/a(?!b)/", "RE2 has no look-ahead"),
        ("/(a)\\1/", "RE2 has no back-references"),
        ("/a.b", "put it in quotes"),
    ],
)
def test_a_refusal_says_what_to_write_instead(expression: str, hint: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse("r", expression)
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("expression", "column", "said", "meant"),
    [
        ("x a|b", 3, 'the "|" is read literally', "(a OR b)"),
        ("a|", 1, 'the "|" is read literally', "OR"),
        ("重庆｜北京", 1, 'the "|" is read literally', "(重庆 OR 北京)"),
        ("a and b", 3, '"and" is read as a term', "AND"),
        ("(a) Or @b", 5, '"Or" is read as a term', "OR"),
        ("not a", 1, '"not" is read as a term', "NOT"),
        ("a 或 b", 3, '"或" is read as a term', "OR"),
        ("x （a OR b)", 3, "the full-width （ is read as a parenthesis", "write ("),
        ("(a OR b）", 8, "the full-width ） is read as a parenthesis", "write )"),
        ("a ＡＮＤ b", 3, "the full-width ＡＮＤ is read as AND", "write AND"),
        ("a －b", 3, 'the dash "－" is read as "-"', 'write "-"'),
        ("a –b", 3, 'the dash "–" is read as "-"', 'write "-"'),
        ("＠web3", 1, "the full-width sign in ＠web3", "write @web3"),
        ("web＊", 1, "the full-width sign in web＊", "write web*"),
        ("title：a", 1, "title： is read as the field title", "write title:"),
        ("+a", 1, 'the "+" is read literally', "write a"),
        ("a !b", 3, 'the "!" is read literally', "write -b"),
        ("'a", 1, "the single quote is read literally", '"…"'),
        ("a, b", 1, "the comma is read literally", "write a"),
        ("重庆、两江", 1, "the comma is read literally", "重庆 OR 两江"),
        ("a near/5 b", 3, '"near/5" is read as a term', "NEAR/5"),
        ("a W/5 b", 3, '"W/5" is read as a term', "NEAR/5"),
        ("a before/3 b", 3, '"before/3" is read as a term', "BEFORE/3"),
        ('"a b"~5', 6, 'the "~" is read literally', "a NEAR/5 b"),
        ("2 of (a OR b)", 3, '"of" is read as a term', "2 OF (a, b, c)"),
        ("CASE Apple", 1, '"CASE" is read as a term', "CASE(…)"),
        ("2 OF (a，b)", 8, "the full-width ， is read as a comma", "write ,"),
        ("a ＮＥＡＲ/5 b", 3, "is read as NEAR/5", "write NEAR/5"),
    ],
)
def test_slips_are_warned_about_with_what_was_meant(expression: str, column: int, said: str, meant: str) -> None:
    (warning,) = parse("r", expression).warnings
    assert (warning.rule, warning.line, warning.column) == ("r", 1, column)
    assert said in warning.message
    assert meant in warning.hint


@pytest.mark.parametrize(
    "expression", ["and", "a AND b", '"a|b" "and" "（x）"', "Rock’n’roll", "1,000", "x and", "or OR x", "title:and x"]
)
def test_what_may_well_be_meant_is_not_warned_about(expression: str) -> None:
    assert parse("r", expression).warnings == ()


def test_full_width_operators_are_read_as_what_they_surely_mean() -> None:
    assert str(parse("r", "（ａ ＯＲ b） －c").tree) == "(ａ OR b) AND NOT c"


def test_a_warning_prints_its_place_and_the_likely_intent() -> None:
    (warning,) = parse("r", "a|b").warnings
    assert str(warning) == 'rule "r", line 1, column 1: the "|" is read literally; for either write (a OR b)'


def test_long_and_deep_rules_are_read() -> None:
    deep = "(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH
    assert str(parse("r", deep).tree) == "a"
    assert str(parse("r", "NOT " * 10_000 + "a").tree) == "a"
    long = " OR ".join(f"t{n}" for n in range(5_000))
    assert str(parse("r", long).tree) == long


PIECES = [
    "a",
    "元",
    "AND",
    "OR",
    "NOT",
    "-",
    "(",
    ")",
    "（",
    '"',
    "“",
    "”",
    "「",
    "'",
    "title:",
    "x:",
    "：",
    "@c",
    "＠",
    "*",
    "＊",
]
PIECES += [
    " ",
    "\n",
    "\u200b",
    "\u3164",
    "\ud800",
    "|",
    "NEAR/2",
    "CASE",
    "/",
    ",",
    "2 OF (",
    "SENTENCE(",
    "START(",
    "CASE(",
    "BEFORE/3",
    "/c",
    "/a/",
    "\u0301",
    "\u3000",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=2), max_size=12).map("".join))
def test_any_text_is_read_or_refused_at_a_place_within_it(expression: str) -> None:
    try:
        tree = parse("r", expression).tree
    except RuleError as error:
        refusal = error
    else:
        assert parse("r", str(tree)).tree == tree
        return
    lines = expression.split("\n")
    assert 1 <= refusal.line <= len(lines)
    assert 1 <= refusal.column <= len(lines[refusal.line - 1]) + 1
