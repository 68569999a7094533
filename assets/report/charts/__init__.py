"""Charts as pure functions: frames in, a Vega-Lite specification and its count of marks out.

Belongs here: one kind of chart a file, each in a width for a page and one for a phone. Not here: numbers, sentences, drawing (svg.py).
"""
