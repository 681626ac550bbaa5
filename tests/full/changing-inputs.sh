#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A capture that changes while it is replayed: it vanishes, grows, or is cut short; and a run that is interrupted, in every format.
# The replay is held in the middle by an output that nobody reads, so how fast the machine is does not matter. Prints TAP.

. "$(dirname "$0")/../tap"
need ctreplay
cd "$work" || exit 99
N_PACKETS=100000
PACKET_LEN=77		# in the file: record, IP, UDP, 33 bytes

awk -v n=$N_PACKETS 'BEGIN {
	print "# ctreplay packets"; print "link raw"
	for (i = 0; i < n; i++) printf "%d.%06d udp 10.0.%d.%d:%d > 10.0.0.1:53 len 33\n", i / 100, i % 100 * 10000, i / 65536, i / 256 % 256, 1024 + i % 256
}' >made.packets
"$ctreplay" craft made.packets -w whole.pcap || exit 99
[ "$(wc -c <whole.pcap)" -eq $((24 + N_PACKETS * PACKET_LEN)) ] || { echo "Bail out! packets are not as long as was thought"; exit 99; }
printf '*filter\n-A INPUT -m conntrack --ctstate NEW -j ACCEPT\nCOMMIT\n' >some.rules
cp whole.pcap capture.pcap
"$ctreplay" run -r capture.pcap some.rules --local 10.0.0.1 --out json=whole.json >whole.text || exit 99
mkfifo text

# held COMMAND...: a replay of capture.pcap has told its first packet and then waits; the command is run; the replay goes on
held() {
	cp whole.pcap capture.pcap
	rm -f out.json
	"$ctreplay" run -r capture.pcap some.rules --local 10.0.0.1 --out json=out.json >text 2>errors &
	pid=$!
	exec 3<text
	read -r first <&3
	"$@"
	{ echo "$first"; cat <&3; } >seen.text
	exec 3<&-
	wait $pid
	ended=$?
}

# looks STATUS PACKETS: how it ended, and how many packets were told, each in a whole line
looks() {
	lines=$(grep -c '^ *[0-9][0-9]*  *[0-9.]*  *.* UDP ' seen.text)
	[ $ended -eq "$1" ] && [ "$lines" -ge "$2" ] && [ -z "$(tail -c 1 seen.text)" ] && return
	echo "# exit code $ended, $lines packets"
	show errors 3
	return 1
}

held rm -f capture.pcap
looks 0 $N_PACKETS && cmp -s whole.text seen.text && cmp -s whole.json out.json
tell $? "a capture that vanishes is replayed to its end"

append() { tail -c $((10 * PACKET_LEN)) whole.pcap >>capture.pcap; }
held append
looks 0 $((N_PACKETS + 10))
tell $? "a capture that grows is replayed with what came to it"

append_half() { tail -c $PACKET_LEN whole.pcap | head -c 40 >>capture.pcap; }
held append_half
looks 2 $N_PACKETS && grep -q "^ctreplay: error: capture.pcap: cut short after packet $N_PACKETS:" errors && [ ! -e out.json ]
tell $? "one that grew by half a packet ends in one line, and leaves no output that looks whole"

held truncate -s $((24 + 80000 * PACKET_LEN + 20)) capture.pcap
looks 2 80000 && grep -q '^ctreplay: error: capture.pcap: cut short after packet 80000:' errors && [ "$(wc -l <errors)" -eq 1 ] && [ ! -e out.json ]
tell $? "so does one that is cut short"

held truncate -s 0 capture.pcap
[ $ended -eq 0 ] || [ $ended -eq 2 ] && looks $ended 1
tell $? "one that is emptied ends where reading has come to"

# Every format at once, interrupted. A shell's background commands do not hear of Ctrl-C, unless they are told to again.
signal=INT code=130
env --default-signal=INT true 2>told || signal=TERM code=143
"$ctreplay" list formats | sed -n 's/^\([a-z][^ ]*\) .*/\1/p' >formats
set -- "$ctreplay" run -r capture.pcap some.rules --local 10.0.0.1
while read -r format; do
	set -- "$@" --out "$format=all.$format"
done <formats
cp whole.pcap capture.pcap
[ $signal = TERM ] || set -- env --default-signal=INT "$@"
"$@" >text 2>errors &
pid=$!
exec 3<text
read -r first <&3
kill -$signal $pid
cat <&3 >seen.text
exec 3<&-
wait $pid 2>told
ended=$?
[ $ended -eq $code ] && grep -q 'interrupted: packets behind packet [0-9]* were not replayed' seen.text
tell $? "SIG$signal ends the run with a summary of what was done"
show errors 3
grep 'interrupted:' seen.text | head -n 1 | sed 's/^/# /'
ls ./*.partial >left 2>/dev/null
show left
[ ! -s left ]
tell $? "nothing is left beside the outputs"
while read -r format; do
	case $format in
	accepted|dropped|sent|pcapng) "$ctreplay" run -q -r "all.$format" some.rules --local 10.0.0.1 >told 2>&1;;
	sqlite)
		if ! command -v python3 >/dev/null 2>&1; then
			skip "sqlite is whole" "python3 is not here"
			continue
		fi
		[ "$(python3 -c 'import sqlite3; print(sqlite3.connect("all.sqlite").execute("pragma integrity_check").fetchone()[0])')" = ok ]
		;;
	*) [ -f "all.$format" ] && [ -z "$(tail -c 1 "all.$format")" ];;
	esac
	tell $? "$format is whole"
done <formats

# A suite, in the middle of a case whose capture never comes.
mkfifo never.pcap
exec 4<>never.pcap
cat >some.json <<'EOF'
{ "rules": "some.rules", "local": "10.0.0.1", "cases": [
	{ "name": "first", "capture": "whole.pcap", "expect": [ { "packets": 1, "verdict": "ACCEPT" } ] },
	{ "name": "held", "capture": "never.pcap", "expect": [ { "packets": 1, "verdict": "ACCEPT" } ] },
	{ "name": "last", "capture": "whole.pcap", "expect": [ { "packets": 1, "verdict": "ACCEPT" } ] }
] }
EOF
# One by one the third case is behind the one that is held; by two at a time it is done meanwhile.
for jobs in 1 2; do
	set -- "$ctreplay" test -j $jobs --results parts some.json
	[ $signal = TERM ] || set -- env --default-signal=INT "$@"
	"$@" >text 2>errors &
	pid=$!
	exec 3<text
	# A heading, and the first case.
	{ read -r first && read -r second; } <&3
	sleep 1		# until it waits for the second one's capture
	kill -$signal $pid
	cat <&3 >seen.text
	exec 3<&-
	wait $pid 2>told
	ended=$?
	[ $ended -eq $code ] && grep -q "^3 cases: $jobs passed, 0 failed, $((3 - jobs)) not run" seen.text && [ ! -s errors ] &&
		[ "$(grep -c '"result":"passed"' parts)" -eq $jobs ] && [ -z "$(tail -c 1 parts)" ]
	tell $? "a suite that is interrupted says what was done, by $jobs at a time"
	[ $ended -eq $code ] || { echo "# exit code $ended"; show errors 3; }
	show seen.text 5
done
exec 4>&-
finish
