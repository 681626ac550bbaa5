#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# ctreplay diagram: every kind, every form, and what is refused.

. "$(dirname "$0")/harness"
pcap=$captures/dns-timeout.pcap
dns=$rules/dns.rules
kinds="sequence lifelines path nat bucket occupancy states"

# draws KIND LAB: an SVG that is whole, the same twice, and holds no number that is not one
draws() {
	kind=$1 lab=$2
	set -- -r "$captures/$lab/capture.pcap" "$captures/$lab/rules" -k "$kind"
	[ -f "$captures/$lab/capture.pcap" ] || { shift 2; set -- -r "$captures/$lab/any.pcap" "$@"; }
	# shellcheck disable=SC2046 # words
	ends 0 diagram "$@" $(cat "$captures/$lab/host") -o one.svg || return 1
	# shellcheck disable=SC2046 # words
	ends 0 diagram "$@" $(cat "$captures/$lab/host") -o two.svg || return 1
	cmp one.svg two.svg || return 1
	grep -q '^</svg>$' one.svg && ! grep -E -q 'nan|inf"|="-[0-9]{4}' one.svg || { grep -E 'nan|inf"|="-[0-9]{4}' one.svg | head -n 3; return 1; }
	! command -v xmllint >/dev/null 2>&1 || xmllint --noout one.svg
}

