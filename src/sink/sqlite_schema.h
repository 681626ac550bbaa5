/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables and views of the format sqlite, in the words that users write queries in: docs/sqlite.md. */
#ifndef SINK_SQLITE_SCHEMA_H
#define SINK_SQLITE_SCHEMA_H

static const char sqlite_tables[] =
	"CREATE TABLE run(capture TEXT, origin_ns INTEGER, host TEXT, captured_on TEXT);"
	"CREATE TABLE rules(id INTEGER PRIMARY KEY, family INTEGER, \"table\" TEXT, chain TEXT, number INTEGER, file TEXT, line INTEGER,"
	" rule TEXT, target TEXT, packets INTEGER, bytes INTEGER, simulated INTEGER);"
	"CREATE TABLE packets(number INTEGER PRIMARY KEY, time REAL, time_ns INTEGER, hooks TEXT, interface_in TEXT, interface_out TEXT,"
	" protocol TEXT, src TEXT, sport INTEGER, dst TEXT, dport INTEGER, len INTEGER, ctstate TEXT, direction TEXT,"
	" entry INTEGER REFERENCES entries(id), change TEXT, state TEXT, timeout INTEGER, verdict TEXT, rule INTEGER REFERENCES rules(id),"
	" reason TEXT, invalid_reason TEXT, unsimulated INTEGER REFERENCES rules(id), mark INTEGER, sent_src TEXT, sent_sport INTEGER,"
	" sent_dst TEXT, sent_dport INTEGER, summary TEXT);"
	"CREATE TABLE matches(packet INTEGER REFERENCES packets(number), position INTEGER, rule INTEGER REFERENCES rules(id),"
	" PRIMARY KEY(packet, position)) WITHOUT ROWID;"
	"CREATE TABLE entries(id INTEGER PRIMARY KEY, protocol TEXT, src TEXT, sport INTEGER, dst TEXT, dport INTEGER, reply_src TEXT,"
	" reply_sport INTEGER, reply_dst TEXT, reply_dport INTEGER, zone INTEGER, begun REAL, begun_ns INTEGER, begun_by INTEGER,"
	" ended REAL, ended_ns INTEGER, ended_by INTEGER, expired INTEGER, state TEXT, status TEXT, master INTEGER, helper TEXT);"
	"CREATE TABLE transitions(id INTEGER PRIMARY KEY, packet INTEGER REFERENCES packets(number), time REAL, time_ns INTEGER,"
	" entry INTEGER, direction TEXT, state_before TEXT, state_after TEXT, cell TEXT, reason TEXT);"
	"CREATE TABLE events(id INTEGER PRIMARY KEY, packet INTEGER REFERENCES packets(number), time REAL, time_ns INTEGER, type TEXT,"
	" entry INTEGER REFERENCES entries(id), expired INTEGER, state TEXT, timeout INTEGER);"
	"CREATE TABLE snapshots(id INTEGER PRIMARY KEY, label TEXT, time REAL, time_ns INTEGER, entries INTEGER);"
	"CREATE TABLE snapshot_entries(snapshot INTEGER REFERENCES snapshots(id), entry INTEGER REFERENCES entries(id), state TEXT,"
	" timeout INTEGER, status TEXT, mark INTEGER, line TEXT, PRIMARY KEY(snapshot, entry)) WITHOUT ROWID;"
	"CREATE TABLE warnings(id INTEGER PRIMARY KEY, warning TEXT);";

/* Made at the end, when they cost least. */
static const char sqlite_views[] =
	"CREATE INDEX packets_by_entry ON packets(entry);"
	"CREATE INDEX packets_by_rule ON packets(rule);"
	"CREATE INDEX transitions_by_entry ON transitions(entry);"
	"CREATE VIEW lost AS SELECT p.number, p.time, p.verdict, p.ctstate, p.summary, r.\"table\", r.chain, r.number AS rule_number, r.file,"
	" r.line, coalesce(r.rule, p.reason) AS why FROM packets p LEFT JOIN rules r ON r.id = p.rule"
	" WHERE p.verdict IN ('DROP', 'REJECT') ORDER BY p.number;"
	"CREATE VIEW decisions AS SELECT r.file, r.line, r.\"table\", r.chain, r.number, r.rule, count(*) AS decided,"
	" sum(p.verdict = 'ACCEPT') AS accepted, sum(p.verdict IN ('DROP', 'REJECT')) AS lost FROM packets p JOIN rules r ON r.id = p.rule"
	" GROUP BY r.id ORDER BY decided DESC, r.id;"
	"CREATE VIEW unused AS SELECT file, line, \"table\", chain, number, rule FROM rules WHERE number > 0 AND packets = 0 ORDER BY id;"
	"CREATE VIEW flows AS SELECT e.id, e.protocol, e.src, e.sport, e.dst, e.dport, e.begun, e.ended, count(p.number) AS packets,"
	" sum(p.len) AS bytes, sum(p.verdict IN ('DROP', 'REJECT')) AS lost, coalesce(e.ended, (SELECT max(time) FROM packets)) - e.begun"
	" AS lived, e.state FROM entries e LEFT JOIN packets p ON p.entry = e.id GROUP BY e.id ORDER BY e.id;"
	"CREATE VIEW occupancy AS SELECT time, sum(step) OVER (ORDER BY time_ns, step ROWS UNBOUNDED PRECEDING) AS entries FROM"
	" (SELECT begun AS time, begun_ns AS time_ns, 1 AS step FROM entries UNION ALL"
	" SELECT ended, ended_ns, -1 FROM entries WHERE ended_ns IS NOT NULL) ORDER BY time_ns, step;"
	"CREATE VIEW talkers AS SELECT src, count(*) AS packets, sum(len) AS bytes, sum(verdict IN ('DROP', 'REJECT')) AS lost,"
	" count(DISTINCT dst || ' ' || coalesce(dport, '')) AS places FROM packets WHERE src IS NOT NULL GROUP BY src ORDER BY packets DESC, src;";

#endif
