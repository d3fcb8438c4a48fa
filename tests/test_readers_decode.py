"""Does the text come out that was meant, whatever encoding was declared?"""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from readers_kit import STORY, page, texts

from searcher.readers.charsets import codec
from searcher.readers.decode import clean, decode

TEXTS = {
    "ru": "Паром снова ходит каждый день, сообщили вчера в порту. Билеты можно купить на пристани.",
    "uk": "Пором знову ходить щодня, повідомили вчора в порту. Квитки можна купити на пристані, їх багато.",
    "fr": "Le bac circule à nouveau, a-t-on appris hier. Les billets sont déjà vendus près de la jetée, même l'été.",
    "de": "Die Fähre fährt wieder täglich, hieß es gestern. Karten gibt es für fünf Euro am Anleger, größere Gruppen zahlen weniger.",
    "es": "El transbordador volverá mañana, según informó el señor alcalde. ¿Cuánto costará? Nadie lo sabía aún.",
    "pl": "Prom znów kursuje codziennie, podano wczoraj. Bilety można kupić na przystani, więcej szczegółów później.",
    "cs": "Přívoz opět jezdí každý den, oznámil včera přístav. Jízdenky lze koupit na molu, děti platí méně.",
    "hu": "A komp ismét naponta közlekedik, közölték tegnap. A jegyek a mólón kaphatók, ősszel olcsóbb lesz, főként hétvégén.",
    "tr": "Vapur yeniden her gün çalışıyor, dün açıklandı. Biletler iskelede satılıyor, çocuklar için ücretsiz olacağı söylendi.",
    "el": "Το πλοίο κάνει ξανά δρομολόγια κάθε μέρα, ανακοινώθηκε χθες. Τα εισιτήρια πωλούνται στην προβλήτα.",
    "he": "המעבורת שוב יוצאת בכל יום, כך נמסר אתמול. אפשר לקנות כרטיסים על הרציף.",
    "ar": "عادت العبارة إلى العمل كل يوم، كما أعلن أمس. يمكن شراء التذاكر على الرصيف.",
    "th": "เรือข้ามฟากกลับมาให้บริการทุกวันแล้ว",
    "zh": "渡轮从昨天起恢复每天开行，港口方面表示，船票可以在码头购买，孩子们不要钱。",
    "zh-tw": "渡輪從昨天起恢復每天開行，港口方面表示，船票可以在碼頭購買，孩子們不要錢。",
    "ja": "フェリーは昨日から毎日の運航を再開しました。切符は桟橋で買うことができます。",
    "ko": "여객선이 어제부터 다시 매일 다닌다고 항구에서 밝혔다. 표는 부두에서 살 수 있다.",
}
ENCODINGS = [
    ("ru", "cp1251"), ("ru", "koi8_r"), ("ru", "iso8859_5"), ("ru", "cp866"), ("uk", "cp1251"), ("uk", "koi8_u"),
    ("fr", "cp1252"), ("de", "cp1252"), ("es", "cp1252"), ("pl", "cp1250"), ("pl", "iso8859_2"), ("cs", "cp1250"),
    ("cs", "iso8859_2"), ("hu", "cp1250"), ("hu", "iso8859_2"), ("tr", "cp1254"), ("el", "cp1253"),
    ("el", "iso8859_7"), ("he", "cp1255"), ("ar", "cp1256"), ("ar", "iso8859_6"), ("th", "cp874"),
    ("zh", "gb18030"), ("zh-tw", "big5"), ("ja", "cp932"), ("ja", "euc_jp"), ("ja", "iso2022_jp"), ("ko", "cp949"),
]  # fmt: skip


@pytest.mark.parametrize("declared", [None, "utf-8", "iso-8859-1", "windows-1252", "us-ascii", "nonsense", "true"])
@pytest.mark.parametrize(("language", "encoding"), ENCODINGS)
def test_the_text_comes_out_whatever_is_declared(language: str, encoding: str, declared: str | None) -> None:
    text = TEXTS[language]
    data = text.encode(encoding)
    assert decode(data, encoding if declared == "true" else declared) == text


@pytest.mark.parametrize("declared", ["windows-1251", "gb2312", "shift_jis", "koi8-r", "big5", "iso-8859-2"])
@pytest.mark.parametrize("text", TEXTS.values())
def test_valid_utf_8_is_utf_8_whatever_is_declared(text: str, declared: str) -> None:
    assert decode(text.encode("utf-8"), declared) == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_unicode_with_a_mark_or_with_nuls_is_told(encoding: str) -> None:
    assert decode("Die Fähre fährt.".encode(encoding), "iso-8859-1") == "Die Fähre fährt."


def test_stray_bytes_in_utf_8_are_repaired_and_the_rest_is_kept() -> None:
    data = "Größe und Länge: ".encode() + b"it\x92s \x93fine\x94, caf\xe9"
    assert decode(data) == "Größe und Länge: it’s “fine”, café"


def test_a_character_cut_off_at_the_end_is_dropped() -> None:
    assert decode("Schöne Fähre".encode()[:-5] + "ä".encode()[:1]) == "Schöne F"


def test_a_page_may_declare_its_encoding_in_itself() -> None:
    text = TEXTS["cs"]
    html = f"<html><head><meta charset=iso-8859-2></head><body><p>{text}</p></body></html>".encode("iso8859_2")
    assert texts(page(html, "a.html")) == [text]
    short = "<?xml version='1.0' encoding='windows-1251'?><html><body><p>Да</p></body></html>".encode("cp1251")
    assert texts(page(short, "a.html")) == ["Да"]


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("latin1", "cp1252"),
        (" ISO-8859-1 ", "cp1252"),
        ("GBK", "gb18030"),
        ("x-sjis", "cp932"),
        ("ks_c_5601-1987", "cp949"),
        ("Windows-1250", "cp1250"),
        ("cp1251", "cp1251"),
        ("iso-8859-15", "iso8859_15"),
        ("iso-8859-99", None),
        ("zlib", None),
        ("unicode_escape", None),
        ("", None),
        (None, None),
    ],
)
def test_labels_mean_what_browsers_take_them_for(label: str | None, name: str | None) -> None:
    assert codec(label) == name


def test_invisible_characters_go_and_spaces_are_one_kind() -> None:
    assert clean("a\u00adb\u200bc\ufeffd\x00\x07 e\u00a0f\u202fg") == "abcd e f g"
    assert clean("a\r\nb\rc\u2028d\x85e") == "a\nb\nc\nd\ne"
    assert clean("\ud83dx") == "x"
    assert clean("می‌خواهم") == "می‌خواهم"  # the zero-width non-joiner is spelling


def test_entities_of_invisible_characters_go_too() -> None:
    assert texts(page(STORY % "Wind&shy;stille a&nbsp;b &#8203;c", "a.html"))[-1] == "Windstille a b c"


@given(st.text(max_size=200))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text)
    assert clean(once) == once == unicodedata.normalize("NFC", once)


@given(
    st.binary(max_size=300), st.sampled_from([None, "utf-8", "gb2312", "shift_jis", "utf-16", "hz", "iso-2022-kr"])
)
def test_any_bytes_become_a_text_that_can_be_stored(data: bytes, charset: str | None) -> None:
    clean(decode(data, charset)).encode("utf-8")
