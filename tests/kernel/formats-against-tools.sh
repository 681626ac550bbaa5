#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# formats-against-tools.sh: what iptables, conntrack, netstat-nat, xtables-monitor and the kernel's own log and listing print of the same packets, beside
# our formats. A router of this kernel (exchange.c) gets the packets; then the tools are asked in its namespace. Left out of the
# comparison: seconds that are left, the order of the table, MAC addresses (the taps' own), the numbers that a trace draws. Prints TAP.
# Needs root, ip, iptables and /dev/net/tun; what a single tool is missing for is skipped aloud.

. "$(dirname "$0")/../tap"
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
for tool in ip unshare sysctl iptables-legacy-restore ip6tables-legacy-restore; do
	command -v $tool >/dev/null || skip_all "$tool is not here"
done
unshare -n true 2>/dev/null && [ -w /dev/net/tun ] || skip_all "no network namespace, or no /dev/net/tun"
logs=$(sysctl -n net.netfilter.nf_log_all_netns 2>/dev/null)
reader=
cleanup() {
	[ -z "$reader" ] || kill "$reader" 2>/dev/null
	[ -z "$logs" ] || sysctl -qw net.netfilter.nf_log_all_netns="$logs"
	rm -rf "$work"
}
trap cleanup EXIT
cd "$work" || exit 99

cat >rules <<'END'
*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A PREROUTING -p tcp -m tcp --dport 80 -j TRACE
-A PREROUTING -p udp -m udp --dport 54 -j TRACE
-A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp
-A PREROUTING -p udp -m udp --dport 58 -j CT --zone 3
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
-A FORWARD -p tcp -m tcp --dport 21 -j ACCEPT
-A FORWARD -p udp -m udp --dport 53 -m connlabel --label "5" --set
-A FORWARD -p udp -m udp --dport 53 -j CONNMARK --set-xmark 0x7/0xffffffff
-A FORWARD -p udp -m udp --dport 58 -j ACCEPT
-A FORWARD -p udp -m multiport --dports 53,54 -j ACCEPT
-A FORWARD -p udp -m udp --dport 55 -j REJECT --reject-with icmp-port-unreachable
-A FORWARD -j LOG --log-prefix "fwd: " --log-level 6 --log-tcp-sequence
-A FORWARD -m comment --comment "all the rest" -j DROP
-A web -s 10.0.1.9/32 -j RETURN
-A web -m limit --limit 10/sec -j ACCEPT
COMMIT
END

# The tool gives up at an IPv6 rule with ports, so none is traced.
cat >rules6 <<'END'
*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A PREROUTING -d fd02::7/128 -j TRACE
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
-A FORWARD -p tcp -m tcp --dport 80 -j ACCEPT
-A FORWARD -s fd01::/64 -p ipv6-icmp -m icmp6 --icmpv6-type 128 -j ACCEPT
-A FORWARD -p udp -m udp --sport 1000:2000 --dport 53 -j LOG --log-prefix "six: " --log-level 5 --log-ip-options
-A FORWARD -d fd02::7/128 -j ACCEPT
-A FORWARD -s fd01::2/128 -o wan -p udp -m udp --dport 53 -j ACCEPT
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
0.75 tcp 10.0.1.2:2001 > 10.0.2.2:21 S  seq 1000 win 8192
0.80 tcp 10.0.2.2:21 > 10.0.2.1:2001 S. seq 5000 ack 1001 win 8192
0.85 tcp 10.0.1.2:2001 > 10.0.2.2:21 .  seq 1001 ack 5001 win 8192
0.90 tcp 10.0.1.2:2001 > 10.0.2.2:21 P. seq 1001 ack 5001 win 8192 data "USER x\r\n"
0.95 tcp 10.0.1.2:2001 > 10.0.2.2:21 P. seq 1009 ack 5001 win 8192 data "PORT 10,0,1,2,4,210\r\n"
1.00 tcp 10.0.2.2:20 > 10.0.2.1:1234 S  seq 9000 win 8192
1.05 tcp 10.0.1.2:2001 > 10.0.2.2:21 P. seq 1030 ack 5001 win 8192 data "PORT 10,0,1,2,4,211\r\n"
1.10 udp 10.0.1.2:1005 > 10.0.2.2:58 len 8
1.15 tcp [fd01::2]:1000 > [fd02::2]:80 S seq 1000 win 8192 <mss 1440>
1.20 tcp [fd02::2]:80 > [fd01::2]:1000 S. seq 5000 ack 1001 win 8192
1.25 tcp [fd01::2]:1000 > [fd02::2]:80 . seq 1001 ack 5001 win 8192
1.30 udp [fd01::2]:1000 > [fd02::2]:53 len 20
1.35 icmp6 fd01::2 > fd02::2 echo-request id 9 seq 1 len 8
1.40 udp [fd02::2]:1000 > [fd01::2]:53 len 20
1.45 tcp [fd02::2]:80 > [fd01::2]:1000 R seq 5001 win 0
1.50 udp [fd01::2]:1000 > [fd02::7]:9 len 3
END

