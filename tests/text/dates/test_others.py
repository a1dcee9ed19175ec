"""Labels that say a date is of something else than publication, in the languages of Europe and East Asia."""

from __future__ import annotations

import datetime as dt

import pytest

from monitor.text.dates import parse_moment
from monitor.text.dates.labels import DATE_WORDS, PUBLISHED_LABELS, UPDATED_LABELS
from monitor.text.dates.others import is_field_of_other_date, is_label_of_other_date
from monitor.text.dates.plain import plain

NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
DATES = ("3 April 2026", "2026-04-03", "03.04.2026", "2026年4月3日", "03/04/26 10:30")

OTHERS = (
    "Closing date", "Close date", "Deadline", "Due date", "Submission deadline", "Application deadline",
    "Opening date", "Bid opening", "Bid opening date", "Tender closing date", "Start date", "End date", "Event date",
    "Effective date", "Expiry date", "Expiration date", "Valid from", "Valid until", "Retrieved", "Retrieved on",
    "Accessed on", "Accessed", "Last accessed", "Date of birth", "Birth date", "Born", "Date of death",
    "Date of event", "Date of the meeting", "Meeting date", "Hearing date", "Interview date", "Exam date",
    "Delivery date", "Tender opening", "Proposals due", "Comments due", "Apply by", "Register by", "Closes",
    "Closes on", "Ends", "Starts", "Opens", "Until", "See our notice of", "See the notice of",
    "Date of entry into force", "Commencement date", "Contract start date", "Date of accident", "Member since",
    "Founded", "Award date", "Applications close", "Closing date for applications", "Last date for submission",
    "Due by", "Enrolment deadline",
    "Bewerbungsfrist", "Einsendeschluss", "Anmeldeschluss", "Abgabetermin", "Ablaufdatum", "Geburtsdatum",
    "Geboren am", "Gültig bis", "Gültig ab", "Termin", "Beginn", "Ende", "Startdatum", "Enddatum",
    "Datum der Sitzung", "Abgerufen am", "Zugriff am", "Siehe unsere Mitteilung vom", "Frist", "Eröffnung",
    "Angebotseröffnung", "Inkrafttreten", "Letzter Tag", "Bewerbung bis",
    "Sluitingsdatum", "Uiterste datum", "Geboortedatum", "Einddatum", "Geldig tot", "Geraadpleegd op",
    "Datum van de vergadering", "Zie ons bericht van",
    "Ansøgningsfrist", "Fødselsdato", "Startdato", "Slutdato", "Søknadsfrist", "Åbningsdato", "Sista ansökningsdag",
    "Födelsedatum", "Slutdatum", "Hämtad", "Besøkt", "Gyldig til",
    "Date limite", "Date limite de dépôt", "Date de clôture", "Date d'ouverture", "Date de naissance", "Né le",
    "Date d'échéance", "Date butoir", "Date de fin", "Date de début", "Consulté le", "Voir notre avis du", "Clôture",
    "Date de l'événement", "Date de la réunion", "Date d'expiration", "Valable jusqu'au", "Inscriptions jusqu'au",
    "Fecha límite", "Fecha de cierre", "Fecha de apertura", "Fecha de nacimiento", "Fecha de vencimiento",
    "Fecha de inicio", "Fecha de fin", "Fecha del evento", "Consultado el", "Véase nuestro aviso de", "Plazo",
    "Cierre", "Vence", "Válido hasta", "Fecha tope",
    "Data scadenza", "Data di scadenza", "Scadenza", "Data di nascita", "Data di apertura", "Data di chiusura",
    "Data inizio", "Data fine", "Consultato il", "Vedi il nostro avviso del", "Termine ultimo", "Data evento",
    "Data della riunione", "Valido fino al", "Nato il",
    "Data limite", "Data de encerramento", "Data de abertura", "Data de nascimento", "Prazo", "Data de início",
    "Data de término", "Acesso em", "Ver o nosso aviso de", "Vencimento",
    "Data limită", "Termen limită", "Data nașterii", "Data deschiderii", "Data límit", "Data de naixement",
    "Termin składania ofert", "Data urodzenia", "Data zakończenia", "Data rozpoczęcia", "Data otwarcia ofert",
    "Ważne do", "Dostęp", "Data wydarzenia",
    "Uzávěrka", "Termín", "Datum narození", "Datum konání", "Platnost do", "Datum ukončení", "Dátum narodenia",
    "Uzávierka", "Rok za prijavu", "Datum rođenja", "Datum rojstva",
    "Срок подачи", "Дата окончания", "Дата рождения", "Дата начала", "Дата вскрытия", "Дата проведения",
    "Дата обращения", "Действует до", "Термін подання", "Дата народження", "Дата закінчення", "Краен срок",
    "Дата на раждане", "Датум рођења",
    "Terminas", "Gimimo data", "Galioja iki", "Termiņš", "Dzimšanas datums",
    "Määräaika", "Hakuaika päättyy", "Syntymäaika", "Viimeinen hakupäivä", "Tähtaeg", "Sünniaeg", "Határidő",
    "Jelentkezési határidő", "Születési dátum", "Beadási határidő",
    "Προθεσμία", "Ημερομηνία λήξης", "Ημερομηνία γέννησης", "Ημερομηνία έναρξης", "Son tarih", "Son başvuru tarihi",
    "Bitiş tarihi", "Başlangıç tarihi", "Doğum tarihi", "Afati", "Data e lindjes", "Spriocdháta", "Dyddiad cau",
    "申込締切", "締切", "締切日", "応募締切", "開催日", "開始日", "終了日", "生年月日", "募集期間", "申込期限",
    "提出期限", "入札日", "開札日", "閲覧日", "アクセス日", "イベント開催日", "試験日",
    "截止日期", "截止时间", "报名截止时间", "开标时间", "开标日期", "投标截止时间", "会议时间", "活动时间",
    "出生日期", "考试时间", "面试时间", "有效期至", "生效日期", "实施日期", "签约日期", "开庭时间", "访问日期",
    "开始时间", "结束时间", "培训时间", "比赛时间", "截止日", "報名截止日期", "開標時間", "活動日期", "會議日期",
    "마감일", "접수 마감", "접수기간", "신청기간", "행사일", "시작일", "종료일", "생년월일", "개찰일", "입찰일",
    "시험일", "유효기간", "개최일",
)  # fmt: skip
PUBLICATION = (
    "Published", "Date", "Posted on", "Published on", "Press release date", "Release date", "Article date",
    "News date", "Date added", "Date of publication", "Date posted", "Creation date", "Issue date", "Date of issue",
    "Date and time", "Announcement date", "Date of the announcement", "Date of notice", "Posting date", "Notice date",
    "Document date", "Upload date", "Date created",
    "Datum", "Veröffentlicht am", "Datum der Veröffentlichung", "Erstellungsdatum", "Erstelldatum",
    "Datum der Meldung", "Meldungsdatum", "Pressemitteilung vom", "Stand", "Datum van publicatie", "Publicatiedatum",
    "Geplaatst op", "Udgivet", "Publicerad",
    "Date de publication", "Publié le", "Date de mise en ligne", "Date de parution", "Date de l'article",
    "Date de création", "Mis à jour le",
    "Fecha", "Fecha de publicación", "Publicado el", "Fecha de la noticia", "Fecha de creación", "Fecha de emisión",
    "Fecha de alta",
    "Data", "Data di pubblicazione", "Pubblicato il", "Data notizia", "Data inserimento", "Data comunicato",
    "Data de publicação", "Data da notícia", "Data publikacji", "Data dodania", "Data utworzenia", "Data wytworzenia",
    "Datum vydání", "Datum vložení", "Datum zveřejnění", "Dátum zverejnenia", "Datum objave",
    "Дата", "Дата публикации", "Дата создания", "Дата размещения", "Дата добавления", "Дата новости",
    "Дата на публикуване", "Дата публікації",
    "Julkaistu", "Julkaisupäivä", "Päivämäärä", "Avaldatud", "Kuupäev", "Megjelent", "Közzététel dátuma",
    "Δημοσιεύθηκε", "Ημερομηνία δημοσίευσης", "Tarih", "Yayın tarihi",
    "公開日", "掲載日", "更新日", "発表日", "発行日", "投稿日", "登録日", "日付",
    "发布时间", "发布日期", "时间", "日期", "更新时间", "发文日期", "成文日期", "印发日期", "添加时间", "录入时间",
    "信息时间", "创建时间", "上传时间", "公告日期", "发稿时间", "来源时间", "入库时间", "上线时间", "公示时间",
    "公告时间", "發布日期", "公布日期",
    "게시일", "등록일", "작성일", "날짜",
)  # fmt: skip


