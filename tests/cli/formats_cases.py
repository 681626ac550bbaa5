# SPDX-License-Identifier: GPL-2.0-or-later
"""formats_cases.py: every format that the program lists, of every kind of capture, as TAP. Works in the current directory.

The same packets are written in every container (pcap and pcapng of either byte order and every resolution, sections, interfaces, options,
compression, a pipe) and every link layer that is read. Whatever a capture looks like, a format's output must be that of the
plain one, byte for byte. Where a link layer has no MAC addresses, those are masked on both sides; databases are compared by
what they hold, annotated captures frame by frame with their own frames."""

import gzip
import lzma
import os
import re
import shutil
import sqlite3
import struct
import subprocess
import sys
import threading

program = os.environ["CTREPLAY"]

# Times are whole in microseconds and in parts of a power of two.
SCRIPT = """# ctreplay packets
host inside 10.0.1.2
host router 203.0.113.1
host server 198.51.100.7
0         tcp inside:1000 > server:80 S seq 1000 win 8192 <mss 1460>
0.015625  tcp server:80 > router:1000 S. seq 5000 ack 1001 win 8192
0.03125   tcp inside:1000 > server:80 . seq 1001 ack 5001 win 8192
0.046875  tcp server:7000 > router:8080 S seq 1 win 100
0.0625    udp inside:1001 > server:53 len 30
0.078125  udp inside:1002 > server:55 len 30
0.09375   udp server:1 > router:9 len 700
0.109375  icmp inside > server echo-request id 8 seq 1 len 56
0.125     icmp server > router unreachable host about 8
0.140625  udp router:5353 > server:53 len 20
0.15625   tcp inside:2001 > server:21 S seq 1000 win 8192
0.171875  tcp server:21 > router:2001 S. seq 5000 ack 1001 win 8192
0.1875    tcp inside:2001 > server:21 . seq 1001 ack 5001 win 8192
0.203125  tcp inside:2001 > server:21 P. seq 1001 ack 5001 win 8192 data "USER x\\r\\n"
0.21875   tcp inside:2001 > server:21 P. seq 1009 ack 5001 win 8192 data "PORT 10,0,1,2,4,210\\r\\n"
0.234375  tcp [2001:db8::2]:1000 > [2001:db8:1::7]:80 S seq 1 win 100
0.25      udp [2001:db8::2]:1000 > [2001:db8:1::7]:55
0.265625  icmp6 2001:db8::2 > 2001:db8:1::7 echo-request id 9 seq 1
0.5       udp inside:1003 > server:4000 len 2000
0.515625  udp inside:1003 > server:4000 len 4
"""

RULES4 = """*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A PREROUTING -p tcp -m tcp --dport 80 -j TRACE
-A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A PREROUTING -i wan -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.0.1.3:80
-A POSTROUTING -s 10.0.1.0/24 -o wan -j SNAT --to-source 203.0.113.1
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT
-A INPUT -j SET --add-set strangers src
-A INPUT -j LOG --log-prefix "in: "
-A FORWARD -p udp -m udp --dport 53 -m connlabel --label "5" --set
-A FORWARD -p udp -m udp --dport 53 -j CONNMARK --set-xmark 0x7/0xffffffff
-A FORWARD -p udp -m udp --dport 55 -j REJECT --reject-with icmp-port-unreachable
-A FORWARD -p udp -m udp --dport 4000 -m limit --limit 1/sec --limit-burst 1 -j ACCEPT
-A FORWARD -p udp -m udp --dport 4000 -j DROP
COMMIT
"""

RULES6 = """*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A PREROUTING -p tcp -m tcp --dport 80 -j TRACE
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A FORWARD -p udp -j LOG --log-prefix "six: "
-A FORWARD -p udp -j DROP
COMMIT
"""

OPTIONS = """--local 10.0.1.1/24@lan --local 203.0.113.1/24@wan --local 2001:db8::1/64@lan --local 2001:db8:1::1/64@wan --route default@wan
--sysctl net.netfilter.nf_conntrack_acct=1 --sysctl net.netfilter.nf_conntrack_timestamp=1 --captured-on arriving
--snapshot packet=6 --snapshot end""".split()

