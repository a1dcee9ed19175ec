"""Makes of lists that were once read wrong: what belongs to a row, what it is called, which date is its own."""

from __future__ import annotations

from tests.sources.page.offices import DAYS, ENGLISH, days, read, titles


def rows(pattern: str) -> str:
    return "".join(pattern.replace("{n}", str(n)).replace("{t}", title) for n, title in enumerate(ENGLISH))


def test_a_day_heads_a_list_of_many_rows_as_one_of_few() -> None:
    parts, number = [], 0
    for day, size in zip(DAYS, (1, 4, 2, 1), strict=False):
        listed = "".join(f"<li><a href=/n{number + k}.pdf>{ENGLISH[number + k]}</a></li>" for k in range(size))
        parts.append(f"<p><b>Published in the Law Journal of {day:%B %d, %Y}:</b></p><ul>{listed}</ul>")
        number += size
    reading = read("<div>" + "".join(parts) + "</div>")
    assert titles(reading) == list(ENGLISH)
    assert days(reading) == [DAYS[0], *[DAYS[1]] * 4, *[DAYS[2]] * 2, DAYS[3]]


def test_the_head_of_a_table_dates_its_rows() -> None:
    head = "<thead><tr><td><strong>Search by 11/20/2026</strong></td></tr></thead>"
    listed = rows("<tr><td><h4><a href=/d?id=abcdef1{n}>Download Opinion</a></h4><b>No. {n}</b><br>"
                  "<b>Case Title:</b> {t}<br><b>Parish:</b> Lafayette</td></tr>")  # fmt: skip
    reading = read(f"<table>{head}<tbody>{listed}</tbody></table>")
    assert titles(reading) == list(ENGLISH)
    assert set(days(reading)) == {DAYS[0]}


def test_text_after_a_link_in_bold_type_belongs_to_it() -> None:
    reading = read("<h1>Decisions</h1>" + rows(
        "<br>EN BANC<br><b><a href=/pdf/10{n}.pdf>2026-A-{n}</a></b><br><ul>"
        "<b>{t}</b>; granted.</ul><hr>"))  # fmt: skip
    assert [title.partition(";")[0] for title in titles(reading)] == list(ENGLISH)


def test_a_date_before_each_link_is_its_own_though_other_links_come_first() -> None:
    other = "".join(f"<a href=/o{n}.htm>Other decisions of the court, part {n}</a><br>" for n in range(3))
    listed = "".join(
        f"Filed {day:%m/%d/%y}, No. 09-45{n}<br> <a href=/n{n}.pdf>{title}</a><br>District of Nevada<br><br>"
        for n, (title, day) in enumerate(zip(ENGLISH, DAYS, strict=True))
    )
    reading = read(f"<body>{other}<p>{listed}</body>")
    assert (
        dict(zip(titles(reading), days(reading), strict=True)).items() >= dict(zip(ENGLISH, DAYS, strict=True)).items()
    )


def test_rows_of_two_makes_in_one_table_are_one_list() -> None:
    listed = "".join(
        f"<tr><td><span><a href=/n10{n}.pdf>{title}</a></span></td></tr>"
        if n % 2 else f"<tr><td><a href=/n10{n}.pdf>{title}</a></td></tr>"
        for n, title in enumerate(ENGLISH)
    )  # fmt: skip
    assert titles(read(f"<table>{listed}</table>")) == list(ENGLISH)


def test_of_links_that_say_the_same_the_document_is_the_rows() -> None:
    listed = rows("<tr><td>A26{n}</td><td>{t}</td><td>2026-11-1{n}</td><td><a href=/docket?case={n}>View</a></td>"
                  "<td><a href=/download?file={n}>View</a></td></tr>")  # fmt: skip
    reading = read(f"<table>{listed}</table>")
    assert titles(reading) == list(ENGLISH)
    assert all("/download?file=" in entry.url for entry in reading.entries)


def test_what_a_line_says_up_to_its_date_is_the_title() -> None:
    listed = rows("<p><a href=/n{n}.pdf>12{n}</a> {t} 11/1{n}/2026 In an appeal from a conviction, the court held.</p>")
    reading = read(f"<div>{listed}</div>")
    assert titles(reading) == list(ENGLISH)


def test_a_link_to_many_others_is_no_part_of_a_row() -> None:
    top = "<div class=top><a href=/a>Home page of the office</a> <a href=/b>Mobile version</a></div>"
    menu = "<ul>" + "".join(f"<li><a href=/c{n}/>Section {n}</a></li>" for n in range(20)) + "</ul>"
    listed = rows("<li><a href=/n20{n}.html>{t}</a></li>")
    assert titles(read(f"{top}<p>20 November 2026</p>{menu}<div class=con><ul>{listed}</ul></div>")) == list(ENGLISH)
