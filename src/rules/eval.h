/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Running packets through a compiled ruleset: counters, buckets and verdicts.
 * Semantics are those of xtables (legacy): Linux 6.18, ipt_do_table().
 */
#ifndef RULES_EVAL_H
#define RULES_EVAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/stream.h"
#include "rules/ruleset.h"
#include "rules/subject.h"

struct evaluation;

/*
 * Counters start at what the file says (0 when `zero_counters`); buckets are full at time 0; `seed` is of what the
 * kernel draws at random. The ruleset is borrowed.
 */
struct evaluation *evaluation_create(const struct ruleset *ruleset, uint32_t hz, uint64_t seed, bool zero_counters);

/*
 * The ruleset is replaced: tables that are the same go on as they are, the others begin anew at `now`, their counters at 0 or,
 * with `keeps_counters`, at what their file says. What rules share by name goes on. Linux 6.18, __do_replace().
 */
void evaluation_replace(struct evaluation *evaluation, const struct ruleset *ruleset, bool keeps_counters, struct vtime now);

/* From now on it is counted how often each rule is tried, whether it matches or not: EVENT_COUNTER and EVENT_CHAIN tell. */
void evaluation_count_tries(struct evaluation *evaluation);

/* How many rules a packet may try in one table, unless they stand one behind the other: limits.rules_tried unless this is called. */
void evaluation_limit(struct evaluation *evaluation, uint64_t most_tried);

/* For tests: from now on every rule is looked at, by no index, and no way is remembered. The answers are the same. */
void evaluation_go_plain(struct evaluation *evaluation);

void evaluation_destroy(struct evaluation *evaluation);

enum eval_verdict { EVAL_ACCEPT, EVAL_DROP, EVAL_QUEUE };

struct eval_result {
	enum eval_verdict verdict;
	const struct rule_place *decided_by;	/* the rule or policy that decided; NULL after a hotdrop */
	bool is_default;			/* decided by an ACCEPT policy of a chain that nobody set: "nothing but defaults" */
	const char *hotdrop;			/* static words when a match declared the packet malformed; else NULL */
	uint32_t path;				/* number of the way that the packet took, for eval_follow(); 0: it cannot be remembered */
};

/* The rules that matched on a packet's whole journey; the caller owns it and resets it for each packet. */
struct eval_trace {
	const struct rule_place **matched;	/* owned; grows */
	size_t n_matched;
	size_t capacity;
	const struct rule_place *unsimulated;	/* first rule that could have decided otherwise and is not simulated; or NULL */
};
void eval_trace_init(struct eval_trace *trace);
void eval_trace_clear(struct eval_trace *trace);
void eval_trace_reset(struct eval_trace *trace);

/*
 * The packet of `subject` traverses the table's chain at subject->hook. Matched rules are added to `trace`, and
 * emitted as EVENT_RULE when somebody wants them. The table must be loaded for the packet's family and own a chain there.
 */
void eval_table(struct evaluation *evaluation, enum table table, struct subject *subject, struct eval_trace *trace,
		struct eval_result *result);

/*
 * Ways through the tables that can be taken again. The next packet that comes to the same table with what the way depends on
 * takes it without a look: the same rules count it and are told, and the same verdict falls. All are forgotten when the ruleset is replaced.
 * It depends on the connection and its mark, the direction, ctstate and interfaces; with `has_status` on the entry's status bits, too.
 */
bool eval_path_has_status(const struct evaluation *evaluation, uint32_t path);
void eval_follow(struct evaluation *evaluation, enum family family, uint32_t path, uint32_t len, struct stream *stream);

/* Adds the rules of such a way to `trace`, as eval_table() does. */
void eval_trace_path(const struct evaluation *evaluation, enum family family, uint32_t path, struct eval_trace *trace);

/*
 * A warning for each rule about which no capture could tell whether it matched, with the number of packets; and one about packets
 * whose way through the rules was too long.
 */
void evaluation_emit_unknowns(const struct evaluation *evaluation, struct stream *stream);

/* Emits EVENT_SET for every line that `ipset save` would print at `now`. */
void evaluation_emit_sets(const struct evaluation *evaluation, struct vtime now, struct stream *stream);

/* Emits EVENT_CHAIN and EVENT_COUNTER for every chain and rule, in iptables-save's order. */
void evaluation_emit_counters(const struct evaluation *evaluation, struct stream *stream);

#endif
