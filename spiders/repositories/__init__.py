"""Repositories on the fetching side: from a contract to the job of one crawl.

Belongs here: which addresses of a repository are asked. Does not belong here: reading them (`extractors.repositories`).
"""
