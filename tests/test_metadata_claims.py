"""Are the claims of a page's data those that metadata needs?"""

from __future__ import annotations

import json

import pytest

from searcher.readers.claims import Claims


def values(data: object, field: str) -> list[str]:
    claims = Claims()
    claims.json_ld(json.dumps(data))
    return [claim.value for claim in claims.found if claim.field == field]


PERSON = {"@type": "Person", "@id": "#jane", "name": "Jane Doe"}
SITE = {"@type": "Organization", "@id": "#site", "name": "Harbour Courier"}


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ({"@id": "#jane"}, ["Jane Doe"]),
        ([{"@id": "#jane"}, {"@type": "Person", "name": "John Roe"}], ["Jane Doe", "John Roe"]),
        ({"@id": "#site"}, []),
        ({"@id": "#nobody"}, []),
        ("Jane Doe", ["Jane Doe"]),
        ([["Jane"]], []),
    ],
)
def test_an_author_that_is_only_an_id_is_the_person_of_the_graph(author: object, names: list[str]) -> None:
    article = {"@type": "NewsArticle", "headline": "Ferry leaves", "author": author, "publisher": {"@id": "#site"}}
    graph = {"@graph": [article, PERSON, SITE, {"@id": 7, "name": "x"}, "odd"]}
    assert values(graph, "author") == names
    assert values(graph, "source") == ["Harbour Courier"]
    assert values(graph["@graph"], "author") == names
