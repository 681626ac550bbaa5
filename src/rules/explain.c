/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/explain.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "packet/protocol.h"

/* The generic tests in the order in which they are made. Linux 6.18, ip_packet_match(). */
static const uint8_t tests_in_order[] = {
	TEST_SOURCE, TEST_DESTINATION, TEST_IN, TEST_OUT, TEST_PROTOCOL, TEST_FRAGMENT,
};

enum { N_TESTS = sizeof(tests_in_order) / sizeof(tests_in_order[0]) };

static struct masked_address range_of(const struct rule_code *rule, uint8_t test, const struct packet *packet)
{
	bool is_source = test == TEST_SOURCE;
	struct masked_address range = { .address = { { 0 } } };

	if (packet->family == FAMILY_IPV6)
		return is_source ? rule->addresses.ipv6->source : rule->addresses.ipv6->destination;
	range.address.word[0] = is_source ? rule->addresses.ipv4.source : rule->addresses.ipv4.destination;
	range.mask.word[0] = is_source ? rule->addresses.ipv4.source_mask : rule->addresses.ipv4.destination_mask;
	return range;
}

/* Before inversion. */
static bool compare(const struct rule_code *rule, uint8_t test, const struct subject *subject)
{
	const struct packet *packet = subject->packet;
	const struct code_interfaces *interfaces = rule->interfaces;
	struct masked_address range;

	switch (test) {
	case TEST_SOURCE:
	case TEST_DESTINATION:
		range = range_of(rule, test, packet);
		return address_is_in(test == TEST_SOURCE ? &packet->source : &packet->destination, &range);
	case TEST_IN:
		return strncmp(subject->in, interfaces->in, interfaces->in_len) == 0;
	case TEST_OUT:
		return strncmp(subject->out, interfaces->out, interfaces->out_len) == 0;
	case TEST_PROTOCOL:
		return rule->protocol == 0 || packet->protocol == rule->protocol;
	default:
		return packet->fragment_offset != 0;
	}
}

static bool test_holds(const struct rule_code *rule, uint8_t test, const struct subject *subject)
{
	return !(rule->tests & test) || compare(rule, test, subject) != ((rule->inverted & test) != 0);
}

static void print_protocol(uint8_t protocol, struct text *out)
{
	const char *name = protocol_name(protocol);

	if (name)
		text_append(out, name);
	else
		text_printf(out, "protocol %u", protocol);
}

static void print_interface(const char *name, const char *way, struct text *out)
{
	if (*name)
		text_printf(out, "packet %s by %s", way, name);
	else
		text_printf(out, "packet %s by no interface here", way);
}

static void print_address_test(const struct rule_code *rule, uint8_t test, const struct packet *packet, struct text *out)
{
	enum family family = (enum family)packet->family;
	struct masked_address range = range_of(rule, test, packet);

	text_append(out, test == TEST_SOURCE ? "-s " : "-d ");
	address_print_masked(family, &range, out);
	text_append(out, ": packet has ");
	address_print(family, test == TEST_SOURCE ? &packet->source : &packet->destination, out);
}

/* "-i eth1: packet comes in by eth0" */
static void print_test(const struct rule_code *rule, uint8_t test, const struct subject *subject, struct text *out)
{
	const struct packet *packet = subject->packet;

	if (rule->inverted & test)
		text_append(out, "! ");
	switch (test) {
	case TEST_SOURCE:
	case TEST_DESTINATION:
		print_address_test(rule, test, packet, out);
		break;
	case TEST_IN:
		text_printf(out, "-i %s: ", rule->interfaces->in);
		print_interface(subject->in, "comes in", out);
		break;
	case TEST_OUT:
		text_printf(out, "-o %s: ", rule->interfaces->out);
		print_interface(subject->out, "goes out", out);
		break;
	case TEST_PROTOCOL:
		text_append(out, "-p ");
		print_protocol(rule->protocol, out);
		text_append(out, ": packet is ");
		print_protocol(packet->protocol, out);
		break;
	default:
		text_append(out, packet->fragment_offset ? "-f: packet is a later fragment" : "-f: packet is no later fragment");
		break;
	}
}

static void print_match(const struct match_instance *match, const struct subject *subject, struct text *out)
{
	size_t start = out->len;

	if (match->type->explain)
		match->type->explain(match->config, subject, out);
	if (out->len == start)
		text_printf(out, "-m %s: does not hold", match->type->name);
}

/* A match that has no memory can be tried as often as one likes. */
static bool can_be_tried(const struct match_instance *match)
{
	return !match_type_remembers(match->type) && !match->type->start && !match->type->attach;
}

/* MATCH_UNKNOWN too for a match that cannot be tried again. */
static enum match_result try_match(const struct match_instance *match, const struct subject *subject)
{
	return can_be_tried(match) ? match->type->eval(match->config, NULL, subject) : MATCH_UNKNOWN;
}

static bool is_no(enum match_result result)
{
	return result == MATCH_NO || result == MATCH_HOTDROP;
}

