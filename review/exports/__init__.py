"""Exports: the drafted questionnaire as JSON, as a workbook, as tables for a terminal.

Belongs here: the forms in which a questionnaire leaves the desk, and what makes foreign text harmless in each of them.
Does not belong here: loading the data, deciding anything, whole documents (never exported), names of reviewers (never
exported either).
"""
