/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/compare_facts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "packet/checksum.h"
#include "packet/summary.h"
#include "sink/entry_print.h"
#include "sink/expectation_print.h"
#include "sink/packet_words.h"
#include "sink/time_print.h"

enum { MICROSECONDS = 6, SCTP_CHECKSUM_LEN = 4, CHECKSUM_LEN = 2 };

static const char *const names[FACT_COUNT] = {
	[FACT_PATH] = "path",
	[FACT_INTERFACES] = "interfaces",
	[FACT_CTSTATE] = "ctstate",
	[FACT_COMPLAINT] = "why INVALID",
	[FACT_VERDICT] = "verdict",
	[FACT_DECISION] = "decided by",
	[FACT_RULES] = "rules that matched",
	[FACT_ENTRY] = "entry",
	[FACT_STATUS] = "status",
	[FACT_HELPER] = "helper",
	[FACT_EVENTS] = "events",
	[FACT_EXPECTATIONS] = "expectations",
	[FACT_REPLIES] = "replies",
	[FACT_MARK] = "packet mark",
	[FACT_SENT] = "packet as it left",
};

const char *compare_fact_name(enum fact fact)
{
	return names[fact];
}

void compare_facts_init(struct compare_facts *facts)
{
	memset(facts, 0, sizeof(*facts));
	for (int i = 0; i < FACT_COUNT; i++)
		text_init(&facts->facts[i]);
	text_init(&facts->story);
}

void compare_facts_clear(struct compare_facts *facts)
{
	for (int i = 0; i < FACT_COUNT; i++)
		text_clear(&facts->facts[i]);
	text_clear(&facts->story);
	free(facts->touched.ids);
	free(facts->masters.ids);
	memset(facts, 0, sizeof(*facts));
}

void compare_facts_reset(struct compare_facts *facts)
{
	for (int i = 0; i < FACT_COUNT; i++)
		text_reset(&facts->facts[i]);
	text_reset(&facts->story);
	facts->entry = 0;
	facts->touched.n = facts->masters.n = 0;
	facts->has_unsimulated = false;
	facts->hangs_on_slots = facts->hangs_on_socket = false;
}

uint32_t compare_facts_kinds(void)
{
	return EVENT_BIT(EVENT_RULE) | EVENT_BIT(EVENT_TRANSITION) | EVENT_BIT(EVENT_CONNTRACK) | EVENT_BIT(EVENT_EXPECTATION) | EVENT_BIT(EVENT_REPLY) |
	       EVENT_BIT(EVENT_LOOKUP) | EVENT_BIT(EVENT_PACKET) | EVENT_PACKET_LEFT;
}

static void print_place(const struct rule_place *place, struct text *out)
{
	if (place)
		packet_words_print_rule(place, out);
	else
		text_append(out, "-");
}

static bool is_ignored(const struct compare_facts *facts, const struct rule_place *rule)
{
	return facts->clock && compare_clock_ignores(facts->clock, rule);
}

static void add_id(struct compare_ids *ids, uint64_t entry)
{
	if (!entry)
		return;
	if (ids->n == ids->capacity) {
		ids->capacity = alloc_grown_capacity(ids->capacity, ids->n + 1);
		ids->ids = alloc_resize(ids->ids, ids->capacity, sizeof(*ids->ids));
	}
	ids->ids[ids->n++] = entry;
}

void compare_facts_touch(struct compare_facts *facts, uint64_t entry)
{
	add_id(&facts->touched, entry);
}

void compare_facts_touch_master(struct compare_facts *facts, uint64_t entry)
{
	add_id(&facts->masters, entry);
}

static void add_status(struct compare_facts *facts, uint32_t status)
{
	struct text *out = &facts->facts[FACT_STATUS];

	for (unsigned bit = 0; bit < WORDS_STATUS_BITS; bit++)
		if ((status >> bit & 1) && status_bit_name(bit))
			text_printf(out, "%s%s", out->len ? " " : "", status_bit_name(bit));
}

void compare_facts_print_entry(const struct entry_view *entry, struct vtime now, struct text *out)
{
	struct entry_view told = *entry;

	/* The kernel shows these in /proc alone. */
	told.gre_timeouts[0] = told.gre_timeouts[1] = 0;
	entry_print_proc(&told, now, false, out);
}

static void add_entry(struct compare_facts *facts, const struct event *event)
{
	const struct event_packet *told = &event->journey;

	if (told->has_entry)
		facts->entry = told->entry.id;
	/* An entry that ended is no entry; that it ended, and which, is compared as an event. */
	if (!told->has_entry || told->change == ENTRY_DESTROYED) {
		text_append(&facts->facts[FACT_ENTRY], "none");
		return;
	}
	compare_facts_print_entry(&told->entry, event->time, &facts->facts[FACT_ENTRY]);
	add_status(facts, told->entry.status);
	if (told->entry.helper)
		text_append(&facts->facts[FACT_HELPER], told->entry.helper);
}

