"""Ask and answer: instruments as data, the roster rule, drafting rules.

Belongs here: what is asked, who must be researched, and how evidence becomes a drafted answer. Does not belong here:
finding evidence, people's decisions, or any file format but the instrument's and the roster's.
"""
