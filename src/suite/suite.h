/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a ruleset is expected to do: suites of cases in JSON with // comments.
 *
 *     {
 *       "rules": "office.rules",             // for every case that does not say otherwise
 *       "local": "192.168.1.2",
 *       "cases": [ {
 *         "name": "answers to our own questions come in",
 *         "capture": "dns.pcap",
 *         "expect": [ { "packets": "udp src port 53", "verdict": "ACCEPT", "rule": "web in" } ]
 *       } ]
 *     }
 *
 * A suite is read whole and checked before a case runs. Paths are relative to the suite's own folder. The
 * whole language: docs/suites.md.
 */
#ifndef SUITE_SUITE_H
#define SUITE_SUITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/json_document.h"
#include "base/map.h"
#include "base/source.h"
#include "capture/filter.h"
#include "event/words.h"

/* Numbers of packets, both ends included. */
struct suite_range { uint64_t first, last; };

/* Which packets an expectation speaks of. */
struct suite_choice {
	struct suite_range *ranges;	/* none and no filter: all */
	size_t n_ranges;
	const char *filter;		/* tcpdump's language, or NULL */
};

/* Words that must all stand in a line, in any order: "udp dport=53 [UNREPLIED]". */
struct suite_words { const char **words; size_t n_words; const char *written; };

enum expectation_kind { EXPECT_PACKETS, EXPECT_ENTRIES, EXPECT_EVENTS, EXPECT_COUNTER, EXPECT_GOLDEN };

/* When entries are looked at. */
enum expectation_when { WHEN_END, WHEN_TIME, WHEN_PACKET };

struct expectation {
	enum expectation_kind kind;
	struct source_range where;
	uint32_t line;			/* of `where` */
	const char *because;		/* what it is there for, in the author's words; or NULL */

	/* EXPECT_PACKETS: the fields that are asked for; NULL, or -1: not asked */
	struct suite_choice choice;
	int verdict, ctstate, direction;	/* enum verdict, ctstate, direction */
	const char *rule;		/* that decided: "filter INPUT 3", "policy", or a part of its text, its comment for instance */
	const char *reason, *in, *out, *answer, *log;	/* parts of what is said; "" : none */
	struct suite_words entry;	/* of the entry's line after the packet */
	bool wants_entry, wants_no_entry;
	struct suite_words sent;	/* of the flow as it left */
	bool wants_sent;
	int64_t count;			/* packets chosen, entries found; -1: at least one */

	/* EXPECT_ENTRIES */
	enum expectation_when when;
	int64_t at_ns;
	uint64_t after_packet;
	struct suite_words entries;

	/* EXPECT_EVENTS: in this order, others may come between */
	struct suite_words *events;
	size_t n_events;
	bool is_exact;			/* and no others */

	/* EXPECT_COUNTER: of the rule or policy named by `rule` */
	int64_t n_packets, n_bytes;	/* -1: not asked */

	/* EXPECT_GOLDEN: a file with what --out json says */
	const char *golden;
};

struct suite_case {
	const char *name;
	struct source_range where;
	uint32_t line;
	const char **arguments;		/* the options of `ctreplay run` that it stands for */
	size_t n_arguments;
	const char **files;		/* that it reads: rules, captures, ... */
	size_t n_files;
	struct expectation *expectations;
	size_t n_expectations;
	const char *expect_file;	/* the expectations stand in a file of their own; or NULL */
	bool has_expect;		/* anything is expected at all */
	bool must_fail;			/* it passes when an expectation is not met: what is on trial are the expectations */
};

struct suite {
	struct arena arena;
	struct source source;
	struct source *expect_sources;	/* owned; of files that hold expectations */
	size_t n_expect_sources;
	struct json_document document;
	struct suite_case *cases;	/* owned array */
	size_t n_cases;
	struct map names;		/* of the cases */
	struct source_place place;	/* of what is being read */
	struct filter_room filter_room;	/* for "packets" of all its cases */
	const char *folder;		/* "tests/" or "": in front of relative paths */
};

/*
 * Reads a suite. `read` gets the text of a file (false after an error, told). False after errors; clear it either way,
 * after the messages were printed.
 */
typedef bool suite_read_file(const char *path, struct source *source, struct diagnostics *diagnostics);
bool suite_parse(struct suite *suite, const char *path, suite_read_file *read, struct diagnostics *diagnostics);
void suite_clear(struct suite *suite);

#endif
