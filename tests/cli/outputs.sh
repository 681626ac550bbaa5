#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Where outputs go: files that are whole or not there, full disks, readers that go away.

. "$(dirname "$0")/harness"
pcap=$captures/dns-timeout.pcap
dns=$rules/dns.rules

passes "files are whole and have no other name" ends 0 run -q -r "$pcap" "$dns" --out json=a.json --out csv=a.csv --out events=a.events
passes "nothing partial is left" sh -c '[ -s a.json ] && [ -s a.csv ] && [ -s a.events ] && ! ls *.partial 2>/dev/null'
passes "the last line of the JSON is the summary" sh -c 'tail -n 1 a.json | grep -q "^{\"kind\":\"summary\",.*}$"'

echo old >b.json
passes "an old file is replaced" sh -c '"$0" run -q -r "$1" "$2" --out json=b.json >/dev/null && cmp a.json b.json' "$CTREPLAY" "$pcap" "$dns"
echo old >c.json
ln -s c.json link.json
passes "a link stays a link" sh -c '"$0" run -q -r "$1" "$2" --out json=link.json >/dev/null && [ -h link.json ] && cmp a.json c.json' "$CTREPLAY" "$pcap" "$dns"

says "a folder that does not exist" 3 'missing/x\.json: cannot write: No such file or directory' run -q -r "$pcap" "$dns" --out json=missing/x.json
mkdir folder
passes "a folder instead of a file" ends 3 run -q -r "$pcap" "$dns" --out json=folder

if [ -w /dev/full ]; then
	says "a full device" 3 'error: /dev/full: cannot write: No space left on device' run -q -r "$pcap" "$dns" --out json=/dev/full
	passes "the other outputs are whole all the same" sh -c '"$0" run -q -r "$1" "$2" --out json=/dev/full --out csv=d.csv >/dev/null 2>&1; cmp a.csv d.csv' "$CTREPLAY" "$pcap" "$dns"
	passes "standard output that is full" sh -c '"$0" run -r "$1" "$2" >/dev/full 2>.own/stderr; [ $? -eq 3 ] && grep -q "standard output: cannot write: No space left" .own/stderr' "$CTREPLAY" "$pcap" "$dns"
	passes "a listing on a full device" sh -c '"$0" list matches >/dev/full 2>.own/stderr; [ $? -eq 3 ]' "$CTREPLAY"
	passes "a capture on a full device" sh -c '"$0" craft "$1" -w /dev/full 2>.own/stderr; [ $? -eq 3 ]' "$CTREPLAY" "$captures/dns-timeout.packets"
else
	skip "a full device" "there is no /dev/full"
fi

# A file system of 16 KiB
mkdir tiny
if [ "$(id -u)" -eq 0 ] && mount -t tmpfs -o size=16k none tiny 2>/dev/null; then
	cleanup() { umount "$work/tiny"; cd / && rm -rf "$work"; }
	says "a full disk" 3 'tiny/x\.json: cannot write: No space left on device' run -q -r "$captures/port-scan/capture.pcap" "$captures/port-scan/rules" --out json=tiny/x.json
	passes "nothing is left on it" sh -c '[ -z "$(ls -A tiny)" ]'
else
	skip "a full disk" "mounting needs root"
	skip "nothing is left on it" "mounting needs root"
fi

passes "standard output that is closed" sh -c '"$0" run -r "$1" "$2" >&- 2>.own/stderr; [ $? -eq 3 ] && [ "$(wc -l <.own/stderr)" -eq 1 ]' "$CTREPLAY" "$pcap" "$dns"
# The reader goes away after one line: what is left cannot be written, but nobody needs to hear of it.
passes "a reader that goes away" sh -c '{ "$0" run -r "$1" "$2" --out json=- 2>.own/stderr; echo $? >.own/code; } | head -n 1 >.own/first
	grep -q "^{\"kind\":\"run\"" .own/first || exit 1
	[ "$(cat .own/code)" -eq 3 ] && [ ! -s .own/stderr ]' \
	"$CTREPLAY" "$captures/port-scan/capture.pcap" "$captures/port-scan/rules"
passes "a reader of a listing that goes away" sh -c '{ sleep 0.3; "$0" list timeouts 2>.own/stderr; echo $? >.own/code; } | true
	[ "$(cat .own/code)" -eq 3 ] && [ ! -s .own/stderr ]' "$CTREPLAY"
passes "/dev/fd/N is written as it is" sh -c '"$0" run -q -r "$1" "$2" --out json=/dev/fd/3 3>e.json >/dev/null && cmp a.json e.json' "$CTREPLAY" "$pcap" "$dns"
passes "a named pipe is written as it is" sh -c 'mkfifo pipe && { cat pipe >f.json & } && "$0" run -q -r "$1" "$2" --out json=pipe >/dev/null && wait && cmp a.json f.json && [ -p pipe ]' "$CTREPLAY" "$pcap" "$dns"
passes "no colours in a file" sh -c '! "$0" run -r "$1" "$2" | grep -q "$(printf "\033")"' "$CTREPLAY" "$pcap" "$dns"
passes "colours when they are asked for" sh -c '"$0" run --color always -r "$1" "$2" | grep -q "$(printf "\033")"' "$CTREPLAY" "$pcap" "$dns"

finish
