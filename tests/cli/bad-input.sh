#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What is wrong with files and options is said in one line that names them, with exit code 2, and leaves no file behind.

. "$(dirname "$0")/harness"
pcap=$captures/dns-timeout.pcap
dns=$rules/dns.rules

# The file header has 24 bytes, a packet's 16.
: >empty.pcap
head -c 20 "$pcap" >header-cut.pcap
head -c 24 "$pcap" >no-packets.pcap
head -c 30 "$pcap" >first-header-cut.pcap
head -c 60 "$pcap" >first-data-cut.pcap
head -c 400 "$pcap" >later-cut.pcap
printf 'these are words, and many of them, but no capture\n' >words.pcap
mkdir folder

says "a capture that is not there" 2 '^ctreplay: error: missing\.pcap: No such file' run -r missing.pcap "$dns"
says "an empty capture" 2 '^ctreplay: error: empty\.pcap: empty file' run -r empty.pcap "$dns"
says "a capture cut inside the file header" 2 'header-cut\.pcap: not a whole capture: cut short' run -r header-cut.pcap "$dns"
says "a capture cut inside the first packet's header" 2 'first-header-cut\.pcap: cut short after packet 0' run -r first-header-cut.pcap "$dns"
says "a capture cut inside the first packet" 2 'first-data-cut\.pcap: cut short after packet 0' run -r first-data-cut.pcap "$dns"
says "a capture cut inside a later packet" 2 'later-cut\.pcap: cut short after packet 3: the file ends in the middle of a packet' \
	run -q -r later-cut.pcap "$dns" --out json=cut.json --out csv=cut.csv
passes "a replay that ended early leaves no output file" sh -c '! ls cut.* *.partial 2>/dev/null'
says "a time that no clock counts" 2 "snapshot 'at=11111111111': expected end" run -r "$pcap" "$dns" --snapshot at=11111111111
passes "a capture without packets is fine" ends 0 run -q -r no-packets.pcap "$dns"
says "words instead of a capture" 2 'words\.pcap: not a capture file' run -r words.pcap "$dns"
says "rules instead of a capture" 2 'dns\.rules: not a capture file' run -r "$dns" "$dns"
says "a directory instead of a capture" 2 'folder: is a directory, not a capture' run -r folder "$dns"
says "a directory instead of rules" 2 'folder: Is a directory' run -r "$pcap" folder
says "rules that are not there" 2 'missing\.rules: No such file' run -r "$pcap" missing.rules
passes "a capture instead of rules" ends 2 check "$pcap"
passes "and its errors are located" grep -q 'dns-timeout\.pcap:1:' .own/stderr

pcap_header() { # LINK-TYPE
	printf '\324\303\262\241'
	little_endian 2 2; little_endian 4 2; little_endian 0 8; little_endian 65535 4; little_endian "$1" 4
}
pcap_header 105 >wireless.pcap
says "a link type that is not supported is named" 2 'wireless\.pcap: link type IEEE802_11 \(105\) is not supported; supported are .*EN10MB' \
	run -r wireless.pcap "$dns"
pcap_header 65000 >nameless.pcap
says "a link type without a name is numbered" 2 'nameless\.pcap: .*65000' run -r nameless.pcap "$dns"

# pcapng: a section, an Ethernet interface, a raw one, and a packet of the second
{
	printf '\n\r\r\n'; little_endian 28 4; printf '\115\074\053\032'; little_endian 1 4
	printf '\377\377\377\377\377\377\377\377'; little_endian 28 4
	for link_type in 1 101; do
		little_endian 1 4; little_endian 20 4; little_endian $link_type 4; little_endian 65535 4; little_endian 20 4
	done
	little_endian 6 4; little_endian 52 4; little_endian 1 4; little_endian 0 8; little_endian 20 4; little_endian 20 4
	printf '\105\0\0\024\0\0\0\0\100\021\0\0\012\0\0\001\012\0\0\002'; little_endian 52 4
} >two.pcapng
says "a pcapng file of two link types is refused with a way out" 2 'two\.pcapng: .*several link types.*split it' run -r two.pcapng "$dns"

# Permissions bind nobody who is root, so another user asks.
cp "$pcap" secret.pcap
cp "$dns" secret.rules
chmod 000 secret.pcap secret.rules
if [ "$(id -u)" -ne 0 ]; then
	says "a capture that may not be read" 2 'secret\.pcap: Permission denied' run -r secret.pcap "$dns"
	says "rules that may not be read" 2 'secret\.rules: Permission denied' check secret.rules
elif command -v setpriv >/dev/null && chmod 755 . .own && cp "$CTREPLAY" ./ctreplay-copy && cp "$dns" readable.rules &&
     setpriv --reuid=65534 --regid=65534 --clear-groups ./ctreplay-copy --version >/dev/null 2>&1; then
	as_nobody() { # PATTERN ARGUMENT...
		pattern=$1
		shift
		setpriv --reuid=65534 --regid=65534 --clear-groups ./ctreplay-copy "$@" >/dev/null 2>.own/stderr </dev/null
		[ $? -eq 2 ] && is_one_line "$pattern"
	}
	passes "a capture that may not be read" as_nobody 'secret\.pcap: Permission denied' run -r secret.pcap readable.rules
	passes "rules that may not be read" as_nobody 'secret\.rules: Permission denied' check secret.rules
