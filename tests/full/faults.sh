#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the system refuses: every allocation in turn (fault.c), every write, rename and read in turn (strace), and Ctrl-C. A
# command ends with exit code 3 and one line that says why; what it was to write is whole or not there.
# Prints TAP; skips aloud what cannot be asked here.

. "$(dirname "$0")/../tap"
need ctreplay
cd "$work" || exit 99
cp "$source/captures/dns-timeout.pcap" "$source/captures/dns-timeout.packets" "$source/rules/dns.rules" . || exit 99
echo '{ "cases": [ { "name": "first", "capture": "dns-timeout.pcap", "rules": "dns.rules", "expect": [ { "packets": "1", "verdict": "ACCEPT" } ] } ] }' >suite.json
echo '{ "sysctls": { "net.netfilter.nf_conntrack_udp_timeout": 10 } }' >host.json


# The commands, one a line, and what each writes beside standard output.
commands() {
	cat <<-COMMANDS
	run -r dns-timeout.pcap dns.rules --host host.json --snapshot end --out json=out --out csv=out2
	explain -r dns-timeout.pcap dns.rules --packet 2 -v
	diagram -r dns-timeout.pcap dns.rules -o out.svg
	report -r dns-timeout.pcap dns.rules -o out.html
	check --lint dns.rules
	format dns.rules
	test suite.json
	diff dns.rules dns.rules -r dns-timeout.pcap
	coverage -r dns-timeout.pcap dns.rules
	craft dns-timeout.packets -w out.pcap
	list matches
	COMMANDS
}

# is_whole: no output stands there under its own name that differs from what a run without a fault writes
is_whole() {
	for file in out out2 out.svg out.html out.pcap; do
		[ ! -e "$file" ] || cmp -s "$file" "whole/$file" || { echo "# $file is there, and is not whole"; return 1; }
	done
}

# refused STATUS WHAT: how a command has to end that could not go on
refused() {
	[ "$1" -eq 3 ] || { echo "# $2: exit code $1"; cat stderr | sed 's/^/#   /'; return 1; }
	[ "$(wc -l <stderr)" -eq 1 ] && grep -q 'error' stderr || { echo "# $2: what it says is not one line:"; sed 's/^/#   /' stderr; return 1; }
	is_whole
}

mkdir whole
commands >list
while read -r line; do
	# shellcheck disable=SC2086 # one word an argument
	"$ctreplay" $line >stdout 2>stderr </dev/null
	status=$?
	[ $status -le 1 ] || { tell 1 "without a fault: $line"; cat stderr; }
	for file in out out2 out.svg out.html out.pcap; do [ ! -e $file ] || mv $file whole/; done
done <list

# short_of_memory LINE: every allocation in turn, or every so many of thousands
short_of_memory() {
	# shellcheck disable=SC2086
	LD_PRELOAD=./fault.so FAULT_COUNT=count "$ctreplay" $1 >stdout 2>stderr </dev/null
	set -- "$1" $?
	rm -f out out2 out.*
	all=$(cat count)
	mv stdout whole/
	[ "$all" -gt 10 ] || { echo "# $all allocations"; return 1; }
	at=1
	while [ "$at" -le "$all" ]; do
		# shellcheck disable=SC2086
		LD_PRELOAD=./fault.so FAULT_AT=$at "$ctreplay" $1 >stdout 2>stderr </dev/null
		status=$?
		# Without the buffer that stdio wanted it writes byte by byte.
		if [ $status -ne "$2" ] || ! cmp -s stdout whole/stdout; then
			refused $status "allocation $at of $all" || return 1
		fi
		at=$((at + 1 + all / 400))
	done
	echo "# $all allocations"
}

if ${CC:-cc} -shared -fPIC -D_GNU_SOURCE -o fault.so "$source/tests/full/fault.c" -ldl 2>errors && LD_PRELOAD=./fault.so FAULT_COUNT=count "$ctreplay" --version >stdout && [ -s count ]; then
	while read -r line; do
		short_of_memory "$line" </dev/null
		tell $? "no memory: $line"
		rm -f out out2 out.*
	done <list
else
	skip "no memory" "a library that takes the place of malloc() cannot be made here"
fi

# refusing CALL ERROR LINE: every call of the program's own in turn
refusing() {
	# shellcheck disable=SC2086
	strace -f -q -o trace -e trace="$1" "$ctreplay" $3 >stdout 2>stderr </dev/null
	rm -f out out2 out.*
	all=$(grep -c "$1(" trace)
	[ "$all" -gt 0 ] || { echo "# $1 is never called"; return 1; }
	at=1
	while [ "$at" -le "$all" ]; do
		# shellcheck disable=SC2086
		strace -f -q -o trace -e trace="$1" -e inject="$1:error=$2:when=$at" "$ctreplay" $3 >stdout 2>stderr </dev/null
		refused $? "$1 $at of $all" || return 1
		rm -f out out2 out.*
		at=$((at + 1))
	done
	echo "# $1: $all times"
}

# unreadable FILE LINE: it can be opened, and reading fails; that is bad input
unreadable() {
	# shellcheck disable=SC2086
	strace -f -q -o trace -P "$work/$1" -e trace=read -e inject=read:error=EIO "$ctreplay" $2 >stdout 2>stderr </dev/null
	status=$?
	[ $status -eq 2 ] && [ "$(wc -l <stderr)" -eq 1 ] || { echo "# exit code $status"; sed 's/^/# /' stderr; return 1; }
	grep -q "$1.*Input/output error" stderr || { sed 's/^/# /' stderr; return 1; }
	rm -f out out2 out.*
}

if strace -f -q -o trace -e trace=write -e inject=write:error=ENOSPC:when=1 true 2>errors; then
	while read -r line; do
		refusing write ENOSPC "$line" </dev/null
		tell $? "a full disk: $line"
	done <list
	grep -e '-o \|-w \|--out' list >writing
	while read -r line; do
		refusing rename EACCES "$line" </dev/null
		tell $? "a name that cannot be given: $line"
	done <writing
	unreadable dns-timeout.pcap "run -r dns-timeout.pcap dns.rules"
	tell $? "a capture that cannot be read"
	unreadable dns.rules "run -r dns-timeout.pcap dns.rules"
	tell $? "rules that cannot be read"
	unreadable host.json "run -r dns-timeout.pcap dns.rules --host host.json"
	tell $? "a host description that cannot be read"
else
	skip "a full disk" "strace is not here, or may not trace"
fi

# A signal while packets come out of a pipe that does not end. SIGTERM does as Ctrl-C does, which a shell's background
# commands do not hear.
mkfifo pipe
"$ctreplay" run -r - "$source/captures/port-scan/rules" --local 10.0.0.2 --captured-on arriving --out json=out <pipe >stdout 2>stderr &
pid=$!
exec 3>pipe
cat "$source/captures/port-scan/capture.pcap" >&3
tries=0
until grep -q '^ *2 ' stdout || [ $tries -ge 100 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
kill -TERM $pid
wait $pid 2>errors
status=$?
exec 3>&-
[ $status -eq 143 ] || echo "# exit code $status"
[ $status -eq 143 ]
tell $? "a signal ends the program as that signal"
grep -q 'interrupted: packets behind packet [0-9]* were not replayed' stdout && grep -q '^  Verdicts' stdout
tell $? "the summary says what was done"
tail -n 1 out | grep -q '^{"kind":"summary",.*}$' && [ ! -e out.partial ]
tell $? "the outputs end with whole lines"
finish
