"""People: the Django site, roster and file states, decisions, rounds, audit, exports.

Belongs here: everything that a person decides and every page that a person sees. Does not belong here: fetching,
reading or matching; work is started through the command line in a subprocess or through Dagster's GraphQL.
"""