else
	skip "a capture that may not be read" "there is no other user to be"
	skip "rules that may not be read" "there is no other user to be"
fi

# Rules
printf '*filter\n-A NOWHERE -j ACCEPT\nCOMMIT\n' >nowhere.rules
passes "a chain that does not exist" ends 2 run -r "$pcap" nowhere.rules --out json=never.json
passes "is said with its place" grep -q '^nowhere\.rules:2:4: error: .*NOWHERE' .own/stderr
passes "and nothing is written" test ! -e never.json
printf '*filter\n-A INPUT -j NOWHERE\nCOMMIT\n' >jump.rules
passes "a jump to a chain that does not exist" ends 2 check jump.rules
passes "is said with its place" grep -q '^jump\.rules:2:13: error: .*NOWHERE' .own/stderr
printf '*filter\n' >many.rules
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do echo "-A INPUT -p udp --dport x$i" >>many.rules; done
passes "many errors" ends 2 check many.rules
passes "are told up to the twentieth" sh -c '[ "$(grep -c ": error: " .own/stderr)" -le 21 ]'

# Options
says "an option that does not exist" 2 'unknown option --snapshots; did you mean --snapshot\?' run -r "$pcap" "$dns" --snapshots end
says "a letter that does not exist" 2 'unknown option -Z' run -Z
says "an option without its value" 2 '--out needs a value' run -r "$pcap" "$dns" --out
says "a value that is not wanted" 2 '--quiet takes no value' run -r "$pcap" "$dns" --quiet=yes
says "a command that does not exist" 2 "unknown command 'rnu'; did you mean 'run'\\?" rnu
says "no capture" 2 'no capture: -r' run "$dns"
says "no rules" 2 'no rules' run -r "$pcap"
says "two captures, one of which is not there" 2 'missing.pcap: No such file' run -r "$pcap" -r missing.pcap "$dns"
says "a sysctl that does not exist" 2 'unknown name .*did you mean net\.netfilter\.nf_conntrack_udp_timeout' \
	run -r "$pcap" "$dns" --sysctl net.netfilter.nf_conntrack_udp_timeuot=1
says "a sysctl out of range" 2 'nf_conntrack_acct: .2. is not a whole number from 0 to 1' run -r "$pcap" "$dns" --sysctl net.netfilter.nf_conntrack_acct=2
says "a sysctl without a value" 2 'expected NAME=VALUE' run -r "$pcap" "$dns" --sysctl net.netfilter.nf_conntrack_acct
says "a switch of the host out of range" 2 'rp_filter: .3.: it is 0, 1 or 2' run -r "$pcap" "$dns" --sysctl net.ipv4.conf.all.rp_filter=3
says "a host file that is not there" 2 'nowhere\.json: No such file' run -r "$pcap" "$dns" --host nowhere.json
says "a format that does not exist" 2 'unknown format .jsno.; did you mean json' run -r "$pcap" "$dns" --out jsno=x
says "a variant that does not exist" 2 '--out table,wide=x: ' run -r "$pcap" "$dns" --out table,wide=x
says "an output without a file" 2 'expected FORMAT=FILE' run -r "$pcap" "$dns" --out json
says "two outputs to one file" 2 'csv=x: another format goes there already' run -r "$pcap" "$dns" --out json=x --out csv=x
passes "and neither was begun" sh -c '! ls x x.partial 2>/dev/null'
says "an address that is none" 2 "--local '192\\.168\\.1': not an address" run -r "$pcap" "$dns" --local 192.168.1
says "a route that is none" 2 "--route '10/8': expected" run -r "$pcap" "$dns" --route 10/8
says "a snapshot that is none" 2 "--snapshot 'later': expected" run -r "$pcap" "$dns" --snapshot later
says "a filter that is none" 2 "--packets: filter .*syntax error" run -r "$pcap" "$dns" --packets 'port port'
says "a topic that does not exist" 2 "unknown topic 'thing'; there are matches" list thing

# Scripts
printf '# ctreplay packets\n0 udp 10.0.0.1:1 > 10.0.0.2:53 len 1\n1 udp 10.0.0.1:1 > 10.0.0.2:99999\n2 tpc 10.0.0.1:1 > 10.0.0.2:1 S\n3 tcp a:1 > 10.0.0.2:1 S\n' >wrong.packets
passes "a script with errors" ends 2 run -r wrong.packets "$dns"
passes "all of them are located" sh -c 'grep -q "^wrong.packets:3:29: error: .*65535" .own/stderr && grep -q "^wrong.packets:4:3: error: " .own/stderr && grep -q "^wrong.packets:5:7: error: \"a\" is neither" .own/stderr'
passes "craft refuses it as well" ends 2 craft wrong.packets -w wrong.pcap
passes "and makes no capture" sh -c '! ls wrong.pcap wrong.pcap.partial 2>/dev/null'
says "craft without a script" 2 'craft' craft
says "craft with a script that is not there" 2 'missing\.packets: No such file' craft missing.packets -w x.pcap

finish
