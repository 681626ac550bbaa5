#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What holds for every replay, shown with the captures and the cases of the tree.

. "$(dirname "$0")/harness"

# Captures with their rules and options: the labs
labs=$(cd "$captures" && for capture in */capture.pcap; do echo "${capture%/*}"; done)
replay() { # LAB OPTION...
	folder=$captures/$1
	shift
	# shellcheck disable=SC2046 # one option a word
	"$CTREPLAY" run -q -r "$folder/capture.pcap" "$folder/rules" $(cat "$folder/host") "$@"
}
formats="json csv events table conntrack counters text svg sketch gnuplot html pcapng sent"

all_formats() { # LAB SUFFIX OPTION...
	folder=$1 suffix=$2
	shift 2
	for format in $formats; do
		set -- "$@" --out "$format=$folder.$suffix.$format"
	done
	replay "$folder" --snapshot every=10s --snapshot end "$@" >"$folder.$suffix.stdout"
}

same_bytes() { # LAB SUFFIX SUFFIX
	for format in $formats stdout; do
		cmp "$1.$2.$format" "$1.$3.$format" || return 1
	done
}

for lab in $labs; do
	passes "$lab: every format at once" all_formats "$lab" first
	(all_formats "$lab" again; all_formats "$lab" seed --seed 987654321) >/dev/null 2>&1
	passes "$lab: the same run gives the same bytes" same_bytes "$lab" first again
	passes "$lab: and so does another seed" same_bytes "$lab" first seed
done

# A sink more changes nothing in another; nor does it matter how many threads there are (all at once have one: html explains).
alone() { # LAB THREADS
	for format in $formats; do
		replay "$1" --threads "$2" --snapshot every=10s --snapshot end --out "$format=alone" >/dev/null || return 1
		cmp alone "$1.first.$format" || return 1
	done
}
for lab in $labs; do
	passes "$lab: each format alone is the same" alone "$lab" 1
	passes "$lab: and in a thread of its own" alone "$lab" 3
done

# The annotated capture is the capture: read again it says the same, keeps its comments, and gets one more on each packet.
annotated() { # LAB
	folder=$captures/$1
	# shellcheck disable=SC2046 # one option a word
	"$CTREPLAY" run -q -r "$1.first.pcapng" "$folder/rules" $(cat "$folder/host") --out "csv=$1.csv" --out "pcapng=$1.twice" >/dev/null &&
		cmp "$1.csv" "$1.first.csv" || return 1
	once=$(tr -c ' -~' '\n' <"$1.first.pcapng" | grep -c '; by filter ')
	twice=$(tr -c ' -~' '\n' <"$1.twice" | grep -c '; by filter ')
	[ "$once" -gt 0 ] && [ "$twice" -eq $((2 * once)) ] || { echo "$once comments, then $twice"; return 1; }
}
for lab in $labs; do
	passes "$lab: the annotated capture can be replayed" annotated "$lab"
done

# Who explains asks matches again: sets count each packet once all the same.
counts_once() (
	cd "$top/tests/cases/ipset/every-kind-of-set-is-asked-and-changed" || return 1
	"$CTREPLAY" run -q -r packets rules --ipset sets --local 10.0.0.2/24@eth0 --out "ipset=$work/alone" &&
		"$CTREPLAY" run -q -r packets rules --ipset sets --local 10.0.0.2/24@eth0 --out "ipset=$work/both" --out explain=/dev/null &&
		grep -q 'packets 22 ' "$work/alone" && cmp "$work/alone" "$work/both"
)
passes "sets count the same when somebody asks why" counts_once

# created = expired + destroyed + live
adds_up() { # JSON
	tail -n 1 "$1" | sed -n 's/.*"created":\([0-9]*\),"expired":\([0-9]*\),"destroyed":\([0-9]*\),"live":\([0-9]*\).*/\1 \2 \3 \4/p' |
		{ read -r created expired destroyed live && [ "$created" -eq $((expired + destroyed + live)) ]; }
}
for lab in $labs; do
	passes "$lab: entries add up" adds_up "$lab.first.json"
done
n_events() { grep -c "\"kind\":\"event\".*\"type\":\"$1\"" "$2"; }
events_add_up() { # JSON: each entry that came and went was told
	created=$(sed -n 's/.*"created":\([0-9]*\).*/\1/p' "$1") live=$(sed -n 's/.*"live":\([0-9]*\).*/\1/p' "$1")
	[ "$(n_events NEW "$1")" -eq "$created" ] && [ "$(n_events DESTROY "$1")" -eq $((created - live)) ]
}
for lab in $labs; do
	passes "$lab: the beginning and the end of each entry was told" events_add_up "$lab.first.json"
