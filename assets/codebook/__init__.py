"""The codebook of a release and of the warehouse: HTML, XLSX, datapackage.json and DCAT-AP-DK from one description.

Belongs here: descriptions -> text of files, and the check that files still say it. Not here: the descriptions (beside the models, `quality.codebook`,
transforms/release/tables.yml, variables.yml, about.yml), the data files themselves (assets/formats).
"""

from assets.codebook.entries import Entry, Release, Table, tables_of, undescribed
from assets.codebook.write import check_codebook, write_codebook

__all__ = ["Entry", "Release", "Table", "check_codebook", "tables_of", "undescribed", "write_codebook"]
