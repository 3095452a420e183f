"""Sources: one YAML file a country and a repository, with the one schema and loader.

Belongs here: where to look, why an address is believed, what a repository promises, how a country is called. Does not
belong here: fetching (`spiders`), reading (`extractors`), or any rule about answers (`questionnaire`).
"""
