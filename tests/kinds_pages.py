"""Pages that are no single article, all invented: errors, indexes and galleries, as different programs make them.

And articles that look a little like them.
"""

from __future__ import annotations

from collections.abc import Sequence

NAV = "<nav><ul><li><a href=/>Home</a><li><a href=/news>News</a><li><a href=/sport>Sport</a></ul></nav>"
FOOT = "<footer><p>© 2019 Heron Post. All rights reserved.</p><a href=/imprint>Imprint</a></footer>"


def made(title: str, body: str, head: str = "", classes: str = "", language: str = "en") -> str:
    """A page of a site that has a navigation and a footer."""
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f'<body class="{classes}">{NAV}{body}{FOOT}</body></html>'
    )


def bare(title: str, body: str, language: str = "en") -> str:
    """A page as a server writes it by itself."""
    return f'<html lang="{language}"><head><title>{title}</title></head><body>{body}</body></html>'


def cards(titles: Sequence[str], teasers: Sequence[str], tag: str = "h2") -> str:
    """Headlines with teasers, each a link to its article."""
    rows = zip(titles, teasers, strict=True)
    return "".join(
        f'<div class="card"><{tag}><a href="/a/{number}">{title}</a></{tag}><p>{teaser}</p></div>'
        for number, (title, teaser) in enumerate(rows)
    )


def listed(titles: Sequence[str]) -> str:
    """Headlines as a list of links."""
    return "<ul>" + "".join(f'<li><a href="/n/{n}">{title}</a>' for n, title in enumerate(titles)) + "</ul>"


def pictures(
    captions: Sequence[str], frame: str = '<figure><img src="/p/{n}.jpg"><figcaption>{text}</figcaption></figure>'
) -> str:
    """Pictures with captions."""
    return "".join(frame.format(n=number, text=text) for number, text in enumerate(captions))


ENGLISH = (
    "Harbour masters agree on a new ferry timetable",
    "Heron colony doubles after two mild winters",
    "Council votes down the plan for a second bridge",
    "Baker who rose at three hands over his oven",
    "Lighthouse lamp sold to a museum inland",
    "Students rebuild a boat from a hundred drawings",
    "Storm tears the roof off the old sail loft",
    "Fishermen count fewer eels for the ninth year",
)
TEASERS = (
    "The boats will leave every forty minutes from May on, and the last one waits for the train.",
    "Volunteers counted eighty nests in the reeds, more than in any year since the lists began.",
    "After five hours of talk only four members were in favour, and two of them were tired.",
    "He sold the first loaf in 1971 and says he will miss the quiet of the street most of all.",
    "It took six men to carry the glass down the stairs, and nobody dropped a single piece.",
    "The drawings lay in a drawer for a century before a teacher thought of using them.",
    "Nobody was hurt, but the owner found his shutters in a field two kilometres away.",
    "Their association asks for a closed season, and for traps that let the small ones go.",
)
GERMAN = (
    "Hafenmeister einigen sich auf neuen Fahrplan",
    "Reiherkolonie verdoppelt sich nach milden Wintern",
    "Gemeinderat lehnt zweite Brücke über den Fluss ab",
    "Bäcker übergibt nach fünfzig Jahren seinen Ofen",
    "Leuchtturmlampe geht an ein Museum im Binnenland",
    "Schüler bauen ein Boot nach alten Zeichnungen",
    "Sturm deckt das Dach der Segelmacherei ab",
    "Fischer zählen im neunten Jahr weniger Aale",
)
GERMAN_TEASERS = (
    "Die Boote fahren ab Mai alle vierzig Minuten, und das letzte wartet auf den Zug.",
    "Freiwillige zählten achtzig Nester im Schilf, so viele wie noch nie seit Beginn der Listen.",
    "Nach fünf Stunden waren nur vier Mitglieder dafür, und zwei von ihnen waren müde.",
    "Das erste Brot verkaufte er 1971, und am meisten wird ihm die Stille der Straße fehlen.",
    "Sechs Männer trugen das Glas die Treppe hinunter, und kein einziges Stück zerbrach.",
    "Die Zeichnungen lagen hundert Jahre in einer Lade, bis eine Lehrerin an sie dachte.",
    "Verletzt wurde niemand, aber die Fensterläden fanden sich zwei Kilometer weiter im Feld.",
    "Ihr Verband verlangt eine Schonzeit und Reusen, aus denen die kleinen Fische entkommen.",
)
RUSSIAN = (
    "Капитаны порта согласовали новое расписание парома",
    "Колония цапель удвоилась после двух мягких зим",
    "Совет отклонил проект второго моста через реку",
    "Пекарь передаёт свою печь после пятидесяти лет",
    "Лампу маяка продали музею далеко от моря",
    "Школьники построили лодку по старым чертежам",
)
RUSSIAN_TEASERS = (
    "С мая паромы будут ходить каждые сорок минут, а последний станет ждать вечерний поезд.",
    "Добровольцы насчитали в камышах восемьдесят гнёзд, больше, чем за все прежние годы.",
    "После пяти часов разговоров за проект были только четверо, и двое из них устали.",
    "Первый хлеб он продал в 1971 году и говорит, что скучать будет по утренней тишине.",
    "Шестеро мужчин несли стекло по лестнице вниз, и ни один кусок при этом не разбился.",
    "Чертежи сто лет лежали в ящике стола, пока о них не вспомнила учительница рисования.",
)
CHINESE = (
    "港口负责人就新的渡轮时刻表达成一致",
    "两个暖冬之后白鹭的数量增加了一倍",
    "市议会否决了建造第二座大桥的计划",
    "凌晨三点起床的面包师交出了他的烤炉",
    "灯塔的旧灯被卖给了内陆的一家博物馆",
    "学生们按照一百张图纸重新造了一条船",
)
CHINESE_TEASERS = (
    "从五月开始，渡轮每四十分钟开出一班，最后一班会等候晚上的火车。",
    "志愿者在芦苇丛中数出了八十个鸟巢，比有记录以来的任何一年都多。",
    "经过五个小时的讨论，只有四名议员表示赞成，其中两名已经很疲倦了。",
    "他在一九七一年卖出了第一个面包，他说最舍不得的是清晨街上的安静。",
    "六个人把玻璃从楼梯上抬下来，没有一个人失手，也没有打碎一块玻璃。",
    "这些图纸在抽屉里放了一百年，直到一位老师想到可以用它们来造船。",
)

