"""Clean images: sources by registry, splits by source image. Free of torch."""

from mtaa.images import digits, folder, mnist  # noqa: F401  (registers the sources)
from mtaa.images.source import SOURCES, ImageSource, open_source

__all__ = ["SOURCES", "ImageSource", "open_source"]
