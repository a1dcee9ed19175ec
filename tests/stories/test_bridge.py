"""What two reports in two languages share."""

from __future__ import annotations

from monitor.stories.bridge import compare_bridge_keys
from monitor.stories.reports import read_report
from tests.stories.event_articles import LAKE, LAKE_ENGLISH, LAKE_OTHER, TUNNEL, article

ENGLISH, CHINESE, OTHER, TOPIC = (read_report(one).bridge_keys for one in (LAKE_ENGLISH, LAKE, LAKE_OTHER, TUNNEL))


def usual(_: str) -> float:
    return 1.0


def test_figures_and_names_by_their_sound_lead_across() -> None:
    shared, share = compare_bridge_keys(ENGLISH, CHINESE, usual)
    assert shared > 4
    assert share > 0.5
    assert (shared, share) == compare_bridge_keys(CHINESE, ENGLISH, usual)


def test_a_neighbour_shares_less_and_another_topic_nothing() -> None:
    assert compare_bridge_keys(ENGLISH, OTHER, usual)[0] < compare_bridge_keys(ENGLISH, CHINESE, usual)[0]
    assert compare_bridge_keys(TOPIC, CHINESE, usual)[0] < 1


def test_keys_that_every_article_has_lead_nowhere() -> None:
    assert compare_bridge_keys(ENGLISH, CHINESE, lambda _: 0.0)[1] == 0.0


def test_nothing_leads_across_from_an_empty_report() -> None:
    assert compare_bridge_keys(read_report(article("")).bridge_keys, CHINESE, usual) == (0, 0.0)


def test_a_name_within_a_longer_one_is_heard_once() -> None:
    spoken = read_report(article("Lin Guofeng visits")).bridge_keys
    assert compare_bridge_keys(spoken, read_report(article("林国峰到访")).bridge_keys, usual)[0] == 1.2
