#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# fragments.sh: what leaves a router that puts fragments together, byte for byte: pieces as long as those that came, or as the MTU takes
# them; "too long" and "reassembly time exceeded" where the rest did not come. The same packets go through the running kernel
# (exchange.c, in a namespace) and through `ctreplay run --out sent`. Prints TAP. Needs root, ip, iptables and
# /dev/net/tun; skips aloud without.

. "$(dirname "$0")/../tap"
need ctreplay exchange
[ "$(id -u)" -eq 0 ] || skip_all "a router between two taps needs root"
for tool in ip unshare sysctl iptables-legacy-restore ip6tables-legacy-restore; do
	command -v $tool >/dev/null || skip_all "$tool is not here"
done
unshare -n true 2>/dev/null && [ -w /dev/net/tun ] || skip_all "no network namespace, or no /dev/net/tun"
cd "$work" || exit 99

cat >tracked <<'END'
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -j DROP
-A FORWARD -m conntrack --ctstate INVALID -j DROP
COMMIT
END
cat >translated <<'END'
*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A POSTROUTING -o wan -s 10.0.1.0/24 -j SNAT --to-source 10.0.2.1
COMMIT
END
cat >untracked <<'END'
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -j DROP
-A FORWARD -f -p udp -j ACCEPT
COMMIT
END
sed '/-f -p/d' untracked >untracked6

# Borders of pieces that are no rule: long and short ones, backwards, with DF, some with it, tiny ones, whole packets.
cat >pieces.packets <<'END'
# ctreplay packets
0    udp 10.0.1.2:1000 > 10.0.2.2:53 len 2500 frag 0+ size 1480 ip-id 1
0    udp 10.0.1.2:1000 > 10.0.2.2:53 len 2500 frag 1480+ size 520 ip-id 1
0    udp 10.0.1.2:1000 > 10.0.2.2:53 len 2500 frag 2000 ip-id 1
0.05 udp 10.0.1.2:1000 > 10.0.2.2:54 len 2500 frag 0+ size 520 ip-id 2
0.05 udp 10.0.1.2:1000 > 10.0.2.2:54 len 2500 frag 520+ size 1480 ip-id 2
0.05 udp 10.0.1.2:1000 > 10.0.2.2:54 len 2500 frag 2000 ip-id 2
0.10 udp 10.0.1.2:1000 > 10.0.2.2:55 len 2500 frag 2000 ip-id 3
0.10 udp 10.0.1.2:1000 > 10.0.2.2:55 len 2500 frag 1480+ size 520 ip-id 3
0.10 udp 10.0.1.2:1000 > 10.0.2.2:55 len 2500 frag 0+ size 1480 ip-id 3
0.15 udp 10.0.1.2:1000 > 10.0.2.2:56 len 2500 frag 0+ size 1480 ip-id 4 df
0.15 udp 10.0.1.2:1000 > 10.0.2.2:56 len 2500 frag 1480 ip-id 4 df
0.20 udp 10.0.1.2:1000 > 10.0.2.2:57 len 2500 frag 0+ size 1480 ip-id 5
0.20 udp 10.0.1.2:1000 > 10.0.2.2:57 len 2500 frag 1480 ip-id 5 df
0.25 udp 10.0.1.2:1000 > 10.0.2.2:58 len 1472 ip-id 6
0.30 udp 10.0.1.2:1000 > 10.0.2.2:59 len 1472 ip-id 7 df
0.35 udp 10.0.1.2:1000 > 10.0.2.2:60 len 100 frag 0+ size 48 ip-id 8
0.35 udp 10.0.1.2:1000 > 10.0.2.2:60 len 100 frag 48 ip-id 8
0.40 udp 10.0.2.2:53 > 10.0.2.1:1000 len 2500 frag 0+ size 1200 ip-id 9
0.40 udp 10.0.2.2:53 > 10.0.2.1:1000 len 2500 frag 1200 ip-id 9
0.45 udp 10.0.1.1:1000 > 10.0.1.2:53 len 2500 frag 0+ size 1400 ip-id 10
0.45 udp 10.0.1.1:1000 > 10.0.1.2:53 len 2500 frag 1400 ip-id 10
0.50 udp [fd01::2]:1000 > [fd02::2]:53 len 2500 frag 0+ size 1400 id 1
0.50 udp [fd01::2]:1000 > [fd02::2]:53 len 2500 frag 1400 id 1
0.55 udp [fd01::2]:1000 > [fd02::2]:54 len 2500 frag 0+ size 520 id 2
0.55 udp [fd01::2]:1000 > [fd02::2]:54 len 2500 frag 520+ size 600 id 2
0.55 udp [fd01::2]:1000 > [fd02::2]:54 len 2500 frag 1120 id 2
0.60 udp [fd01::2]:1000 > [fd02::2]:55 len 2500 frag 1400 id 3
0.60 udp [fd01::2]:1000 > [fd02::2]:55 len 2500 frag 0+ size 1400 id 3
0.65 udp [fd01::2]:1000 > [fd02::2]:56 len 100 frag 0+ size 48 id 4
0.65 udp [fd01::2]:1000 > [fd02::2]:56 len 100 frag 48 id 4
0.70 udp [fd01::2]:1000 > [fd02::2]:57 len 100 frag 0 id 5
0.75 udp [fd01::2]:1000 > [fd02::2]:58 len 1400
0.80 udp [fd01::1]:1000 > [fd02::2]:53 len 2300 frag 0+ size 1200 id 6
0.80 udp [fd01::1]:1000 > [fd02::2]:53 len 2300 frag 1200 id 6
END

