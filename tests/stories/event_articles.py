"""Articles of invented events for the tests of events: reports, follow-ups, neighbours, series, round-ups."""

from __future__ import annotations

import datetime as dt

from monitor.model import Article

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


def article(title: str, text: str = "", *, site: str = "Harbour Post", url: str = "") -> Article:
    """Return an article of a site."""
    return Article(url=url or f"https://{abs(hash((title, site)))}.example/", title=title, text=text, site=site)


TUNNEL = article(
    "Brackwater council approves 340 million euro harbour tunnel",
    "The council of Brackwater voted on Monday for a harbour tunnel that will cost 340 million euros. Mayor Ilse "
    "Tormund said that work on the 4.2 kilometre tunnel could begin in September.",
)
TUNNEL_AGAIN = article(
    "Harbour tunnel for 340 million euros gets approval of Brackwater council",
    "Brackwater will build a tunnel under its harbour. The council approved the plan on Monday, 31 votes to 14. Mayor "
    "Ilse Tormund called the 340 million euros well spent; the 4.2 kilometre tunnel opens in six years.",
    site="Coast Gazette",
)
TUNNEL_THIRD = article(
    "Brackwater approves harbour tunnel",
    "After two years of debate the council of Brackwater approved the 4.2 kilometre harbour tunnel, which mayor Ilse "
    "Tormund wants built for 340 million euros.",
    site="Northern Wire",
)
TUNNEL_STARTS = article(
    "Brackwater harbour tunnel: construction starts",
    "Machines began to dig the harbour tunnel of Brackwater on Thursday. Mayor Ilse Tormund turned the first spade.",
    site="Dredgers Weekly",
)
TUNNEL_OTHER_SUM = article(
    "Brackwater council approves 95 million euro harbour bridge",
    "The council of Brackwater voted on Monday for a harbour bridge that will cost 95 million euros, mayor Ilse "
    "Tormund said.",
    site="Coast Gazette",
)
ROUND_UP = article(
    "The Daily: Brackwater council approves 340 million euro harbour tunnel, and more",
    TUNNEL.text,
    site="Coast Gazette",
)
ELSEWHERE = article(
    "Fishery quota talks end without result",
    "Ministers left the talks on herring quotas without an agreement on Tuesday night.",
    site="Northern Wire",
)

LAKE = article(
    "青山市设立8亿元湖区生态基金",
    "青山市人民政府3月2日宣布设立8亿元湖区生态基金，支持明镜湖周边36家企业改造排污设施，市长林国峰表示首批资金六月到位。",
    site="青山日报",
)
LAKE_AGAIN = article(
    "8亿元湖区生态基金在青山市设立",
    "记者获悉，青山市设立总额8亿元的湖区生态基金，明镜湖周边36家企业将获支持改造排污设施。市长林国峰说，首批资金六月到位。",
    site="东湖晚报",
)
LAKE_OTHER = article(
    "青山市设立3亿元文旅基金",
    "青山市人民政府3月2日宣布设立3亿元文旅基金，支持明镜湖周边景区建设，市长林国峰表示首批资金六月到位。",
    site="东湖晚报",
)
LAKE_ENGLISH = article(
    "Qingshan sets up 800 million yuan fund for its lake",
    "The city of Qingshan announced on March 2 a fund of 800 million yuan that helps 36 companies around Mingjing Lake "
    "to rebuild their waste water systems, mayor Lin Guofeng said.",
)

_VACANCY = (
    "The harbour office is looking for a {0}. It welcomes applications from everybody, whatever their origin, age or "
    "faith. Send a letter, a record of your work and two references to the office. Only those on the short list are "
    "called for a talk and a written test. The contract is for two years and may be extended. The quay has a lift."
)
VACANCY = article("Vacancy: crane driver", _VACANCY.format("crane driver"))
VACANCY_OTHER = article("Vacancy: night porter", _VACANCY.format("night porter"), site="Coast Gazette")
