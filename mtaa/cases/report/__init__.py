"""Reports: one image, several, or a case as a file to hand on. The same evidence gives the same bytes."""

from mtaa.cases.report.dossier import Dossier
from mtaa.cases.report.gather import of_case, of_images
from mtaa.cases.report.render import KINDS, Kind, render

__all__ = ["KINDS", "Dossier", "Kind", "of_case", "of_images", "render"]
