"""Repair XML with errors before it is parsed, so that an error does not affect other parts of the document.

`prepare` removes harmless parts that stop every parser, and checks whether the rest is well-formed. `repair` makes an
ill-formed document well-formed. `whole` decides whether a document is complete. Feeds and sitemaps use these modules.
"""

from monitor.sources.xml.prepare import prepare_xml, xml_fault, xml_fault_of_bytes
from monitor.sources.xml.repair import repair_xml
from monitor.sources.xml.whole import ends_in_entry, seems_complete

__all__ = ["ends_in_entry", "prepare_xml", "repair_xml", "seems_complete", "xml_fault", "xml_fault_of_bytes"]
