"""Findings as pure functions: frames in, sentences out, in either language.

Belongs here: what a table says, for every case a number can be in. Not here: pictures (charts/), pages (sections/).
"""
