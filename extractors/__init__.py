"""Read captures: payload bytes to a text layer with pages, offsets, boxes, languages and passages.

Belongs here: everything between the bytes of a payload and a `store.readings.Reading`, and repository pages to rows.
Does not belong here: fetching (`spiders`), and what a passage means for a question (`evidence`).
"""
