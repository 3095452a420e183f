"""The contract of a repository: who publishes it, where, in which shape, what must hold, and what its rows bear on.

Belongs here: the schema of `repositories/<name>.yml` and its loader. Does not belong here: fetching
(`spiders.repositories`) or reading pages (`extractors.repositories`).
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import soupsieve
from pydantic import AfterValidator, Field, model_validator

from sources.country_files import country_codes
from sources.schema import Country, LanguageCode, SourceModel, Thresholds, http_address
from sources.typed_yaml import SourceFileError, load_typed
from store.digests import identify
from store.errors import ExitCode, GcideskError

REPOSITORIES = Path(__file__).parent / "repositories"
PLACEHOLDERS = ("{iso2}", "{iso2_lower}", "{iso3}", "{iso3_lower}", "{slug}")
"""What an address template may hold; `slug` is the English name in small letters joined by hyphens."""

Stance = Literal["in_place", "partial", "planned", "absent"]
Schedule = Literal["daily", "weekly", "monthly", "quarterly"]
PERIODS: dict[Schedule, int] = {"daily": 1, "weekly": 7, "monthly": 30, "quarterly": 91}
"""Days between two readings."""

CountryBy = Literal["name", "start", "iso2", "iso3", "m49", "file_name", "address"]
"""How a row says its country: a whole name, a name at its beginning, a code, its file's name, or the page's address."""


class UnknownRepositoryError(GcideskError):
    """A name that is no repository's."""

    exit_code = ExitCode.USAGE


def _pattern(text: str) -> str:
    filled = re.sub(r"\{(iso2|iso3|name)\}", "xx", text)
    try:
        re.compile(filled)
    except re.error as error:
        raise ValueError(f"{text!r} is not a regular expression: {error}") from error
    return text


def _selector(text: str) -> str:
    try:
        soupsieve.compile(text)
    except soupsieve.SelectorSyntaxError as error:
        raise ValueError(f"{text!r} is not a CSS selector: {str(error).splitlines()[0]}") from error
    return text


Selector = Annotated[str, AfterValidator(_selector)]
Pattern = Annotated[str, AfterValidator(_pattern)]
Never = Literal["never"]


class Assertions(SourceModel):
    """What must hold of all pages together before the last good rows are replaced."""

    min_rows: int = Field(ge=1)
    max_rows: int = Field(ge=1)
    min_countries: int = Field(ge=1)
    max_unattributed_share: float = Field(default=0.2, ge=0, le=1)

    @model_validator(mode="after")
    def _can_hold(self) -> Assertions:
        if self.min_rows > self.max_rows:
            raise ValueError(f"cannot hold: min_rows {self.min_rows} is more than max_rows {self.max_rows}")
        if self.min_countries > self.max_rows:
            raise ValueError(f"cannot hold: min_countries {self.min_countries} is more than max_rows {self.max_rows}")
        if self.min_countries > len(country_codes()):
            raise ValueError(f"cannot hold: there are {len(country_codes())} countries, not {self.min_countries}")
        return self


class Rule(SourceModel):
    """What a row says when its field matches; for each question the first rule that matches counts.

    A pattern may hold {iso2}, {iso3} and {name}, which stand for the row's country.
    """

    stance: Stance
    field: str = Field(default="", description="field that is looked at; empty means the whole row")
    matches: Pattern = ""
    absent: bool = Field(default=False, description="true: the rule counts when the pattern is not found")
    official_link: bool = Field(default=False, description="true: counts only when the row links to an official host")
    older_than_years: int | None = Field(default=None, ge=1, description="counts only when the row's date is older")
    undated: bool = Field(default=False, description="true: counts only when the row states no date")
    questions: tuple[str, ...] = Field(default=(), description="empty means the contract's questions")


class TableShape(SourceModel):
    """Rows of an HTML table that has the named header cells."""

    kind: Literal["table"]
    selector: Selector = "table"
    columns: dict[str, str] = Field(min_length=1, description="field to beginning of its header cell")
    country: str = Field(description="field that names the country")
    country_by: CountryBy = "name"


class LinksShape(SourceModel):
    """Links of an HTML page, each with the text of the row, list item or cell that it stands in."""

    kind: Literal["links"]
    selector: Selector = "a[href]"
    href: Pattern = ""
    country_by: tuple[CountryBy, ...] = Field(min_length=1, description="tried in this order")
    href_country: Pattern = Field(default="", description="pattern with a group `country` for iso2 or iso3")


class GenericShape(SourceModel):
    """Any HTML page whose rows, list items or headings begin with a country's name."""

    kind: Literal["generic"]
    selector: Selector = Field(default="body", description="part of the page that is looked at")


class ProfileShape(SourceModel):
    """A page about one country, cut into items by a pattern or by its headings."""

    kind: Literal["profile"]
    selector: Selector = Field(default="body", description="alternatives parted by commas are tried in order")
    country_by: Literal["address", "title"]
    item: Pattern = Field(default="", description="beginning of an item; empty means that headings part them")


class JsonShape(SourceModel):
    """Objects in a JSON document."""

    kind: Literal["json"]
    rows: str = Field(description="path of keys to the list, parted by dots; `*` goes into every list")
    fields: dict[str, str] = Field(min_length=1, description="field to key")
    country: str
    country_by: CountryBy
    link: str = ""
    may_be_empty: bool = Field(default=False, description="true: an empty list is an answer, not a changed shape")


