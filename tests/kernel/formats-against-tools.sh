#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# formats-against-tools.sh: what iptables, conntrack, netstat-nat, xtables-monitor and the kernel's own log and listing print of the same packets, beside
# our formats. A router of this kernel (exchange.c) gets the packets; then the tools are asked in its namespace. Left out of the
# comparison: seconds that are left, the order of the table, MAC addresses (the taps' own), the numbers that a trace draws. Prints TAP.
# Needs root, ip, iptables and /dev/net/tun; what a single tool is missing for is skipped aloud.

set -u
LC_ALL=C; export LC_ALL

absolute() {
	echo "$(cd "$(dirname "$1")" && pwd)/${1##*/}"
}

ctreplay=$(absolute "${CTREPLAY:-$PWD/ctreplay}")
exchange=$(absolute "${CTREPLAY_EXCHANGE:-$PWD/tests/kernel/exchange}")
[ -x "$ctreplay" ] && [ -x "$exchange" ] || { echo "Bail out! there is no $ctreplay, or no $exchange"; exit 99; }
skip_all() {
	echo "1..0 # SKIP $*"
	exit 0
}
[ "$(id -u)" -eq 0 ] || skip_all "a router between two taps needs root"
for tool in ip unshare sysctl iptables-legacy-restore iptables-legacy; do
	command -v $tool >/dev/null || skip_all "$tool is not here"
done
unshare -n true 2>/dev/null && [ -w /dev/net/tun ] || skip_all "no network namespace, or no /dev/net/tun"
work=$(mktemp -d "${TMPDIR:-/tmp}/ctreplay.XXXXXX") || exit 99
logs=$(sysctl -n net.netfilter.nf_log_all_netns 2>/dev/null)
cleanup() {
	[ -z "$logs" ] || sysctl -qw net.netfilter.nf_log_all_netns="$logs"
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 99' HUP INT TERM
cd "$work" || exit 99

cat >rules <<'END'
*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A PREROUTING -p tcp -m tcp --dport 80 -j TRACE
-A PREROUTING -p udp -m udp --dport 54 -j TRACE
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A PREROUTING -i wan -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.0.1.3:80
-A POSTROUTING -s 10.0.1.0/24 -o wan -j SNAT --to-source 10.0.2.1
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:web - [0:0]
-A INPUT -p icmp -m icmp --icmp-type 8 -j ACCEPT
-A INPUT -j LOG --log-prefix "in: " --log-tcp-options --log-ip-options
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -p tcp -m tcp --dport 80 -j web
-A FORWARD -p udp -m multiport --dports 53,54 -j ACCEPT
-A FORWARD -p udp -m udp --dport 55 -j REJECT --reject-with icmp-port-unreachable
-A FORWARD -j LOG --log-prefix "fwd: " --log-level 6 --log-tcp-sequence
-A FORWARD -m comment --comment "all the rest" -j DROP
-A web -s 10.0.1.9/32 -j RETURN
-A web -m limit --limit 10/sec -j ACCEPT
COMMIT
END

cat >packets <<'END'
# ctreplay packets
0    tcp 10.0.1.2:1000 > 10.0.2.2:80 S seq 1000 win 8192 <mss 1460>
0.05 tcp 10.0.2.2:80 > 10.0.2.1:1000 S. seq 5000 ack 1001 win 8192
0.10 tcp 10.0.1.2:1000 > 10.0.2.2:80 . seq 1001 ack 5001 win 8192
0.15 tcp 10.0.1.2:1000 > 10.0.2.2:80 P. seq 1001 ack 5001 win 8192 len 20
0.20 tcp 10.0.1.9:1000 > 10.0.2.2:80 S seq 1000 win 8192
0.25 udp 10.0.1.2:1000 > 10.0.2.2:53 len 30
0.30 udp 10.0.2.2:53 > 10.0.2.1:1000 len 60
0.35 udp 10.0.1.2:1001 > 10.0.2.2:54 len 30
0.40 udp 10.0.1.2:1002 > 10.0.2.2:55 len 30
0.45 udp 10.0.1.2:1003 > 10.0.2.2:56 len 30 tos 0x10
0.50 udp 10.0.1.1:1004 > 10.0.1.2:57 len 30
0.55 icmp 10.0.1.2 > 10.0.2.2 echo-request id 8 seq 1 len 56
0.60 tcp 10.0.2.2:4000 > 10.0.2.1:8080 S seq 1 win 100
0.65 tcp 10.0.1.2:1000 > 10.0.1.1:22 S seq 77 win 8192 <mss 1460>
0.70 udp 10.0.1.2:5000 > 10.0.1.1:99 len 4
END

cat >setup <<'END'
set -e
ip link set lo up
ip link set lan arp off up
ip link set wan arp off up
ip address add 10.0.1.1/24 dev lan
ip address add 10.0.2.1/24 dev wan
sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.lan.rp_filter=0 net.ipv4.conf.wan.rp_filter=0
sysctl -qw net.ipv4.icmp_ratelimit=0
sysctl -qw net.netfilter.nf_log.2=nf_log_ipv4 2>/dev/null || true
iptables-legacy-restore rules
END
cat >collect <<'END'
for table in filter nat raw; do iptables-legacy -t $table -L -v -n -x --line-numbers; done >tool.list
for table in raw nat filter; do iptables-legacy-save -c -t $table; done >tool.save
cat /proc/net/nf_conntrack >tool.table
for form in $forms; do
	option="-o $form"
	[ "$form" != plain ] || option=
	conntrack -L $option >"tool.conntrack-$form" 2>/dev/null
done
for option in n nN nS nD; do netstat-nat -$option >tool.netstat-$option 2>/dev/null; done
END

forms='plain extended id timestamp ktimestamp labels xml save extended,id,labels'
export forms
set -- --local 10.0.1.1/24@lan --local 10.0.2.1/24@wan --captured-on arriving
ours() {
	for form in $forms; do
		case $form in
		plain) set -- "$@" --out conntrack=our.conntrack-plain;;
		*) set -- "$@" --out "conntrack,$form=our.conntrack-$form";;
		esac
	done
	"$ctreplay" run -q -r capture rules "$@" --snapshot end --out counters,list=our.list --out counters=our.save --out table=our.table \
		--out table,legacy=our.legacy --out netstat-nat=our.netstat-n --out netstat-nat,host=our.netstat-nN --out netstat-nat,snat=our.netstat-nS \
		--out netstat-nat,dnat=our.netstat-nD --out log=our.log --out trace,kernel=our.trace-kernel --out trace=our.trace
}
[ -z "$logs" ] || sysctl -qw net.netfilter.nf_log_all_netns=1
mark="ctreplay formats $$"
echo "$mark" >/dev/kmsg 2>/dev/null
if ! { "$ctreplay" craft packets -w capture && unshare -n sh -c '"$0" capture answer "sh setup" && sh collect' "$exchange" && ours "$@"; } >errors 2>&1; then
	sed 's/^/# /' errors
	echo "Bail out! the packets could not be replayed"
	exit 99
