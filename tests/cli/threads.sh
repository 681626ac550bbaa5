#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# With two or three threads a run ends in the same way as with one, and leaves the same bytes; properties.sh asks every format.

. "$(dirname "$0")/harness"

# Enough packets for the parcels to go round many times, of many flows, some of them dropped; and rules that say something of them.
awk 'BEGIN {
	print "# ctreplay packets"
	for (i = 0; i < 6000; i++) {
		client = "10.0." int(i % 700 / 250) "." i % 250 + 1
		port = 5000 + i % 13
		print i * 0.001, i % 3 ? "udp " client ":" port " > 10.9.0.1:53 len " i % 900 : "udp 10.9.0.1:53 > " client ":" port " len 20"
		if (i % 50 == 0)
			print i * 0.001, "icmp " client " > 10.9.0.1 echo-request id " i " seq 1 len 10"
	}
}' >script
"$CTREPLAY" craft script -w pcap || exit 99
head -c 300000 pcap >cut
cat >rules.txt <<'EOF'
*filter
:INPUT DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
-A INPUT -p udp --dport 53 -m limit --limit 100/second -j LOG --log-prefix "question "
-A INPUT -p udp --dport 53 -j ACCEPT
COMMIT
EOF
run() { # THREADS ARGUMENT...
	n_threads=$1
	shift
	"$CTREPLAY" run --threads "$n_threads" --local 10.9.0.1 "$@"
}

# same CODE ARGUMENT...: with one thread, two and three: exit code, standard output, standard error, and the file `out`, if one is left
same() {
	expected_code=$1
	shift
	for threads in 1 2 3; do
		rm -f out
		run $threads "$@" >stdout.$threads 2>stderr.$threads
		code=$?
		[ $code -eq "$expected_code" ] || { echo "exit code $code with --threads $threads"; return 1; }
		rm -f out.$threads
		[ ! -e out ] || mv out out.$threads
	done
	[ ! -e out.partial ] || { echo "out.partial is left"; return 1; }
	for threads in 2 3; do
		cmp stdout.1 stdout.$threads && cmp stderr.1 stderr.$threads || return 1
		if [ -e out.1 ] || [ -e out.$threads ]; then cmp out.1 out.$threads || return 1; fi
	done
}

passes "the default view" same 0 -r pcap rules.txt
for format in json json,rules,hooks csv events log pcapng accepted dropped sent panes trace sqlite svg html table; do
	if [ $format = sqlite ] && ! "$CTREPLAY" --version | grep -q "^databases: SQLite"; then
		skip "$format" "the program was built without SQLite"
		continue
	fi
	passes "$format" same 0 -q -r pcap rules.txt --snapshot every=1s --out "$format=out"
done
passes "an explanation, which is made in one thread" same 0 -q -r pcap rules.txt --packets 'icmp' --out explain=out
passes "some of the packets" same 0 -r pcap rules.txt --packets 'host 10.0.1.77' --out csv=out
passes "of which nothing is shown" same 0 -r pcap rules.txt --packets 'host 192.0.2.1' --out json=out
passes "frames that are cut off at the end of the file" same 2 -r cut rules.txt --out json=out
passes "an empty capture" sh -c 'head -c 24 pcap >empty'
passes "and what is told of it" same 0 -r empty rules.txt --out json=out
if [ -w /dev/full ]; then
	passes "a full device" same 3 -q -r pcap rules.txt --out json=/dev/full
	passes "a full standard output" sh -c '"$0" run --threads 3 -r pcap rules.txt --local 10.9.0.1 >/dev/full 2>stderr; [ $? -eq 3 ] && grep -q "standard output: cannot write" stderr' "$CTREPLAY"
else
	skip "a full device" "there is no /dev/full"
fi
passes "a reader that goes away" sh -c '(trap "" PIPE; "$0" run --threads 3 -r pcap rules.txt --local 10.9.0.1 2>stderr; echo $? >code) | head -n 3 >head; [ "$(wc -l <head)" -eq 3 ] && [ ! -s stderr ] && [ "$(cat code)" -eq 3 ]' "$CTREPLAY"

# Somebody ends the run when its first line was read: by far not all is written then, because a pipe and the parcels hold little.
interrupted() {
	{
		sh -c 'echo $$ >pid; exec "$0" run --threads 3 -r pcap rules.txt --local 10.9.0.1 --out json=out' "$CTREPLAY" 2>stderr
		echo $? >code
	} | {
		read -r _
		kill -TERM "$(cat pid)"
		cat >rest
	}
	[ "$(cat code)" -eq 143 ] || { echo "exit code $(cat code)"; cat stderr; return 1; }
	grep -q 'interrupted: packets behind packet [0-9]* were not replayed' rest || { tail -n 5 rest; return 1; }
	tail -n 1 out | grep -q '^{"kind":"summary".*}$' || { tail -n 1 out; return 1; }
	[ "$(grep -c '"kind":"packet"' out)" -lt 6120 ]
}
passes "an interrupted run ends with whole lines" interrupted

says "no threads" 2 "error: --threads '0': 1 to 3" run --threads 0 -r pcap rules.txt
says "many threads" 2 "error: --threads '4': 1 to 3" run --threads 4 -r pcap rules.txt

finish