static void add_story_of_packet(struct compare_facts *facts, const struct event_packet *told)
{
	if (told->invalid.words) {
		text_append(&facts->story, "INVALID: ");
		complaint_print(&told->invalid, &facts->story);
		text_append_char(&facts->story, '\n');
	}
	if (told->reason)
		text_printf(&facts->story, "%s\n", told->reason);
	facts->hangs_on_slots = told->reason && strncmp(told->reason, "match connlimit:", strlen("match connlimit:")) == 0;
}

/* The layer 4 bytes without their checksum: of the host's own packets the network card fills that in. */
static uint64_t sum_of_content(const struct packet *packet)
{
	int field = checksum_field_offset(packet->protocol);
	size_t len = packet->protocol == PROTOCOL_SCTP ? SCTP_CHECKSUM_LEN : CHECKSUM_LEN;
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = packet->l4_offset; i < packet->len; i++) {
		size_t offset = i - packet->l4_offset;

		if (field >= 0 && offset >= (size_t)field && offset < (size_t)field + len)
			continue;
		hash = (hash ^ packet->bytes[i]) * 0x100000001b3u;
	}
	return hash;
}

static void add_sent(struct compare_facts *facts, const struct packet *packet)
{
	struct text *out = &facts->facts[FACT_SENT];

	if (packet->is_fragment || packet->family == FAMILY_NONE)
		return;
	summary_print(packet, out);
	text_printf(out, ", ttl %u tos 0x%02x length %" PRIu32, packet->ttl, packet->tos, packet->total_len);
	if (!packet_is_cut(packet))
		text_printf(out, ", content %016" PRIx64, sum_of_content(packet));
}

/* Matched by TPROXY, and not dropped there. */
static bool was_handed_on(const struct event_packet *told)
{
	for (size_t i = 0; i < told->n_matched; i++)
		if (strcmp(told->matched[i]->target, "TPROXY") == 0)
			return told->verdict != VERDICT_DROP || told->decided_by != told->matched[i];
	return false;
}

static void add_packet(struct compare_facts *facts, const struct event *event)
{
	const struct event_packet *told = &event->journey;
	bool has_direction = told->ctstate == CTSTATE_NEW || told->ctstate == CTSTATE_ESTABLISHED ||
			     told->ctstate == CTSTATE_RELATED;

	for (size_t i = 0; i < told->n_hooks; i++)
		text_printf(&facts->facts[FACT_PATH], "%s%s", i ? " " : "", hook_name(told->hooks[i]));
	text_printf(&facts->facts[FACT_INTERFACES], "in %s out %s", *told->in ? told->in : "-",
		    *told->out ? told->out : "-");
	text_append(&facts->facts[FACT_CTSTATE], ctstate_name(told->ctstate));
	if (has_direction)
		text_printf(&facts->facts[FACT_CTSTATE], " %s", packet_words_direction(told->direction));
	if (!packet_is_cut(told->packet))	/* the kernel was shown more of it */
		complaint_print(&told->invalid, &facts->facts[FACT_COMPLAINT]);
	text_append(&facts->facts[FACT_VERDICT], verdict_name(told->verdict));
	print_place(told->decided_by, &facts->facts[FACT_DECISION]);
	for (size_t i = 0; i < told->n_matched; i++)
		if (!is_ignored(facts, told->matched[i])) {
			text_append(&facts->facts[FACT_RULES], facts->facts[FACT_RULES].len ? ", " : "");
			print_place(told->matched[i], &facts->facts[FACT_RULES]);
		}
	/* What SYNPROXY answers is not made. */
	facts->has_unsimulated = told->unsimulated || (told->decided_by && strcmp(told->decided_by->target, "SYNPROXY") == 0);
	facts->hangs_on_socket = was_handed_on(told);
	if (told->verdict == VERDICT_ACCEPT)
		text_printf(&facts->facts[FACT_MARK], "0x%" PRIx32, told->mark);
	add_entry(facts, event);
	if (told->as_left)
		add_sent(facts, told->as_left);
	add_story_of_packet(facts, told);
}

static bool is_in_doubt(const struct compare_facts *facts, uint64_t entry)
{
	return facts->doubt && compare_doubt_has(facts->doubt, facts->side, entry);
}

void compare_facts_print_event(const struct event *event, struct text *out)
{
	if (event->conntrack.expired) {
		text_append(out, "expired at ");
		time_print(event->time, MICROSECONDS, out);
		text_append_char(out, ' ');
	}
	entry_print_event(&event->conntrack, &(struct entry_clock){ .now = event->time }, 0, out);
}

