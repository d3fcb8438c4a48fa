"""Do other programs read our references as they were meant? Each format goes through a reader that is not ours."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import bibtexparser
import pytest
import rispy
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pybtex.database import parse_string
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db
from test_cli import BIN, run

from searcher.citing import Reference, reference
from searcher.citing.formats import FORMATS
from searcher.citing.names import Author, author
from searcher.model import Article, Claim, Provenance, When

SHA = "ab" * 32


def article(**fields: Any) -> Article:
    plain = Article(
        "oog4nlt7ppydw", "Kerry lands in Sochi", "The talks will be about Ukraine.", Provenance("corpus/a.html", sha256=SHA),
        date=When("2015-05-12", "meta", 0.9), source="Harbour Courier", authors=("Jane Doe",), language="en",
        section="World", url="https://courier.example/2015/kerry", ingested="2024-02-01",
    )  # fmt: skip
    return replace(plain, **fields)


ODD = [
    article(),
    article(date=None, authors=(), url=None),
    article(date=When("2015-05", "meta", 0.9), agency="AFP"),
    article(date=When("2015", "meta", 0.9), authors=(), agency="Reuters", section=None),
    article(
        authors=("Ludwig van Beethoven", "José Ortega y Gasset", "Martin Luther King Jr.", "Xi Jinping", "张三")
    ),
    article(authors=("Amnesty International", "By JANE O’NEIL-DOE", "Doe and Sons & Co", "Staff writer")),
    article(title="50% of \"A & B\" {unclosed \\ back_slash #1 costs $5 ~ ^ <b>|` a--b ``c''"),
    article(title="}}} closed \\} {\\'e} @article{x, title = {y}}"),
    article(title="Two\nlines\r\nTY  - JOUR\nER  - \n\tand a tab\x07\x00"),
    article(title="ציפורים «في سوتشي» 克里抵达索契 — naïve Zürich 😀 …"),
    article(title="# 1. [link](x) *bold* _it_ <i>&amp; `code` ~~no~~ ![x](y) | $x^2$"),
    article(title="", source=None, url=None, authors=(), language=None, ingested="", section=None),
    article(url="https://x.example/a_b/(c)?q=1&copy;=2%20#{frag};x=\\y<z>", source="A & B_C"),
    article(claims=(Claim("retrieved", "2015-12-20T09:30:02Z", "WARC"), Claim("retrieved", "2016-01-01", "meta"))),
    article(claims=(Claim("retrieved", "some day", "meta"),), section="World & Life: 100%"),
]


def written(form: str, *articles: Article) -> str:
    return "".join(FORMATS[form](map(reference, articles)))


PRINTED = {
    "textbraceleft": "{",
    "textbraceright": "}",
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "textasciicircum": "^",
}
"""Signs of LaTeX that pylatexenc does not know."""


def _latex() -> LatexNodes2Text:
    known = get_default_latex_context_db()
    known.add_context_category("signs", [MacroTextSpec(name, sign) for name, sign in PRINTED.items()], prepend=True)
    return LatexNodes2Text(latex_context=known, strict_latex_spaces=True)


LATEX = _latex()


def spoken(latex: str) -> str:
    """What LaTeX prints, spaces aside."""
    return re.sub(r"\s+", " ", LATEX.latex_to_text(latex)).strip()


# BibTeX


@pytest.mark.parametrize("one", ODD)
def test_pybtex_reads_every_field_of_bibtex(one: Article) -> None:
    ref, entries = reference(one), parse_string(written("bibtex", one), "bibtex").entries
    entry = entries[ref.key]
    assert list(entries) == [ref.key]
    assert entry.original_type == {"web": "online", "press": "article", "other": "misc"}[ref.kind]
    assert spoken(entry.fields["title"]) == ref.title
    assert spoken(entry.fields.get("journal", "")) == (ref.source or "")
    assert entry.fields.get("date") == ref.date
    assert entry.fields["year"] == (ref.date[:4] if ref.date else "n.d.")
    assert entry.fields.get("month") == ("May" if ref.date and len(ref.date) > 4 else None)
    assert entry.fields.get("urldate") == ref.retrieved
    assert entry.fields.get("url", "") == re.sub(r"[{}\\]", lambda char: f"%{ord(char[0]):X}", ref.url or "")
    assert entry.fields.get("langid") == ("english" if one.language else None)
    assert spoken(entry.fields["annote"]) == ref.note
    assert [taken_apart(person) for person in entry.persons.get("author", [])] == list(ref.authors)


def taken_apart(person: Any) -> Author:
    parts = (
        person.last_names,
        person.first_names + person.middle_names,
        person.prelast_names,
        person.lineage_names,
    )
    return Author(*(spoken(" ".join(part)) for part in parts))


def test_bibtexparser_reads_all_entries_and_none_is_broken() -> None:
    library = bibtexparser.parse_string(
        written("bibtex", *(replace(one, id=f"id{n}") for n, one in enumerate(ODD)))
    )
    assert (len(library.entries), library.failed_blocks) == (len(ODD), [])
    assert [spoken(entry["title"]) for entry in library.entries] == [reference(one).title for one in ODD]


def test_keys_are_made_of_the_article_alone_and_no_two_are_alike() -> None:
    keys = [reference(replace(one, id=f"id{n}")).key for n, one in enumerate(ODD * 2)]
    assert len(set(keys)) == len(keys)
    assert reference(article()).key == "doe2015kerry-oog4nlt7ppydw"
    assert reference(article(authors=("Élise Żuławska",), title="«Ça»: 克里")).key == "zuawska2015-oog4nlt7ppydw"
    assert all(re.fullmatch(r"[a-z0-9-]+", key) for key in keys)


# RIS


@pytest.mark.parametrize("one", ODD)
def test_rispy_reads_every_field_of_ris(one: Article) -> None:
    ref, (entry,) = reference(one), rispy.loads(written("ris", one))
    slashed = {4: "{}///", 7: "{}//", 10: "{}/"}
    dates = {
        name: slashed[len(day)].format(day.replace("-", "/"))
        for name, day in [("date", ref.date), ("access_date", ref.retrieved)]
        if day
    }
    expected = dates | {
        "type_of_reference": {"web": "ELEC", "press": "NEWS", "other": "GEN"}[ref.kind],
        "id": ref.id, "title": ref.title, "year": ref.date[:4] if ref.date else "n.d.",
        "secondary_title": ref.source, "section": ref.section, "language": ref.language,
        "authors": [", ".join(filter(None, (n.surname, n.given, n.suffix))) for n in ref.authors] or None,
        "urls": [ref.url.replace(";", "%3B")] if ref.url else None, "notes": [ref.note],
    }  # fmt: skip
    assert entry == {name: value for name, value in expected.items() if value}


def test_ris_lines_end_as_its_specification_says_and_a_whole_name_has_no_comma() -> None:
    text = written("ris", *ODD)
    assert text.count("\r\n") == text.count("\n") == text.count("\r")
    assert len(rispy.loads(text)) == len(ODD)
    assert "AU  - Doe Sons & Co\r\n" in written("ris", article(authors=("Doe, Sons, & Co",)))


# CSL-JSON

CSL_FIELDS = {
    "id": str, "type": str, "title": str, "author": list, "container-title": str, "section": str, "issued": dict,
    "URL": str, "accessed": dict, "language": str, "note": str,
}  # fmt: skip
"""Those of the schema of CSL 1.0.2 that are used, with their types; the schema admits no others than it names."""


@pytest.mark.parametrize("one", ODD)
def test_csl_json_has_the_fields_of_its_schema(one: Article) -> None:
    ref, (item,) = reference(one), json.loads(written("csl", one))
    assert all(isinstance(value, CSL_FIELDS[name]) for name, value in item.items())
    assert (item["id"], item["title"], item["note"]) == (ref.id, ref.title, ref.note)
    assert item["type"] == {"web": "webpage", "press": "article-newspaper", "other": "document"}[ref.kind]
    assert (item.get("container-title"), item.get("URL"), item.get("language")) == (
        ref.source,
        ref.url,
        ref.language,
    )
    assert item.get("section") == ref.section
    for name, day in [("issued", ref.date), ("accessed", ref.retrieved)]:
        assert item.get(name) == ({"date-parts": [list(map(int, day.split("-")))]} if day else None)
    names = [{"literal": n.family} if not n.given else {"family": n.family, "given": n.given} for n in ref.authors]
    assert [
        {k: v for k, v in name.items() if k in ("family", "given", "literal")} for name in item.get("author", [])
    ] == names


def test_citeproc_makes_a_bibliography_of_csl_json() -> None:
    known = [
        article(authors=("Ludwig van Beethoven", "Amnesty International")),
        article(id="undated", date=None, authors=(), agency="AFP", url=None),
        article(id="month", date=When("2015-05", "meta", 0.9)),
    ]
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    source = CiteProcJSON(json.loads(written("csl", *known)))
    bibliography = CitationStylesBibliography(style, source, formatter.plain)
    bibliography.register(Citation([CitationItem(one.id) for one in known]))
    lines = {key: str(item) for key, item in zip(bibliography.keys, bibliography.bibliography(), strict=True)}
    where = "Available at: https://courier.example/2015/kerry (Accessed: February 1, 2024)."
    assert lines == {
        "oog4nlt7ppydw": f"van Beethoven, L. and Amnesty International (2015) Kerry lands in Sochi, Harbour Courier. {where}",
        "undated": "AFP (no date) “Kerry lands in Sochi”, Harbour Courier.",
        "month": f"Doe, J. (2015) Kerry lands in Sochi, Harbour Courier. {where}",
    }


def test_no_references_are_an_empty_list_and_empty_files() -> None:
    assert json.loads(written("csl")) == []
    assert [written(form) for form in ("bibtex", "ris", "markdown")] == ["", "", ""]


# Markdown


def read(markdown: str) -> tuple[str, list[str]]:
    """The plain text of a document that is one list, and where its links lead."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)
    kinds = {token.type for token in tokens}
    assert kinds == {"bullet_list_open", "list_item_open", "paragraph_open", "inline", "paragraph_close", "list_item_close",
                     "bullet_list_close"}  # fmt: skip
    inner = [child for token in tokens for child in token.children or []]
    assert {child.type for child in inner} <= {
        "text",
        "text_special",
        "link_open",
        "link_close",
        "em_open",
        "em_close",
    }
    links = [str(child.attrs["href"]) for child in inner if child.type == "link_open"]
    return "".join(child.content for child in inner), links


