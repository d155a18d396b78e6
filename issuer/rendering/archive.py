"""What makes a file PDF/A-3a and PDF/UA-1 beside its tags (ISO 19005-3, ISO 14289-1).

Metadata, the meaning of its colours, and the letter's data as an attachment. The parts
that never change are made once a process.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from xml.sax.saxutils import escape

from PIL import ImageCms

from issuer.rendering.pdf_file import PdfFile, stream
from issuer.rendering.structure import text_string

DATA_FILE = "surat.json"
_DATA_NOTE = "Data surat dalam bentuk JSON kanonis (RFC 8785)"
_ICC_DATE = slice(24, 36)
_ICC_MADE_ON = bytes.fromhex("07ea 0001 0001 0000 0000 0000")
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


def add_archival(file: PdfFile, about: About) -> str:
    """Add metadata, profile and data to the file; return their entries of the catalog."""
    intent = (
        "<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB)"
        f" /Info (sRGB IEC61966-2.1) /DestOutputProfile {file.add(_srgb())} 0 R >>"
    )
    entries = (
        f"/Lang ({about.language}) /MarkInfo << /Marked true >>"
        f" /ViewerPreferences << /DisplayDocTitle true >>"
        f" /Metadata {file.add(_metadata(about))} 0 R /OutputIntents [{intent}]"
    )
    if about.data is None:
        return entries
    attached = _attach(file, about.data)
    return (
        f"{entries} /AF [{attached} 0 R]"
        f" /Names << /EmbeddedFiles << /Names [({DATA_FILE}) {attached} 0 R] >> >>"
    )


def document_information(about: About) -> bytes:
    """Return the dictionary that says the same as the metadata, for older programs."""
    title, author, producer = map(text_string, (about.title, about.author, about.producer))
    made_at = _pdf_date(about.made_at)
    return (
        f"<< /Title {title} /Author {author} /Subject {title} /Creator {producer}"
        f" /Producer {producer} /CreationDate ({made_at}) /ModDate ({made_at}) >>".encode()
    )


def _metadata(about: About) -> bytes:
    texts = {
        "title": about.title,
        "author": about.author,
        "producer": about.producer,
        "made_at": about.made_at.isoformat(),
    }
    packet = _XMP.format_map({name: escape(text) for name, text in texts.items()})
    # Left uncompressed: programs look for it without reading the file.
    return stream("/Type /Metadata /Subtype /XML", packet.encode())


def _pdf_date(moment: date) -> str:
    if not isinstance(moment, datetime):
        return f"D:{moment:%Y%m%d}"
    zone = moment.strftime("%z")
    return f"D:{moment:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}'"


@cache
def _srgb() -> bytes:
    """Return the sRGB profile as a stream; its date is fixed, so that files are equal."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[_ICC_DATE] = _ICC_MADE_ON
    return stream("/N 3 /Filter /FlateDecode", zlib.compress(profile, 9))


def _attach(file: PdfFile, data: bytes) -> int:
    """Add the letter's data as a file; return the number of its specification."""
    entries = (
        "/Type /EmbeddedFile /Subtype /application#2Fjson"
        f" /Params << /Size {len(data)} >> /Filter /FlateDecode"
    )
    embedded = file.add(stream(entries, zlib.compress(data, 9)))
    return file.add(
        f"<< /Type /Filespec /F ({DATA_FILE}) /UF ({DATA_FILE}) /Desc {text_string(_DATA_NOTE)}"
        f" /AFRelationship /Data /EF << /F {embedded} 0 R /UF {embedded} 0 R >> >>".encode()
    )
