/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/eval.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "packet/protocol.h"
#include "rules/eval_state.h"
#include "rules/explain.h"
#include "rules/ipset/ipset.h"
#include "rules/ipv6_headers.h"
#include "rules/program.h"
#include "rules/trace.h"

void eval_trace_init(struct eval_trace *trace)
{
	*trace = (struct eval_trace){ .matched = NULL };
}

void eval_trace_clear(struct eval_trace *trace)
{
	free(trace->matched);
	eval_trace_init(trace);
}

void eval_trace_reset(struct eval_trace *trace)
{
	trace->n_matched = 0;
	trace->unsimulated = NULL;
}

/* One packet's way through one table. */
struct traversal {
	const struct program *program;
	struct table_state *state;
	struct subject *subject;
	struct eval_trace *trace;
	struct eval_result *result;
	struct recall *recall;
	struct index_cursor *cursor;	/* NULL: rules are looked at one by one */
	const char *drops_after;	/* why the packet is dropped behind this rule; NULL: it is not */
	const struct match_instance *failed;	/* the last match that said no */
	bool is_explained;		/* somebody wants to know about rules that do not match */
	uint64_t n_tried, most_tried;	/* rules, up to the last jump or return */
	uint32_t since;			/* index of the first rule behind it */
};

static const char gave_up[] = "it tries more rules than --limit rules-tried allows";

static inline bool addresses_match_ipv4(const struct rule_code *rule, const struct packet *packet)
{
	uint32_t source = (packet->source.word[0] & rule->addresses.ipv4.source_mask) ^ rule->addresses.ipv4.source;
	uint32_t destination = (packet->destination.word[0] & rule->addresses.ipv4.destination_mask) ^
			       rule->addresses.ipv4.destination;

	return (source == 0) != ((rule->inverted & TEST_SOURCE) != 0) &&
	       (destination == 0) != ((rule->inverted & TEST_DESTINATION) != 0);
}

/*
 * Most rules end here for most packets, so it is worth a test of its own, in line: addresses and
 * protocol of IPv4. A rule without a test has a mask of zero.
 */
static inline bool is_out_of_question(const struct rule_code *rule, const struct packet *packet)
{
	uint32_t tests = rule->tests, inverted = rule->inverted;

	if (!(tests & (TEST_SOURCE | TEST_DESTINATION | TEST_PROTOCOL)))
		return false;
	if (!addresses_match_ipv4(rule, packet))
		return true;
	return (tests & TEST_PROTOCOL) && (packet->protocol == rule->protocol) == ((inverted & TEST_PROTOCOL) != 0);
}

static bool addresses_match_ipv6(const struct rule_code *rule, const struct packet *packet)
{
	return address_is_in(&packet->source, &rule->addresses.ipv6->source) != ((rule->inverted & TEST_SOURCE) != 0) &&
	       address_is_in(&packet->destination, &rule->addresses.ipv6->destination) !=
		       ((rule->inverted & TEST_DESTINATION) != 0);
}

static bool interfaces_match(const struct rule_code *rule, const struct subject *subject)
{
	const struct code_interfaces *interfaces = rule->interfaces;

	return (strncmp(subject->in, interfaces->in, interfaces->in_len) == 0) != ((rule->inverted & TEST_IN) != 0) &&
	       (strncmp(subject->out, interfaces->out, interfaces->out_len) == 0) != ((rule->inverted & TEST_OUT) != 0);
}

/*
 * Linux 6.18, ip6_packet_match(): -p walks the extension headers; a chain that cannot be walked drops the packet, and
 * so does a later fragment behind whose header another extension header would come.
 */
static bool is_unwalkable(const struct subject *subject)
{
	const struct packet *packet = subject->packet;

	return packet->family == FAMILY_IPV6 && ((packet->l4_unreachable && protocol_is_extension(packet->protocol)) ||
						 ipv6_headers_exceed(packet, subject->profile));
}

static enum match_result protocol_matches(const struct rule_code *rule, struct traversal *traversal)
{
	const struct packet *packet = traversal->subject->packet;

	if (is_unwalkable(traversal->subject)) {
		traversal->result->hotdrop = "-p: the chain of IPv6 extension headers is broken";
		return MATCH_HOTDROP;
	}
	if (rule->protocol == 0)
		return MATCH_YES;
	return (packet->protocol == rule->protocol) != ((rule->inverted & TEST_PROTOCOL) != 0) ? MATCH_YES : MATCH_NO;
}

