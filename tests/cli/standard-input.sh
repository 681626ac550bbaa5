#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Captures and rules from standard input, plain and compressed: the same answers as from files.

. "$(dirname "$0")/harness"
pcap=$captures/dns-timeout.pcap
dns=$rules/dns.rules

"$CTREPLAY" run -r "$pcap" "$dns" --out csv=- >expected.csv || exit 99
# The rules' file as the CSV names it
plain=$(sed -n 's/.*,\([^,]*dns\.rules\),.*/\1/p' expected.csv | head -n 1)
[ -n "$plain" ] || exit 99
sed "s|$plain|dns.rules|g" expected.csv >renamed.csv
same() { # CAPTURE RULES
	"$CTREPLAY" run -r "$1" "$2" --out csv=- >got.csv || return 1
	sed -e "s|$plain|dns.rules|g" -e 's|(standard input)|dns.rules|g' got.csv >named.csv
	cmp renamed.csv named.csv
}

if "$CTREPLAY" run -r "$pcap" - --out csv=- <"$dns" >got.csv 2>.own/why && sed 's|(standard input)|dns.rules|g' got.csv | cmp - renamed.csv 2>>.own/why; then
	tell "rules from standard input" 0
else
	tell "rules from standard input" 1
fi
if printf '*filter\n-A INPUT -j NOWHERE\nCOMMIT\n' | "$CTREPLAY" check - >/dev/null 2>.own/why; then
	tell "errors in rules from standard input have a place" 1
else
	grep -q '^(standard input):2:13: error: ' .own/why
	tell "errors in rules from standard input have a place" $?
fi

from() { # NAME COMMAND
	if eval "$2" | same - "$dns" 2>.own/why; then tell "$1" 0; else tell "$1" 1; fi
}
from "a capture from standard input" 'cat "$pcap"'
# Rows are written as they come: the heading has the width of the first.
aligned() {
	"$CTREPLAY" run -r - "$dns" <"$pcap" | awk '/^No\. / { at = index($0, "Entry") } at && /^ *1 / { exit substr($0, at, 2) != "#1" }'
}
aligned
tell "the heading stands above the cells of the first row" $?
mkfifo named.pipe
from_named_pipe() {
	cat "$pcap" >named.pipe &
	same named.pipe "$dns"
}
passes "a capture from a named pipe" from_named_pipe
for tool in gzip zstd xz; do
	if command -v $tool >/dev/null; then
		$tool -c <"$pcap" >capture.$tool
		from "a capture from standard input, $tool" "cat capture.$tool"
		passes "a capture file, $tool, whatever its name" same capture.$tool "$dns"
		head -c 150 capture.$tool >cut.$tool
		passes "a file that $tool left half" ends 2 run -q -r cut.$tool "$dns"
		passes "says so in one line" is_one_line 'cut\.'$tool': '
	else
		skip "a capture from standard input, $tool" "$tool is not here"
	fi
done
from "a capture that comes slowly" '{ head -c 100 "$pcap"; sleep 0.2; tail -c +101 "$pcap"; }'
# pcapng by hand: a section, an Ethernet interface, and the capture's first packet (75 bytes, one more to be a multiple
# of four), with the microseconds that a block has in two halves.
head -c 115 "$pcap" >first.pcap
microseconds=1767225600000000
{
	printf '\n\r\r\n'; little_endian 28 4; printf '\115\074\053\032'; little_endian 1 4
	printf '\377\377\377\377\377\377\377\377'; little_endian 28 4
	little_endian 1 4; little_endian 20 4; little_endian 1 4; little_endian 65535 4; little_endian 20 4
	little_endian 6 4; little_endian 108 4; little_endian 0 4; little_endian $((microseconds >> 32)) 4
	little_endian $((microseconds & 0xffffffff)) 4; little_endian 75 4; little_endian 75 4
	tail -c 75 first.pcap; printf '\0'; little_endian 108 4
} >first.pcapng
of_first() {
	"$CTREPLAY" run -r "$1" "$dns" --out csv=-
}
passes "a pcapng file" sh -c '"$0" run -r first.pcap "$1" --out json=- | sed 1d >a && "$0" run -r first.pcapng "$1" --out json=- | sed 1d >b && [ -s a ] && cmp a b' "$CTREPLAY" "$dns"
of_first first.pcap >first.csv
cat first.pcapng | of_first - 2>.own/why | cmp - first.csv >>.own/why 2>&1
tell "pcapng from standard input" $?
if command -v gzip >/dev/null; then
	gzip -c first.pcapng | of_first - 2>.own/why | cmp - first.csv >>.own/why 2>&1
	tell "compressed pcapng from standard input" $?
else
	skip "compressed pcapng from standard input" "gzip is not here"
fi
# told_at_once NAME CAPTURE PATH: the first packet of a capture that has not ended
told_at_once() {
	rm -f live told
	mkfifo live
	case $3 in
	-) "$CTREPLAY" run -r - "$dns" --local 192.168.1.2 --threads 3 --out csv=- <live >told 2>.own/why & ;;
	*) "$CTREPLAY" run -r "$3" "$dns" --local 192.168.1.2 --threads 3 --out csv=- >told 2>.own/why & ;;
	esac
	exec 3>live
	cat "$2" >&3
	tries=0
	until grep -q '^1,' told || [ $tries -ge 100 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	grep -q '^1,' told
	tell "$1" $?
	exec 3>&-
	wait
}
told_at_once "a packet of a live capture is told as it comes" first.pcap -
told_at_once "and of one in pcapng" first.pcapng -
told_at_once "and of one that comes by a named pipe" first.pcap live

# What a pipe brings is there once; nobody waits for it to be told so.
says "diff does not wait for a pipe" 2 'diff reads the capture twice: -r named\.pipe cannot be' diff "$dns" "$dns" -r named.pipe
says "nor do several captures" 2 'a pipe cannot be one of several captures' run -q -r "$pcap" -r named.pipe "$dns"
says "nor does step" 2 'what comes by a pipe is there once' step -r named.pipe "$dns"

if printf '' | "$CTREPLAY" run -q -r - "$dns" >/dev/null 2>.own/why; then
	tell "an empty standard input is an error" 1
else
	grep -q '^ctreplay: error: standard input: empty file' .own/why
	tell "an empty standard input is an error" $?
fi

finish