# The rest never comes, within the second that the queues wait here; the last packet is far behind it.
cat >silence.packets <<'END'
# ctreplay packets
0   udp 10.0.1.2:1000 > 10.0.1.1:53 len 2000 frag 0+ size 1480 ip-id 1
0   udp 10.0.1.2:1000 > 10.0.2.2:53 len 2000 frag 0+ size 1480 ip-id 2
0   udp 10.0.1.2:1000 > 10.0.1.1:53 len 2000 frag 1480 ip-id 3
0   icmp 10.0.1.2 > 10.0.2.1 echo-request id 7 seq 1 len 64 frag 0+ size 16 ip-id 4
0   udp 10.0.1.2:1000 > 10.0.1.255:53 len 2000 frag 0+ size 1480 ip-id 5
0   icmp 10.0.1.2 > 10.0.1.1 unreachable port about 1 frag 0+ size 16 ip-id 6
0   udp 10.0.1.1:1000 > 10.0.1.2:53 len 2000 frag 0+ size 1480 ip-id 7
0   udp [fd01::2]:1000 > [fd01::1]:53 len 2000 frag 0+ size 1400 id 1
0   udp [fd01::2]:1000 > [fd02::2]:53 len 2000 frag 0+ size 1400 id 2
0   udp [fd01::2]:1000 > [fd02::2]:53 len 2000 frag 1400 id 3
4   udp 10.0.1.2:1000 > 10.0.2.2:60 len 10
END

# For the host itself, untracked: alone, with the rest, twice, overlapping, the last alone, too long, dropped by INPUT, forwarded.
cat >delivered.packets <<'END'
# ctreplay packets
0   udp [fd01::2]:1000 > [fd01::1]:53 len 2000 frag 0+ size 1400 id 1
0   udp [fd01::2]:1000 > [fd01::1]:54 len 2000 frag 0+ size 1400 id 2
0   udp [fd01::2]:1000 > [fd01::1]:54 len 2000 frag 1400 id 2
0   udp [fd01::2]:1000 > [fd01::1]:55 len 2000 frag 0+ size 1400 id 3
0   udp [fd01::2]:1000 > [fd01::1]:55 len 2000 frag 0+ size 1400 id 3
0   udp [fd01::2]:1000 > [fd01::1]:56 len 2000 frag 0+ size 1400 id 4
0   udp [fd01::2]:1000 > [fd01::1]:56 len 2000 frag 1200+ size 400 id 4
0   udp [fd01::2]:1000 > [fd01::1]:57 len 2000 frag 1400 id 5
0   udp [fd01::2]:1000 > [fd01::1]:99 len 2000 frag 0+ size 1400 id 6
0   udp [fd01::2]:1000 > [fd02::2]:53 len 2000 frag 0+ size 1400 id 7
0   udp [fd01::2]:1000 > [fd01::1]:58 len 2000 frag 1400 id 8
0   udp [fd01::2]:1000 > [fd01::1]:58 len 2000 frag 0+ size 1000 id 8
0   udp 10.0.1.2:1000 > 10.0.1.1:53 len 2000 frag 0+ size 1480 ip-id 1
0   udp 10.0.1.2:1000 > 10.0.1.1:54 len 2000 frag 1480 ip-id 2
4   udp 10.0.1.2:1000 > 10.0.2.2:60 len 10
END
cat >delivered <<'END'
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -p udp -m udp --dport 99 -j DROP
COMMIT
END
# What is whole finds nobody listening.
sed '/^COMMIT/i -A OUTPUT -p ipv6-icmp -m icmp6 --icmpv6-type port-unreachable -j DROP' delivered >delivered6