@pytest.mark.parametrize("one", ODD)
def test_markdown_is_one_item_whose_text_is_what_is_known(one: Article) -> None:
    ref, (text, links) = reference(one), read(written("markdown", one))
    days = {None: "n.d.", "2015": "2015", "2015-05": "May 2015", "2015-05-12": "12 May 2015"}
    names = ", ".join(name.natural for name in ref.authors)
    about = ", ".join(filter(None, (names, ref.source, days[ref.date]))).rstrip(".")
    assert text.startswith(f"{ref.title}. {about}." if ref.url else f"“{ref.title}”. {about}.")
    assert text.endswith(f" ({ref.note})")
    assert [link.replace("%5C", "\\").replace("%3C", "<").replace("%3E", ">").replace("%7B", "{").replace("%7D", "}")
            for link in links] == ([ref.url] if ref.url else [])  # fmt: skip


# Any title, any name

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
LETTERS = st.sampled_from("ABCÉŁЖ").flatmap(
    lambda big: st.text("abcdéłж", min_size=1, max_size=9).map(lambda small: big + small)
)


@given(TEXTS, TEXTS)
def test_any_title_and_source_come_back_from_every_format(title: str, source: str) -> None:
    one = article(title=title, source=source)
    ref = reference(one)
    entry = parse_string(written("bibtex", one), "bibtex").entries[ref.key]
    assert spoken(entry.fields["title"]) == re.sub(r"\s+", " ", ref.title).strip()
    (record,) = rispy.loads(written("ris", one))
    assert (record["title"], record.get("secondary_title")) == (ref.title, ref.source)
    (item,) = json.loads(written("csl", one))
    assert (item["title"], item.get("container-title")) == (ref.title, ref.source)
    assert read(written("markdown", one))[0].startswith(f"{ref.title}. ")