/* Linux 6.18, ip_packet_match() and ip6_packet_match(), in their order. */
static enum match_result generic_tests(const struct rule_code *rule, struct traversal *traversal)
{
	const struct packet *packet = traversal->subject->packet;
	bool is_ipv6 = packet->family == FAMILY_IPV6;

	if (rule->tests & (TEST_SOURCE | TEST_DESTINATION)) {
		if (!(is_ipv6 ? addresses_match_ipv6(rule, packet) : addresses_match_ipv4(rule, packet)))
			return MATCH_NO;
	}
	if (rule->interfaces && !interfaces_match(rule, traversal->subject))
		return MATCH_NO;
	if (rule->tests & TEST_PROTOCOL) {
		enum match_result result = protocol_matches(rule, traversal);

		if (result != MATCH_YES)
			return result;
	}
	if (rule->tests & TEST_FRAGMENT)
		return (packet->fragment_offset != 0) != ((rule->inverted & TEST_FRAGMENT) != 0) ? MATCH_YES : MATCH_NO;
	return MATCH_YES;
}

/*
 * MATCH_UNKNOWN counts only where everything else matches. It is taken for a no, behind which nothing is asked: so what
 * remembers packets does not hear of this one, and no match drops it.
 */
static enum match_result all_tests(const struct rule_code *rule, struct traversal *traversal)
{
	enum match_result result = rule->tests ? generic_tests(rule, traversal) : MATCH_YES, whole = MATCH_YES;
	const struct match_instance *match = rule->matches;

	if (result != MATCH_YES || !match)
		return result;
	traversal->subject->rule = rule->place;
	for (; match->type; match++) {
		if (whole == MATCH_UNKNOWN && match_type_remembers(match->type))
			continue;
		recall_look(traversal->recall, (enum flow_scope)match->scope);
		result = match->type->eval(match->config, traversal->state->states + match->state_offset, traversal->subject);
		if (result == MATCH_YES)
			continue;
		traversal->failed = match;
		if (result == MATCH_UNKNOWN) {
			whole = result;
			continue;
		}
		if (result == MATCH_HOTDROP && whole == MATCH_UNKNOWN)
			return whole;
		if (result == MATCH_YES_HOTDROP) {
			traversal->drops_after = whole == MATCH_YES ? match->hotdrop : NULL;
			continue;
		}
		if (result == MATCH_HOTDROP)
			traversal->result->hotdrop = match->hotdrop;
		return result;
	}
	return whole;
}

static void note_unsimulated(struct traversal *traversal, const struct rule_code *rule)
{
	traversal->recall->is_winding = true;
	if ((rule->flags & CODE_CHANGES_VERDICT) && !traversal->trace->unsimulated)
		traversal->trace->unsimulated = rule->place;
}

static enum match_result note_unknown(struct traversal *traversal, const struct rule_code *rule)
{
	traversal->state->n_unknown[rule - traversal->program->rules]++;
	note_unsimulated(traversal, rule);
	return MATCH_NO;
}

static void trace_add(struct eval_trace *trace, const struct rule_code *rule)
{
	if (trace->n_matched == trace->capacity) {
		trace->capacity = alloc_grown_capacity(trace->capacity, trace->n_matched + 1);
		trace->matched = alloc_resize(trace->matched, trace->capacity, sizeof(*trace->matched));
	}
	trace->matched[trace->n_matched++] = rule->place;
}

static void tell_match(const struct rule_code *rule, enum hook hook, struct stream *stream)
{
	struct event event = {
		.kind = EVENT_RULE,
		.rule = { .rule = rule->place, .hook = hook },
	};

	stream_emit(stream, &event);
}

static void count(struct traversal *traversal, const struct rule_code *rule)
{
	uint32_t index = (uint32_t)(rule - traversal->program->rules);
	struct counter *counter = &traversal->state->counters[index];
	struct stream *stream = traversal->subject->stream;

	recall_add(traversal->recall, index);
	counter->n_packets++;
	counter->n_bytes += traversal->subject->packet->total_len;
	if (rule->flags & CODE_IS_POLICY)
		return;
	trace_add(traversal->trace, rule);
	if (stream && stream_wants(stream, EVENT_RULE))
		tell_match(rule, traversal->subject->hook, stream);
}

