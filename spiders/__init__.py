"""Fetch and archive: spiders, politeness, the gate for addresses.

Belongs here: everything that talks to other hosts, and the links in what they answer. Does not belong here: reading
documents for their meaning (`extractors`, `evidence`).
"""
