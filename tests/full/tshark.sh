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

# The fields of wireshark/ctreplay.lua, and the profile that shows them.
lua=$top/wireshark/ctreplay.lua
mkdir -p config/profiles
cp -r "$top/wireshark/profile" config/profiles/ctreplay
WIRESHARK_CONFIG_DIR=$PWD/config; export WIRESHARK_CONFIG_DIR
if ! tshark -X "lua_script:$lua" -r port-scan.pcapng -Y ctreplay.verdict >/dev/null 2>&1; then
	skip "the fields of ctreplay.lua" "this tshark does not run Lua"
	finish
	exit 0
fi

# annotated: what the fields say of each packet; told: the same from the JSON lines
fields_agree() {
	tshark -n -X "lua_script:$lua" -r "$lab.pcapng" -T fields -E separator='|' -e frame.number -e ctreplay.verdict -e ctreplay.ctstate \
		-e ctreplay.direction -e ctreplay.rule -e ctreplay.place -e ctreplay.entry -e ctreplay.state -e ctreplay.timeout >annotated 2>tshark.errors
	jq -r 'select(.kind == "packet") | . as $p | .decided_by as $rule | .entry as $entry | [
		.packet, (if .verdict == null then "not judged" else .verdict end), .ctstate, (if $entry then .direction else null end),
		(if $rule then "\($rule.table) \($rule.chain) \(if $rule.policy then "policy" else $rule.rule end)" else null end),
		(if $rule then "\($rule.file):\($rule.line)" else null end),
		$entry.id, $entry.state, $entry.timeout] | map(. // "" | tostring) | join("|")' "$lab.json" >told
	[ -s told ] && diff told annotated
}
if command -v jq >/dev/null 2>&1; then
	for lab in $(ls -- *.pcapng | sed 's/\.pcapng$//'); do
		passes "$lab: the fields say what the JSON lines say" fields_agree
	done
else
	skip "the fields beside the JSON lines" "jq is not here"
fi

lab=port-scan
# finds FILTER JSON-PATTERN: as many frames as lines
finds() {
	tshark -n -X "lua_script:$lua" -r "$lab.pcapng" -Y "$1" -T fields -e frame.number >found 2>/dev/null
	grep '^{"kind":"packet"' "$lab.json" | grep -c "$2" >expected
	[ -s found ] && [ "$(wc -l <found)" -eq "$(cat expected)" ]
}
passes "a filter for a verdict" finds 'ctreplay.verdict == "DROP"' '"verdict":"DROP"'
passes "a filter for a state and a change" finds 'ctreplay.ctstate == "NEW" && ctreplay.change == "new"' '"ctstate":"NEW".*"change":"new"'
passes "a filter for a chain's policy" finds 'ctreplay.chain == "INPUT" && ctreplay.number == 0' '"decided_by":{[^}]*"chain":"INPUT"[^}]*"policy":true'
passes "a filter for an entry's timeout" finds 'ctreplay.timeout < 20' '"timeout":"1\?[0-9]"'
profile_shows() {
	tshark -n -C ctreplay -X "lua_script:$lua" -r "$lab.pcapng" >shown 2>/dev/null
	[ -s shown ] && grep -q ' ACCEPT .* filter INPUT .*rules:' shown
}
passes "the profile's columns show them" profile_shows
widths_are_those_of_its_columns() {
	sed -n 's/.*, "\(%[^"]*\)",*$/\1/p' "$top/wireshark/profile/preferences" | sed 's/:[0-9]*:R$//' >columns
	sed -n 's/^column\.width: //p' "$top/wireshark/profile/recent" | grep -o '"%[^"]*", [0-9]*' | sed 's/^"\(.*\)", .*/\1/' | diff columns - && [ -s columns ]
}
passes "each of them has a width" widths_are_those_of_its_columns
colours_apply() {
	tshark -n -C ctreplay -X "lua_script:$lua" -r "$lab.pcapng" --color -T fields -E separator='|' -e ctreplay.verdict -e ctreplay.change \
		-e frame.coloring_rule.name 2>/dev/null | sort -u >coloured
	printf '%s\n' 'ACCEPT|new|a new entry' 'DROP||DROP' 'not judged||not judged' >expected
	grep -v 'ACCEPT|refreshed|ACCEPT\|ACCEPT|changed|ACCEPT\|ACCEPT|destroyed|ACCEPT\|ACCEPT||ACCEPT' coloured | diff expected -
}
passes "and its colours" colours_apply
finish