done

# The first packets of a script give the first lines of the JSON of all.
script=$captures/dns-timeout.packets
whole() { "$CTREPLAY" run -q -r "$1" "$rules/dns.rules" --local 192.168.1.2 --out json=- | sed 's/"capture":"[^"]*"/"capture":""/'; }
whole "$script" >whole.json
prefix() { # LINES
	head -n "$1" "$script" >part.packets
	whole part.packets | grep -v '"kind":"summary"' >part.json
	head -n "$(wc -l <part.json)" whole.json | cmp - part.json
}
for lines in $(grep -n '^[0-9]' "$script" | cut -d : -f 1); do
	passes "the first $lines lines of a script give the beginning of its JSON" prefix "$lines"
done

# Whatever rewrites packets keeps their checksums right: what leaves is judged by another replay, which adds them up anew.
printf '*filter\n-A INPUT -m conntrack --ctstate INVALID\nCOMMIT\n' >judge.rules
sent_right() { # CASE: packets that are right, in a capture that shows how they left
	folder=$top/tests/cases/$1
	(
		cd "$folder" || exit 1
		eval "set -- $(cat args 2>/dev/null)"
		for file in packets capture.pcap capture.pcapng; do
			[ ! -f $file ] || packets=$file
		done
		"$CTREPLAY" run -q -r "$packets" rules "$@" --out "sent=$work/sent.pcap"
	) >/dev/null || return 1
	"$CTREPLAY" run -r sent.pcap -4 judge.rules --track always --captured-on arriving --local 192.0.2.254 >judged || return 1
	! grep -i 'checksum' judged
}
for case in "$top"/tests/cases/nat/* "$top"/tests/cases/tcpmss/* "$top"/tests/cases/host/*; do
	name=${case#"$top"/tests/cases/}
	grep -q -s 'bad-checksum' "$case/packets" || passes "$name: what leaves has right checksums" sent_right "$name"
done
sees_wrong_checksums() {
	printf '# ctreplay packets\n0 udp 10.0.0.1:1 > 10.0.0.2:2 len 8 bad-checksum\n' >wrong.packets
	"$CTREPLAY" craft wrong.packets -w sent.pcap && "$CTREPLAY" run -r sent.pcap judge.rules --local 192.0.2.254 | grep -q 'bad checksum'
}
passes "and a wrong one would be seen" sees_wrong_checksums

# What was accepted and what was dropped are the whole input, each packet once; and each capture can be read again.
parted() {
	"$CTREPLAY" run -q -r "$script" "$rules/dns.rules" --local 192.168.1.2 --out accepted=accepted.pcap --out dropped=dropped.pcap \
		--out json=parted.json >/dev/null || return 1
	for verdict in accepted:ACCEPT dropped:DROP; do
		"$CTREPLAY" run -q -r "${verdict%:*}.pcap" judge.rules --local 192.168.1.2 --out json=again.json >/dev/null || return 1
		summaries() { sed -n '/"kind":"packet"/s/.*\("summary":"[^"]*"\).*/\1/p'; }
		grep "\"verdict\":\"${verdict#*:}\"" parted.json | summaries >expected
		summaries <again.json >got
		[ -s got ] && cmp expected got || return 1
	done
}
passes "the captures of what was accepted and what was dropped hold what they say" parted

# A filter shows less and changes nothing of what it shows.
filtered() {
	whole "$script" | grep '"kind":"packet"' | grep '192.168.1.66' >expected
	"$CTREPLAY" run -q -r "$script" "$rules/dns.rules" --local 192.168.1.2 --packets 'host 192.168.1.66' --out json=- | grep '"kind":"packet"' >got
	[ -s got ] && cmp expected got
}
passes "a filter changes nothing of what it shows" filtered

# Capture and script, plain and compressed, are the same packets.
if command -v gzip >/dev/null; then
	gzip -c "$captures/ssh-session/capture.pcap" >ssh.pcap.gz
	packed() {
		# shellcheck disable=SC2046 # one option a word
		"$CTREPLAY" run -q -r ssh.pcap.gz "$captures/ssh-session/rules" $(cat "$captures/ssh-session/host") --out csv=packed.csv >/dev/null &&
			cmp packed.csv ssh-session.first.csv
	}
	passes "a compressed capture gives the same" packed
else
	skip "a compressed capture gives the same" "gzip is not here"
fi

finish
