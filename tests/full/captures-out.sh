#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# accepted, dropped, sent and pcapng of every kind of capture: tcpdump and tshark open them, the times are those of the original, and an
# annotated pcapng keeps what the original says. Captures are made by Wireshark's tools, and one pcapng is written by hand. Skips aloud
# without them.

. "$(dirname "$0")/../cli/harness"
for tool in tshark editcap mergecap tcpdump python3; do
	command -v $tool >/dev/null 2>&1 || { echo "1..0 # SKIP $tool is not here"; exit 0; }
done

lab=$captures/dns-resolver
host=$(cat "$lab/host")
original=$lab/capture.pcap

# Two interfaces with names and options, one of which has no packet; comments, directions and drops on packets; big-endian.
cat >write.py <<'END'
import struct, sys
source = open(sys.argv[1], "rb").read()
order = "<" if source[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
unit = 1 if source[:4] in (b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d") else 1000
def option(code, value): return struct.pack(">HH", code, len(value)) + value + b"\0" * (-len(value) % 4)
def block(kind, body): return struct.pack(">II", kind, len(body) + 12) + body + struct.pack(">I", len(body) + 12)
def interface(options): return block(1, struct.pack(">HHI", 1, 0, 0) + options + option(9, b"\x09") + option(0, b""))
out = block(0x0a0d0d0a, struct.pack(">IHHq", 0x1a2b3c4d, 1, 0, -1) + option(1, b"a section") + option(2, b"a machine") + option(3, b"Linux") +
            option(4, b"dumpcap") + option(0, b""))
out += interface(option(2, b"idle0") + option(3, b"nothing here"))
out += interface(option(2, b"eth0") + option(3, b"the network") + option(8, struct.pack(">Q", 1000000000)) + option(11, b"\0udp or tcp") + option(12, b"Linux 6.18"))
at, number = 24, 0
while at < len(source):
    seconds, part, kept, whole = struct.unpack(order + "IIII", source[at:at + 16])
    frame = source[at + 16:at + 16 + kept]
    at += 16 + kept
    number += 1
    time = seconds * 10 ** 9 + part * unit
    options = b""
    if number == 2:
        options = option(1, b"first") + option(1, b"second") + option(2, struct.pack(">I", 0x29)) + option(4, struct.pack(">Q", 7))
    out += block(6, struct.pack(">IIIII", 1, time >> 32, time & 0xffffffff, kept, whole) + frame + b"\0" * (-kept % 4) + options +
                 (option(0, b"") if options else b""))
open(sys.argv[2], "wb").write(out)
END

python3 write.py "$original" described.pcapng || exit 99
editcap -F pcap "$original" microseconds.pcap && editcap -F nsecpcap "$original" nanoseconds.pcap && editcap -F pcapng "$original" plain.pcapng || exit 99
editcap -r "$original" half.pcapng 1-13 && editcap "$original" rest.pcapng 1-13 && mergecap -w several.pcapng half.pcapng rest.pcapng || exit 99
gzip -c nanoseconds.pcap >compressed.pcap.gz
# Linux cooked, both versions, from the same packets
cat >cook.py <<'END'
import struct, sys
source = open(sys.argv[1], "rb").read()
version = int(sys.argv[3])
out = source[:20] + struct.pack("<I", 113 if version == 1 else 276)
at = 24
while at < len(source):
    seconds, part, kept, whole = struct.unpack("<IIII", source[at:at + 16])
    frame = source[at + 16:at + 16 + kept]
    at += 16 + kept
    mac, kind = frame[6:12], frame[12:14]
    way = 4 if kind == b"\x08\x00" and frame[26:30] == bytes([10, 0, 0, 2]) else 0
    if version == 1:
        head = struct.pack(">HHH", way, 1, 6) + mac + b"\0\0" + kind
    else:
        head = kind + struct.pack(">HIHBB", 0, 2, 1, way, 6) + mac + b"\0\0"
    out += struct.pack("<IIII", seconds, part, kept - 14 + len(head), whole - 14 + len(head)) + head + frame[14:]
open(sys.argv[2], "wb").write(out)
END
python3 cook.py nanoseconds.pcap sll.pcap 1 && python3 cook.py nanoseconds.pcap sll2.pcap 2 || exit 99

# packets FILE: the time and identification of each IP packet, as tshark reads them
packets() {
	tshark -n -r "$1" -T fields -e frame.time_epoch -e ip.id -e ip.src -Y ip 2>/dev/null | awk '!seen[$0]++'
}
replayed() {
	# shellcheck disable=SC2086 # a list of words
	"$CTREPLAY" run -q -r "$1" "$lab/rules" $host --captured-on arriving --out accepted=accepted --out dropped=dropped --out sent=sent --out pcapng=annotated \
		--out json=json >/dev/null
}
# What was accepted and dropped is what the capture holds, with its times; tcpdump counts as many packets as were told.
same_packets() {
	packets "$1" >original
	{ packets accepted; packets dropped; } | sort >both
	[ -s both ] && sort original | diff - both || return 1
	for verdict in accepted:ACCEPT dropped:DROP; do
		[ "$(tcpdump -n -r "${verdict%:*}" 2>/dev/null | wc -l)" -eq "$(grep -c "\"verdict\":\"${verdict#*:}\"" json)" ] || return 1
	done
}
sent_at_its_time() {
	packets accepted | cut -f 1 | sort >original
	packets sent | cut -f 1 | sort >ours
	[ -s ours ] && diff original ours
}
annotated_frames() {
	set -- "$1" -e frame.time_epoch -e frame.len -e frame.encap_type -e ip.id
	case $1 in *.pcapng) set -- "$@" -e frame.interface_id -e frame.interface_name -e frame.packet_flags;; esac
	original=$1
	shift
	for file in "$original" annotated; do
		tshark -n -r "$file" -T fields "$@" 2>/dev/null >frames
		[ "$file" != annotated ] || { [ -s frames ] && diff before frames; return; }
		cp frames before
	done
}
for file in microseconds.pcap nanoseconds.pcap compressed.pcap.gz plain.pcapng several.pcapng described.pcapng sll.pcap sll2.pcap; do
	passes "$file: replayed" replayed "$file"
	passes "$file: accepted and dropped are its packets, at their times" same_packets "$file"
	passes "$file: what is sent leaves at its time" sent_at_its_time
	passes "$file: annotated, the frames are the same" annotated_frames "$file"
done

# What capinfos and tshark know of the file that says most.
replayed described.pcapng
kept() {
	for file in described.pcapng annotated; do
		capinfos "$file" 2>/dev/null | grep -E 'Capture (hardware|oper-sys|application|comment)|Interface #|Name =|Description =|Speed =|Operating system =|Filter string =' >known
		[ "$file" != annotated ] || { [ -s known ] && diff before known; return; }
		cp known before
	done
}
passes "the section and its interfaces are described as before, also that without packets" kept
comments() {
	tshark -n -r annotated -T fields -e frame.comment -Y 'frame.number == 2' 2>/dev/null >found
	grep -q '^first,second,' found && tshark -n -r annotated -T fields -e frame.drop_count -Y 'frame.number == 2' 2>/dev/null | grep -q '^7$'
}
passes "comments come before ours, and drops are counted as before" comments
finish