static enum target_verdict run_target(struct traversal *traversal, const struct rule_code *rule)
{
	const struct target_instance *target = rule->target;
	enum target_verdict verdict;

	traversal->recall->is_winding = true;
	traversal->subject->rule = rule->place;
	verdict = target->type->eval(target->config, traversal->state->states + target->state_offset, traversal->subject);
	if (target->type->changes_addresses) {
		traversal->subject->recall = NULL;
		if (traversal->cursor)
			traversal->cursor->index = NULL;
	}
	if (verdict != TARGET_UNKNOWN)
		return verdict;
	note_unsimulated(traversal, rule);
	return TARGET_DROP;
}

static enum target_verdict run_action(struct traversal *traversal, const struct rule_code *rule)
{
	switch (rule->action) {
	case ACTION_ACCEPT:
		return TARGET_ACCEPT;
	case ACTION_DROP:
		return TARGET_DROP;
	case ACTION_QUEUE:
		return TARGET_QUEUE;
	case ACTION_RETURN:
	case ACTION_END:
		return TARGET_RETURN;
	case ACTION_TARGET:
		return run_target(traversal, rule);
	case ACTION_UNSIMULATED:
		note_unsimulated(traversal, rule);
		return TARGET_CONTINUE;
	default:
		return TARGET_CONTINUE;
	}
}

static inline void tell_step(const struct traversal *traversal, enum chain_step step, const struct rule_place *rule,
			     enum verdict verdict)
{
	if (traversal->is_explained)
		explain_emit_step(step, rule, verdict, traversal->subject->stream);
}

static inline void tell_outcome(const struct traversal *traversal, const struct rule_code *rule, enum target_verdict verdict)
{
	if (traversal->subject->is_traced)
		trace_tell_outcome(traversal->program, rule, verdict, traversal->subject);
}

static void decide(const struct traversal *traversal, enum target_verdict verdict, const struct rule_code *rule)
{
	struct eval_result *result = traversal->result;

	tell_step(traversal, STEP_DECIDED, rule->place,
		  verdict == TARGET_ACCEPT ? VERDICT_ACCEPT : verdict == TARGET_QUEUE ? VERDICT_QUEUE : VERDICT_DROP);
	result->verdict = verdict == TARGET_ACCEPT ? EVAL_ACCEPT : verdict == TARGET_QUEUE ? EVAL_QUEUE : EVAL_DROP;
	result->decided_by = rule->place;
	result->is_default = (rule->flags & CODE_IS_DEFAULT) && verdict == TARGET_ACCEPT;
}

/* Does this rule act? Counts it when it does; a match that is not simulated keeps it from acting. */
static enum match_result judge(struct traversal *traversal, const struct rule_code *rule)
{
	enum match_result result;

	if (rule->action == ACTION_END) {
		if (traversal->subject->is_traced)
			trace_tell_match(traversal->program, rule, traversal->subject);
		return MATCH_YES;
	}
	result = all_tests(rule, traversal);
	if (result == MATCH_UNKNOWN)
		return note_unknown(traversal, rule);
	if (result != MATCH_YES)
		return result;
	if (rule->flags & CODE_UNKNOWN_MATCH) {
		note_unsimulated(traversal, rule);
		traversal->failed = NULL;
		return MATCH_NO;
	}
	count(traversal, rule);
	if (traversal->subject->is_traced)
		trace_tell_match(traversal->program, rule, traversal->subject);
	return MATCH_YES;
}

/* A match that a rule inverts has found the packet malformed. Linux 6.18, ipt_do_table(): the rule is the last one, and acts. */
static void end_malformed(struct traversal *traversal, const struct rule_code *rule, enum match_result result)
{
	enum target_verdict verdict =
		result == MATCH_YES && rule->action != ACTION_JUMP ? run_action(traversal, rule) : TARGET_CONTINUE;

	tell_outcome(traversal, rule, TARGET_DROP);
	if (verdict == TARGET_DROP) {
		decide(traversal, verdict, rule);
		return;
	}
	traversal->result->verdict = EVAL_DROP;
	traversal->result->hotdrop = traversal->drops_after;
}

/* From the rule at `index` on, the next one that is worth a look. */
static inline uint32_t next_worth_a_look(const struct traversal *traversal, uint32_t index)
{
	const struct program *program = traversal->program;
	const struct packet *packet = traversal->subject->packet;

	if (program->rules[index].index && traversal->cursor)
		return rule_index_next(traversal->cursor, program->indexes[program->rules[index].index - 1], packet, index);
	if (packet->family == FAMILY_IPV4)
		while (is_out_of_question(&program->rules[index], packet))
			index++;
	return index;
}