void compare_facts_take_event(struct compare_facts *facts, uint64_t entry, const char *line)
{
	struct text *out = &facts->facts[FACT_EVENTS];

	if (is_in_doubt(facts, entry))
		return;
	text_append(out, out->len ? "\n" : "");
	text_append(out, line);
}

static void add_event(struct compare_facts *facts, const struct event *event)
{
	struct text line;

	if (!event->conntrack.expired && event->packet)
		compare_facts_touch(facts, event->conntrack.entry.id);
	text_init(&line);
	compare_facts_print_event(event, &line);
	compare_facts_take_event(facts, event->conntrack.entry.id, text_string(&line));
	text_clear(&line);
}

void compare_facts_take_rule(struct compare_facts *facts, const char *rule)
{
	struct text *out = &facts->facts[FACT_RULES], ignored;
	bool is_ignored = false;

	text_init(&ignored);
	for (size_t i = 0; facts->clock && i < facts->clock->n_ignored && !is_ignored; i++) {
		text_reset(&ignored);
		packet_words_print_rule(facts->clock->ignored[i], &ignored);
		is_ignored = strcmp(text_string(&ignored), rule) == 0;
	}
	text_clear(&ignored);
	if (is_ignored)
		return;
	text_append(out, out->len ? ", " : "");
	text_append(out, rule);
}

void compare_facts_print_expectation(const struct expectation_view *expectation, struct text *out)
{
	struct text line;
	const char *rest;

	text_init(&line);
	expectation_print_list(expectation, expectation->deadline, &line);
	rest = strchr(text_string(&line), ' ');
	text_append(out, rest ? rest + 1 : "");
	text_clear(&line);
}

/* Why one ended the kernel does not say. */
static void add_expectation(struct compare_facts *facts, const struct event *event)
{
	const struct event_expectation *told = &event->expectation;
	struct text *out = &facts->facts[FACT_EXPECTATIONS];

	if (told->end != EXPECTATION_EXPIRED)
		compare_facts_touch_master(facts, told->expectation.master_id);
	if (is_in_doubt(facts, told->expectation.master_id))
		return;
	text_append(out, out->len ? "\n" : "");
	if (told->end == EXPECTATION_LIVES) {
		text_append(out, "new ");
	} else {
		text_append(out, "ended at ");
		time_print(event->time, MICROSECONDS, out);
		text_append_char(out, ' ');
	}
	compare_facts_print_expectation(&told->expectation, out);
}

static void add_reply(struct compare_facts *facts, const struct event_reply *reply)
{
	struct text *out = &facts->facts[FACT_REPLIES];

	if (out->len)
		text_append_char(out, '\n');
	/* Of an answer that fell, the kernel shows how it was made, and we what it had become by then. */
	if (reply->verdict == VERDICT_ACCEPT)
		summary_print(reply->packet, out);
	else if (reply->packet->protocol == PROTOCOL_TCP)
		text_printf(out, "a reset");
	else
		text_printf(out, "ICMP type %u code %u", reply->packet->icmp_type, reply->packet->icmp_code);
	text_printf(out, ", %s", verdict_name(reply->verdict));
}

static void add_transition(struct compare_facts *facts, const struct event_transition *transition)
{
	if (transition->from && transition->to)
		text_printf(&facts->story, "%s -> %s", transition->from, transition->to);
	if (transition->cell)
		text_printf(&facts->story, " (%s)", transition->cell);
	text_append(&facts->story, transition->from ? ": " : "");
	complaint_print(&transition->reason, &facts->story);
	text_append_char(&facts->story, '\n');
}

static void add_rule(struct compare_facts *facts, const struct event_rule *rule)
{
	packet_words_print_place(rule->rule, &facts->story);
	text_printf(&facts->story, " matched: %s\n", rule->rule->text);
}

void compare_facts_add(struct compare_facts *facts, const struct event *event)
{
	switch (event->kind) {
	case EVENT_RULE:
		add_rule(facts, &event->rule);
		break;
	case EVENT_TRANSITION:
		add_transition(facts, &event->transition);
		break;
	case EVENT_CONNTRACK:
		add_event(facts, event);
		break;
	case EVENT_EXPECTATION:
		add_expectation(facts, event);
		break;
	case EVENT_LOOKUP:
		if (event->packet) {
			compare_facts_touch(facts, event->lookup->before.id);
			/* One that is not confirmed yet has a number that another may get; its beginning is told when it is. */
			if (!event->lookup->is_new)
				compare_facts_touch(facts, event->lookup->after.id);
		}
		break;
	case EVENT_REPLY:
		if (event->packet)	/* what the host says between packets cannot be heard in real time */
			add_reply(facts, &event->reply);
		break;
	case EVENT_PACKET:
		add_packet(facts, event);
		break;
	default:
		break;
	}
}
