"""Bytes and entries → articles. Pure."""

from monitor.extract.listed import article_of

__all__ = ["article_of"]
