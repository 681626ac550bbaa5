#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# `run` opens what it was told to and nothing else, talks to nobody, starts nothing, and once it replays it could not; `verify`
# leaves the host's own rules and settings as they were. Seen by strace, and in /proc.
# Prints TAP; skips aloud what cannot be seen here.

. "$(dirname "$0")/../tap"
need ctreplay
cd "$work" || exit 99
cp "$source/captures/dns-timeout.pcap" "$source/rules/dns.rules" . || exit 99

# empty FILE: what should not be there is shown
empty() {
	sed 's/^/# /' "$1"
	[ ! -s "$1" ]
}

if command -v readelf >errors && readelf -h "$ctreplay" >header 2>errors; then
	grep -q 'Type: *DYN' header && readelf -W -l "$ctreplay" | grep -q GNU_RELRO && readelf -W -d "$ctreplay" | grep -q -e BIND_NOW -e 'Flags: .*NOW' &&
		readelf -W -s "$ctreplay" | grep -q __stack_chk_fail
	tell $? "the program is position-independent, its tables are read-only, its stack is watched"
else
	skip "how the program was linked" "readelf is not here, or the program is no ELF file"
fi

if strace -f -q -o trace true 2>errors; then
	strace -f -q -o trace "$ctreplay" run -r dns-timeout.pcap dns.rules --out json=out.json --snapshot end >stdout
	tell $? "it runs"
	# The loader's libraries, the inputs, the outputs. What fails was not opened.
	grep -E '(open|openat|creat)\(' trace | grep -v ' = -1 ' | grep -v -E '"/[^"]*/(lib[^/"]*\.so[^/"]*|ld\.so\.cache)"' |
		grep -v -F -e '"dns-timeout.pcap"' -e '"dns.rules"' -e 'out.json.partial"' >others
	empty others
	tell $? "no file is opened but libraries, inputs and outputs"
	grep -E '^[0-9]+ +(socket|connect|bind|sendto|fork|vfork|clone|clone3|ptrace|mount|unshare|setns)\(' trace |
		grep -v 'CLONE_THREAD' >others # a thread of its own is no other process
	sed 1d trace | grep -E '^[0-9]+ +execve' >>others
	empty others
	tell $? "no network, no other process"
	grep -q '^confined: seccomp' <<-VERSION
	$("$ctreplay" --version)
	VERSION
	if [ $? -eq 0 ]; then
		sed '1,/seccomp(SECCOMP_SET_MODE_FILTER, [^,]*, {/d' trace >confined
		grep -E '(open|openat|execve|socket)\(' confined | grep -v ' = -1 ' >others
		[ -s confined ] && empty others
		tell $? "nothing is opened once it is confined"
	else
		skip "nothing is opened once it is confined" "it was built without libseccomp"
	fi
	# libpcap would ask name servers, /etc/services, /etc/protocols and /etc/ethers.
	for filter in 'port ssh' 'ip proto \udp' 'host 2001:db8::1' 'host nosuch.example.com' 'ether host nosuch' 'net nosuch' 'proto \wrong' 'port nosuch'; do
		strace -f -q -o trace -e trace=socket,connect,openat "$ctreplay" run -r dns-timeout.pcap dns.rules --packets "$filter" >stdout 2>errors
		grep -E -e 'socket|connect' -e '"/etc/[^"]*"' trace | grep -v -F -e ld.so.cache -e /etc/localtime >others
		[ -s trace ] && empty others
		tell $? "no name is looked up for the filter $filter"
	done
else
	skip "what run opens" "strace is not here, or may not trace"
fi

if "$ctreplay" --version | grep -q '^confined: seccomp' && [ -r /proc/self/status ]; then
	mkfifo pipe
	"$ctreplay" run -r - dns.rules --local 192.168.1.2 --out csv=- <pipe >told 2>errors &
	pid=$!
	exec 3>pipe
	head -c 400 dns-timeout.pcap >&3
	tries=0
	until grep -q '^1,' told || [ $tries -ge 100 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	grep -E '^(Seccomp|NoNewPrivs):' "/proc/$pid/status" | tr -d '\t' >status
	exec 3>&-
	wait $pid
	[ "$(sort status | tr '\n' ' ')" = "NoNewPrivs:1 Seccomp:2 " ] || sed 's/^/# /' status
	[ "$(sort status | tr '\n' ' ')" = "NoNewPrivs:1 Seccomp:2 " ]
	tell $? "the kernel says that a replay is confined"
else
	skip "the kernel says that a replay is confined" "it was built without libseccomp, or there is no /proc"
fi

# The host's own: what verify must not touch. Counts of the moment are left out.
look() {
	iptables-legacy-save 2>&1 | grep -v '^#'
	ip6tables-legacy-save 2>&1 | grep -v '^#'
	nft list ruleset 2>&1
	sysctl -a 2>/dev/null | grep -E '^net\.(netfilter|ipv4|ipv6|bridge|core)\.' | grep -v -e 'nf_conntrack_count' -e '\.random' -e 'tcp_mem\|udp_mem'
	ip -o addr 2>&1
	ip route show table all 2>&1
	ip rule 2>&1
}
look >before
"$ctreplay" verify -r dns-timeout.pcap dns.rules --local 192.168.1.2/24 >stdout 2>stderr
status=$?
if [ $status -eq 3 ]; then
	skip "verify leaves the host as it was" "$(head -n 1 stderr)"
else
	look >after
	diff before after >others
	empty others && [ $status -eq 0 ]
	tell $? "verify leaves the host's rules, settings, addresses and routes as they were ($(wc -l <before) lines)"
fi
finish