ERRORS: dict[str, str] = {
    "nginx": bare("404 Not Found", "<center><h1>404 Not Found</h1></center><hr><center>nginx/1.14.2</center>"),
    "apache": bare(
        "403 Forbidden",
        "<h1>Forbidden</h1><p>You don't have permission to access /private/ on this server.<br></p><hr>"
        "<address>Apache/2.4.38 (Debian) Server at heronpost.example Port 443</address>",
    ),
    "wordpress": made(
        "Page not found – Heron Post",
        '<main><h1 class="page-title">Oops! That page can’t be found.</h1><p>It looks like nothing was found at this '
        'location. Maybe try one of the links below or a search?</p><form role=search><input type=search></form>'
        f"<h2>Recent Posts</h2>{listed(ENGLISH[:5])}</main>",
        classes="error404 wp-custom-logo",
    ),
    "news site with what is read most": made(
        "Page not found | Heron Post",
        "<main><h1>Sorry, we can't find that page</h1><p>The page you are looking for may have been moved or deleted. "
        "Please check the URL, or go back to our home page.</p></main>"
        f"<aside><h2>Most read</h2>{listed(ENGLISH)}</aside>",
        head='<meta property="og:site_name" content="Heron Post">',
    ),
    "check for robots": bare(
        "Just a moment...",
        "<h1>heronpost.example</h1><p>Checking if the site connection is secure</p><noscript>Enable JavaScript and cookies "
        "to continue</noscript><p>heronpost.example needs to review the security of your connection before proceeding.</p>"
        "<div>Ray ID: 7a1b2c3d4e5f</div><div>Performance &amp; security by Cloudflare</div>",
    ),
    "blocked": bare(
        "Attention Required! | Cloudflare",
        "<h1>Sorry, you have been blocked</h1><h2>You are unable to access heronpost.example</h2><h2>Why have I been "
        "blocked?</h2><p>This website is using a security service to protect itself from online attacks. The action you "
        "just performed triggered the security solution.</p><h2>What can I do to resolve this?</h2><p>You can email the "
        "site owner to let them know you were blocked. Please include what you were doing and the Ray ID.</p>",
    ),
    "robot": made(
        "Are you a robot?",
        "<div class=box><h1>Are you a robot?</h1><p>We've detected unusual activity from your computer network. To "
        "continue, please click the box below to let us know you're not a robot.</p><p>Please make sure your browser "
        "supports JavaScript and cookies.</p></div>",
    ),
    "scripts": bare(
        "Heron Post",
        "<div id=root></div><noscript><p>You need to enable JavaScript to run this app. Please turn on JavaScript in "
        "your browser and reload.</p></noscript>",
    ),
    "consent": bare(
        "Before you continue to Heron Post",
        "<h1>Before you continue</h1><p>We and our partners store and/or access information on a device, such as cookies, "
        "and process personal data for personalised ads and content.</p><p>You can accept all, reject all or manage your "
        "choices at any time in our privacy policy.</p><button>Accept all</button><button>Reject all</button>",
    ),
    "gateway": bare("502 Bad Gateway", "<h1>502 Bad Gateway</h1><p>The server encountered an invalid response from the upstream server.</p>"),
    "german": made(
        "Seite nicht gefunden - Reiherbote",
        "<main><h1>Fehler 404</h1><p>Die von Ihnen gesuchte Seite existiert nicht oder wurde verschoben. Bitte überprüfen "
        "Sie die Adresse oder nutzen Sie die Suche.</p><a href=/>Zur Startseite</a></main>",
        language="de",
    ),
    "french": made(
        "Page introuvable | Le Héron",
        "<main><h1>Oups… page introuvable</h1><p>La page que vous recherchez n'existe plus ou a été déplacée. Vérifiez "
        "l'adresse saisie ou retournez à la page d'accueil.</p></main>",
        language="fr",
    ),
    "spanish": made(
        "404: Página no encontrada", "<main><h2>Página no encontrada</h2><p>La página que buscas no existe.</p></main>", language="es"
    ),
    "russian": made(
        "Страница не найдена — Цапля",
        "<main><h1>404</h1><p>Запрашиваемая страница не существует или была удалена.</p><a href=/>На главную</a></main>",
        language="ru",
    ),
    "polish": made(
        "Nie znaleziono strony", "<main><h1>Błąd 404</h1><p>Strona, której szukasz, nie istnieje lub została przeniesiona.</p></main>", language="pl"
    ),
    "chinese": made("页面不存在 - 白鹭日报", "<main><h1>404</h1><p>抱歉，您访问的页面不存在或已被删除。</p><a href=/>返回首页</a></main>", language="zh"),
    "japanese": made(
        "ページが見つかりません｜鷺新聞",
        "<main><h1>ページが見つかりません</h1><p>お探しのページは削除されたか、移動した可能性があります。</p></main>",
        language="ja",
    ),
    "arabic": made("الصفحة غير موجودة", "<main><h1>404</h1><p>عذرا، الصفحة التي تبحث عنها غير موجودة.</p></main>", language="ar"),
}  # fmt: skip

