"""XML with errors: errors are repaired before parsing, so that one error does not affect the rest.

`prepare` takes out what stops every parser and harms nothing; `fault` says whether a document is well-formed; `repair`
makes an ill-formed one well-formed; `whole` says whether all of it is there. Feeds and sitemaps share them.
"""

from monitor.sources.xml.prepare import fault, fault_of_bytes, prepare
from monitor.sources.xml.repair import repair
from monitor.sources.xml.whole import ends_in_entry, whole

__all__ = ["ends_in_entry", "fault", "fault_of_bytes", "prepare", "repair", "whole"]