cat >setup <<'END'
set -e
ip link set lo up
ip link set lan arp off up
ip link set wan arp off up
ip address add 10.0.1.1/24 dev lan
ip address add 10.0.2.1/24 dev wan
sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.lan.rp_filter=0 net.ipv4.conf.wan.rp_filter=0
sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.conf.all.forwarding=1
sysctl -qw net.netfilter.nf_conntrack_acct=1 net.netfilter.nf_conntrack_timestamp=1
ip address add fd01::1/64 dev lan nodad
ip address add fd02::1/64 dev wan nodad
sysctl -qw net.netfilter.nf_log.2=nf_log_ipv4 2>/dev/null || true
iptables-legacy-restore rules
ip6tables-legacy-restore rules6
END
# Listeners of events, one for each form; and, in a mount namespace, names of labels that are their numbers, as ours are. The whole of /etc
# is copied, as not every machine has a folder there to mount on.
cat >listen <<'END'
sh setup || exit 1
cp -RP /etc etc && mkdir -p etc/xtables && echo "5 5" >etc/xtables/connlabel.conf && mount --bind etc /etc || exit 1
command -v conntrack >/dev/null || exit 0
for form in $event_forms; do
	option="-o $form"
	[ "$form" != plain ] || option=
	conntrack -E $option >"tool.events-$form" 2>/dev/null &
	echo $! >>listeners
done
conntrack -E expect >tool.events-expect 2>/dev/null &
echo $! >>listeners
sleep 0.5
END
cat >collect <<'END'
sleep 0.2
[ ! -e listeners ] || kill $(cat listeners)
for table in filter nat raw; do iptables-legacy -t $table -L -v -n -x --line-numbers; done >tool.list
echo "# ip6tables" >>tool.list
for table in filter raw; do ip6tables-legacy -t $table -L -v -n -x --line-numbers; done >>tool.list
for table in raw nat filter; do iptables-legacy-save -c -t $table; done >tool.save
echo "# ip6tables" >>tool.save
for table in raw filter; do ip6tables-legacy-save -c -t $table; done >>tool.save
cat /proc/net/nf_conntrack >tool.table
cat /proc/net/nf_conntrack_expect >tool.expect
for form in $forms; do
	option="-o $form"
	[ "$form" != plain ] || option=
	conntrack -L $option >"tool.conntrack-$form" 2>/dev/null
done
conntrack -L expect >tool.conntrack-expect 2>/dev/null
for option in n nN nS nD; do netstat-nat -$option >tool.netstat-$option 2>/dev/null; done
END

forms='plain extended id timestamp ktimestamp labels xml save extended,id,labels'
event_forms='plain extended id timestamp ktimestamp labels xml save extended,id,timestamp'
export forms event_forms
set -- --local 10.0.1.1/24@lan --local 10.0.2.1/24@wan --local fd01::1/64@lan --local fd02::1/64@wan --captured-on arriving \
	--sysctl net.netfilter.nf_conntrack_acct=1 --sysctl net.netfilter.nf_conntrack_timestamp=1
# with FORM NAME: --out and its value
with() {
	case $2 in
	plain) echo "--out $1=our.$1-plain" ;;
	*) echo "--out $1,$2=our.$1-$2" ;;
	esac
}
ours() {
	# shellcheck disable=SC2046 # two words an output
	"$ctreplay" run -q -r capture rules -6 rules6 "$@" --snapshot end --out counters,list=our.list --out counters=our.save --out table=our.table \
		--out table,legacy=our.legacy --out table,expect=our.expect --out netstat-nat=our.netstat-n --out netstat-nat,host=our.netstat-nN \
		--out netstat-nat,snat=our.netstat-nS --out netstat-nat,dnat=our.netstat-nD --out log=our.log --out trace,kernel=our.trace-kernel \
		--out trace=our.trace $(for form in $forms expect; do with conntrack "$form"; done) &&
		"$ctreplay" run -q -r capture rules -6 rules6 "$@" --out log,level=our.log-level $(for form in $event_forms expect; do with events "$form"; done)
}
# The kernel's log is followed while the packets pass: its memory is small, and others write to it. mark WORD: until it has come to us
mark() {
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		echo "ctreplay formats $$ $1" >/dev/kmsg || return 1
		sleep 0.3
		! grep -q "ctreplay formats $$ $1" kernel-log || return 0
	done
	return 1
}
[ -z "$logs" ] || sysctl -qw net.netfilter.nf_log_all_netns=1
dmesg --follow-new --raw >kernel-log 2>/dev/null & reader=$!
is_log_read=no
! mark begin 2>/dev/null || is_log_read=yes
if ! { "$ctreplay" craft packets -w capture && unshare -nm sh -c '"$0" capture answer "sh listen" && sh collect' "$exchange" && ours "$@"; } >errors 2>&1; then
	sed 's/^/# /' errors
	echo "Bail out! the packets could not be replayed"
	exit 99
fi