INDEXES: dict[str, str] = {
    "front page": made(
        "Heron Post: news from the coast",
        f"<main>{cards(ENGLISH, TEASERS)}</main>",
        head='<link rel=canonical href="https://heronpost.example/"><meta property="og:type" content="website">',
    ),
    "front page that claims nothing": made("Heron Post", f"<div id=content>{cards(ENGLISH, TEASERS, 'h3')}</div>"),
    "tag": made(
        "Harbour Archives - Heron Post",
        f"<main><h1>Tag: harbour</h1>{cards(ENGLISH[:6], TEASERS[:6])}<a href=/tag/harbour/page/2>Older posts</a></main>",
        head='<link rel=canonical href="https://heronpost.example/tag/harbour/">',
        classes="archive tag tag-harbour",
    ),
    "section with data": made(
        "Coast | Heron Post",
        f"<main><h1>Coast</h1>{cards(ENGLISH, TEASERS)}</main>",
        head='<script type="application/ld+json">{"@context":"https://schema.org","@type":"CollectionPage","name":"Coast"}</script>',
    ),
    "search results": made(
        "Search results for heron",
        f"<main><h1>8 results for “heron”</h1>{cards(ENGLISH, TEASERS, 'h4')}</main>",
        head='<meta property="og:url" content="https://heronpost.example/?s=heron">',
        classes="search search-results",
    ),
    "list of links": made("Links", f"<main><h1>Links</h1>{listed([f'{title} ({year})' for title in ENGLISH for year in (2017, 2018, 2019)])}</main>"),
    "section without teasers": made(
        "Local news",
        f"<main><h1>Local news</h1>{listed(ENGLISH)}</main>",
        head='<link rel=canonical href="https://heronpost.example/category/local/">',
        classes="archive category category-local",
    ),
    "german section": made(
        "Rubrik Küste | Reiherbote", f"<main><h1>Küste</h1>{cards(GERMAN, GERMAN_TEASERS)}</main>", language="de"
    ),
    "german topic": made(
        "Thema: Hafen",
        f"<div>{cards(GERMAN[:5], GERMAN_TEASERS[:5], 'h3')}</div>",
        head='<meta property="og:url" content="https://reiherbote.example/thema/hafen">',
        language="de",
    ),
    "russian section": made("Новости побережья", f"<main>{cards(RUSSIAN, RUSSIAN_TEASERS)}</main>", language="ru"),
    "chinese section": made("海岸新闻", f"<main>{cards(CHINESE, CHINESE_TEASERS)}</main>", language="zh"),
    "old tables": bare(
        "Heron Post archive",
        "<table>"
        + "".join(
            f'<tr><td><b><a href="{n}.htm">{title}</a></b><br>{teaser}</td></tr>'
            for n, (title, teaser) in enumerate(zip(ENGLISH, TEASERS, strict=True))
        )
        + "</table>",
    ),
    "cards that are one link": made(
        "Today on the coast",
        "<main>"
        + "".join(
            f'<a class="teaser" href="/a/{n}"><img src="/t/{n}.jpg"><h3>{title}</h3><p>{teaser}</p></a>'
            for n, (title, teaser) in enumerate(zip(ENGLISH, TEASERS, strict=True))
        )
        + "</main>",
    ),
    "author": made(
        "Jane Doe, author at Heron Post",
        f"<main><h1>Jane Doe</h1><p>Jane Doe writes about boats.</p>{cards(ENGLISH[:5], TEASERS[:5])}</main>",
        head='<link rel=canonical href="https://heronpost.example/author/jane-doe/">',
    ),
}  # fmt: skip

