/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What eval has to say about its way through a table, for whoever wants to know why: rules that were tried in vain
 * and the condition that failed, the way from chain to chain, and what rules behind the decision would have said.
 *
 * eval calls this only while somebody listens. Nothing here changes a state: a condition that remembers (limit) is
 * never tried a second time.
 */
#ifndef RULES_EXPLAIN_H
#define RULES_EXPLAIN_H

#include "event/stream.h"
#include "rules/program.h"
#include "rules/subject.h"

static inline bool explain_is_wanted(const struct stream *stream)
{
	return stream && (stream->kinds & (EVENT_BIT(EVENT_MISS) | EVENT_BIT(EVENT_STEP))) != 0;
}

/* `failed`: the match that said no; not looked at when a generic test (-s, -p, ...) did. `hotdrop`: of MISS_MALFORMED. */
void explain_emit_miss(const struct rule_code *rule, const struct match_instance *failed, const char *hotdrop,
		       const struct subject *subject);

void explain_emit_step(enum chain_step step, const struct rule_place *rule, enum verdict verdict, struct stream *stream);

/* Every rule that can be reached from the chain of subject->hook: EVENT_PROBE. */
void explain_emit_probes(const struct program *program, const struct subject *subject);

#endif
