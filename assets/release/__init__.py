"""A release: the public and the restricted tier of a warehouse, frozen with a manifest.

Belongs here: reading a published warehouse into the tiers' tables, writing and freezing them. Not here: disclosure control (transforms/disclosure), designs of tables (transforms/release), file formats
(assets/formats), pages (assets/report).
"""