CAPTIONS = (
    "The ferry leaves the old pier at dawn.",
    "Nets dry on the wall behind the chandlery.",
    "Herons wait for the first boat to return.",
    "A boy sells crabs from a blue bucket.",
    "The lamp of the lighthouse, seen from below.",
    "Sailmakers at work under the new roof.",
    "Fog over the second basin in October.",
    "The last train waits for the last boat.",
    "Ice on the ropes after the January storm.",
)
GERMAN_CAPTIONS = (
    "Die Fähre verlässt bei Sonnenaufgang die alte Mole.",
    "Netze trocknen an der Wand hinter dem Laden.",
    "Reiher warten auf das erste Boot am Morgen.",
    "Ein Junge verkauft Krebse aus einem blauen Eimer.",
    "Die Lampe des Leuchtturms, von unten gesehen.",
    "Segelmacher bei der Arbeit unter dem neuen Dach.",
    "Nebel über dem zweiten Hafenbecken im Oktober.",
    "Der letzte Zug wartet auf das letzte Boot.",
)
GALLERIES: dict[str, str] = {
    "figures": made("The harbour in nine pictures", f"<main><h1>The harbour in nine pictures</h1>{pictures(CAPTIONS)}</main>"),
    "with an introduction": made(
        "A day in the harbour",
        f"<article><h1>A day in the harbour</h1><p>{TEASERS[0]} {TEASERS[1]}</p>{pictures(CAPTIONS)}</article>",
    ),
    "paragraphs below pictures": made(
        "Winter on the coast",
        "<article><h1>Winter on the coast</h1>"
        + pictures(CAPTIONS, '<img src="/p/{n}.jpg" alt=""><p>{text}</p>')
        + "</article>",
    ),
    "linked pictures": made(
        "Boats of the coast",
        "<h1>Boats of the coast</h1>"
        + pictures(CAPTIONS, '<a href="/full/{n}.jpg"><img src="/p/{n}.jpg"></a><div class="caption">{text}</div>'),
    ),
    "few, with data": made(
        "Ferries",
        f"<main><h1>Ferries</h1>{pictures(CAPTIONS[:5])}</main>",
        head='<script type="application/ld+json">{"@type":"ImageGallery","name":"Ferries"}</script>',
    ),
    "by its address": made(
        "Herons",
        f"<main><h1>Herons</h1>{pictures(CAPTIONS[:6])}</main>",
        head='<link rel=canonical href="https://heronpost.example/photos/herons">',
    ),
    "an article by its data": made(
        "The regatta in pictures",
        f"<article><h1>The regatta in pictures</h1>{pictures(CAPTIONS)}</article>",
        head='<meta property="og:type" content="article"><meta property="article:published_time" content="2019-05-04">',
    ),
    "german": made("Der Hafen in Bildern", f"<main><h1>Der Hafen in Bildern</h1>{pictures(GERMAN_CAPTIONS)}</main>", language="de"),
    "german series": made(
        "Fotostrecke: Winter",
        f"<main><h1>Winter</h1>{pictures(GERMAN_CAPTIONS[:5])}</main>",
        head='<meta property="og:url" content="https://reiherbote.example/fotostrecke/winter-17.html">',
        language="de",
    ),
    "russian": made("Порт в фотографиях", f"<main><h1>Порт в фотографиях</h1>{pictures([text.rstrip('.') + '.' for text in RUSSIAN] + ['Туман над портом в октябре.', 'Последний поезд ждёт последний паром.'])}</main>", language="ru"),
    "lazy pictures in a list": made(
        "Nine boats",
        "<h1>Nine boats</h1><ol>"
        + pictures(CAPTIONS, '<li><img data-src="/p/{n}.jpg" src="data:,"><span>{text}</span></li>')
        + "</ol>",
    ),
}  # fmt: skip

