"""XML with errors: errors are repaired before parsing, so that one error does not affect the rest.

`prepare` removes what stops every parser and is harmless, and finds out whether the rest is well-formed; `repair` makes
an ill-formed document well-formed; `whole` says whether all of it is there. Feeds and sitemaps share them.
"""

from monitor.sources.xml.prepare import prepare_xml, xml_fault, xml_fault_of_bytes
from monitor.sources.xml.repair import repair_xml
from monitor.sources.xml.whole import ends_in_entry, seems_complete

__all__ = ["ends_in_entry", "prepare_xml", "repair_xml", "seems_complete", "xml_fault", "xml_fault_of_bytes"]