PCAP_ORDERS = {b"\x4d\x3c\xb2\xa1": "<", b"\xa1\xb2\x3c\x4d": ">", b"\xd4\xc3\xb2\xa1": "<", b"\xa1\xb2\xc3\xd4": ">"}
MOST_OUTPUTS = 30
MASKED = (
    (re.compile(rb"MAC=[0-9a-f:]* "), b"MAC= "),
    (re.compile(rb"MACSRC=\S* MACDST=\S* MACPROTO=\S* "), b""),
)


class Frame:
    def __init__(self, time_ns, data):
        self.time_ns = time_ns
        self.data = data
        self.ip = data[14:]
        self.is_ipv6 = data[12:14] == b"\x86\xdd"
        self.kind = data[12:14]
        source = data[22:38] if self.is_ipv6 else data[26:30]
        self.is_ours = source == bytes((203, 0, 113, 1))
        self.is_of_lan = source[:3] == bytes((10, 0, 1)) or source[:8] == bytes((0x20, 1, 0xD, 0xB8, 0, 0, 0, 0))


def read_pcap(path):
    """What `craft` wrote: little-endian, of microseconds where they are enough."""
    with open(path, "rb") as file:
        data = file.read()
    unit = {b"\x4d\x3c\xb2\xa1": 1, b"\xd4\xc3\xb2\xa1": 1000}[data[:4]]
    at = 24
    while at < len(data):
        seconds, part, kept, _ = struct.unpack("<IIII", data[at : at + 16])
        yield Frame(seconds * 10**9 + part * unit, data[at + 16 : at + 16 + kept])
        at += 16 + kept


