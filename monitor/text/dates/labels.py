"""Labels before dates ("Published:"), in one table for all readers of dates.

The patterns are for texts that `plain` has normalised: in lower case, Chinese labels in simplified characters.
"""

from __future__ import annotations

import re
from typing import Final

from monitor.lazy import lazy_pattern
from monitor.text.dates.plain import plain

PUBLISHED_LABELS: Final = (
    # English
    "first published", "date published", "published date", "originally published", "published", "publication date",
    "date of publication", "pubdate", "pub_date", "posted", "date posted", "release date", "date released", "released",
    "issued", "date of issue", "issue date",
    # Germanic
    "veröffentlicht", "veroeffentlicht", "veröffentlichung", "veröffentlichungsdatum", "publiziert", "erschienen",
    "erscheinungsdatum", "gepubliceerd", "geplaatst", "publicatiedatum", "offentliggjort", "publiceret", "udgivet",
    "publisert", "publicerad", "publicerat", "publiceringsdatum", "birt",
    # Romance
    "publié", "publiée", "publie", "paru", "mis en ligne", "date de publication", "publicado", "publicada",
    "fecha de publicación", "fecha de publicacion", "pubblicato", "pubblicata", "data di pubblicazione",
    "data de publicação", "data da publicação", "publicat", "data publicării", "data de publicació", "data publicarii",
    # Slavonic and Baltic
    "opublikowano", "opublikowane", "data publikacji", "data dodania", "dodano", "publikováno", "zveřejněno",
    "datum zveřejnění", "datum publikace", "publikované", "zverejnené", "dátum zverejnenia", "objavljeno",
    "datum objave", "објављено", "датум објаве", "објавено", "публикувано", "публикувана", "дата на публикуване",
    "опубликовано", "опубликована", "дата публикации", "размещено", "опубліковано", "дата публікації", "апублікавана",
    "paskelbta", "publikuota", "paskelbimo data", "publicēts", "publicēta", "publicēšanas datums",
    # others of Europe
    "julkaistu", "julkaisupäivä", "avaldatud", "megjelent", "közzétéve", "megjelenés dátuma", "δημοσιεύθηκε",
    "δημοσιεύτηκε", "δημοσίευση", "ημερομηνία δημοσίευσης", "yayınlanma tarihi", "yayın tarihi", "yayınlanma",
    "yayımlanma", "eklenme tarihi", "publikuar", "ippubblikat", "foilsithe", "cyhoeddwyd", "argitaratua",
    # East Asian
    "公開日", "公开日", "掲載日", "掲载日", "投稿日", "発表日", "发行日", "配信日",
    "게시일", "등록일", "작성일", "발행일", "입력",
)  # fmt: skip
"""Labels of a publication date."""

PUBLISHED_HAN_LABELS: Final = r"(?:发布|发表|发稿|发文|刊发|刊登|公布|公开|公告|上传|发帖|投稿|张贴)(?:时间|日期|于|日)"
"""A pattern for Chinese labels of a publication date: a verb and a word for time or date."""

DATE_WORDS: Final = (
    "date", "dated", "datum", "dato", "dagsetning", "fecha", "data",
    "dátum", "датум", "дата", "päivämäärä", "kuupäev", "datums", "ημερομηνία", "tarih", "dáta", "日付",
)  # fmt: skip
"""Labels that only say that a date follows."""

UPDATED_LABELS: Final = (
    # English
    "last updated", "last update", "last modified", "last modification", "last reviewed", "last edited", "updated",
    "modified", "date modified", "revised", "page updated",
    # Germanic
    "zuletzt aktualisiert", "letzte aktualisierung", "aktualisiert", "aktualisierung", "zuletzt geändert",
    "letzte änderung", "geändert", "stand", "laatst bijgewerkt", "bijgewerkt", "laatst gewijzigd", "gewijzigd",
    "sidst opdateret", "opdateret", "sist oppdatert", "oppdatert", "senast uppdaterad", "uppdaterad", "senast ändrad",
    "uppfært",
    # Romance
    "mis à jour", "mise à jour", "dernière mise à jour", "dernière modification", "modifié", "última actualización",
    "actualizado", "actualizada", "modificado", "ultimo aggiornamento", "aggiornato", "aggiornata", "ultima modifica",
    "modificato", "última atualização", "atualizado", "atualizada", "ultima actualizare", "actualizat",
    "darrera actualització", "actualització",
    # Slavonic and Baltic
    "ostatnia aktualizacja", "zaktualizowano", "aktualizacja", "data modyfikacji", "poslední aktualizace",
    "aktualizováno", "aktualizované", "posodobljeno", "ažurirano", "ажурирано", "обновлено", "изменено",
    "дата обновления", "последнее обновление", "оновлено", "обновено", "последна промяна", "atnaujinta", "atjaunots",
    "atjaunināts",
    # others of Europe
    "päivitetty", "muokattu", "uuendatud", "muudetud", "frissítve", "utolsó frissítés", "módosítva", "ενημερώθηκε",
    "τελευταία ενημέρωση", "güncelleme tarihi", "son güncelleme", "güncelleme", "güncellenme", "përditësuar",
    # East Asian
    "更新日", "最終更新日", "最终更新日", "最終更新", "最终更新", "수정일", "수정", "최종수정",
)  # fmt: skip
"""Labels of the date when something was changed, not when it was published."""

UPDATED_HAN_LABELS: Final = (
    r"(?:最后|最近|资料|内容|页面)?(?:更新|修改|编辑|修订|维护)(?:时间|日期|于|日)|(?:最后|最近)(?:更新|修改|编辑)"
)

OTHER_LABELS: Final = (
    "生成|打印|访问时间|浏览时间|当前时间|现在时间|今天是|现在是|截止|截至|有效期|到期|失效|版权|期限|締切|〆切|마감|만료|"
    "copyright|©|deadline|expire|valid until|generated|aktuelle zeit|current time|it is currently|heure actuelle"
)
"""A pattern for labels of other dates: when a page was generated, a deadline, a copyright."""


def alternatives(labels: tuple[str, ...]) -> str:
    """Return a pattern that matches any of `labels`, the longest first."""
    return "|".join(re.escape(plain(label)) for label in sorted(labels, key=len, reverse=True))


_HAN_LABEL: Final = r"[\u4e00-\u9fff]{0,6}(?:时间|日期|发布|发表|更新|刊登|上传)于?"
PREPOSITIONS: Final = "on|at|am|vom|den|le|il|el|del|op|dne|dnia|em|en|la|fra|pe|på|w"
"""A pattern for words that may be between a label and its date."""
_KNOWN_LABELS: Final = alternatives(
    (*PUBLISHED_LABELS, *UPDATED_LABELS, *DATE_WORDS, "last", "time", "created", "on", "at")
)
LABEL: Final = lazy_pattern(
    rf"^(?:(?:(?:(?:{_KNOWN_LABELS})(?![^\W\d_]) ?)+|{_HAN_LABEL})[ :.]*(?:(?:{PREPOSITIONS})(?![^\W\d_]) )?"
    rf"|(?:{PREPOSITIONS})(?![^\W\d_]) )"
)
"""A label before a date. With such a label, a text still counts as a date and nothing else."""
PUBLISHED_LABEL: Final = lazy_pattern(
    rf"{PUBLISHED_HAN_LABELS}|(?<![^\W\d_])(?=[^\W\d_])(?:{alternatives(PUBLISHED_LABELS)})(?![^\W\d_])"
    rf"(?: (?:{PREPOSITIONS})(?![^\W\d_]))?"
)
"""A label of a publication date, in a line that may have other dates."""
