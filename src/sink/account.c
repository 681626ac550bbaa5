/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/account.h"

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

const char *account_fact_name(enum fact fact)
{
	return names[fact];
}

void account_init(struct account *account)
{
	memset(account, 0, sizeof(*account));
	for (int i = 0; i < FACT_COUNT; i++)
		text_init(&account->facts[i]);
	text_init(&account->story);
}

void account_clear(struct account *account)
{
	for (int i = 0; i < FACT_COUNT; i++)
		text_clear(&account->facts[i]);
	text_clear(&account->story);
	account_lines_clear(&account->rules);
	account_lines_clear(&account->events);
	account_lines_clear(&account->expectations);
	free(account->touched.ids);
	free(account->masters.ids);
	memset(account, 0, sizeof(*account));
}

void account_reset(struct account *account)
{
	for (int i = 0; i < FACT_COUNT; i++)
		text_reset(&account->facts[i]);
	text_reset(&account->story);
	account_lines_reset(&account->rules);
	account_lines_reset(&account->events);
	account_lines_reset(&account->expectations);
	account->entry = 0;
	account->touched.n = account->masters.n = 0;
}

uint32_t account_kinds(void)
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

void account_lines_add(struct account_lines *lines, uint64_t entry, const char *text)
{
	if (lines->n == lines->capacity) {
		lines->capacity = alloc_grown_capacity(lines->capacity, lines->n + 1);
		lines->lines = alloc_resize(lines->lines, lines->capacity, sizeof(*lines->lines));
	}
	lines->lines[lines->n++] = (struct account_line){ .entry = entry, .text = alloc_copy(text, strlen(text)) };
}

void account_lines_reset(struct account_lines *lines)
{
	for (size_t i = 0; i < lines->n; i++)
		free(lines->lines[i].text);
	lines->n = 0;
}

void account_lines_clear(struct account_lines *lines)
{
	account_lines_reset(lines);
	free(lines->lines);
	memset(lines, 0, sizeof(*lines));
}

void account_ids_add(struct account_ids *ids, uint64_t entry)
{
	if (!entry)
		return;
	if (ids->n == ids->capacity) {
		ids->capacity = alloc_grown_capacity(ids->capacity, ids->n + 1);
		ids->ids = alloc_resize(ids->ids, ids->capacity, sizeof(*ids->ids));
	}
	ids->ids[ids->n++] = entry;
}

void account_lines_join(const struct account_lines *lines, const char *separator, struct text *out)
{
	for (size_t i = 0; i < lines->n; i++)
		text_printf(out, "%s%s", i ? separator : "", lines->lines[i].text);
}

void account_touch(struct account *account, uint64_t entry)
{
	account_ids_add(&account->touched, entry);
}

void account_touch_master(struct account *account, uint64_t entry)
{
	account_ids_add(&account->masters, entry);
}

static void add_status(struct account *account, uint32_t status)
{
	struct text *out = &account->facts[FACT_STATUS];

	for (unsigned bit = 0; bit < WORDS_STATUS_BITS; bit++)
		if ((status >> bit & 1) && status_bit_name(bit))
			text_printf(out, "%s%s", out->len ? " " : "", status_bit_name(bit));
}

static void print_entry(const struct entry_view *entry, struct vtime now, struct text *out)
{
	struct entry_view told = *entry;

	/* The kernel shows these in /proc alone. */
	told.gre_timeouts[0] = told.gre_timeouts[1] = 0;
	entry_print_proc(&told, now, false, out);
}

static void add_entry(struct account *account, const struct event *event)
{
	const struct event_packet *told = &event->journey;

	if (told->has_entry)
		account->entry = told->entry.id;
	/* An entry that ended is no entry; that it ended, and which, is compared as an event. */
	if (!told->has_entry || told->change == ENTRY_DESTROYED) {
		text_append(&account->facts[FACT_ENTRY], "none");
		return;
	}
	print_entry(&told->entry, event->time, &account->facts[FACT_ENTRY]);
	add_status(account, told->entry.status);
	if (told->entry.helper)
		text_append(&account->facts[FACT_HELPER], told->entry.helper);
}