@given(st.lists(LETTERS, min_size=2, max_size=3), st.sampled_from(["", "van", "de la", "von der"]))
def test_a_name_comes_apart_and_together_again(names: list[str], particle: str) -> None:
    *first, last = names
    whole = " ".join(filter(None, (*first, particle, last)))
    found = author(whole)
    assert found is not None
    assert found.natural == whole
    if found.given and found.particle:
        assert found == Author(last, " ".join(first), particle)
        assert author(f"{particle} {last}, {' '.join(first)}") == found


@given(TEXTS)
def test_any_byline_gives_a_name_that_bibtex_and_ris_keep(byline: str) -> None:
    one = article(authors=(byline,))
    ref = reference(one)
    entry = parse_string(written("bibtex", one), "bibtex").entries[ref.key]
    assert [taken_apart(person).family for person in entry.persons.get("author", [])] == [
        re.sub(r"\s+", " ", name.family) for name in ref.authors
    ]
    assert len(rispy.loads(written("ris", one))[0].get("authors", [])) == len(ref.authors)


@pytest.mark.parametrize(
    ("written_so", "meant"),
    [
        ("Jane Doe", Author("Doe", "Jane")),
        ("By JANE DOE", Author("Doe", "Jane")),
        ("Doe, Jane", Author("Doe", "Jane")),
        ("Martin Luther King, Jr.", Author("King", "Martin Luther", "", "Jr.")),
        ("Charles de Gaulle", Author("Gaulle", "Charles", "de")),
        ("Jane Van Doe", Author("Van Doe", "Jane")),
        ("Иван Иванов", Author("Иванов", "Иван")),
        ("Kim Jong-un", Author("Kim", "Jong-un")),
        ("Kim Basinger", Author("Basinger", "Kim")),
        *((whole, Author(whole)) for whole in ("Reuters", "REUTERS", "Associated Press", "Doe, Inc.", "Human Rights Watch",
                                               "World Bank", "Staff writer", "张三", "فلان الفلاني", "d'Artagnan")),
    ],
)  # fmt: skip
def test_persons_are_taken_apart_and_nothing_else_is(written_so: str, meant: Author) -> None:
    assert author(written_so) == meant