fi

n=0
n_failed=0
skip() {
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}
# same NAME: the files tool and ours hold the same
same() {
	n=$((n + 1))
	if [ -s tool ] && cmp -s tool ours; then
		echo "ok $n - $1: $(wc -l <tool) lines"
	else
		n_failed=$((n_failed + 1))
		echo "not ok $n - $1"
		diff tool ours | sed 's/^/# /' | head -n 20
	fi
}
sorted_listing() {
	sed -E 's/^(([a-z0-9]+ +[0-9]+ +)?[a-z]+ +[0-9]+) [0-9]+ /\1 N /' "$1" | grep -v '^#' | sort
}

grep -v '^$' tool.list | sort >tool
grep -v -e '^#' -e '^$' our.list | sort >ours
same "iptables -L -v -n -x --line-numbers"
grep -v '^#' tool.save | sort >tool
grep -v '^#' our.save | sort >ours
same "iptables-save -c"
sorted_listing tool.table >tool
sorted_listing our.table >ours
same "/proc/net/nf_conntrack"
# Kernels have the older file no more: it was IPv4's, without the first two columns and zones, and counted one use less.
sed -E 's/^ipv4 +2 //; s/ zone=0//; s/use=2/use=1/' tool.table >older
sorted_listing older >tool
sorted_listing our.legacy >ours
same "/proc/net/ip_conntrack"
if command -v netstat-nat >/dev/null 2>&1; then
	for option in n nN nS nD; do
		sort tool.netstat-$option >tool
		sort our.netstat-$option >ours
		same "netstat-nat -$option"
	done
else
	skip "netstat-nat" "it is not here"
fi

if command -v conntrack >/dev/null 2>&1; then
	masked() {
		sed -E -e 's/^(([a-z0-9]+ +[0-9]+ +)?[a-z]+ +[0-9]+) [0-9]+ /\1 N /' -e 's/^(-A) -t [0-9]+/\1 -t N/' -e 's/ id=[0-9]+/ id=N/' \
			-e 's,<(id|timeout)>[0-9]+<,<\1>N<,g' "$1" | grep -v '^#' | sort
	}
	for form in $forms; do
		masked "tool.conntrack-$form" >tool
		masked "our.conntrack-$form" >ours
		same "conntrack -L, $form"
	done
else
	skip "conntrack -L" "conntrack is not here"
fi

# What the kernel logged since the mark, without its own time and the taps' addresses.
logged() {
	dmesg 2>/dev/null | sed -n "/$mark/,\$p" | sed -E '1d; s/^\[[ 0-9.]*\] //' | grep "$1" | sed -E 's/MAC=[0-9a-f:]* //'
}
logged '^\(in\|fwd\): ' >tool
if [ -s tool ]; then
	sed -E 's/MAC=[0-9a-f:]* //' our.log >ours
	same "lines of LOG"
	logged '^TRACE: ' >tool
	sed -E 's/MAC=[0-9a-f:]* //' our.trace-kernel >ours
	same "lines of TRACE"
else
	skip "lines of LOG and TRACE" "the kernel's log is not to be read"
fi

# nf_tables' own trace of the same rules.
if command -v xtables-monitor >/dev/null 2>&1 && command -v iptables-nft-restore >/dev/null 2>&1; then
	sed 's/iptables-legacy-restore/iptables-nft-restore/' setup >setup-nft
	cat >watch <<-'END'
	sh setup-nft && { xtables-monitor --trace >tool.trace 2>errors & echo $! >watcher; sleep 1; }
	END
	unshare -n sh -c '"$0" capture answer "sh watch"; sleep 1; kill "$(cat watcher)"' "$exchange" >>errors 2>&1
	unnumbered() { sed -E 's/^( ?(PACKET|TRACE): [0-9]+) [0-9a-f]+ /\1 ID /; s/MACSRC=[0-9a-f:]* MACDST=[0-9a-f:]* //' "$1"; }
	unnumbered tool.trace >tool
	unnumbered our.trace >ours
	same "xtables-monitor --trace"
else
	skip "xtables-monitor --trace" "it is not here"
fi
echo "1..$n"
[ $n_failed -eq 0 ]