def read(text: str) -> dt.date | None:
    moment = parse_moment(text, now=NOW, timezone="Europe/Berlin")
    return moment.at.date() if moment else None


@pytest.mark.parametrize("date", DATES)
@pytest.mark.parametrize(
    "form", ["{label}: {date}", "{label} {date}", "{label}： {date}", "Office news | {label}: {date}"]
)
def test_a_date_behind_the_label_of_something_else_is_none_of_publication(form: str, date: str) -> None:
    shown = [(label, form.format(label=label, date=date)) for each in OTHERS for label in (each, each.upper())]
    assert [label for label, text in shown if read(text)] == []


@pytest.mark.parametrize("date", DATES[:4])
@pytest.mark.parametrize("form", ["{label}: {date}", "{label} {date}"])
def test_a_date_behind_a_label_of_publication_is_read(form: str, date: str) -> None:
    labels = (*PUBLICATION, *PUBLISHED_LABELS, *UPDATED_LABELS, *DATE_WORDS)
    assert [label for label in labels if read(form.format(label=label, date=date)) != dt.date(2026, 4, 3)] == []


@pytest.mark.parametrize("label", OTHERS[::9])
def test_a_label_of_publication_goes_before_one_of_something_else(label: str) -> None:
    assert read(f"{label}: 5 November 2026 | Published: 3 April 2026") == dt.date(2026, 4, 3)
    assert read(f"Published: 3 April 2026. {label}: 5 November 2026") == dt.date(2026, 4, 3)


