"""A dossier as HTML, JSON or PDF. HTML and JSON are functions of the dossier alone: no clock, no chance, no network."""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from mtaa.cases.report import figures, wording
from mtaa.cases.report.dossier import Dossier
from mtaa.cases.words import details
from mtaa.core.answers import answers
from mtaa.core.errors import InputError
from mtaa.core.titles import title
from mtaa.core.wording import interval, percent, size

Kind = Literal["html", "json", "pdf"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_FOLDER = Path(__file__).parent
_EXTRA = "PDF needs WeasyPrint, which {}; {}, or write HTML and print it from a browser"


def render(dossier: Dossier, pictures: dict[str, bytes], kind: Kind) -> bytes:
    """The report as bytes. `pictures` are PNG by hash. Raises `InputError` where PDF can't be made here."""
    if kind == "json":
        return (dossier.model_dump_json(indent=2) + "\n").encode()
    html = _html(dossier, pictures)
    return html.encode() if kind == "html" else _pdf(html, dossier)


def _html(dossier: Dossier, pictures: dict[str, bytes]) -> str:
    style = (_FOLDER / "style.css").read_text(encoding="utf-8")
    return _template().render(
        dossier=dossier,
        cards={(model.name, model.weights_sha256): model.card for model in dossier.models},
        pictures={name: base64.b64encode(data).decode() for name, data in pictures.items()},
        style=style,
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )


@cache
def _template() -> Template:
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,  # whatever users typed is text
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        bars=figures.bars,
        span=figures.span,
        answers=answers,
        wording=wording,
        details=details,
        percent=percent,
        size=size,
        interval=interval,
    )
    made.filters["title_of"] = title
    return made.get_template("template.html")


def _pdf(html: str, dossier: Dossier) -> bytes:
    try:
        from weasyprint import HTML, URLFetcher
    except ImportError as error:
        raise InputError(_EXTRA.format("is not installed", "pip install 'mtaa[pdf]'")) from error
    except OSError as error:
        raise InputError(
            _EXTRA.format("can't find Pango", "install it (Debian: apt-get install libpangoft2-1.0-0)")
        ) from error
    identifier = hashlib.sha256(html.encode()).digest()[:16]
    # No file is read and no host is asked, whatever the document names.
    fetcher = URLFetcher(allowed_protocols=("data",))
    return HTML(string=html, url_fetcher=fetcher).write_pdf(pdf_identifier=identifier)
