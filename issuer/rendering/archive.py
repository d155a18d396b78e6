"""What makes a file PDF/A-3a and PDF/UA-1 beside its tags (ISO 19005-3, ISO 14289-1).

Metadata, the meaning of its colours, and the letter's data as an attachment. The parts
that never change are made once a process.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from PIL import ImageCms
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFDocument, PDFName, PDFStream

from issuer.rendering.structure import StructureTree, text_string

END_OF_DATA = b"\r\n"
"""The line break between a stream's data and its end. With a line feed alone, data that
happens to end in a carriage return would seem a byte shorter."""

DATA_FILE = "surat.json"
_DATA_NOTE = "Data surat dalam bentuk JSON kanonis (RFC 8785)"
_ICC_DATE = slice(24, 36)
_ICC_MADE_ON = bytes.fromhex("07ea 0001 0001 0000 0000 0000")
_END = b"endstream\n"
_CATALOG_ENTRIES = ("AF", "OutputIntents")
_XMP = """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<pdf:Producer>{producer}</pdf:Producer>
<xmp:CreatorTool>{producer}</xmp:CreatorTool>
<xmp:CreateDate>{made_at}</xmp:CreateDate>
<xmp:ModifyDate>{made_at}</xmp:ModifyDate>
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description></rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of itself; ``made_at`` is a day or an aware moment.

    ``data`` is the letter's canonical record, or None for a draft.
    """

    title: str
    author: str
    made_at: date
    data: bytes | None = None
    language: str = "id-ID"
    producer: str = "issuer"


class ArchivalStream(PDFStream):
    """A stream with a line break before its end, as PDF/A asks (ISO 19005-3, 6.1.7.1)."""

    def format(self, document: PDFDocument) -> bytes:
        """Return the stream as it stands in the file."""
        written: bytes = super().format(document)
        return written.removesuffix(_END) + END_OF_DATA + _END


def flate(content: bytes, entries: dict[str, Any] | None = None) -> ArchivalStream:
    """Return a stream of content that is already compressed with zlib."""
    stream = ArchivalStream(PDFDictionary(entries), content=content, filters=[])
    stream.dictionary["Filter"] = PDFName("FlateDecode")
    return stream


def make_archival(document: Any, about: About, tree: StructureTree) -> None:
    """Complete ReportLab's document, whose pages are drawn."""
    catalog = document.Catalog
    catalog.__NoDefault__ = [*catalog.__NoDefault__, *_CATALOG_ENTRIES]
    catalog.StructTreeRoot = tree.write()
    catalog.MarkInfo = PDFDictionary({"Marked": "true"})
    catalog.Metadata = _metadata(about)
    catalog.OutputIntents = PDFArray([_output_intent(document)])
    if about.data is not None:
        attachment = document.Reference(_attachment(document, about.data))
        catalog.AF = PDFArray([attachment])
        names = PDFDictionary({"Names": PDFArray([f"({DATA_FILE})", attachment])})
        catalog.Names = PDFDictionary({"EmbeddedFiles": names})


def _metadata(about: About) -> ArchivalStream:
    texts = {
        "title": about.title,
        "author": about.author,
        "producer": about.producer,
        "made_at": about.made_at.isoformat(),
    }
    packet = _XMP.format_map({name: escape(text) for name, text in texts.items()})
    # Left uncompressed: programs look for it without reading the file.
    entries = {"Type": PDFName("Metadata"), "Subtype": PDFName("XML")}
    return ArchivalStream(PDFDictionary(entries), content=packet.encode())


def _output_intent(document: Any) -> PDFDictionary:
    profile = flate(_srgb(), {"N": 3})
    return PDFDictionary(
        {
            "Type": PDFName("OutputIntent"),
            "S": PDFName("GTS_PDFA1"),
            "OutputConditionIdentifier": "(sRGB)",
            "Info": "(sRGB IEC61966-2.1)",
            "DestOutputProfile": document.Reference(profile),
        }
    )


@cache
def _srgb() -> bytes:
    """Return the sRGB profile, compressed; its date is fixed, so that files are equal."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[_ICC_DATE] = _ICC_MADE_ON
    return zlib.compress(profile, 9)


def _attachment(document: Any, data: bytes) -> PDFDictionary:
    entries = {
        "Type": PDFName("EmbeddedFile"),
        "Subtype": "/application#2Fjson",
        "Params": PDFDictionary({"Size": len(data)}),
    }
    embedded = document.Reference(flate(zlib.compress(data, 9), entries))
    return PDFDictionary(
        {
            "Type": PDFName("Filespec"),
            "F": f"({DATA_FILE})",
            "UF": f"({DATA_FILE})",
            "Desc": text_string(_DATA_NOTE),
            "AFRelationship": PDFName("Data"),
            "EF": PDFDictionary({"F": embedded, "UF": embedded}),
        }
    )
