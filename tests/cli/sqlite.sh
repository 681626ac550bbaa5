#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# --out sqlite=FILE: the database says what the other formats say.

. "$(dirname "$0")/harness"

if ! "$CTREPLAY" --version | grep -q '^databases: SQLite'; then
	says "a program without SQLite says so" 2 'sqlite=x\.db: not built in' run -q -r "$captures/dns-timeout.pcap" "$rules/dns.rules" --out sqlite=x.db
	finish
	exit 0
fi
command -v sqlite3 >/dev/null 2>&1 || { echo "1..0 # SKIP sqlite3, which asks the database, is not here"; exit 0; }

ask() { sqlite3 -csv "$lab.db" "$1"; }

same_packets() {
	ask 'SELECT p.number, p.hooks, p.interface_in, p.protocol, p.src, p.sport, p.dst, p.dport, p.len, p.ctstate, p.direction, p.entry, p.change,
		p.state, p.timeout, p.verdict, r."table", r.chain, CASE r.number WHEN 0 THEN '"'policy'"' ELSE r.number END, r.line, p.reason,
		p.mark, p.sent_src, p.sent_dport, p.summary FROM packets p LEFT JOIN rules r ON r.id = p.rule ORDER BY p.number' |
		tr -d '"\r' >asked
	sed 1d "$lab.csv" | tr -d '"\r' | cut -d , -f 1,3,4,6-21,23,24,27,28,31- >told
	[ -s told ] && diff told asked | head -n 20 >differences && [ ! -s differences ] || { cat differences; return 1; }
}
same_counters() {
	ask 'SELECT packets, bytes, rule FROM rules WHERE number > 0 ORDER BY file, line' | sed 's/^\([0-9]*\),\([0-9]*\),/[\1:\2] /' | tr -d '"' | sort >asked
	grep '^\[' "$lab.counters" | tr -d '"' | sort >told
	diff told asked
}
same_events() {
	ask 'SELECT type, count(*) FROM events GROUP BY type' | sort >asked
	sed 's/^ *\[\([A-Z]*\)\].*/\1/' "$lab.events" | sort | uniq -c | awk '{ print $2 "," $1 }' >told
	diff told asked
}
same_table() {
	ask 'SELECT line FROM snapshot_entries ORDER BY entry' | tr -d '"' >asked
	diff "$lab.table" asked
}
is_sound() {
	[ "$(ask 'PRAGMA integrity_check')" = ok ] && [ -z "$(ask 'PRAGMA foreign_key_check')" ] &&
		[ "$(ask 'SELECT count(*) FROM entries')" = "$(ask "SELECT count(DISTINCT entry) FROM events WHERE type = 'NEW'")" ] &&
		[ "$(ask 'SELECT coalesce(max(entries), 0) FROM occupancy')" -le "$(ask 'SELECT count(*) FROM entries')" ]
}

for lab in dns-resolver port-scan ssh-session reject ipv6-host; do
	replay() {
		# shellcheck disable=SC2046 # a list of words
		"$CTREPLAY" run -q -r "$captures/$lab/capture.pcap" "$captures/$lab/rules" $(cat "$captures/$lab/host") --snapshot end --out "sqlite=$1" \
			--out "csv=$lab.csv" --out "counters=$lab.counters" --out "events=$lab.events" --out "table=$lab.table" >/dev/null
	}
	passes "$lab: a database is written" replay "$lab.db"
	passes "$lab: it is sound" is_sound
	passes "$lab: packets" same_packets
	passes "$lab: counters" same_counters
	passes "$lab: events" same_events
	passes "$lab: the table at the end" same_table
done

again() { replay again.db && cmp "$lab.db" again.db; }
passes "the same bytes every time" again
through_a_pipe() {
	# shellcheck disable=SC2046 # a list of words
	"$CTREPLAY" run -r "$captures/$lab/capture.pcap" "$captures/$lab/rules" $(cat "$captures/$lab/host") --snapshot end --out sqlite=- | cmp - "$lab.db"
}
passes "through a pipe, too" through_a_pipe
finish
