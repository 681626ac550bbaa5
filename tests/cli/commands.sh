#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What each command prints, and with which exit code.

. "$(dirname "$0")/harness"
pcap=$captures/dns-timeout.pcap
dns=$rules/dns.rules

passes "--version" ends 0 --version
passes "names the program and its version" grep -E -q '^ctreplay [0-9]+\.[0-9]+' .own/stdout
passes "--help" ends 0 --help
commands=$(sed -n '/^usage:/,/^`/s/^  \([a-z][a-z]*\) .*/\1/p' .own/stdout)
passes "which knows run, check, format, craft and list" sh -c 'for c in run check format craft list; do case " $0 " in *" $c "*) ;; *) echo "$c is not in: $0"; exit 1 ;; esac; done' "$(echo $commands)"
for command in $commands; do
	passes "$command --help" ends 0 "$command" --help
	passes "$command --help begins with its usage" grep -q "^usage: ctreplay $command" .own/stdout
done
passes "no command at all" ends 2
passes "shows the usage" grep -q '^usage: ctreplay COMMAND' .own/stderr

for topic in matches targets states timeouts helpers hooks sysctls formats; do
	passes "list $topic" ends 0 list $topic
	passes "list $topic prints something" test -s .own/stdout
done
passes "every listed format can be written" sh -c '"$0" list formats | cut -d " " -f 1 | grep . >formats; grep -q "^json$" formats || exit 1
	while read -r format; do "$0" run -q -r "$1" "$2" --out "$format=out.$format" >/dev/null 2>said || grep -q "not built in" said || { cat said; exit 1; }; done <formats' "$CTREPLAY" "$pcap" "$dns"

# check
passes "check of good rules" ends 0 check "$dns"
passes "check of several files" ends 0 check "$rules"/*.rules
printf '*filter\n-A INPUT -m geoip --source-country DE -j DROP\nCOMMIT\n' >geoip.rules
passes "check of rules that are not simulated" ends 0 check geoip.rules
passes "tells which" grep -q 'geoip' .own/stdout .own/stderr
passes "check --strict refuses them" ends 2 check --strict geoip.rules
passes "check of nothing" ends 2 check

# Several files: the later one replaces a table, or with --noflush adds to it; what is expected is iptables-restore's.
printf '%s\n' '*filter' ':INPUT DROP [0:0]' ':web - [0:0]' ':ssh - [0:0]' '-A INPUT -j web' '-A web -p tcp -j ACCEPT' '-A ssh -j DROP' \
	COMMIT >base.rules
printf '%s\n' '*filter' ':web - [0:0]' '-A web -p udp -j ACCEPT' '-A INPUT -j ssh' COMMIT >more.rules
printf '%s\n' '*filter' ':INPUT DROP [0:0]' ':FORWARD ACCEPT [0:0]' ':OUTPUT ACCEPT [0:0]' ':ssh - [0:0]' ':web - [0:0]' \
	'-A INPUT -j web' '-A INPUT -j ssh' '-A ssh -j DROP' '-A web -p udp -j ACCEPT' COMMIT >both.rules
passes "--noflush adds to a table" sh -c '"$1" format --noflush base.rules more.rules | diff both.rules -' - "$CTREPLAY"

# format: what it prints, it prints again, but for the order of tables, which is the reverse of that of loading
stable() { # FILE
	"$CTREPLAY" format "$1" >once 2>.own/said || { cat .own/said; return 1; }
	"$CTREPLAY" format once >twice 2>.own/said || { cat .own/said; return 1; }
	"$CTREPLAY" format twice >thrice 2>.own/said || { cat .own/said; return 1; }
	diff once thrice
}
for file in "$rules"/*.rules; do
	passes "format of format is format: ${file##*/}" stable "$file"
done

# -D deletes what -A added, a default said or not
{ echo '*filter'; for answer in "" " --reject-with icmp-port-unreachable"; do for again in "" " --reject-with icmp-port-unreachable"; do
	echo "-A FORWARD -j REJECT$answer"; echo "-D FORWARD -j REJECT$again"; done; done; echo COMMIT; } >deleted.rules
passes "-D deletes what -A added" sh -c '"$0" format deleted.rules >left && ! grep -e -A left' "$CTREPLAY"
printf '*filter\n-A FORWARD -j REJECT --reject-with icmp-net-prohibited\n-D FORWARD -j REJECT\nCOMMIT\n' >other.rules
passes "and nothing else" ends 2 check other.rules

# Families
printf '*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp -j ACCEPT\nCOMMIT\n' >plain.rules
passes "-6 says that rules are for IPv6" sh -c '"$0" run -q -r "$1" -6 plain.rules --out counters=- | grep -q ip6tables-save' "$CTREPLAY" "$pcap"
passes "-4 and -6 together" sh -c '"$0" run -q -r "$1" -4 plain.rules -6 plain.rules --out counters=- >both && [ "$(grep -c "^\*filter" both)" -eq 2 ]' "$CTREPLAY" "$pcap"
printf '*filter\n-A INPUT -s 10.0.0.1 -j ACCEPT\nCOMMIT\n' >four.rules
passes "-6 with IPv4 addresses" ends 2 run -r "$pcap" -6 four.rules

# craft
passes "a script becomes its capture, byte for byte" sh -c '"$0" craft "$1/dns-timeout.packets" -w made.pcap && cmp made.pcap "$1/dns-timeout.pcap"' "$CTREPLAY" "$captures"
passes "craft to standard output" sh -c '"$0" craft "$1/dns-timeout.packets" -w - | cmp - "$1/dns-timeout.pcap"' "$CTREPLAY" "$captures"
passes "a script and its capture give the same replay" sh -c '"$0" run -r "$1/dns-timeout.packets" "$2" --out csv=a.csv >/dev/null && "$0" run -r "$1/dns-timeout.pcap" "$2" --out csv=b.csv >/dev/null && cmp a.csv b.csv' "$CTREPLAY" "$captures" "$dns"
printf '# ctreplay packets\n0.000000001 udp 10.0.0.1:1 > 10.0.0.2:2\n' >nano.packets
passes "nanoseconds make a nanosecond capture" sh -c '"$0" craft nano.packets -w nano.pcap && head -c 4 nano.pcap | od -An -tx1 | grep -q "4d 3c b2 a1"' "$CTREPLAY"

finish
