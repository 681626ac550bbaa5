/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One case judged: hears a replay and says what was not as expected.
 *
 * The caller replays the case's arguments with judge_snapshots() among them and the judge listening. What fails is told in
 * words that stand by themselves: what was expected, what came, and where the rule stands.
 */
#ifndef SUITE_JUDGE_H
#define SUITE_JUDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/text.h"
#include "capture/filter.h"
#include "event/event.h"
#include "sink/sink.h"
#include "suite/suite.h"

struct judge_failure {
	const struct expectation *expectation;
	uint64_t packet;		/* 0: not about a packet */
	const char *wanted_verdict;	/* that the packet did not get: somebody may ask why; or NULL */
	struct text words;		/* one line or more, without the newline at the end */
};

/* How far one expectation has come. */
struct judge_state {
	struct filter *filter;		/* owned; NULL: none */
	uint64_t n_seen;		/* packets chosen; entries found; events met */
	uint64_t n_wrong;		/* packets that were not as expected */
	uint64_t next_event;		/* lines before it were used */
	bool was_listed;		/* the table was seen when it was to be */
	struct text found;		/* entries found, a line each */
	int64_t n_packets, n_bytes;	/* of the counter; -1: no such rule */
	const struct rule_place *named;	/* a rule that `rule` names: it may be another one's now */
	bool is_named;			/* some rule or policy is what `rule` names */
};

struct judge {
	const struct suite_case *suite_case;
	const char *folder;		/* the suite's */
	struct judge_state *states;	/* owned; one for each expectation */
	struct judge_failure *failures;	/* owned; in order of expectations once closed */
	size_t n_failures, capacity;
	struct text answer, log;	/* of the packet at hand */
	char **events;			/* owned; lines of `conntrack -E` */
	size_t n_events, events_capacity;
	size_t *listed;			/* owned: expectations of entries, by the moment that they are about */
	size_t n_listed;
	size_t now_first, now_end;	/* those of the listing whose entries come, in `listed` */
	bool has_golden;
	struct output golden_output;	/* to memory: what --out json says */
	struct sink golden_sink;
};

/* Prepares for frames of a link type. False after an error in a filter. Close it either way. */
bool judge_open(struct judge *judge, const struct suite_case *suite_case, const char *folder, int link_type,
		struct diagnostics *diagnostics);

/*
 * "at=31.000000000", "packet=12", "end": values for --snapshot; the caller frees the text of each call. False at the end. *at is
 * 0 for the first call, and where to go on.
 */
bool judge_snapshot(const struct suite_case *suite_case, size_t *at, struct text *value);

uint32_t judge_kinds(const struct judge *judge);
void judge_hear(void *judge, const struct event *event);

/* After the last event: what is left to be said. `read` gets golden files. */
void judge_finish(struct judge *judge, suite_read_file *read);

/* What --out json said, when an expectation asks for it; files are named from the suite's folder on. */
const struct text *judge_golden(const struct judge *judge);

void judge_close(struct judge *judge);

#endif