@pytest.mark.parametrize(
    "text",
    [
        "Closing date: Friday 3 April 2026 at 5 pm",
        "Closing date: 12:00, 3 April 2026",
        "Date and place of birth: 3 April 1996",
        "Notice of the office. See our notice of 3 April 2026",
        "Datum der Sitzung: Freitag, 3. April 2026",
        "Fecha límite de presentación: viernes 3 de abril de 2026",
    ],
)
def test_a_weekday_and_a_time_may_be_between_the_label_and_the_date(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Date: Friday 3 April 2026",
        "Fecha: viernes 3 de abril de 2026",
        "Fecha viernes 3 de abril de 2026",
        "Author: John Smith Date: 3 April 2026",
        "Ort: Berlin Datum: 3.4.2026",
        "NATO, 3 April 2026",
        "Acme Limited, 3 April 2026",
        "Disposition date: April 3, 2026",
        "Date of the decision: 3 April 2026",
        "Date of last revision: 3 April 2026",
        "关于开展报名工作的通知 2026-04-03",
        "[活动] 2026-04-03",
    ],
)
def test_names_places_and_kinds_before_a_date_are_no_labels_of_something_else(text: str) -> None:
    assert read(text) == dt.date(2026, 4, 3)


@pytest.mark.parametrize("words", ["Open data", "Webinar", "Data breach at the office", "Meeting"])
def test_words_in_an_element_of_their_own_may_be_a_title_or_a_kind(words: str) -> None:
    assert not is_label_of_other_date(plain(words), set_apart=True)


@pytest.mark.parametrize(
    "words", ["Deadline", "Closing date", "Bewerbungsfrist", "Fecha límite", "截止日期", "Meeting:"]
)
def test_a_label_may_be_in_an_element_of_its_own(words: str) -> None:
    assert is_label_of_other_date(plain(words), set_apart=True)


def test_names_of_fields_are_labels_too() -> None:
    others = ("closing", "deadline", "bidopening", "registrationend", "start", "birth", "event", "截止", "报名截止")
    assert [name for name in others if not is_field_of_other_date(name)] == []
    assert [
        name for name in ("pub", "doc", "news", "send", "create", "issue", "发布") if is_field_of_other_date(name)
    ] == []