TEXT = "".join(f"<p>{one} {other}</p>" for one, other in zip(TEASERS, TEASERS[::-1], strict=True))
ARTICLES: dict[str, str] = {
    "about the 404": made(
        "Page not found: how the 404 error got its number",
        f"<article><h1>Page not found: how the 404 error got its number</h1><p>The page you are looking for does not "
        f"exist: hardly anybody has never read this sentence. It is older than most of its readers.</p>{TEXT}</article>",
    ),
    "headed Access denied": made("Access denied | Heron Post", f"<article><h1>Access denied</h1>{TEXT}</article>"),
    "short, headed Access denied": made(
        "Access denied",
        f"<article><h1>Access denied</h1><p>{TEASERS[0]}</p><p>{TEASERS[2]}</p></article>",
    ),
    "stub before a paywall": made(
        "Council votes down the plan for a second bridge",
        f"<article><h1>Council votes down the plan for a second bridge</h1><p>{TEASERS[2]}</p>"
        "<div class=paywall><p>Subscribe to go on reading. You already have an account? Log in.</p></div></article>",
    ),
    "short, with many related headlines": made(
        "Lighthouse lamp sold to a museum inland",
        f"<article><h1>Lighthouse lamp sold to a museum inland</h1><p>{TEASERS[4]} {TEASERS[3]} {TEASERS[5]}</p></article>"
        f"<section><h2>More from the coast</h2>{listed(ENGLISH)}</section>",
        head='<meta property="og:type" content="article">',
    ),
    "long, on a site that calls every page a website": made(
        "Heron colony doubles after two mild winters",
        f"<article><h1>Heron colony doubles after two mild winters</h1>{TEXT}</article>{listed(ENGLISH)}",
        head='<meta property="og:type" content="website"><link rel=canonical href="https://heronpost.example/">',
    ),
    "with many pictures": made(
        "Nine walks along the coast",
        "<article><h1>Nine walks along the coast</h1>"
        + "".join(f'<figure><img src="/p/{n}.jpg"><figcaption>{text}</figcaption></figure>{TEXT}' for n, text in enumerate(CAPTIONS))
        + "</article>",
    ),
    "about consent": made(
        "Why every page asks for your consent",
        f"<article><h1>Why every page asks for your consent</h1><p>We and our partners: so begins a text that everybody "
        f"accepts and nobody reads. A judge has now read one to its end.</p>{TEXT}</article>",
    ),
    "of one sentence": made("Ferry late", "<article><h1>Ferry late</h1><p>The morning ferry was ten minutes late today.</p></article>"),
    "of lists": made(
        "What the ferry carries",
        "<article><h1>What the ferry carries</h1><p>The harbour office has published its list for the coming year.</p><ul>"
        + "".join(f"<li>{thing} from the islands" for thing in ("Mail", "Flour", "Two doctors", "Sheep", "Timber", "Newspapers"))
        + f"</ul>{TEXT}</article>",
    ),
}  # fmt: skip