class CsvShape(SourceModel):
    """Lines of a CSV file with a header."""

    kind: Literal["csv"]
    columns: dict[str, str] = Field(min_length=1, description="field to header")
    country: str
    country_by: CountryBy


class XmlTableShape(SourceModel):
    """Rows of a table in XML, such as a status page of the UN Treaty Collection."""

    kind: Literal["xml_table"]
    header: str = Field(description="path to the header's cells")
    rows: str = Field(description="path to the rows")
    cell: str = Field(description="name of a cell's element")
    columns: dict[str, str] = Field(min_length=1, description="field to beginning of its header")
    country: str
    country_by: CountryBy = "name"


class LinesShape(SourceModel):
    """Lines of a text layer that begin with a country's name, each up to the next such line (status lists in PDF)."""

    kind: Literal["lines"]
    must_hold: Pattern = Field(description="text that the document must contain, such as its header cells")


class FileShape(SourceModel):
    """A document of a folder that holds all countries: its first lines are the row, its name says whose it is."""

    kind: Literal["file"]
    folder: str = Field(description="part of the address that marks the folder")


class RepliesShape(SourceModel):
    """Replies of states printed one after another under the state's name (reports of the Secretary-General)."""

    kind: Literal["replies"]


class ProgrammesShape(SourceModel):
    """Numbered paragraphs under headings of themes; each country that a paragraph names gets it as a row."""

    kind: Literal["programmes"]
    themes: dict[str, Pattern] = Field(description="theme to pattern of its heading")


Shape = Annotated[
    TableShape
    | LinksShape
    | GenericShape
    | ProfileShape
    | JsonShape
    | CsvShape
    | XmlTableShape
    | LinesShape
    | FileShape
    | RepliesShape
    | ProgrammesShape,
    Field(discriminator="kind"),
]


class Follow(SourceModel):
    """Links of the first pages that are fetched too."""

    href: Pattern
    text: Pattern = ""
    max_pages: int = Field(default=250, ge=1, le=2000)
    index_only: bool = Field(default=False, description="true: the first pages hold no rows, only these links")


class Repository(SourceModel):
    """One repository."""

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: str
    publisher: str
    official: bool = Field(description="true: publisher of record; false: a lead to verify at the source")
    languages: tuple[LanguageCode, ...] = Field(min_length=1)
    schedule: Schedule
    addresses: tuple[str, ...] = Field(min_length=1)
    follow: Follow | None = None
    shapes: tuple[Shape, ...] = Field(
        min_length=1, description="tried in order; the first whose form fits reads the page"
    )
    shape_from: str = Field(
        min_length=1, description="stored copy, schema or documentation that the shape was taken from"
    )
    questions: tuple[str, ...] = Field(min_length=1)
    rules: tuple[Rule, ...] = Field(min_length=1)
    assertions: Assertions
    manual_check: date | Never = Field(description="last day on which a person compared rows with the live pages")
    verified: date | Never = Field(description="last day on which the shape was seen to fit a page as published")
    note: str = ""
    tls_exception: str = ""
    monitors: Thresholds = Thresholds(max_days_without_new_content=1000, max_requests_an_item=250)

    @property
    def verified_text(self) -> str:
        """The words shown wherever a fact of this repository is used."""
        return (
            f"{self.name} (verified {self.verified})" if self.verified != "never" else f"{self.name} (verified: never)"
        )

    @model_validator(mode="after")
    def _is_sound(self) -> Repository:
        for address in self.addresses:
            filled = address
            for placeholder in PLACEHOLDERS:
                filled = filled.replace(placeholder, "xx")
            if "{" in filled or "}" in filled:
                raise ValueError(f"address {address!r} holds a placeholder other than {', '.join(PLACEHOLDERS)}")
            http_address(filled)
        return self


def repository_names() -> tuple[str, ...]:
    """Return the names of all repositories in alphabetical order."""
    return tuple(sorted(path.stem for path in REPOSITORIES.glob("*.yml")))


@cache
def load_repository(name: str) -> Repository:
    """Return a repository's contract; raises UnknownRepositoryError or SourceFileError."""
    path = REPOSITORIES / f"{name}.yml"
    if name not in repository_names():
        raise UnknownRepositoryError(f"There is no repository {name!r}. There are {', '.join(repository_names())}.")
    contract = load_typed(path, Repository)
    if contract.name != name:
        raise SourceFileError(f"{path}:1: name: {contract.name} does not belong into a file of this name.")
    return contract


@cache
def load_repositories() -> dict[str, Repository]:
    """Return all contracts by name; raises SourceFileError for a wrong file."""
    return {name: load_repository(name) for name in repository_names()}


def filled_address(template: str, country: Country | None) -> str:
    """Return an address template filled for a country; an address without placeholders needs none."""
    if country is None:
        return template
    slug = re.sub(r"[^a-z0-9]+", "-", country.name("en").replace("&", "and").casefold()).strip("-")
    filled = template.replace("{iso2}", country.iso2).replace("{iso2_lower}", country.iso2.lower())
    filled = filled.replace("{iso3}", country.iso3).replace("{iso3_lower}", country.iso3.lower())
    return filled.replace("{slug}", slug)


def is_due(contract: Repository, day: date) -> bool:
    """Tell whether a repository is read in the night of a day; the names spread them over the days of their period."""
    place = int(identify(contract.name)[:8], 16)
    return (day.toordinal() + place) % PERIODS[contract.schedule] == 0