# compare SENTENCE PACKETS RULES RULES6 MTU OPTION...
compare() {
	sentence=$1 packets=$2 rules=$3 rules6=$4 mtu=$5
	shift 5
	cat >host.json <<-END
	{ "interfaces": [
		{ "name": "lan", "addresses": ["10.0.1.1/24", "fd01::1/64"] },
		{ "name": "wan", "addresses": ["10.0.2.1/24", "fd02::1/64"], "mtu": $mtu } ] }
	END
	cat >setup <<-END
	set -e
	ip link set lo up
	for name in lan wan; do
		sysctl -qw net.ipv6.conf.\$name.accept_dad=0
		ip link set \$name arp off up
	done
	ip address add 10.0.1.1/24 dev lan
	ip address add 10.0.2.1/24 dev wan
	ip address add fd01::1/64 dev lan nodad
	ip address add fd02::1/64 dev wan nodad
	ip link set wan mtu $mtu
	sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.ip_no_pmtu_disc=2
	sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0 net.ipv4.ipfrag_time=1 net.ipv6.ip6frag_time=1
	iptables-legacy-restore $rules
	[ "$rules6" = "" ] || ip6tables-legacy-restore $rules6
	sysctl -qw net.netfilter.nf_conntrack_frag6_timeout=1
	END
	[ -z "$rules6" ] || set -- "$@" -6 "$rules6"
	"$ctreplay" craft "$packets.packets" -w capture >/dev/null &&
		unshare -n "$exchange" capture answer "sh setup" >errors 2>&1 &&
		"$ctreplay" run -r capture -4 "$rules" "$@" --host host.json --captured-on arriving --quiet --out sent=ours \
			--sysctl net.ipv4.ipfrag_time=1 --sysctl net.ipv6.ip6frag_time=1 \
			--sysctl net.netfilter.nf_conntrack_frag6_timeout=1 >>errors 2>&1 ||
		{ tell 1 "$sentence" errors; return; }
	"$exchange" --words answer | sort >kernel.words
	"$exchange" --words ours | sort >ours.words
	# What the host takes leaves nothing but its answers.
	if [ "$rules" = delivered ]; then
		sed -n -i '/^6.\{11\}3a/p; /^4.\{17\}01/p' kernel.words ours.words
	fi
	diff kernel.words ours.words >differ && [ -s kernel.words ]
	tell $? "$sentence: $(wc -l <kernel.words) packets left the kernel, $(wc -l <ours.words) ctreplay" differ
}

compare "pieces leave as they came" pieces tracked tracked 1500
compare "an MTU of 1400 draws new borders, or is told of" pieces tracked tracked 1400
compare "so does one of 1280" pieces tracked tracked 1280
compare "translated pieces leave as they came" pieces translated tracked 1500
compare "the rest never comes" silence tracked tracked 1500
compare "without tracking each piece goes its own way" pieces untracked untracked6 1500 --track auto
compare "without tracking the host waits for the rest behind INPUT" delivered delivered delivered6 1500 --track auto
finish