# inside KIND: no text begins or ends outside of the picture, as far as its font is known
inside() {
	ends 0 diagram -r "$pcap" "$dns" -k "$1" -o in.svg || return 1
	awk '
		match($0, /^<svg [^>]*width="[0-9]+"/) { sub(/.* width="/, ""); width = $0 + 0 }
		/^<text / {
			line = $0
			x = line; sub(/.* x="/, "", x); size = line; sub(/.*font-size="/, "", size)
			text = line; sub(/^<text[^>]*>/, "", text); sub(/<\/text>$/, "", text); gsub(/&[a-z]+;/, "x", text)
			len = length(text) * (line ~ /Mono/ ? 0.602 : 0.5) * (size + 0)
			from = x + 0
			if (line ~ /anchor="middle"/) from -= len / 2
			if (line ~ /anchor="end"/) from -= len
			if (from < 0 || from + len > width + 1) { print "outside: " text; bad = 1 }
		}
		END { exit bad }' in.svg
}

for kind in $kinds; do
	for lab in web-server ping-limit reject port-scan router-masquerade; do
		passes "$kind of $lab" draws "$kind" "$lab"
	done
	passes "$kind keeps its texts within the picture" inside "$kind"
	passes "$kind in letters" ends 0 diagram -r "$pcap" "$dns" -k "$kind"
	passes "which are not empty" test -s .own/stdout
	passes "--out svg,$kind draws beside run" ends 0 run -q -r "$pcap" "$dns" --out "svg,$kind=run.svg"
	passes "the same as diagram does" sh -c '"$0" diagram -r "$1" "$2" -k "$3" -o - | cmp - run.svg' "$CTREPLAY" "$pcap" "$dns" "$kind"
done

passes "a capture without packets" sh -c 'echo "# ctreplay packets" >empty.packets; for kind in '"$kinds"'; do
	"$0" diagram -r empty.packets "$1" -k $kind -o empty.svg || exit 1; "$0" diagram -r empty.packets "$1" -k $kind || exit 1; done' "$CTREPLAY" "$dns"
# docs/pictures/commands: FILE ARGUMENT...
documented() {
	cd "$top" || return 1
	[ "$(wc -l <docs/pictures/commands)" -eq "$(ls docs/pictures/*.svg | wc -l)" ] || { echo "not every drawing has its command"; return 1; }
	while read -r file arguments; do
		# shellcheck disable=SC2086 # words
		"$CTREPLAY" diagram $arguments -o - </dev/null | cmp - "docs/pictures/$file" || return 1
	done <docs/pictures/commands
}
passes "the drawings in the documents are what is drawn" documented

# A flow, a packet, colours
has() { # PATTERN OPTION...
	pattern=$1
	shift
	ends 0 diagram -r "$pcap" "$dns" "$@" && grep -q -e "$pattern" .own/stdout
}
passes "packets 2 to 4 alone" sh -c '"$0" diagram -r "$1" "$2" --packet 2-4 -o - | grep -E -o "UDP [0-9]+ &gt; [0-9]+ len [0-9]+" | wc -l | grep -q "^ *3$"' "$CTREPLAY" "$pcap" "$dns"
passes "the server answers: it stands on the right all the same" sh -c '"$0" diagram -r "$1" "$2" --packet 2 | head -n 1 | grep -q "192.168.1.2 .*firewall.* 192.168.1.10"' "$CTREPLAY" "$pcap" "$dns"
passes "the end of an entry of which nothing is shown is not shown either" sh -c '! "$0" diagram -r "$1" "$2" --packet 1-2 | grep "#2"' "$CTREPLAY" "$pcap" "$dns"
passes "what is dropped ends in a cross, however little room there is" sh -c '"$0" diagram -r "$1" "$2" | grep -q "^   3 .* X UDP 53"' "$CTREPLAY" "$pcap" "$dns"
hasnot() {
	pattern=$1
	shift
	ends 0 diagram -r "$pcap" "$dns" "$@" && ! grep -q -e "$pattern" .own/stdout
}
passes "--flow leaves strangers out" hasnot 192.168.1.66 --flow 1
passes "which are there without it" has 192.168.1.66
passes "--packets leaves packets out" hasnot 30.020 --packets 'src host 192.168.1.66' -k path
passes "--packet chooses the path" has 'packet 4: UDP' -k path --packet 4
passes "a packet that is not there is said" has 'not in the capture' -k path --packet 44
passes "dark" has '#15191e' --theme dark -o -
passes "light has no style sheet" hasnot '<style>' --theme light -o -
passes "auto has one" has '<style>' -o -

# A bucket for each address: the numbers of one a second, two at once
cat >hashlimit.packets <<'PACKETS'
# ctreplay packets
0    icmp 10.0.0.5 > 10.0.0.1 echo-request id 1 seq 1
+0.1 icmp 10.0.0.5 > 10.0.0.1 echo-request id 1 seq 2
+0.1 icmp 10.0.0.6 > 10.0.0.1 echo-request id 2 seq 1
+0.1 icmp 10.0.0.5 > 10.0.0.1 echo-request id 1 seq 3
+2   icmp 10.0.0.5 > 10.0.0.1 echo-request id 1 seq 4
PACKETS
printf '*filter\n:INPUT DROP [0:0]\n-A INPUT -p icmp -m hashlimit --hashlimit-upto 1/sec --hashlimit-burst 2 --hashlimit-mode srcip --hashlimit-name ping -j ACCEPT\nCOMMIT\n' >hashlimit.rules
levels() {
	ends 0 diagram -r hashlimit.packets hashlimit.rules --local 10.0.0.1 -k bucket || return 1
	got=$(sed -n 's/^ *\([0-9]*\) .*| *\([0-9.]*\)  \([a-z ]*[a-z]\) *\([A-Z]*\)$/\1 \2 \3 \4/p' .own/stdout | tr '\n' ';')
	[ "$got" = "1 2.00 enough ACCEPT;2 1.10 enough ACCEPT;4 0.30 too few DROP;5 2.00 enough ACCEPT;3 2.00 enough ACCEPT;" ] || { echo "$got"; return 1; }
}
passes "hashlimit's buckets, each with its own level" levels

# PNG and PDF
if command -v gnuplot >/dev/null 2>&1; then
	passes "PNG" ends 0 diagram -r "$pcap" "$dns" -o "it's.png"
	passes "is one" sh -c 'head -c 8 "it'"'"'s.png" | od -An -c | grep -q "P   N   G"'
	passes "PDF of the state machine" ends 0 diagram -r "$pcap" "$dns" -k states -o a.pdf --keep-script a.gnuplot
	passes "is one" sh -c 'head -c 5 a.pdf | grep -q "%PDF-"'
	passes "and its script was kept" grep -q 'pdfcairo' a.gnuplot
	passes "which no other was" sh -c '! ls ./*.png.gnuplot ./*.partial 2>/dev/null'
	passes "a folder that is not there" ends 3 diagram -r "$pcap" "$dns" -o nowhere/a.png
else
	skip "PNG and PDF" "gnuplot is not there"
fi
mkdir empty-path
passes "without gnuplot" sh -c 'PATH=$PWD/empty-path "$0" diagram -r "$1" "$2" -o b.png 2>said; [ $? -eq 3 ] && grep -q "made by gnuplot" said && [ ! -e b.png ]' "$CTREPLAY" "$pcap" "$dns"

says "an unknown kind" 2 'did you mean lifelines' diagram -r "$pcap" "$dns" -k lifeline
says "an unknown ending" 2 'must end in .svg, .png or .pdf' diagram -r "$pcap" "$dns" -o a.jpg
says "an unknown theme" 2 'auto, light, dark' diagram -r "$pcap" "$dns" --theme pink
says "a flow that is no number" 2 'a number from 1 on' diagram -r "$pcap" "$dns" --flow x
says "a script of an SVG" 2 'only -o FILE.png' diagram -r "$pcap" "$dns" -o a.svg --keep-script x

finish
