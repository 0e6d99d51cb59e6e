#!/usr/bin/env python3
"""Draws whole arrays on which no price was fitted.

    draw.py FAMILY SEED COUNT [--dsp]     prints points for accelerators/array/synth/synthesise.sh

COUNT of each variant, their activations of 2, 4 and 8 bits in turn, of about 1,000 to 4,000 LUTs, which Yosys maps within
minutes. --dsp: products that may take DSP blocks.
"""

import argparse
import random

SIDES = (2, 3, 4, 5, 6, 8, 12, 16)
BITS = (2, 4, 8)
POST_LANES = (1, 2, 4, 8)
PIPELINES = (0, 1, 1, 2, 16)  # engine.pipeline is 1 where nobody says
LEAST, MOST = 1000, 4000

# By family: variant, module, lanes to choose from, LUTs of a lane by the bits of activation and weight, roughly; more.
KINDS = {
    "mac": [("", "mac_array", (1, 2, 3, 4, 6, 8), lambda a, w: w * (a + 1), lambda a, w: ("", ""))],
    "ternary": [("gated", "ternary_array", (2, 4, 6, 8, 16), lambda a, w: 2 * a, lambda a, w: ("", "")),
                ("popcount", "ternary_array", (8, 16, 24, 32), lambda a, w: 6, lambda a, w: (" POPCOUNT=1", ""))],
    "shift_add": [("", "power_of_two_array", (2, 3, 4, 8), lambda a, w: 4 * a + 20, lambda a, w: ("", "")),
                  ("sub_filters", "sub_filters_array", (2, 4, 6, 8), lambda a, w: 5 * a, lambda a, w: (" PARALLEL=2", ""))],
    "bit_serial": [("weights", "bit_serial_array", (2, 4, 6, 8, 16), lambda a, w: 2 * a, lambda a, w: ("", "")),
                   ("planes", "bit_serial_array", (4, 8, 12, 16, 32), lambda a, w: 5, lambda a, w: (" PAIRS=1", ""))],
    "lut": [("", "lut_tables_array", (4, 8, 12), lambda a, w: 2 * a + 12, lambda a, w: (" GROUP=4", "")),
            ("codebook", "lut_codebook_array", (1, 2, 4, 6), lambda a, w: w * (a + 2),
             lambda a, w: (f" CODEBOOK_BITS={min(w, 4)}", f" options.codebook_bits={min(w, 4)}"))],
}
ELEMENT = 60  # LUTs that an element takes besides its lanes


def draw(random_, kind, bits, dsp):
    variant, top, lanes_of, lut_of_lane, more = kind
    while True:
        rows, columns, lanes = random_.choice(SIDES), random_.choice(SIDES), random_.choice(lanes_of)
        a, w = bits, random_.choice(BITS)
        if variant in ("", "codebook") and top != "power_of_two_array" and not dsp:
            w = a
        lut = rows * columns * (ELEMENT + (0 if dsp else lanes * lut_of_lane(a, w)))
        if dsp and a + w < 9 or not LEAST <= lut <= MOST:
            continue
        parameters, knobs = more(a, w)
        knobs = (f" variant={variant}" if variant else "") + knobs
        return (f"{top} ROWS={rows} COLUMNS={columns} LANES={lanes} ACTIVATION_BITS={a} WEIGHT_BITS={w}{parameters} ACCUMULATOR_BITS=24"
                f" POST_LANES={random_.choice(POST_LANES)} PIPELINE={random_.choice(PIPELINES)}" + (f" :{knobs}" if knobs else ""))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("family", choices=sorted(KINDS))
    parser.add_argument("seed", type=int)
    parser.add_argument("count", type=int)
    parser.add_argument("--dsp", action="store_true")
    arguments = parser.parse_args()
    random_ = random.Random(f"{arguments.family} {arguments.seed} {arguments.dsp}")
    print(f"# Drawn, seed {arguments.seed}: held_out_arrays/draw.py. Nothing was fitted on these.")
    for kind in KINDS[arguments.family]:
        if arguments.dsp and kind[1] not in ("mac_array", "lut_codebook_array"):
            continue
        for i in range(arguments.count):
            print(draw(random_, kind, 8 if arguments.dsp else BITS[i % len(BITS)], arguments.dsp))


if __name__ == "__main__":
    main()
