"""A government site of 5,000 generated pages with 60 that matter, for measuring focus.

The pages that matter lie two to five links deep, under link texts of every quality: telling ones, telling addresses
under empty texts ("Read more"), and neither, so that only the page that links there speaks for them. The rest is what
such sites hold: news by month, departments, services, tenders, galleries.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

HOST = "https://www.gov.example"
PAGES = 5000
MATTER = 60

NEWS = (
    "Minister opens new bridge", "President receives ambassador", "Harvest festival begins", "New school inaugurated",
    "Road works on the northern highway", "Hospital receives equipment", "Budget debate continues",
    "Ministre inaugure une école", "Visite officielle du président", "Fête nationale célébrée",
    "وزير يفتتح مدرسة جديدة",
    "Weather warning for the coast", "Football team honoured", "Tourism numbers rise", "Tree planting week",
)  # fmt: skip
TOPICS = (
    "Cybercrime Act", "Data Protection Act", "National Cybersecurity Strategy", "Computer emergency response team",
    "Electronic Transactions Act", "Critical infrastructure protection regulations",
    "Child online protection guidelines",
    "Loi sur la cybercriminalité", "Stratégie nationale de cybersécurité", "قانون مكافحة الجرائم الإلكترونية",
    "Information security standard", "Cybersecurity awareness campaign", "National incident response plan",
    "Protection des données à caractère personnel", "Mutual assistance in cybercrime cases",
)  # fmt: skip
PLAIN_SECTIONS = (
    "health", "agriculture", "transport", "culture", "sport", "housing", "trade", "fisheries", "energy", "water",
)  # fmt: skip
TOP = (("/news/", "News"), ("/departments/", "Departments"), ("/services/", "Services"), ("/media/", "Media"))
HUB_TITLES = ("Legislation", "Publications", "Policies and strategies", "Our work", "Programmes", "Documents")
GOOD_SECTIONS = (
    ("ict", "Information and communication technology"), ("justice", "Justice and legislation"),
    ("digital", "Digital economy"), ("security", "National security"),
)  # fmt: skip
FILLER = "The ministry informs the public about its work and thanks all partners for their continued support. "
SUBSTANCE = (
    "This page concerns cybersecurity, cybercrime, the protection of personal data, incident response and information "
    "security, and the authority in charge of critical infrastructure. "
)


Add = Callable[..., str]


@dataclass(frozen=True)
class Site:
    pages: dict[str, str]
    matter: frozenset[str]


def _page(title: str, text: str, links: list[tuple[str, str]], menu: list[tuple[str, str]]) -> str:
    items = "".join(f'<li><a href="{url}">{name}</a></li>' for url, name in links)
    bar = "".join(f'<a href="{url}">{name}</a> ' for url, name in menu)
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title></head><body><nav>{bar}</nav><main><h1>{title}</h1>"
        f"<p>{text}</p><ul>{items}</ul></main><footer><a href='/privacy'>Terms</a></footer></body></html>"
    )


def generate(seed: int = 1) -> Site:
    """Return the site; the same seed gives the same site."""
    chance = random.Random(seed)
    content: dict[str, tuple[str, str]] = {}
    links: dict[str, list[tuple[str, str]]] = {}
    menu = [("/", "Home"), *TOP]

    def add(path: str, title: str, text: str, parent: str | None, name: str = "") -> str:
        content[path] = (title, text)
        links.setdefault(path, [])
        if parent is not None:
            links[parent].append((path, name or title))
        return path

    add("/", "Government of Example", FILLER, None)
    for path, title in TOP:
        add(path, title, FILLER, "/")
    folder = "/departments/"
    sections = [add(f"{folder}{name}/", f"Department of {name}", FILLER, folder) for name in PLAIN_SECTIONS]
    good = [add(f"{folder}{name}/", title, FILLER, folder) for name, title in GOOD_SECTIONS]
    hubs = _add_hubs(add, good, chance)
    matter = _add_matter(add, hubs, chance)
    _add_rest(add, sections + good, chance, content)
    everything = list(content)
    for path in everything:  # pages point at each other across the site
        links[path] += [(other, content[other][0]) for other in chance.sample(everything, 3) if other not in matter]
    pages = {HOST + path: _page(title, text, links[path], menu) for path, (title, text) in content.items()}
    return Site(pages, frozenset(HOST + path for path in matter))


def _add_hubs(add: Add, good: list[str], chance: random.Random) -> list[str]:
    hubs = []
    for number in range(12):
        parent = chance.choice(good)
        title = chance.choice(HUB_TITLES)
        hubs.append(add(f"{parent}{title.split()[0].lower()}-{number}/", title, FILLER + SUBSTANCE, parent))
    return hubs


def _add_matter(add: Add, hubs: list[str], chance: random.Random) -> list[str]:
    matter: list[str] = []
    for number in range(MATTER):
        topic = chance.choice(TOPICS)
        parent = chance.choice(hubs + matter[-6:]) if number > 6 else chance.choice(hubs)
        slug = "-".join(topic.lower().split()) if topic.isascii() else f"doc-{number}"
        telling = chance.random()
        if telling < 0.5:
            path, name = f"{parent}{slug}-{number}/", topic
        elif telling < 0.8:
            path, name = f"{parent}{slug}-{number}/", chance.choice(("Read more", "Download", "More", "Lire la suite"))
        else:
            path, name = f"{parent}node-{number}/", chance.choice(("Read more", "Download", "Details"))
        matter.append(add(path, topic, SUBSTANCE * 2 + topic, parent, name))
    return matter


def _add_rest(add: Add, sections: list[str], chance: random.Random, content: dict[str, tuple[str, str]]) -> None:
    months = [
        add(f"/news/{year}/{month:02d}/", f"News of {month}/{year}", FILLER, "/news/")
        for year in range(2016, 2027) for month in range(1, 13)
    ]  # fmt: skip
    parents = [
        (months, "story", NEWS),
        (sections, "page", ("Services", "Contacts", "Staff", "Annual report", "About us")),
    ]
    parents += [(["/services/"], "service", ("Passport", "Driving licence", "Birth certificate", "Business permit"))]
    parents += [(["/media/"], "gallery", ("Photos of the parade", "Video message", "Press pictures"))]
    parents += [(sections, "tender", ("Tender for office furniture", "Vacancy: driver", "Procurement notice"))]
    number = 0
    while len(content) < PAGES:
        number += 1
        pool, kind, titles = parents[0] if chance.random() < 0.55 else chance.choice(parents)
        parent = chance.choice(pool)
        title = f"{chance.choice(titles)} {number}"
        if chance.random() < 0.04:  # noise: news that mentions the words
            title, text = f"Conference on security and law {number}", FILLER + "A speaker mentioned cybersecurity."
        else:
            text = FILLER * chance.randrange(1, 4)
        path = add(f"{parent}{kind}-{number}/", title, text, parent)
        if kind != "story" and chance.random() < 0.3:
            pool.append(path)
