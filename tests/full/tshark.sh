#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The annotated capture in Wireshark's own reader: every frame is there with its comment, and filters find them. Skips aloud
# without tshark.

command -v tshark >/dev/null 2>&1 || { echo "1..0 # SKIP tshark is not here"; exit 0; }
. "$(dirname "$0")/../cli/harness"

frames() { # FILE FILTER FIELD...
	file=$1 filter=$2
	shift 2
	for field; do
		set -- "$@" -e "$field"
		shift
	done
	tshark -n -r "$file" -Y "$filter" -T fields "$@" 2>/dev/null
}

for folder in "$captures"/*/; do
	lab=$(basename "$folder")
	[ -f "$folder/capture.pcap" ] || continue
	annotate() {
		# shellcheck disable=SC2046 # one option a word
		"$CTREPLAY" run -q -r "$folder/capture.pcap" "$folder/rules" $(cat "$folder/host") --out "pcapng=$lab.pcapng" \
			--out "json=$lab.json" >/dev/null
	}
	passes "$lab: annotated" annotate
	same_frames() {
		frames "$folder/capture.pcap" frame frame.number frame.time_epoch frame.len eth.src ip.src tcp.seq_raw >original
		frames "$lab.pcapng" frame frame.number frame.time_epoch frame.len eth.src ip.src tcp.seq_raw >annotated
		[ -s original ] && cmp original annotated
	}
	passes "$lab: the frames are those of the capture" same_frames
	same_verdicts() {
		for verdict in ACCEPT DROP REJECT; do
			frames "$lab.pcapng" "frame.comment matches \"^$verdict;\"" frame.number >found
			sed -n "s/^{\"kind\":\"packet\",\"packet\":\([0-9]*\),.*\"verdict\":\"$verdict\".*/\1/p" "$lab.json" >expected
			cmp found expected || return 1
		done
	}
	passes "$lab: filters find the verdicts" same_verdicts
done
finish