static void add_story_of_packet(struct account *account, const struct event_packet *told)
{
	if (told->invalid.words) {
		text_append(&account->story, "INVALID: ");
		complaint_print(&told->invalid, &account->story);
		text_append_char(&account->story, '\n');
	}
	if (told->reason)
		text_printf(&account->story, "%s\n", told->reason);
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

static void add_sent(struct account *account, const struct packet *packet)
{
	struct text *out = &account->facts[FACT_SENT];

	if (packet->is_fragment || packet->family == FAMILY_NONE)
		return;
	summary_print(packet, out);
	text_printf(out, ", ttl %u tos 0x%02x length %" PRIu32, packet->ttl, packet->tos, packet->total_len);
	if (!packet_is_cut(packet))
		text_printf(out, ", content %016" PRIx64, sum_of_content(packet));
}

static void add_matched(struct account *account, const struct event_packet *told)
{
	struct text words;

	text_init(&words);
	for (size_t i = 0; i < told->n_matched; i++) {
		text_reset(&words);
		packet_words_print_rule(told->matched[i], &words);
		account_lines_add(&account->rules, 0, text_string(&words));
	}
	text_clear(&words);
}

static void add_packet(struct account *account, const struct event *event)
{
	const struct event_packet *told = &event->journey;
	bool has_direction = told->ctstate == CTSTATE_NEW || told->ctstate == CTSTATE_ESTABLISHED ||
			     told->ctstate == CTSTATE_RELATED;

	for (size_t i = 0; i < told->n_hooks; i++)
		text_printf(&account->facts[FACT_PATH], "%s%s", i ? " " : "", hook_name(told->hooks[i]));
	text_printf(&account->facts[FACT_INTERFACES], "in %s out %s", *told->in ? told->in : "-",
		    *told->out ? told->out : "-");
	text_append(&account->facts[FACT_CTSTATE], ctstate_name(told->ctstate));
	if (has_direction)
		text_printf(&account->facts[FACT_CTSTATE], " %s", packet_words_direction(told->direction));
	if (!packet_is_cut(told->packet))	/* the kernel was shown more of it */
		complaint_print(&told->invalid, &account->facts[FACT_COMPLAINT]);
	text_append(&account->facts[FACT_VERDICT], verdict_name(told->verdict));
	print_place(told->decided_by, &account->facts[FACT_DECISION]);
	add_matched(account, told);
	if (told->verdict == VERDICT_ACCEPT)
		text_printf(&account->facts[FACT_MARK], "0x%" PRIx32, told->mark);
	add_entry(account, event);
	if (told->as_left)
		add_sent(account, told->as_left);
	add_story_of_packet(account, told);
}

static void print_event(const struct event *event, struct text *out)
{
	if (event->conntrack.expired) {
		text_append(out, "expired at ");
		time_print(event->time, MICROSECONDS, out);
		text_append_char(out, ' ');
	}
	entry_print_event(&event->conntrack, &(struct entry_clock){ .now = event->time }, 0, out);
}

static void add_event(struct account *account, const struct event *event)
{
	struct text line;

	if (!event->conntrack.expired && event->packet)
		account_touch(account, event->conntrack.entry.id);
	text_init(&line);
	print_event(event, &line);
	account_lines_add(&account->events, event->conntrack.entry.id, text_string(&line));
	text_clear(&line);
}

/* Without the time that it has left. */
static void print_expectation(const struct expectation_view *expectation, struct text *out)
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
static void add_expectation(struct account *account, const struct event *event)
{
	const struct event_expectation *told = &event->expectation;
	struct text line;

	if (told->end != EXPECTATION_EXPIRED)
		account_touch_master(account, told->expectation.master_id);
	text_init(&line);
	if (told->end == EXPECTATION_LIVES) {
		text_append(&line, "new ");
	} else {
		text_append(&line, "ended at ");
		time_print(event->time, MICROSECONDS, &line);
		text_append_char(&line, ' ');
	}
	print_expectation(&told->expectation, &line);
	account_lines_add(&account->expectations, told->expectation.master_id, text_string(&line));
	text_clear(&line);
}

static void add_reply(struct account *account, const struct event_reply *reply)
{
	struct text *out = &account->facts[FACT_REPLIES];

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

static void add_transition(struct account *account, const struct event_transition *transition)
{
	if (transition->from && transition->to)
		text_printf(&account->story, "%s -> %s", transition->from, transition->to);
	if (transition->cell)
		text_printf(&account->story, " (%s)", transition->cell);
	text_append(&account->story, transition->from ? ": " : "");
	complaint_print(&transition->reason, &account->story);
	text_append_char(&account->story, '\n');
}

static void add_rule(struct account *account, const struct event_rule *rule)
{
	packet_words_print_place(rule->rule, &account->story);
	text_printf(&account->story, " matched: %s\n", rule->rule->text);
}

void account_add(struct account *account, const struct event *event)
{
	switch (event->kind) {
	case EVENT_RULE:
		add_rule(account, &event->rule);
		break;
	case EVENT_TRANSITION:
		add_transition(account, &event->transition);
		break;
	case EVENT_CONNTRACK:
		add_event(account, event);
		break;
	case EVENT_EXPECTATION:
		add_expectation(account, event);
		break;
	case EVENT_LOOKUP:
		if (event->packet) {
			account_touch(account, event->lookup->before.id);
			/* One that is not confirmed yet has a number that another may get; its beginning is told when it is. */
			if (!event->lookup->is_new)
				account_touch(account, event->lookup->after.id);
		}
		break;
	case EVENT_REPLY:
		if (event->packet)	/* what the host says between packets cannot be heard in real time */
			add_reply(account, &event->reply);
		break;
	case EVENT_PACKET:
		add_packet(account, event);
		break;
	default:
		break;
	}
}

void account_add_row(struct account_lines *lines, const struct event *event)
{
	struct text line;

	text_init(&line);
	if (event->kind == EVENT_ENTRY) {
		print_entry(&event->entry.entry, event->time, &line);
		account_lines_add(lines, event->entry.entry.id, text_string(&line));
	} else {
		text_append(&line, "expected ");
		print_expectation(&event->expectation_entry.expectation, &line);
		account_lines_add(lines, event->expectation_entry.expectation.master_id, text_string(&line));
	}
	text_clear(&line);
}