/* The first generic test that fails, 0 when all hold; how many in *n_failed. */
static uint8_t find_failed_test(const struct rule_code *rule, const struct subject *subject, uint32_t *n_failed)
{
	uint8_t first = 0;

	*n_failed = 0;
	for (size_t i = 0; i < N_TESTS; i++) {
		if (test_holds(rule, tests_in_order[i], subject))
			continue;
		if (!first)
			first = tests_in_order[i];
		++*n_failed;
	}
	return first;
}

void explain_emit_miss(const struct rule_code *rule, const struct match_instance *failed, const char *hotdrop,
		       const struct subject *subject)
{
	struct event event = { .kind = EVENT_MISS, .miss = { .rule = rule->place, .kind = MISS_FAILED } };
	uint8_t test = find_failed_test(rule, subject, &event.miss.n_failed);
	struct text words;

	text_init(&words);
	event.miss.is_jump = rule->action == ACTION_JUMP;
	if (test)
		failed = NULL;
	for (const struct match_instance *match = rule->matches; match && match->type; match++)
		event.miss.n_failed += match == failed || is_no(try_match(match, subject));
	if (hotdrop) {
		event.miss.kind = MISS_MALFORMED;
		text_append(&words, hotdrop);
	} else if (test) {
		print_test(rule, test, subject, &words);
	} else if (failed) {
		print_match(failed, subject, &words);
		if (can_be_tried(failed) && try_match(failed, subject) == MATCH_UNKNOWN)
			event.miss.kind = MISS_UNSIMULATED;
	} else {
		event.miss.kind = MISS_UNSIMULATED;
		text_append(&words, "it has a match that is not simulated");
	}
	event.miss.words = text_string(&words);
	stream_emit(subject->stream, &event);
	text_clear(&words);
}

void explain_emit_step(enum chain_step step, const struct rule_place *rule, enum verdict verdict, struct stream *stream)
{
	struct event event = { .kind = EVENT_STEP, .step = { .step = step, .rule = rule, .verdict = verdict } };

	stream_emit(stream, &event);
}

/* The first match that says no; else the first one of which nobody can tell; else NULL. */
static const struct match_instance *find_obstacle(const struct rule_code *rule, const struct subject *subject,
						  bool *is_failure)
{
	const struct match_instance *unknown = NULL;

	*is_failure = false;
	for (const struct match_instance *match = rule->matches; match && match->type; match++) {
		enum match_result result = try_match(match, subject);

		*is_failure = is_no(result);
		if (*is_failure)
			return match;
		if (result == MATCH_UNKNOWN && !unknown)
			unknown = match;
	}
	return unknown;
}

static void probe_rule(const struct rule_code *rule, const struct subject *subject)
{
	struct event event = { .kind = EVENT_PROBE, .probe = { .rule = rule->place, .result = PROBE_DEPENDS } };
	bool is_failure;
	const struct match_instance *obstacle = find_obstacle(rule, subject, &is_failure);
	uint32_t n_failed;
	uint8_t test = find_failed_test(rule, subject, &n_failed);
	struct text words;

	text_init(&words);
	event.probe.is_jump = rule->action == ACTION_JUMP;
	if (test || is_failure)
		event.probe.result = PROBE_FAILS;
	if (test)
		print_test(rule, test, subject, &words);
	else if (is_failure)
		print_match(obstacle, subject, &words);
	else if (obstacle)
		text_printf(&words, "-m %s", obstacle->type->name);
	else if (rule->flags & CODE_UNKNOWN_MATCH)
		text_append(&words, "a match that is not simulated");
	else
		event.probe.result = PROBE_HOLDS;
	event.probe.words = text_string(&words);
	stream_emit(subject->stream, &event);
	text_clear(&words);
}

/* Probes a chain's rules; chains that they lead to, and that are not known yet, are put behind the others. */
static void probe_chain(const struct program *program, uint32_t start, const struct subject *subject, bool *is_known,
			uint32_t *chains)
{
	const struct rule_code *rule = &program->rules[start];
	size_t n = 0;

	while (chains[n] != UINT32_MAX)
		n++;
	for (; rule->action != ACTION_END && !(rule->flags & CODE_IS_POLICY); rule++) {
		probe_rule(rule, subject);
		if (rule->action != ACTION_JUMP || is_known[rule->jump])
			continue;
		is_known[rule->jump] = true;
		chains[n++] = rule->jump;
		chains[n] = UINT32_MAX;
	}
}

void explain_emit_probes(const struct program *program, const struct subject *subject)
{
	bool *is_known = alloc_zeroed(program->n_rules, sizeof(*is_known));
	uint32_t *chains = alloc_zeroed(program->n_chains + 1, sizeof(*chains));

	chains[0] = program->entry[subject->hook];
	chains[1] = UINT32_MAX;
	is_known[chains[0]] = true;
	for (size_t i = 0; chains[i] != UINT32_MAX; i++)
		probe_chain(program, chains[i], subject, is_known, chains);
	free(is_known);
	free(chains);
}
