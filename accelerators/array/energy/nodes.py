"""The cell libraries: which Liberty files, which of their cells, which supply. Files are looked for in $LUTRA_LIBERTY."""

import glob
import gzip
import os
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Node:
    name: str
    files: tuple  # patterns
    leave_out: str  # cells that are not used, a regular expression
    driver: str  # the cell that drives an input
    load: float  # of an output, in the unit of the files
    source: str


NODES = {
    node.name: node
    for node in (
        Node("130nm", ("sg13g2_typ.lib*",), "dlygate|einvn|ebufn|sighold|antenna|fill|decap|lgcp|dl[hl]r?q?_|dllr|dlhr|sdf|tie",
             "sg13g2_buf_2", 0.005, "IHP SG13G2, typical, 1.2 V, 25 C"),
        Node("45nm", ("nangate45_typ.lib*",), "CLKBUF|CLKGATE|FILL|ANTENNA|LOGIC|^SDFF|^DL[HL]|TBUF|TINV|TLAT",
             "BUF_X2", 2, "Nangate 45 nm Open Cell Library, typical, 1.1 V, 25 C"),
        Node("7nm", ("asap7sc7p5t_SIMPLE_RVT_TT*", "asap7sc7p5t_INVBUF_RVT_TT*", "asap7sc7p5t_SEQ_RVT_TT*",
                     "asap7sc7p5t_AO_RVT_TT*", "asap7sc7p5t_OA_RVT_TT*"),
             r"(AOI?|OAI?)(3\d\d|2\d\d|33|32|31)|A2O1A1O1|O2A1O1|^SDF|^ICG|^D[HL]Lx|TIE|ASRHQN|DFFL|^CK|^HB",
             "BUFx2_ASAP7_75t_R", 1, "ASAP7 predictive 7 nm, RVT, TT, 0.7 V, 25 C"),
    )
}


def files_of(node):
    """The Liberty files of a node. Raises FileNotFoundError naming the one that is not there."""
    folder = os.environ.get("LUTRA_LIBERTY", "")
    found = []
    for pattern in node.files:
        matches = sorted(glob.glob(os.path.join(folder, pattern)))
        if not folder or not matches:
            raise FileNotFoundError(f"{node.name}: no {pattern} in LUTRA_LIBERTY ('{folder}')")
        found.append(matches[0])
    return found


def _read(path):
    with (gzip.open(path, "rt") if path.endswith(".gz") else open(path)) as file:
        return file.read()


_cell = re.compile(r'^[ \t]*cell *\( *"?([\w]+)"? *\)', re.M)


def _cells(text):
    """(name, text) of every cell of a library."""
    places = [(match.group(1), match.start()) for match in _cell.finditer(text)]
    for i, (name, start) in enumerate(places):
        end = places[i + 1][1] if i + 1 < len(places) else text.rindex("}")
        yield name, text[start:end].rstrip()


def write_library(node, path):
    """Writes one Liberty file of the node's used cells, in the header of its first file."""
    header, cells = None, []
    for name in files_of(node):
        text = re.sub(r"/\*.*?\*/", "", _read(name), flags=re.S)
        if header is None:
            header = text[: _cell.search(text).start()]
        cells += [body for cell, body in _cells(text) if not re.search(node.leave_out, cell)]
    with open(path, "w") as file:
        file.write(header + "\n".join(cells) + "\n}\n")
