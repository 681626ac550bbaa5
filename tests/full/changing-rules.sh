#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Rules, sets, a host, a suite and a packet script that change while they are read: they vanish, give way to another file, grow, or are cut
# short. strace stops the program behind its first read of the file, which is longer than that; so how fast the machine is does not
# matter. Captures: changing-inputs.sh. Prints TAP; skips aloud without a strace that can do so.

. "$(dirname "$0")/../tap"
need ctreplay
command -v strace >/dev/null 2>&1 || skip_all "strace is not here"
cd "$work" || exit 99
strace -o told -e trace=read -e inject=read:signal=CONT:when=1 true 2>errors || skip_all "strace cannot inject: $(head -n 1 errors)"
N_LINES=6000		# of each file: several reads

# Whatever is asked of them, a packet tells whether their last line was heard: it is what decides about it.
awk -v n=$N_LINES 'BEGIN {
	print "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]"
	for (i = 0; i < n; i++) printf "-A INPUT -s 10.9.%d.%d/32 -j DROP\n", i / 256, i % 256
	print "-A INPUT -s 10.0.0.2/32 -j DROP\nCOMMIT"
}' >whole.save
awk -v n=$N_LINES 'BEGIN {
	print "# of a shell"	# so that the first read ends where a rule cannot
	for (i = 0; i < n; i++) printf "iptables -A INPUT -s 10.9.%d.%d/32 -j DROP\n", i / 256, i % 256
	print "iptables -A INPUT -s 10.0.0.2/32 -j DROP"
}' >whole.commands
awk -v n=$N_LINES 'BEGIN {
	print "create some hash:ip"
	for (i = 0; i < n; i++) printf "add some 10.9.%d.%d\n", i / 256, i % 256
	print "add some 10.0.0.2"
}' >whole.sets
awk -v n=$N_LINES 'BEGIN {
	print "{"
	for (i = 0; i < n; i++) print "  // nothing that is asked for"
	print "  \"interfaces\": [ { \"name\": \"eth7\", \"addresses\": [ \"10.0.0.1/24\" ] } ]\n}"
}' >whole.host
awk -v n=$N_LINES 'BEGIN {
	print "{"
	for (i = 0; i < n; i++) print "  // nothing that is asked for"
	print "  \"rules\": \"few.rules\", \"capture\": \"few.packets\", \"local\": \"10.0.0.1\","
	print "  \"cases\": [ { \"name\": \"the last one\", \"expect\": [ { \"packets\": \"1\", \"verdict\": \"DROP\" } ] } ]\n}"
}' >whole.suite
awk -v n=$N_LINES 'BEGIN {
	print "# ctreplay packets"
	for (i = 0; i < n; i++) printf "0 udp 10.9.%d.%d:5 > 10.0.0.1:53\n", i / 256, i % 256
	print "1 udp 10.0.0.2:5 > 10.0.0.1:53"
}' >whole.script
printf '# ctreplay packets\n0 udp 10.0.0.2:5 > 10.0.0.1:53\n' >few.packets
printf '*filter\n-A INPUT -s 10.0.0.2/32 -j DROP\nCOMMIT\n' >few.rules
printf '*filter\n-A INPUT -i eth7 -j DROP\nCOMMIT\n' >host.rules
printf '*filter\n-A INPUT -m set --match-set some src -j DROP\nCOMMIT\n' >set.rules

# held COMMAND...: the program, asked about $file of its kind, has read the beginning of it; the command is run; the program goes on
held() {
	cp "whole.$kind" "$file"
	rm -f told out.csv
	read=1
	set -- "$@" --
	case $kind in
	save|commands) set -- "$@" run -q -r few.packets "$file" --local 10.0.0.1 --out csv=out.csv;;
	sets) set -- "$@" run -q -r few.packets set.rules --ipset "$file" --local 10.0.0.1 --out csv=out.csv;;
	host) set -- "$@" run -q -r few.packets host.rules --host "$file" --out csv=out.csv;;
	script)
		read=2	# what it is was looked for before
		set -- "$@" run -q -r "$file" few.rules --local 10.0.0.1 --out csv=out.csv
		;;
	suite) set -- "$@" test "$file";;
	esac
	change=
	while [ "$1" != -- ]; do
		change="$change $1"
		shift
	done
	shift
	strace -f -o told -P "$file" -e trace=read -e inject=read:signal=STOP:when=$read "$ctreplay" "$@" >output 2>errors </dev/null &
	tracer=$!
	until pid=$(sed -n 's/^\([0-9]*\) *--- stopped by SIGSTOP ---$/\1/p' told 2>/dev/null) && [ -n "$pid" ]; do
		kill -0 $tracer 2>/dev/null || { echo "# it did not stop"; show errors; break; }
		sleep 0.1
	done
	eval "$change"
	[ -z "$pid" ] || kill -CONT "$pid"
	wait $tracer
	ended=$?
	grep -v '^strace: ' errors >words
}

# heard: it ended well, and the last line of the file decided
heard() {
	case $kind in
	suite) [ $ended -eq 0 ] && grep -q '^PASS\|^ok\|1 passed' output;;
	*) [ $ended -eq 0 ] && tail -n 1 out.csv | grep -q ',DROP,';;
	esac && return
	echo "# exit code $ended"
	show words 4
	return 1
}
# refused WORDS: exit 2, a message that names the file and a place in it, no output
refused() {
	[ $ended -eq 2 ] && grep -q "^$file:[0-9]*:[0-9]*: error: $1" words && [ ! -e out.csv ] && [ ! -e out.csv.partial ] && return
	echo "# exit code $ended"
	show words 4
	return 1
}

append() {
	case $kind in
	save) printf '*filter\n-A INPUT -s' >>"$file";;
	commands) printf 'iptables -A INPUT -s' >>"$file";;
	*) printf '?' >>"$file";;
	esac
}
replace() { echo '# another one' >other && mv other "$file"; }
for kind in save commands sets host suite script; do
	file=some.$kind
	[ "$kind" != save ] && [ "$kind" != commands ] || file=some.$kind.rules
	held rm -f "$file"
	heard
	tell $? "$kind: what vanishes is read to its end"
	held replace
	heard
	tell $? "$kind: what another file takes the place of is read to its end"
	held append
	refused ''
	tell $? "$kind: what grows by half a line is refused"
	# Nothing of it is left behind what has been read.
	held truncate -s 0 "$file"
	refused ''
	tell $? "$kind: what is emptied ends in the middle of a line, and is refused"
done
finish
