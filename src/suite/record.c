/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "suite/record.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "sink/json_writer.h"
#include "sink/packet_words.h"

/* Packets of one fate. The rule is the ruleset's; numbers are gathered as "1,3-5". */
struct record_group {
	enum verdict verdict;
	enum ctstate ctstate;
	const struct rule_place *rule;
	const char *reason;		/* static or NULL */
	struct text numbers;
	uint64_t first, last;		/* of the range that is gathered and not written yet */
};

/* What one rule or policy counted, by its place: two rules may say the same. */
struct record_counter { enum family family; char *name; uint64_t n_packets, n_bytes; };

void record_init(struct record *record)
{
	memset(record, 0, sizeof(*record));
}

void record_clear(struct record *record)
{
	for (size_t i = 0; i < record->n_groups; i++)
		text_clear(&record->groups[i].numbers);
	free(record->groups);
	for (size_t i = 0; i < record->n_counters; i++)
		free(record->counters[i].name);
	free(record->counters);
	record_init(record);
}

static struct record_group *find_group(struct record *record, const struct event_packet *told)
{
	struct record_group *group;

	for (size_t i = record->n_groups; i > 0; i--) {
		group = &record->groups[i - 1];
		if (group->verdict == told->verdict && group->ctstate == told->ctstate && group->rule == told->decided_by &&
		    group->reason == told->reason)
			return group;
	}
	if (record->n_groups == record->capacity) {
		record->capacity = alloc_grown_capacity(record->capacity, record->n_groups + 1);
		record->groups = alloc_resize(record->groups, record->capacity, sizeof(*group));
	}
	group = &record->groups[record->n_groups++];
	*group = (struct record_group){
		.verdict = told->verdict, .ctstate = told->ctstate, .rule = told->decided_by, .reason = told->reason,
	};
	text_init(&group->numbers);
	return group;
}

static void write_range(const struct record_group *group, struct text *out)
{
	if (!group->first)
		return;
	text_printf(out, "%s%" PRIu64, out->len ? "," : "", group->first);
	if (group->last > group->first)
		text_printf(out, "-%" PRIu64, group->last);
}

static void keep_packet(struct record *record, const struct event *event)
{
	struct record_group *group = find_group(record, &event->journey);

	if (group->first && event->packet == group->last + 1) {
		group->last = event->packet;
		return;
	}
	write_range(group, &group->numbers);
	group->first = group->last = event->packet;
}

/* As expectations name it: the rule's own words, which stay when it moves; "INPUT policy". */
static void print_rule(const struct rule_place *rule, struct text *out)
{
	if (rule->number)
		text_append(out, rule->text);
	else
		packet_words_print_rule(rule, out);
}

static void open_line(struct json_writer *writer, struct text *out)
{
	text_append(out, out->len ? ",\n  " : "  ");
	json_writer_init(writer, out);
	json_writer_open_object(writer, NULL);
}

static void keep_counter(struct record *record, enum family family, const struct text *name, uint64_t n_packets,
			 uint64_t n_bytes)
{
	if (record->n_counters == record->counters_capacity) {
		record->counters_capacity = alloc_grown_capacity(record->counters_capacity, record->n_counters + 1);
		record->counters = alloc_resize(record->counters, record->counters_capacity, sizeof(*record->counters));
	}
	record->counters[record->n_counters++] = (struct record_counter){
		family, alloc_copy(text_string(name), name->len), n_packets, n_bytes,
	};
}

static void keep_rule(struct record *record, const struct event_counter *counter)
{
	struct text name;

	text_init(&name);
	packet_words_print_rule(counter->rule, &name);
	keep_counter(record, (enum family)counter->rule->family, &name, counter->n_packets, counter->n_bytes);
	text_clear(&name);
}

static void keep_policy(struct record *record, const struct event_chain *chain)
{
	struct text name;

	text_init(&name);
	text_printf(&name, "%s %s policy", chain->table, chain->chain);
	keep_counter(record, chain->family, &name, chain->n_packets, chain->n_bytes);
	text_clear(&name);
}

void record_hear(void *owner, const struct event *event)
{
	struct record *record = owner;

	if (event->kind == EVENT_PACKET)
		keep_packet(record, event);
	else if (event->kind == EVENT_COUNTER)
		keep_rule(record, &event->counter);
	else if (event->kind == EVENT_CHAIN && event->chain.policy)
		keep_policy(record, &event->chain);
}

static void print_group(const struct record_group *group, struct text *out)
{
	struct json_writer writer;
	struct text words;

	text_init(&words);
	open_line(&writer, out);
	text_append(&words, text_string(&group->numbers));
	write_range(group, &words);
	json_writer_add_string(&writer, "packets", text_string(&words));
	if (group->verdict != VERDICT_NONE)
		json_writer_add_string(&writer, "verdict", verdict_name(group->verdict));
	if (group->ctstate != CTSTATE_NONE)
		json_writer_add_string(&writer, "ctstate", ctstate_name(group->ctstate));
	if (group->rule) {
		text_reset(&words);
		print_rule(group->rule, &words);
		json_writer_add_string(&writer, "rule", text_string(&words));
	}
	if (group->reason)
		json_writer_add_string(&writer, "reason", group->reason);
	json_writer_close_object(&writer);
	text_clear(&words);
}

/* Both families may have a chain INPUT: then each is named with its own. */
static bool has_both_families(const struct record *record)
{
	for (size_t i = 1; i < record->n_counters; i++)
		if (record->counters[i].family != record->counters[0].family)
			return true;
	return false;
}

static void print_counter(const struct record_counter *counter, bool names_family, struct text *out)
{
	struct json_writer writer;
	struct text name;

	text_init(&name);
	if (names_family)
		text_append(&name, counter->family == FAMILY_IPV6 ? "ipv6 " : "ipv4 ");
	text_append(&name, counter->name);
	open_line(&writer, out);
	json_writer_add_string(&writer, "counter", text_string(&name));
	json_writer_add_u64(&writer, "packets", counter->n_packets);
	json_writer_add_u64(&writer, "bytes", counter->n_bytes);
	json_writer_close_object(&writer);
	text_clear(&name);
}

void record_print(const struct record *record, struct text *out)
{
	bool names_family = has_both_families(record);
	struct text lines;

	text_init(&lines);
	for (size_t i = 0; i < record->n_groups; i++)
		print_group(&record->groups[i], &lines);
	for (size_t i = 0; i < record->n_counters; i++)
		print_counter(&record->counters[i], names_family, &lines);
	text_printf(out, "[\n%s\n]\n", text_string(&lines));
	text_clear(&lines);
}
