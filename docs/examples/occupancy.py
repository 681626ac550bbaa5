#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""occupancy.py CAPTURE RULES PICTURE: how many entries the connection table held, over time, by protocol.

Cell by cell, as in a notebook. With matplotlib the picture is a PNG, SVG or PDF by its name; without it, text on standard output.
"""

# %% A replay, and what conntrack tells on the way: an entry begins, an entry ends.
import sys
from bisect import bisect_right
from collections import Counter, defaultdict
from typing import DefaultDict, List, Tuple

import ctreplay

capture, rules, picture = sys.argv[1:4]
names = {1: "ICMP", 6: "TCP", 17: "UDP", 58: "ICMPv6", 132: "SCTP"}
steps: List[Tuple[float, str, int]] = []

with ctreplay.Replay(capture, rules) as replay:
    for packet in replay:
        for event in replay.events():
            change = {ctreplay.EventKind.NEW: 1, ctreplay.EventKind.DESTROY: -1}.get(event.kind, 0)
            protocol = names.get(event.entry.original.protocol, "other")
            if change:
                steps.append((event.time, protocol, change))
    left = Counter(names.get(entry.original.protocol, "other") for entry in replay.entries())
    summary = replay.finish()

# %% The same as one line a protocol: times, and how many there were from then on.
assert summary is not None
lines: DefaultDict[str, Tuple[List[float], List[int]]] = defaultdict(lambda: ([0.0], [0]))
for time, protocol, change in steps:
    times, counts = lines[protocol]
    times.append(time)
    counts.append(counts[-1] + change)
for protocol, (times, counts) in lines.items():
    assert counts[-1] == left[protocol], "what is left is what the table holds"
    times.append(summary.duration)
    counts.append(counts[-1])

# %% The picture.
try:
    import matplotlib  # type: ignore[import]

    matplotlib.use("Agg")
    from matplotlib import pyplot
except ImportError:
    for protocol, (times, counts) in sorted(lines.items()):
        print(f"{protocol}: at most {max(counts)} entries, {counts[-1]} at the end")
        for row in range(21):
            time = summary.duration * row / 20
            count = counts[bisect_right(times, time) - 1]
            print(f"{time:12.3f} s {count:6} {'#' * (count * 50 // max(counts))}")
else:
    figure, axes = pyplot.subplots(figsize=(9, 4), layout="constrained")
    for protocol, (times, counts) in sorted(lines.items()):
        axes.step(times, counts, where="post", label=f"{protocol} (at most {max(counts)})")
    axes.set(xlabel="seconds since the first packet", ylabel="entries in the connection table")
    axes.set(xlim=(-0.01 * summary.duration, 1.01 * summary.duration), ylim=(0, 1.05 * max(max(counts) for _, counts in lines.values())))
    axes.yaxis.set_major_locator(pyplot.MaxNLocator(integer=True))
    axes.set_title(f"{summary.packets} packets, {summary.created} entries, {summary.expired} of them expired", loc="left", fontsize=10)
    axes.grid(alpha=0.3)
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncol=len(lines), frameon=False)
    figure.savefig(picture, dpi=120)
    print(f"{picture}: {summary.created} entries, {len(lines)} protocols")