def pcap(frames, order="<", unit=1, link_type=1, head=None, cut=14, patched=False):
    """`unit`: nanoseconds of a tick; `head`: what a function makes of each frame, in the place of its first `cut` bytes."""
    magic = 0xA1B2CD34 if patched else 0xA1B23C4D if unit == 1 else 0xA1B2C3D4
    out = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 262144, link_type)
    for frame in frames:
        data = head(frame) + frame.data[cut:] if head else frame.data
        out += struct.pack(order + "IIII", frame.time_ns // 10**9, frame.time_ns % 10**9 // unit, len(data), len(data))
        out += struct.pack(order + "iHBB", 1, 0, 0, 0) if patched else b""
        out += data
    return out


class Pcapng:
    def __init__(self, order="<"):
        self.order = order
        self.out = b""

    def option(self, code, value):
        return struct.pack(self.order + "HH", code, len(value)) + value + b"\0" * (-len(value) % 4)

    def block(self, kind, body):
        length = struct.pack(self.order + "I", len(body) + 12)
        self.out += struct.pack(self.order + "I", kind) + length + body + length

    def section(self, options=b""):
        self.block(0x0A0D0D0A, struct.pack(self.order + "IHHq", 0x1A2B3C4D, 1, 0, -1) + options)

    def interface(self, link_type=1, options=b""):
        self.block(1, struct.pack(self.order + "HHI", link_type, 0, 0) + options + (self.option(0, b"") if options else b""))

    def packet(self, frame, ticks, interface=0, options=b"", is_old=False):
        length = struct.pack(self.order + "IIII", ticks >> 32, ticks & 0xFFFFFFFF, len(frame.data), len(frame.data))
        place = struct.pack(self.order + "HH", interface, 0) if is_old else struct.pack(self.order + "I", interface)
        padded = frame.data + b"\0" * (-len(frame.data) % 4)
        self.block(2 if is_old else 6, place + length + padded + options + (self.option(0, b"") if options else b""))


def pcapng_plain(frames, order="<", resolution=None, ticks=lambda ns: ns // 1000, offset=0, is_old=False):
    file = Pcapng(order)
    file.section()
    options = b"" if resolution is None else file.option(9, bytes((resolution,)))
    file.interface(options=options + (file.option(14, struct.pack(order + "q", offset)) if offset else b""))
    for frame in frames:
        file.packet(frame, ticks(frame.time_ns - offset * 10**9), is_old=is_old)
    return file.out


def pcapng_described(frames):
    """Two interfaces with packets and one without, options everywhere, and blocks that are about something else."""
    file = Pcapng(">")
    file.section(file.option(1, b"a section") + file.option(2, b"a machine") + file.option(0, b""))
    for name in b"lan", b"wan", b"idle":
        file.interface(options=file.option(2, name) + file.option(3, b"described") + file.option(9, b"\x09"))
    file.block(4, struct.pack(">HH", 1, 13) + bytes((10, 0, 1, 2)) + b"a.example" + b"\0" * 3 + struct.pack(">HH", 0, 0))
    file.block(0x0BAD, struct.pack(">I", 4711) + b"custom..")
    for number, frame in enumerate(frames):
        options = file.option(1, b"a comment") if number % 3 == 0 else b""
        options += file.option(2, struct.pack(">I", 2 if frame.is_ours else 1))
        file.packet(frame, frame.time_ns, 0 if frame.is_of_lan else 1, options)
    file.block(5, struct.pack(">III", 0, 0, 0) + file.option(4, struct.pack(">Q", 9)) + file.option(0, b""))
    return file.out


def pcapng_sections(frames):
    """A section each for the two halves, of interfaces that are described anew."""
    file = Pcapng()
    for half in frames[:9], frames[9:]:
        file.section()
        file.interface(options=file.option(9, b"\x09"))
        for frame in half:
            file.packet(frame, frame.time_ns)
    return file.out


def nothing(frame):
    return b""


def cooked(frame):
    way = 4 if frame.is_ours else 0
    return struct.pack(">HHH", way, 1, 6) + frame.data[6:12] + b"\0\0" + frame.kind


def cooked2(frame):
    way = 4 if frame.is_ours else 0
    return frame.kind + struct.pack(">HIHBB", 0, 0, 1, way, 6) + frame.data[6:12] + b"\0\0"


def nflog(frame):
    data = struct.pack("<BBH", 10 if frame.is_ipv6 else 2, 0, 0)
    data += struct.pack("<HH", 8, 1) + frame.kind + bytes((3 if frame.is_ours else 0, 0))
    return data + struct.pack("<HH", 4 + len(frame.ip), 9)


def family(number4, number6, order):
    return lambda frame: struct.pack(order + "I", number6 if frame.is_ipv6 else number4)


def ppp(frame):
    return struct.pack(">H", 0x57 if frame.is_ipv6 else 0x21)


def pppoe(frame):
    return b"\x11\0\0\x05" + struct.pack(">H", len(frame.ip) + 2) + ppp(frame)


def kinds(frames):
    """(name, content of the file, whether its link layer is another one than Ethernet)"""
    mine = pcap(frames)
    described = pcapng_described(frames)
    seconds = frames[0].time_ns // 10**9
    padded = [Frame(frame.time_ns, frame.data + b"\0" * max(0, 60 - len(frame.data))) for frame in frames]
    yield "pcap, microseconds", pcap(frames, unit=1000), False
    yield "pcap, microseconds, big-endian", pcap(frames, ">", unit=1000), False
    yield "pcap, nanoseconds, big-endian", pcap(frames, ">"), False
    yield "pcap, the modified header", pcap(frames, unit=1000, patched=True), False
    yield "frames filled up to 60 bytes", pcap(padded), False
    yield "pcapng", pcapng_plain(frames), False
    yield "pcapng, big-endian", pcapng_plain(frames, ">"), False
    yield "pcapng, nanoseconds", pcapng_plain(frames, resolution=9, ticks=lambda ns: ns), False
    yield "pcapng, times in parts of a power of two", pcapng_plain(frames, resolution=0x80 | 20, ticks=lambda ns: (ns << 20) // 10**9), False
    yield "pcapng, times from an offset", pcapng_plain(frames, offset=seconds), False
    yield "pcapng, packets in the older block", pcapng_plain(frames, is_old=True), False
    yield "pcapng, interfaces with options, and other blocks", described, False
    yield "pcapng, two sections", pcapng_sections(frames), False
    yield "pcap, gzip", gzip.compress(mine), False
    yield "pcapng, gzip", gzip.compress(described), False
    yield "pcap, xz", lzma.compress(mine), False
    yield "pcapng, xz", lzma.compress(described), False
    if shutil.which("zstd"):
        for name, content in ("pcap, zstd", mine), ("pcapng, zstd", described):
            yield name, subprocess.run(["zstd", "-qc"], input=content, stdout=subprocess.PIPE, check=True).stdout, False
    yield "raw IP", pcap(frames, link_type=101, head=nothing), True
    yield "raw IP in pcapng", raw_pcapng(frames), True
    yield "Linux cooked", pcap(frames, link_type=113, head=cooked), True
    yield "Linux cooked, version 2", pcap(frames, link_type=276, head=cooked2), True
    yield "BSD loopback", pcap(frames, link_type=0, head=family(2, 30, "<")), True
    yield "BSD loopback, big-endian", pcap(frames, ">", link_type=0, head=family(2, 24, ">")), True
    yield "OpenBSD loopback", pcap(frames, link_type=108, head=family(2, 24, ">")), True
    yield "a VLAN", pcap(frames, cut=12, head=lambda frame: frame.data[:12] + b"\x81\0\0\x0a"), True
    yield "a VLAN in a VLAN", pcap(frames, cut=12, head=lambda frame: frame.data[:12] + b"\x88\xa8\0\x14\x81\0\0\x0a"), True
    yield "PPP", pcap(frames, link_type=9, head=ppp), True
    yield "PPP with HDLC's bytes", pcap(frames, link_type=50, head=lambda frame: b"\xff\x03" + ppp(frame)), True
    yield "PPPoE", pcap(frames, link_type=51, head=pppoe), True
    yield "PPPoE in Ethernet", pcap(frames, head=lambda frame: frame.data[:12] + b"\x88\x64" + pppoe(frame)), True
    yield "NFLOG", pcap(frames, link_type=239, head=nflog), True


def raw_pcapng(frames):
    file = Pcapng()
    file.section()
    file.interface(101)
    for frame in frames:
        file.packet(Frame(frame.time_ns, frame.data[14:]), frame.time_ns // 1000)
    return file.out


def listed_formats():
    """["json", "json,rules", ...]: what `ctreplay list formats` knows."""
    listed = subprocess.run([program, "list", "formats"], stdout=subprocess.PIPE, check=True).stdout.decode()
    version = subprocess.run([program, "--version"], stdout=subprocess.PIPE, check=True).stdout.decode()
    return [format for format in (line.split()[0] for line in listed.splitlines()) if not (format == "sqlite" and "databases: no" in version)]


def replay(formats, feed=None):
    """Replays the file `capture` into out.NAME for each format; the name of the capture is the same for all."""
    for first in range(0, len(formats), MOST_OUTPUTS):
        arguments = [program, "run", "-q", "-r", "capture", "-4", "rules4", "-6", "rules6", "--ipset", "sets"] + OPTIONS
        for format in formats[first : first + MOST_OUTPUTS]:
            arguments += ["--out", "%s=out.%s" % (format, format)]
        writer = threading.Thread(target=feed) if feed else None
        if writer:
            writer.start()
        done = subprocess.run(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if writer:
            writer.join()
        assert done.returncode == 0, done.stdout.decode()


def annotated(content):
    """(time, frame, our comment) of each packet of an annotated capture."""
    at, packets = 0, []
    while at < len(content):
        kind, length = struct.unpack("<II", content[at : at + 8])
        body = content[at + 8 : at + length - 4]
        at += length
        if kind != 6:
            continue
        _, high, low, kept, _ = struct.unpack("<IIIII", body[:20])
        options, comment = body[20 + (kept + 3) // 4 * 4 :], None
        while len(options) >= 4 and options[:4] != b"\0\0\0\0":
            code, size = struct.unpack("<HH", options[:4])
            if code == 1:
                comment = options[4 : 4 + size]
            options = options[4 + (size + 3) // 4 * 4 :]
        packets.append((high << 32 | low, body[20 : 20 + kept], comment))
    return packets


def outcome(formats):
    found = {}
    for format in formats:
        path = "out." + format
        if format == "sqlite":
            database = sqlite3.connect(path)
            found[format] = "\n".join(database.iterdump()).encode()
            database.close()
        else:
            with open(path, "rb") as file:
                found[format] = file.read()
        os.unlink(path)
    return found


def holds_something(content):
    """More than headings, or than the header of a pcap file."""
    if content[:4] in PCAP_ORDERS:
        return len(content) > 24
    return any(line and not line.startswith((b"#", b"<!--")) for line in content.splitlines())


def masked(content):
    for pattern, instead in MASKED:
        content = pattern.sub(instead, content)
    return content


class Told:
    def __init__(self):
        self.n = self.n_failed = 0

    def case(self, name, problem):
        self.n += 1
        self.n_failed += problem is not None
        print("%s %d - %s" % ("ok" if problem is None else "not ok", self.n, name))
        for line in (problem or "").splitlines()[:8]:
            print("# " + line)


def first_difference(ours, expected):
    for one, other in zip(ours.splitlines(), expected.splitlines()):
        if one != other:
            return "%r\ninstead of %r" % (one[:300], other[:300])
    return "%d bytes, not %d" % (len(ours), len(expected))


def compare(told, name, found, expected, frames, has_other_link):
    problems = []
    for format, content in found.items():
        if format == "pcapng":
            ours = annotated(content)
            if [(time, comment) for time, _, comment in ours] != [(time, comment) for time, _, comment in annotated(expected[format])]:
                problems.append("pcapng: other times or comments")
            if frames is not None and [frame for _, frame, _ in ours] != frames:
                problems.append("pcapng: other frames")
            continue
        reference = expected[format]
        if has_other_link:
            content, reference = masked(content), masked(reference)
        if content != reference:
            problems.append(format + ": " + first_difference(content, reference))
    told.case(name, "\n".join(problems) if problems else None)


def write(path, content):
    with open(path, "wb") as file:
        file.write(content)


def frames_of(content):
    """The frames of a pcap file of either order; None of anything else."""
    order, at, frames = PCAP_ORDERS.get(content[:4]), 24, []
    while order and at < len(content):
        kept = struct.unpack(order + "I", content[at + 8 : at + 12])[0]
        frames.append(content[at + 16 : at + 16 + kept])
        at += 16 + kept
    return frames if order else None


def main():
    told = Told()
    formats = listed_formats()
    write("script", SCRIPT.encode())
    write("rules4", RULES4.encode())
    write("rules6", RULES6.encode())
    write("sets", b"create strangers hash:ip family inet hashsize 1024 maxelem 65536 timeout 300 bucketsize 12 initval 0x1\n")
    subprocess.run([program, "craft", "script", "-w", "capture"], check=True)
    frames = list(read_pcap("capture"))
    replay(formats)
    expected = outcome(formats)
    for format in formats:
        told.case("%s holds something" % format, None if holds_something(expected[format]) else "it is empty")
    for name, content, has_other_link in kinds(frames):
        write("capture", content)
        replay(formats)
        compare(told, name, outcome(formats), expected, frames_of(content), has_other_link)

    os.unlink("capture")
    os.mkfifo("capture")
    replay(formats, lambda: write("capture", pcap(frames)))
    compare(told, "a named pipe", outcome(formats), expected, None, False)
    os.unlink("capture")
    for name, link_type, is_ipv6 in ("IPv4 alone", 228, False), ("IPv6 alone", 229, True):
        own = [frame for frame in frames if frame.is_ipv6 == is_ipv6]
        write("capture", pcap(own))
        replay(formats)
        reference = outcome(formats)
        write("capture", pcap(own, link_type=link_type, head=nothing))
        replay(formats)
        compare(told, name, outcome(formats), reference, [frame.ip for frame in own], True)
    print("1..%d" % told.n)
    return told.n_failed


sys.exit(1 if main() else 0)
