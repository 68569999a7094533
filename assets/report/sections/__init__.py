"""Parts of a page: each takes a public tier and gives a section with its figures.

Belongs here: choosing rows, charts and tables. Not here: sentences (findings/), kinds of charts (charts/), HTML (templates/).
"""