# same NAME: the files tool and ours hold the same
same() {
	[ -s tool ] && cmp -s tool ours
	status=$?
	tell $status "$1: $(wc -l <tool) lines"
	[ $status -eq 0 ] || { diff tool ours >difference; show difference 20; }
}
# sorted_entries FILE: without what belongs to the moment (seconds, ids) and to the tool (when an entry began, and how many connections a helper's
# entry is the master of: docs/output.md, "table")
sorted_entries() {
	sed -E -e 's/^(([a-z0-9]+ +[0-9]+ +)?[a-z0-9]+ +[0-9]+) [0-9]+ /\1 N /' -e 's/^(-A) -t [0-9]+/\1 -t N/' -e 's/^[0-9]+ (proto|l3proto)/N \1/' \
		-e 's/ id=[0-9]+( labels=[0-9,]+)?$/ id=N\1/' -e 's,<(id|timeout|deltatime|start)>[^<]+<,<\1>N<,g' -e 's/delta-time=[0-9]+/delta-time=N/' \
		-e 's/\[start=[^]]*\]/[start=T]/' -e '/ dport=21 /s/use=[0-9]/use=N/' -e '/<dport>21</s,<use>[0-9],<use>N,' "$1" | grep -v '^#' | sort
}
# What the kernel itself sends over IPv6 (reports of multicast groups) is counted in OUTPUT.
counted() {
	awk '/^# .*ip6tables/ { is_ipv6 = 1 } is_ipv6 && /OUTPUT/ && /policy|^:/ { next } !/^#/ && NF' "$1" | sort
}

counted tool.list >tool
counted our.list >ours
same "iptables -L -v -n -x --line-numbers"
counted tool.save >tool
counted our.save >ours
same "iptables-save -c"
sorted_entries tool.table >tool
sorted_entries our.table >ours
same "/proc/net/nf_conntrack"
# Kernels have the older file no more: it was IPv4's, without the first two columns and zones, and counted one use less.
sed -nE 's/ zone=[0-9]+//; s/use=2/use=1/; s/^ipv4 +2 //p' tool.table >older
sorted_entries older >tool
sorted_entries our.legacy >ours
same "/proc/net/ip_conntrack"
sorted_entries tool.expect >tool
sorted_entries our.expect >ours
same "/proc/net/nf_conntrack_expect"
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
	for form in $forms; do
		sorted_entries "tool.conntrack-$form" >tool
		sorted_entries "our.conntrack-$form" >ours
		same "conntrack -L, $form"
	done
	sorted_entries tool.conntrack-expect >tool
	sorted_entries our.conntrack-expect >ours
	same "conntrack -L expect"
	# Events come in order. When, by whom and how many seconds before the end is the kernel's own.
	told() {
		sed -E -e 's/^(\[[0-9.]+\]\t)?( *\[[A-Z]+\] (ipv[46] +[0-9]+ )?[a-z0-9-]+ +[0-9]+) [0-9]+ /\1\2 N /' -e 's/^( *\[[A-Z]+\]) [0-9]+ proto/\1 N proto/' -e 's/^\[[0-9.]+\]\t/[T]\t/' \
			-e 's/ id=[0-9]+$/ id=N/' -e 's/ portid=[0-9]+//' -e 's/\[(start|stop)=[^]]*\]/[\1=T]/g' -e 's/^(-[AUD]) -t [0-9]+/\1 -t N/' \
			-e 's,<(id|timeout)>[0-9]+<,<\1>N<,g' -e 's,<when>.*</when>,<when/>,' "$1" | grep -v -e '^#' -e '^</conntrack>'
	}
	for form in $event_forms expect; do
		told "tool.events-$form" >tool
		told "our.events-$form" >ours
		same "conntrack -E, $form"
	done
else
	skip "conntrack -L" "conntrack is not here"
fi

# What the kernel logged, with levels, without its own time and the taps' addresses. logged PATTERN
logged() {
	sed -E 's/^(<[0-9]+>)\[[ 0-9.]*\] /\1/' kernel-log | grep -E "^<[0-9]+>$1" | sed -E 's/MAC=[0-9a-f:]* //'
}
if [ $is_log_read = yes ]; then
	mark end
	logged '(in|fwd|six): ' >tool
	sed -E 's/MAC=[0-9a-f:]* //' our.log-level >ours
	same "lines of LOG with their levels"
	logged '(in|fwd|six): ' | sed 's/^<[0-9]*>//' >tool
	sed -E 's/MAC=[0-9a-f:]* //' our.log >ours
	same "lines of LOG"
	logged 'TRACE: ' | sed 's/^<[0-9]*>//' >tool
	sed -E 's/MAC=[0-9a-f:]* //' our.trace-kernel >ours
	same "lines of TRACE"
else
	skip "lines of LOG and TRACE" "the kernel's log cannot be followed, or not be written to"
fi

# nf_tables' own trace of the same rules.
if command -v xtables-monitor >/dev/null 2>&1 && command -v iptables-nft-restore >/dev/null 2>&1; then
	sed -E 's/(ip6?tables)-legacy-restore/\1-nft-restore/' setup >setup-nft
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
finish
