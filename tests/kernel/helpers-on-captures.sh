#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# helpers-on-captures.sh [CAPTURE...]: captures of FTP, TFTP, IRC, SIP, H.323, PPTP, SCTP, DCCP, NetBIOS, fragments and IPv6 of other people, kept
# outside the tree (CTREPLAY_CORPORA, as for tests/full/corpora.sh), through `ctreplay verify` with every helper given by -j CT and with
# none; as the host that is found in the capture, as a router, and as a router that translates. Every verdict, state, reason, entry,
# expectation and event must be the running kernel's. A difference counts when it comes three times. Needs what verify needs; skips aloud without.

. "$(dirname "$0")/../tap"
corpora=${CTREPLAY_CORPORA:-$source/../shared/corpora}/pcaps
[ -d "$corpora" ] || skip_all "there are no captures at $corpora"
need_kernel
LANES=4		# most of the time the kernel is waited for
rulesets=$work

# chains HELPERS: one rule a helper and a direction from which a connection may begin
chains() {
	echo '*raw'
	echo ':PREROUTING ACCEPT [0:0]'
	echo ':OUTPUT ACCEPT [0:0]'
	for chain in PREROUTING OUTPUT; do
		for rule in $1; do
			echo "-A $chain -p ${rule%%:*} -m ${rule%%:*} --dport $(echo "$rule" | cut -d : -f 2) -j CT --helper ${rule##*:}"
		done
	done
	echo COMMIT
}
filter() {
	cat <<-'END'
	*filter
	:INPUT ACCEPT [0:0]
	:FORWARD ACCEPT [0:0]
	:OUTPUT ACCEPT [0:0]
	-A INPUT -m conntrack --ctstate INVALID -j DROP
	-A INPUT -m conntrack --ctstate RELATED -j ACCEPT
	-A FORWARD -m conntrack --ctstate INVALID -j DROP
	-A FORWARD -m conntrack --ctstate RELATED -j ACCEPT
	-A OUTPUT -m conntrack --ctstate RELATED -j ACCEPT
	COMMIT
	END
}
ipv4='tcp:21:ftp udp:69:tftp tcp:6666:irc tcp:6667:irc tcp:1723:pptp udp:137:netbios-ns udp:161:snmp udp:5060:sip
	tcp:5060:sip tcp:1720:Q.931 udp:1719:RAS udp:10080:amanda tcp:6566:sane'
ipv6='tcp:21:ftp udp:69:tftp udp:5060:sip tcp:5060:sip tcp:1720:Q.931 udp:1719:RAS udp:10080:amanda tcp:6566:sane'
filter >"$rulesets/off" && cp "$rulesets/off" "$rulesets/off6"
{ filter; chains "$ipv4"; } >"$rulesets/on"
{ filter; chains "$ipv6"; } >"$rulesets/on6"
# translated HELPERS ADDRESS: the same, and what leaves by eth0 does so from the router's address
translated() {
	filter
	chains "$1"
	echo '*nat'
	echo ':PREROUTING ACCEPT [0:0]'
	echo ':INPUT ACCEPT [0:0]'
	echo ':OUTPUT ACCEPT [0:0]'
	echo ':POSTROUTING ACCEPT [0:0]'
	echo "-A POSTROUTING -o eth0 -j SNAT --to-source $2"
	echo COMMIT
}
translated "$ipv4" 203.0.113.1 >"$rulesets/translated"
translated "$ipv6" 2001:db8:ffff::1 >"$rulesets/translated6"

[ $# -gt 0 ] || set -- zeek/ipv4.pcap zeek/ipv6.pcap zeek/bigtransfer.pcap tcpdump/tftp.pcap zeek/irc-dcc-first-command.pcap \
	zeek/irc-basic.pcap tcpdump/pptp.pcap zeek/gre-pptp.pcap zeek/sctp.pcap tcpdump/forces1.pcap zeek/fragmented-1.pcap \
	zeek/fragmented-syn.pcap tcpreplay/test_fragroute.pcap zeek/ipv6-http-atomic-frag.pcap ndpi/6in4tunnel.pcap \
	ndpi/http_ipv6.pcap zeek/icmp6-toobig.pcap ndpi/netbios.pcap zeek/wireshark.pcap \
	ndpi/h323.pcap zeek/irc-starttls.pcap ndpi/1kxun.pcap ndpi/gnutella.pcap ndpi/synscan.pcap wireshark/ipv6.pcap \
	zeek/icmp6-neighbor-solicit.pcap zeek/linux_dlt_sll2.pcap tcpdump/dccp_partial_csum_v4_longer.pcap

router='--local 203.0.113.1/24@eth0 --local 198.51.100.1/24@eth1 --local 2001:db8:ffff::1/64@eth0 --route default@eth0 --route ::/0@eth0
	--route 10.0.0.0/8@eth1 --route 192.168.0.0/16@eth1 --route 172.16.0.0/12@eth1 --route 141.142.0.0/16@eth1'

# ask CAPTURE RULES [OPTION...]: its last word in $work/result
ask() {
	capture=$1 rules=$2
	shift 2
	for try in 1 2 3; do
		"$ctreplay" verify -r "$corpora/$capture" -4 "$rulesets/$rules" -6 "$rulesets/${rules}6" "$@" >"$work/result" 2>&1
		status=$?
		[ $status -eq 1 ] || return $status
	done
	return 1
}

# one "CAPTURE MODE": MODE is RULES.VANTAGE
one() {
	capture=${1% *} mode=${1##* }
	options=
	[ "${mode#*.}" = host ] || options=$router
	# shellcheck disable=SC2086 # one option a word
	ask "$capture" "${mode%.*}" $options
	status=$?
	words=$(grep -E ' packets, |could be compared' "$work/result" | tail -n 1 | sed 's/.*: \([0-9]* packets\)/\1/')
	name="$capture, helpers ${mode%.*}, ${mode#*.}"
	case $status in
	0) tell 0 "$name: $words";;
	3) skip "$name" "$(head -n 1 "$work/result")";;
	*) tell 1 "$name"; show "$work/result" 20;;
	esac
}
for capture; do
	for mode in off.host on.host off.router on.router translated.router; do
		echo "$capture $mode"
	done
done >"$work/all"
in_lanes $LANES one <"$work/all"
finish