/* Two numbers for a stretch of any length; evaluation_emit_counters() sums them up. */
static inline void count_tries(struct table_state *state, struct recall_stretch stretch)
{
	state->tries[stretch.first]++;
	state->tries[stretch.last + 1]--;
}

/* Rules were tried one behind the other, `last` as the last of them. */
static void end_stretch(const struct traversal *traversal, uint32_t last)
{
	if (!traversal->state->tries)
		return;
	count_tries(traversal->state, (struct recall_stretch){ traversal->since, last });
	recall_add_stretch(traversal->recall, traversal->since, last);
}

/*
 * The way goes on at `next` instead of behind `index`. Chains that jump to each other, a few lines of text, can make a way that no
 * packet ever gets to the end of: false when it is too long, and the packet is dropped.
 */
static bool leap(struct traversal *traversal, uint32_t index, uint32_t next)
{
	end_stretch(traversal, index);
	traversal->n_tried += index - traversal->since + 1;
	traversal->since = next;
	if (traversal->n_tried <= traversal->most_tried)
		return true;
	traversal->recall->is_winding = true;
	traversal->result->verdict = EVAL_DROP;
	traversal->result->hotdrop = gave_up;
	return false;
}

/* Linux 6.18, ipt_do_table(). Without loops the stack cannot become deeper than there are chains. */
static void traverse(struct traversal *traversal, uint32_t *stack)
{
	const struct rule_code *rules = traversal->program->rules;
	uint32_t index = traversal->program->entry[traversal->subject->hook];
	uint32_t depth = 0;

	for (;;) {
		const struct rule_code *rule;
		enum match_result result;
		enum target_verdict verdict;

		if (!traversal->is_explained)
			index = next_worth_a_look(traversal, index);
		rule = &rules[index];
		result = judge(traversal, rule);
		if (traversal->is_explained && result != MATCH_YES)
			explain_emit_miss(rule, traversal->failed, traversal->result->hotdrop, traversal->subject);
		if (result == MATCH_HOTDROP) {
			tell_outcome(traversal, rule, TARGET_DROP);
			traversal->result->verdict = EVAL_DROP;
			break;
		}
		if (traversal->drops_after) {
			end_malformed(traversal, rule, result);
			break;
		}
		if (result == MATCH_NO) {
			index++;
			continue;
		}
		if (rule->action == ACTION_JUMP) {
			tell_outcome(traversal, rule, TARGET_CONTINUE);
			tell_step(traversal, rule->flags & CODE_GOTO ? STEP_GOTO : STEP_JUMP, rule->place, VERDICT_NONE);
			if (!(rule->flags & CODE_GOTO))
				stack[depth++] = index + 1;
			if (!leap(traversal, index, rule->jump))
				return;
			index = rule->jump;
			continue;
		}
		verdict = run_action(traversal, rule);
		tell_outcome(traversal, rule, verdict);
		if (verdict == TARGET_CONTINUE) {
			index++;
		} else if (verdict == TARGET_RETURN) {
			tell_step(traversal, rule->place ? STEP_RETURN : STEP_END, rule->place, VERDICT_NONE);
			if (!leap(traversal, index, depth ? stack[depth - 1] : traversal->program->policy[traversal->subject->hook]))
				return;
			index = traversal->since;
			depth -= depth > 0;
		} else {
			decide(traversal, verdict, rule);
			break;
		}
	}
	end_stretch(traversal, index);
}

static void count_path_tries(const struct recall *recall, const struct recall_path *path, struct table_state *state)
{
	const struct recall_stretches *tried = recall_tried(recall, path);

	for (uint64_t i = 0; tried && i < tried->n; i++)
		count_tries(state, tried->stretches[i]);
}

/* The same counters rise, and the same verdict falls, as for the packet before on this way. */
static void follow(struct traversal *traversal, const struct recall_path *path)
{
	count_path_tries(traversal->recall, path, traversal->state);
	for (uint32_t i = 0; i < path->n_rules; i++)
		count(traversal, &traversal->program->rules[path->rules[i]]);
	traversal->result->verdict = (enum eval_verdict)path->verdict;
	traversal->result->decided_by = path->decided_by;
	traversal->result->is_default = path->is_default;
}

