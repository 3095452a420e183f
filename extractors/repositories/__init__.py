"""Repository pages to rows about countries.

Belongs here: one parser a shape (tables, links, JSON, CSV, XML, lists in PDF, UN reports) and what turns rows into
facts. Does not belong here: what a repository promises (`sources.repositories`), fetching (`spiders.repositories`).
"""
