"""Labels of dates other than of publication: a deadline, an event, a birth or death, a cited source.

This adds to the labels in `labels`, and has the functions that recognise a label. The patterns are for texts that
`plain` has normalised.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from monitor.lazy import lazy_pattern
from monitor.text.dates.labels import (
    DATE_WORDS,
    OTHER_LABELS,
    PREPOSITIONS,
    PUBLISHED_LABEL,
    UPDATED_HAN_LABELS,
    UPDATED_LABELS,
    alternatives,
)
from monitor.text.dates.names import is_weekday
from monitor.text.dates.plain import plain


def _split_words(words: str) -> frozenset[str]:
    return frozenset(words.split())


_EVENT_NOUNS: Final = (
    "conference", "meeting", "event", "hearing", "webinar", "workshop", "session", "summit", "exhibition",
    "interview", "exam", "examination", "delivery", "award", "submission", "submissions", "registration",
    "application", "applications", "veranstaltung", "sitzung", "anmeldung", "inscription", "inscriptions",
    "événement", "réunion", "evento", "reunión", "inscripción", "inscripciones", "riunione", "inscrições", "reunião",
    "skadenza",
)  # fmt: skip
"""Nouns for events. In a table, the cell before a date may also name the kind of an announcement with such a noun."""
_EVENT_WORDS: Final = (
    # English
    "when", "start", "starts", "starting", "begin", "begins", "beginning", "end", "ends", "ending", "close", "closes",
    "closed", "closing", "open", "opens", "opening", "due", "last day", "founded", "established", "birthday", "born",
    "death", "died", "built", "effective", "registered", "register", "joined", "apply", "valid", "validity",
    "held", "take place", "takes place", "scheduled", "expected", "accessed", "printed", "member since",
    "next review", "in force", "into force", "bid opening", "tender opening", "proposals due", "comments due",
    "responses due",
    # Germanic
    "mitglied", "termin", "ende", "enddatum", "seit", "findet", "inkrafttreten", "ablauf",
    "letzter tag", "zugriff", "bewerbung", "bewerbung bis", "uiterlijk",
    "hämtad", "hentet", "besøkt", "sista dag", "sista ansökningsdag", "sista anmälningsdag",
    # Romance
    "consulté", "limite", "límite", "limită", "inicio", "consultado",
    "inizio", "termine", "termine ultimo", "consultato", "prazo", "início", "término",
    "acesso", "acesso em", "nascido", "nacido", "tancament", "obertura", "inici", "termini",
    # Slavonic and Baltic
    "platí", "termín", "termíny", "termínu", "terminu", "terminas", "строк", "строки", "почетак", "почетка", "dostęp",
    "rok za", "rok za prijavu", "istek", "kezdete",
    "vége",
    # others of Europe
    "avaus", "alkaa", "päättyy", "haettu", "algus", "lõpp", "kezdet", "vége", "λήξη", "λήξης",
    "έναρξη", "έναρξης", "bitiş", "açılış", "kapanış", "doğum", "son gün", "son tarih", "son başvuru",
    "son teslim", "erişim", "lindjes", "afat", "afati", "dyddiad cau", "epea", "epemuga", "azken eguna",
)  # fmt: skip
_WORDS_IN_LABELS: Final = (
    # Words before a cited source
    "see", "cf", "zie", "voir", "ver", "viz", "zob", "zobacz", "siehe", "vgl", "véase", "vedi", "katso", "lásd", "см",
    "див", "виж", "βλ", "se vår", "se vores",
    # Short words and names
    "dob", "fin", "fine", "fim", "tope", "vence", "nato il", "nata il", "né le", "née le", "opening", "действует до",
    "действителен до", "срок подачи",
)  # fmt: skip
"""Words that count only if they are a label of their own: in a sentence they may mean something else."""
_WORD_STEMS: Final = (
    # English
    "deadline", "expir", "retriev", "commenc", "birth", "enrol",
    # Germanic
    "geburt", "gebor", "ablaufd", "anmeld", "eröffn", "gültig", "abgeruf", "registrier", "gegründ", "startdat",
    "sluit", "uiterst", "geboort", "einddat", "geldig", "geraadpleegd", "inschrijv", "aanmeld", "fødsel", "födel",
    "slutdat", "åbning", "åpning", "öppning", "gyldig", "giltig", "utløp", "udløb", "tilmeld", "påmeld",
    # Romance
    "límit", "clôtur", "ouvertur", "naissan", "échéan", "butoir", "début", "valab", "validit", "plazo",
    "cierr", "apertur", "nacimient", "vencim", "caduc", "vigenc", "válid", "scaden", "chiusur", "nascit", "valido",
    "validità", "encerr", "abertur", "nasciment", "validad", "termen", "deschid", "nașter", "naşter", "închid",
    "naixement", "venciment",
    # Slavonic and Baltic
    "urodz", "zakończ", "rozpocz", "otwar", "ważnoś", "ważne do", "uzávěr", "uzávier", "narozen",
    "naroden", "konán", "platnos", "ukonč", "zaháj", "začát", "začiat", "otevř", "odevzd", "rođenj", "rojst",
    "otvaranj", "početk", "završet", "veljavn", "срок", "оконч", "начала", "начало", "рожден",
    "вскрыт", "истечен", "заверш", "термін", "закінч", "почат", "народж",
    "розкрит", "краен", "ражда", "отваря", "рођењ", "gimim", "galio", "pabaig", "pradži", "dzimš", "termiņ",
    # others of Europe
    "määräai", "hakuai", "hakupäiv", "viimei", "syntym", "alkamis", "päättymis", "tähtaeg", "tähtpäev", "sünni",
    "avamise", "határid", "születés", "megnyit", "lejár", "érvényes", "προθεσμ", "γέννησ", "başlangı", "geçerli",
    "spriocdh", "skadenz",
)  # fmt: skip
"""The first letters of words that label another date than that of publication."""
_WORD_ENDINGS: Final = (
    "frist", "frister", "schluss(?<!beschluss)(?<!abschluss)(?<!anschluss)",
    "schluß(?<!beschluß)(?<!abschluß)(?<!anschluß)", "termine?", "beginn", "eröffnung", "frestur", "határidő",
)  # fmt: skip
"""Patterns for endings of compound words that label another date than that of publication (`Abgabefrist`)."""
_HAN_WORDS: Final = (
    "会议|活动|报名|开标|投标|考试|召开|举行|举办|成立|实施|施行|生效|报送|提交|征集|开幕|开始|结束|竣工|开工|开业|出生|"
    "逝世|开放|公示期"
)
_HAN_WORDS_IN_LABELS: Final = plain(
    "會議|活動|報名|考試|開始|結束|竞标|评标|笔试|面试|培训|比赛|演出|签约|签订|开庭|缴费|领取|访问|终了|終了|会期|开催|"
    "開催|応募|申込|受付|募集|有効|生年月|生日|诞生|参见|详见|参照|閲覧|アクセス|イベント|試験|入札|開札|納期|締め切り|"
    "しめきり|접수|신청|개최|행사|시행|유효|생년|개찰|입찰|시작|종료|시험|조회"
)
_LETTER: Final = r"[^\W\d_]"
_LATIN_WORDS: Final = (
    rf"(?:{alternatives(_WORD_STEMS)}){_LETTER}*"
    rf"|{_LETTER}*(?:{'|'.join(_WORD_ENDINGS)})(?!{_LETTER})"
)
_LIMITS: Final = (
    "before|after|since|from|between|until|till|bis|ab|jusqu'au|depuis|avant|dès|hasta|desde|entro|dal|fino|até|tot"
    "|sinds|vanaf|do|od|до|с"
)
OTHER_DATE: Final = (
    rf"(?<!{_LETTER})(?={_LETTER})(?:(?:{alternatives((*_EVENT_NOUNS, *_EVENT_WORDS))}|by(?= ?$)|{_LIMITS})"
    rf"(?!{_LETTER})|{_LATIN_WORDS})|{_HAN_WORDS}|定于|将于|拟于|起|至|到|自|从|通过"
)
"""A pattern for words shortly before a date. They show that it is the date of an event, a deadline or of history."""
OTHER_DATE_BEHIND: Final = (
    r"^[ ,)|]*(?:召开|举行|举办|起|前|之前|以前|后|之后|以来|至|到|止|开幕|通过|生效|施行|实施|开始|结束|成立|当天|"
    r"当日|上午|下午|晚|"
    r"(?:(?:to|until|till|through|bis|au|al|hasta|do|по|and|und)(?![^\W\d_])))|^ ?[-~至到] ?(?:\d|[a-z]+ \d)"
)
"""A pattern for such words after a date, and for the second date of a period."""
MINOR_DATE: Final = lazy_pattern(r"(?<![^\W\d_])(?:argued|submitted)(?![^\W\d_])|成文")
"""Labels of a date that is less likely to be the date of publication than another date in the same row."""

_ARTICLE_WORDS: Final = (
    "article", "post", "news", "entry", "notice", "press", "release", "publi", "issu", "creat", "announc", "document",
    "item", "insert", "upload", "add", "online", "story", "bulletin", "page", "web", "written", "list", "notif",
    "email", "artik", "meldung", "mitteilung", "veröff", "erstell", "beitrag", "nachricht", "presse", "eintrag",
    "erschein", "bericht", "nyhed", "nyhet", "plaatsing", "notici", "nota", "comunicad", "creación", "alta",
    "emisión", "emissi", "inseriment", "notizi", "comunicat", "articol", "parution", "mise", "ligne", "création",
    "diffusion", "actualité", "communiqu", "émission", "notíci", "criação", "inserção", "postag", "artigo", "emissão",
    "utworz", "dodan", "wpis", "artyku", "wytworz", "opublik", "udostępn", "ogłosz", "wystaw", "wydani", "vložen",
    "vydán", "vydan", "vytvo", "zpráv", "správ", "člán", "zveřej", "zverej", "созда", "размещ", "публик", "новост",
    "добавл", "стать", "выход", "выпуск", "издани", "створ", "розміщ", "дода", "новин", "objav", "krei", "unos",
    "crear", "adăug", "објав", "paskelb", "megjelen", "közzét", "δημοσ", "ανάρτ", "δημιουργ", "καταχώρ", "yayın",
    "yayım", "eklen", "haber", "julkais", "avaldam", "foilsi", "cyhoedd", "argital",
    # words for changes
    "revis", "updat", "modif", "change", "edit", "amend", "änder", "aktuali", "wijzig", "opdat", "oppdat", "uppdat",
    "actuali", "aggiorn", "atuali", "zmian", "změn", "zmen", "upraven", "izmen", "измен", "обновл", "змін", "оновл",
    "güncel", "frissít", "módosít", "päivit", "muudet", "ενημέρ", "actualiz",
    # documents of courts and offices
    "decis", "judg", "opinion", "order", "ruling", "adopt", "approv", "sign", "filing", "dispos", "entscheid", "urteil",
    "beschlu", "verkünd", "unterzeichn", "uitspraak", "besluit", "beslut", "afgør", "vedtak", "décis", "jugement",
    "arrêt", "délibér", "résolution", "sentenc", "resoluc", "firma", "acuerdo", "decret", "sentenz", "delibera",
    "decisão", "acórdão", "assinatura", "hotărâr", "rozhod", "usnes", "orzecz", "wyrok", "uchwał", "podpis", "odluk",
    "presud", "решени", "принят", "подпис", "постановл", "határozat", "απόφασ", "karar", "päätö", "otsus",
)  # fmt: skip
"""The first letters of words in a label for the announcement itself, or for writing and publishing it."""
_DATE_WORDS: Final = frozenset(map(plain, (*DATE_WORDS, "tarihi", "dátuma", "даты", "datumu", "daty")))
_DATE_WORDS_AT_END: Final = _DATE_WORDS - {"data"}  # also an English word: "Open data"
_OF_WORDS: Final = _split_words("of for de del della dello dell dei di da do das dos d der des zur van na til för av")
_LIMIT_WORDS: Final = _split_words(
    "before after since from until till bis ab jusqu hasta desde entro dal fino até tot do od до с"
)
_FILLER_WORDS: Final = (
    _DATE_WORDS_AT_END | _OF_WORDS | _LIMIT_WORDS
    | _split_words(
        "a o an the on at in to and time day last next by die dem den das zum für am vom von du l la le les el los las "
        "lo il pe dne dnia w em fra za het op een og om på e y et i und en și al au ad"
    )
)  # fmt: skip
_OTHER_LABEL: Final = lazy_pattern(
    rf"(?<!{_LETTER})(?={_LETTER})(?:(?P<event>(?:{alternatives(_EVENT_NOUNS)})(?!{_LETTER}))"
    rf"|(?:{alternatives((*_EVENT_WORDS, *_WORDS_IN_LABELS))})(?!{_LETTER})|{_LATIN_WORDS})"
    rf"|(?P<han>{_HAN_WORDS}|{_HAN_WORDS_IN_LABELS})"
    rf"|{OTHER_LABELS}"
)
_HAN_LABEL: Final = lazy_pattern(
    rf"[\u4e00-\u9fff\uac00-\ud7a3]{{0,6}}(?:{_HAN_WORDS}|{_HAN_WORDS_IN_LABELS}|{OTHER_LABELS})[\u4e00-\u9fff\uac00-\ud7a3]{{0,3}}?"
    r"(?:时间|日期|日时|日|期|期间|于|至|일|기간|일자|일시)"
)
_ARTICLE_DATE_LABEL: Final = lazy_pattern(
    rf"{PUBLISHED_LABEL.pattern}|{UPDATED_HAN_LABELS}|(?<!{_LETTER})(?={_LETTER})(?:{alternatives(UPDATED_LABELS)})(?!{_LETTER})"
)
_COMPOUND_WITH_DATE: Final = lazy_pattern(rf"(?P<what>{_LETTER}{{3,}}?)s?(?:datum|dato|dátum)")
_ARTICLE_WORD: Final = lazy_pattern(rf"(?:{alternatives(_ARTICLE_WORDS)}){_LETTER}*")
_CLAUSE_END: Final = lazy_pattern(r"[|,;.。!?]")
_WORD_PATTERN: Final = lazy_pattern(rf"{_LETTER}+")
_PREPOSITION_AT_END: Final = lazy_pattern(rf" (?:{PREPOSITIONS})$")
_REST_OF_LABEL: Final = lazy_pattern(r"[^:\d]{0,30}:")
_REST_OF_HAN_LABEL: Final = lazy_pattern(r"[^:\d]{0,8}:")
_MAX_WORDS_OF_SHORT_LABEL: Final = 3
_MIN_LATIN_LENGTH: Final = 5
_MIN_HAN_LENGTH: Final = 2
_MAX_LABEL_WORDS: Final = 6


def is_label_of_other_date(before: str, *, set_apart: bool = False) -> bool:
    """Return whether the words directly before a date say that it is not the date of publication.

    `before` is normalised by `plain`. A label ends with a colon, or is the only text before the date up to a comma or
    the like. If this text also has a label of publication, the result is False. `set_apart` means that the words are in
    an element of their own, so they may be the title or the kind of an announcement.
    """
    part = _CLAUSE_END.split(before.strip())[-1].strip()
    if not part or _ARTICLE_DATE_LABEL.search(part):
        return False
    marked = _PREPOSITION_AT_END.sub("", part).endswith(":")
    if marked and any(map(_is_end_of_label, _OTHER_LABEL.finditer(_PREPOSITION_AT_END.sub("", part)))):
        return True
    clause = (_PREPOSITION_AT_END.sub("", part).rstrip(" :") if marked else part).rpartition(":")[2].strip()
    words = _WORD_PATTERN.findall(clause)
    if not 0 < len(words) <= _MAX_LABEL_WORDS:
        return False
    return (
        _states_limit(words)
        or _is_compound_of_other_date(words, has_colon=marked or not set_apart)
        or (not marked and _names_other_event(clause, words, set_apart=set_apart))
    )


def _is_end_of_label(match: re.Match[str]) -> bool:
    rest = _REST_OF_HAN_LABEL if match.lastgroup == "han" else _REST_OF_LABEL
    return rest.fullmatch(match.string, match.end()) is not None


def _states_limit(words: Sequence[str]) -> bool:
    """Return whether the words only say that something begins or ends on that date, such as "until"."""
    return _FILLER_WORDS.issuperset(words) and not _LIMIT_WORDS.isdisjoint(words)


def _names_other_event(clause: str, words: Sequence[str], *, set_apart: bool) -> bool:
    """Return whether a label without a colon names a deadline, an event or a source."""
    if _HAN_LABEL.fullmatch(clause):
        return True
    found = list(_OTHER_LABEL.finditer(clause))
    certain = [each for each in found if each.lastgroup is None]
    if found and (words[0] in _DATE_WORDS or words[-1] in _DATE_WORDS_AT_END):
        return True
    unknown = [word for word in _WORD_PATTERN.findall(_OTHER_LABEL.sub(" ", clause)) if word not in _FILLER_WORDS]
    if not unknown:
        return bool(certain) or (not set_apart and any(each.lastgroup == "event" for each in found))
    if not certain:
        return False
    refers = certain[0].start() == 0 and words[-1] in _FILLER_WORDS  # "see our notice of"
    return refers or (not set_apart and len(set(words) - _FILLER_WORDS) <= _MAX_WORDS_OF_SHORT_LABEL)


def _is_compound_of_other_date(words: Sequence[str], *, has_colon: bool) -> bool:
    """Return whether a label with a word for "date" names a date of something else than the article.

    A label without a colon in an element of its own may be a title. Then it must also have a word for "of".
    """
    first, *rest = words
    if first in _DATE_WORDS and rest and (has_colon or rest[0] in _OF_WORDS):
        what = [word for word in rest if word not in _FILLER_WORDS and not is_weekday(word)]
        return bool(what) and not any(map(_ARTICLE_WORD.match, what))
    made = _COMPOUND_WITH_DATE.fullmatch(words[-1])
    return made is not None and words[-1] not in _DATE_WORDS and not _ARTICLE_WORD.match(made["what"])


def is_field_of_other_date(field: str) -> bool:
    """Return whether a data field is not the date of publication. `field` is its name without "date".

    True for `bidopening`, but not for `send`.
    """
    least = _MIN_LATIN_LENGTH if field.isascii() else _MIN_HAN_LENGTH
    parts = (part for at in range(least, len(field)) for part in (field[:at], field[-at:]))
    return any(map(_OTHER_LABEL.fullmatch, (field, *parts)))