static void traverse_from_hook(struct evaluation *evaluation, struct traversal *traversal)
{
	struct subject *subject = traversal->subject;

	tell_step(traversal, STEP_TABLE, traversal->program->rules[traversal->program->policy[subject->hook]].place, VERDICT_NONE);
	traversal->since = traversal->program->entry[subject->hook];
	traversal->most_tried = evaluation->most_tried;
	traverse(traversal, evaluation->stack);
	evaluation->n_given_up += traversal->result->hotdrop == gave_up;
	if (subject->stream && stream_wants(subject->stream, EVENT_PROBE))
		explain_emit_probes(traversal->program, subject);
	subject->rule = NULL;
}

/* Nobody wants to know more of the way than the rules that matched on it. */
static bool may_recall(const struct traversal *traversal)
{
	const struct subject *subject = traversal->subject;

	return subject->recall && traversal->cursor && !traversal->is_explained && !subject->is_traced &&
	       !(subject->stream && stream_wants(subject->stream, EVENT_PROBE));
}

void eval_table(struct evaluation *evaluation, enum table table, struct subject *subject, struct eval_trace *trace,
		struct eval_result *result)
{
	unsigned family = ast_family_index(subject->packet->family);
	struct traversal traversal = {
		.program = &evaluation->ruleset->programs[family][table],
		.state = &evaluation->tables[family][table],
		.subject = subject,
		.trace = trace,
		.result = result,
		.recall = &evaluation->recall,
		.is_explained = explain_is_wanted(subject->stream),
	};
	uint32_t path;

	assert(traversal.program->rules && (table_hooks(table) >> subject->hook & 1));
	*result = (struct eval_result){ .verdict = EVAL_DROP };
	subject->sets = evaluation->sets;
	recall_begin(&evaluation->recall);
	if (!evaluation->is_plain && rule_index_is_for(subject->packet)) {
		evaluation->cursor.index = NULL;
		traversal.cursor = &evaluation->cursor;
	}
	if (!may_recall(&traversal)) {
		traverse_from_hook(evaluation, &traversal);
		return;
	}
	path = recall_find(&evaluation->recall, subject, table);
	if (path && !recall_path(&evaluation->recall, path)->is_winding) {
		follow(&traversal, recall_path(&evaluation->recall, path));
		result->path = path;
		return;
	}
	traverse_from_hook(evaluation, &traversal);
	if (path || !subject->recall)
		return;
	path = recall_note(&evaluation->recall, subject, table, result);
	if (path && !recall_path(&evaluation->recall, path)->is_winding)
		result->path = path;
}

bool eval_path_has_status(const struct evaluation *evaluation, uint32_t path)
{
	return recall_path(&evaluation->recall, path)->has_status;
}

static void tell_path(const struct recall_path *path, const struct rule_code *rules, struct stream *stream)
{
	for (uint32_t i = 0; i < path->n_rules; i++)
		if (!(rules[path->rules[i]].flags & CODE_IS_POLICY))
			tell_match(&rules[path->rules[i]], recall_hook(path), stream);
}

void eval_follow(struct evaluation *evaluation, enum family family, uint32_t path, uint32_t len, struct stream *stream)
{
	const struct recall_path *followed = recall_path(&evaluation->recall, path);
	struct table_state *state = &evaluation->tables[ast_family_index(family)][recall_table(followed)];
	struct counter *counters = state->counters;

	count_path_tries(&evaluation->recall, followed, state);
	for (uint32_t i = 0; i < followed->n_rules; i++) {
		counters[followed->rules[i]].n_packets++;
		counters[followed->rules[i]].n_bytes += len;
	}
	if (stream_wants(stream, EVENT_RULE))
		tell_path(followed, evaluation->ruleset->programs[ast_family_index(family)][recall_table(followed)].rules, stream);
}

void eval_trace_path(const struct evaluation *evaluation, enum family family, uint32_t path, struct eval_trace *trace)
{
	const struct recall_path *taken = recall_path(&evaluation->recall, path);
	const struct rule_code *rules = evaluation->ruleset->programs[ast_family_index(family)][recall_table(taken)].rules;

	for (uint32_t i = 0; i < taken->n_rules; i++)
		if (!(rules[taken->rules[i]].flags & CODE_IS_POLICY))
			trace_add(trace, &rules[taken->rules[i]]);
}