def test_a_reference_says_when_it_was_retrieved() -> None:
    assert reference(article()).retrieved == "2024-02-01"
    assert reference(ODD[-2]).retrieved == "2015-12-20"
    assert reference(ODD[-1]).retrieved == "2024-02-01"
    assert reference(ODD[11]).retrieved is None


def test_where_nobody_is_named_the_agency_is_the_author() -> None:
    assert reference(article(authors=(), agency="AFP")).authors == (Author("AFP"),)
    named = reference(article(agency="AFP"))
    assert (named.authors, named.note.partition(";")[0]) == ((Author("Doe", "Jane"),), "agency: AFP")
    assert isinstance(named, Reference)


# The command


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("citing")
    (root / "corpus/courier").mkdir(parents=True)
    for number in range(3):
        text = f"Harbour report {number}\n\nBy Jane Doe\n\n12 May 201{number}\n\nBoats came and went, and {number} stayed.\n"
        (root / f"corpus/courier/{number}.txt").write_text(text, "utf-8")
    assert run("searcher", "index", root=root).returncode == 0
    return root


def test_cite_takes_ids_their_beginnings_numbers_and_standard_input(root: Path) -> None:
    ids = run("search", "--ids", "--sort", "oldest", "harbour", root=root).stdout.split()
    by_id = run("searcher", "cite", *ids, "--as", "bibtex", root=root)
    assert by_id.stderr == ""
    assert [entry.fields["year"] for entry in parse_string(by_id.stdout, "bibtex").entries.values()] == [
        "2010",
        "2011",
        "2012",
    ]
    run("search", "--sort", "oldest", "harbour", root=root)
    assert run("searcher", "cite", "1", ids[1][:6], "3", "1", "--as", "bibtex", root=root).stdout == by_id.stdout
    piped = subprocess.run(
        f"'{BIN / 'search'}' --ids --sort oldest harbour | '{BIN / 'searcher'}' cite - --as bibtex",
        shell=True, cwd=root, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (piped.returncode, piped.stdout, piped.stderr) == (0, by_id.stdout, "")


def test_cite_writes_each_format_and_people_get_markdown(root: Path) -> None:
    (identity,) = run("search", "--ids", "title:2", root=root).stdout.split()
    assert read(run("searcher", "cite", identity, root=root).stdout)[0].startswith(
        "“Harbour report 2”. Jane Doe, courier, 12 May 2012."
    )
    assert json.loads(run("searcher", "cite", identity, "--as", "csl", root=root).stdout)[0]["id"] == identity
    raw = subprocess.run(
        [BIN / "searcher", "cite", identity, "--as", "ris"], cwd=root, capture_output=True, timeout=60
    )
    assert raw.stdout.startswith(b"TY  - NEWS\r\nID  - ")


def test_one_wrong_id_and_nothing_is_printed(root: Path) -> None:
    (identity,) = run("search", "--ids", "title:2", root=root).stdout.split()
    wrong = run("searcher", "cite", identity, "zzzzzz", root=root)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "no such article: zzzzzz" in wrong.stderr
    assert run("searcher", "cite", identity, "--as", "endnote", root=root).returncode == 2
    none = subprocess.run(
        [BIN / "searcher", "cite", "-"], input="\n", cwd=root, capture_output=True, text=True, timeout=60
    )
    assert (none.returncode, none.stdout, none.stderr) == (1, "", "no ids were given\n")
