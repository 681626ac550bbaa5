/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "picture/report_data.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "sink/json_parts.h"
#include "sink/json_writer.h"
#include "sink/packet_words.h"

enum { FIRST_SLOTS = 64, NS_PER_US = 1000, KIND_NEW = 0, KIND_UPDATE = 1, KIND_DESTROY = 2 };

void report_data_init(struct report_data *data, struct text *out)
{
	memset(data, 0, sizeof(*data));
	text_init(&data->chains);
	text_init(&data->rows);
	text_init(&data->events);
	data->out = out;
}

void report_data_clear(struct report_data *data)
{
	for (size_t i = 0; i < data->rules.n; i++)
		free(data->rules.rules[i].finding);
	free(data->rules.rules);
	free(data->rules.slots);
	free(data->states);
	text_clear(&data->chains);
	text_clear(&data->rows);
	text_clear(&data->events);
	memset(data, 0, sizeof(*data));
}

/* Where the place stands, or would stand. Addresses choose the slot alone: nothing that is written depends on them. */
static uint32_t *find_slot(const struct report_rules *rules, const struct rule_place *place)
{
	size_t slot = ((uintptr_t)place / sizeof(void *) * 2654435761u) & (rules->n_slots - 1);

	while (rules->slots[slot] && rules->rules[rules->slots[slot] - 1].place != place)
		slot = (slot + 1) & (rules->n_slots - 1);
	return &rules->slots[slot];
}

static void grow_slots(struct report_rules *rules)
{
	free(rules->slots);
	rules->n_slots = rules->n_slots ? 2 * rules->n_slots : FIRST_SLOTS;
	rules->slots = alloc_zeroed(rules->n_slots, sizeof(*rules->slots));
	for (size_t i = 0; i < rules->n; i++)
		*find_slot(rules, rules->rules[i].place) = (uint32_t)i + 1;
}

/* The number of a rule or policy; REPORT_NOTHING for NULL. */
static int number_of(struct report_rules *rules, const struct rule_place *place)
{
	uint32_t *slot;

	if (!place)
		return REPORT_NOTHING;
	if (2 * rules->n >= rules->n_slots)
		grow_slots(rules);
	slot = find_slot(rules, place);
	if (*slot)
		return (int)*slot - 1;
	if (rules->n == rules->capacity) {
		rules->capacity = alloc_grown_capacity(rules->capacity, rules->n + 1);
		rules->rules = alloc_resize(rules->rules, rules->capacity, sizeof(*rules->rules));
	}
	rules->rules[rules->n++] = (struct report_rule){ .place = place, .is_simulated = true };
	*slot = (uint32_t)rules->n;
	return (int)rules->n - 1;
}

/* Names of states are few, and constant. */
static int state_of(struct report_data *data, const char *name)
{
	if (!name)
		return REPORT_NOTHING;
	for (size_t i = 0; i < data->n_states; i++)
		if (strcmp(data->states[i], name) == 0)
			return (int)i;
	data->states = alloc_resize(data->states, data->n_states + 1, sizeof(*data->states));
	data->states[data->n_states] = name;
	return (int)data->n_states++;
}

void report_data_write_element(struct text *out, const char *name, const char *json)
{
	text_printf(out, "<script type=\"application/json\" class=\"%s\">", name);
	for (; *json; json++) {
		if (*json == '<')
			text_append(out, "\\u003c");
		else
			text_append_char(out, *json);
	}
	text_append(out, "</script>\n");
}

static void flush_chunk(struct report_data *data, const char *name, struct text *chunk, size_t *n)
{
	if (*n) {
		text_append_char(chunk, ']');
		report_data_write_element(data->out, name, text_string(chunk));
	}
	text_reset(chunk);
	*n = 0;
}

static void begin_row(struct text *chunk, size_t *n)
{
	text_append(chunk, *n ? ",\n[" : "[[");
	++*n;
}

static void append_string(struct text *out, const char *string)
{
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_writer_add_string(&writer, NULL, string);
}

static void append_words(struct report_data *data, const struct event_packet *journey)
{
	struct text words;
	char room[COMPLAINT_ROOM];

	text_init(&words);
	packet_words_print_packet(journey->packet, &words);
	append_string(&data->rows, text_string(&words));
	text_reset(&words);
	text_append_char(&data->rows, ',');
	if (journey->was_rewritten) {
		packet_words_print_endpoint(&journey->sent, true, &words);
		text_append(&words, " > ");
		packet_words_print_endpoint(&journey->sent, false, &words);
		append_string(&data->rows, text_string(&words));
	} else {
		text_append_char(&data->rows, '0');
	}
	text_append_char(&data->rows, ',');
	if (journey->reason || journey->invalid.words)
		append_string(&data->rows, journey->reason ? journey->reason : complaint_words(&journey->invalid, room));
	else
		text_append_char(&data->rows, '0');
	text_clear(&words);
}

void report_data_add_packet(struct report_data *data, const struct event *event)
{
	const struct event_packet *journey = &event->journey;
	const struct entry_view *entry = journey->has_entry ? &journey->entry : NULL;
	struct text *rows = &data->rows;

	begin_row(rows, &data->n_rows);
	text_printf(rows, "%" PRIu64 ",%" PRId64 ",%d,%d,", event->packet, event->time.ns / NS_PER_US, journey->verdict, journey->ctstate);
	text_printf(rows, "%" PRIu64 ",%" PRId64 ",%d,%u,%d,%d,", entry ? entry->id : 0, entry ? entry->deadline.ns / NS_PER_US : 0,
		    entry ? state_of(data, entry->state) : REPORT_NOTHING, entry ? entry->status : 0, journey->change, journey->direction);
	text_printf(rows, "%d,[", number_of(&data->rules, journey->decided_by));
	for (size_t i = 0; i < journey->n_matched; i++)
		text_printf(rows, "%s%d", i ? "," : "", number_of(&data->rules, journey->matched[i]));
	text_append(rows, "],");
	append_words(data, journey);
	text_append_char(rows, ']');
	if (data->n_rows == REPORT_CHUNK)
		flush_chunk(data, "packets", rows, &data->n_rows);
}

static void append_flow(struct text *out, const struct tuple *tuple)
{
	struct text flow;

	text_init(&flow);
	packet_words_print_flow(tuple, &flow);
	text_append_char(out, ',');
	append_string(out, text_string(&flow));
	text_clear(&flow);
}

void report_data_add_conntrack(struct report_data *data, const struct event *event)
{
	const struct event_conntrack *told = &event->conntrack;
	const struct entry_view *entry = &told->entry;
	int kind = told->bits & CONNTRACK_EVENT_DESTROY ? KIND_DESTROY :
		   told->bits & (CONNTRACK_EVENT_NEW | CONNTRACK_EVENT_RELATED) ? KIND_NEW : KIND_UPDATE;
	struct text *events = &data->events;

	begin_row(events, &data->n_events);
	text_printf(events, "%" PRId64 ",%" PRIu64 ",%d,%" PRId64 ",%d,%u,%d", event->time.ns / NS_PER_US, entry->id, kind,
		    entry->deadline.ns / NS_PER_US, state_of(data, entry->state), entry->status, told->expired);
	if (kind == KIND_NEW) {
		append_flow(events, &entry->tuple[DIRECTION_ORIGINAL]);
		append_flow(events, &entry->tuple[DIRECTION_REPLY]);
	}
	text_append_char(events, ']');
	if (data->n_events == REPORT_CHUNK)
		flush_chunk(data, "entries", events, &data->n_events);
}

/* The list of the chain's rules is open until the next chain comes. */
static void end_chain(struct report_data *data)
{
	if (data->n_chains)
		text_append(&data->chains, "]}");
	data->n_chain_rules = 0;
}

void report_data_add_chain(struct report_data *data, const struct event *event)
{
	const struct event_chain *chain = &event->chain;
	struct json_writer writer;

	end_chain(data);
	if (data->n_chains++)
		text_append_char(&data->chains, ',');
	json_writer_init(&writer, &data->chains);
	json_writer_open_object(&writer, NULL);
	json_writer_add_string(&writer, "family", json_parts_family(chain->family));
	json_writer_add_string(&writer, "table", chain->table);
	json_writer_add_string(&writer, "chain", chain->chain);
	json_writer_add_string(&writer, "policy", chain->policy);
	json_writer_add_u64(&writer, "packets", chain->n_packets);
	json_writer_add_u64(&writer, "bytes", chain->n_bytes);
	json_writer_add_u64(&writer, "entered", chain->n_entered);
	json_writer_open_array(&writer, "rules");
}

void report_data_add_counter(struct report_data *data, const struct event *event)
{
	const struct event_counter *counter = &event->counter;
	int number = number_of(&data->rules, counter->rule);
	struct report_rule *rule = &data->rules.rules[number];

	rule->n_packets = counter->n_packets;
	rule->n_bytes = counter->n_bytes;
	rule->n_tried = counter->n_tried;
	rule->is_simulated = counter->is_simulated;
	text_printf(&data->chains, "%s%d", data->n_chain_rules++ ? "," : "", number);
}

void report_data_add_finding(struct report_data *data, const struct event *event)
{
	int number = number_of(&data->rules, event->finding.rule);
	struct report_rule *rule = &data->rules.rules[number];

	rule->finding = alloc_copy(event->finding.words, strlen(event->finding.words));
	rule->is_useless = event->finding.is_useless;
}

void report_data_flush(struct report_data *data)
{
	flush_chunk(data, "packets", &data->rows, &data->n_rows);
	flush_chunk(data, "entries", &data->events, &data->n_events);
}

static void write_rule(struct json_writer *writer, const struct report_rule *rule)
{
	const struct rule_place *place = rule->place;

	json_writer_open_object(writer, NULL);
	json_writer_add_string(writer, "family", json_parts_family(place->family));
	json_writer_add_string(writer, "table", place->table);
	json_writer_add_string(writer, "chain", place->chain);
	json_writer_add_u64(writer, "number", place->number);
	json_writer_add_string(writer, "file", place->file);
	json_writer_add_u64(writer, "line", place->line);
	json_writer_add_string(writer, "text", place->text);
	json_writer_add_u64(writer, "packets", rule->n_packets);
	json_writer_add_u64(writer, "bytes", rule->n_bytes);
	json_writer_add_u64(writer, "tried", rule->n_tried);
	json_writer_add_bool(writer, "simulated", rule->is_simulated);
	if (rule->finding) {
		json_writer_add_string(writer, "finding", rule->finding);
		json_writer_add_bool(writer, "useless", rule->is_useless);
	}
	json_writer_close_object(writer);
}

void report_data_write_rules(struct report_data *data)
{
	struct text json;
	struct json_writer writer;

	text_init(&json);
	end_chain(data);
	json_writer_init(&writer, &json);
	json_writer_open_object(&writer, NULL);
	json_writer_open_array(&writer, "rules");
	for (size_t i = 0; i < data->rules.n; i++)
		write_rule(&writer, &data->rules.rules[i]);
	json_writer_close_array(&writer);
	json_writer_open_array(&writer, "states");
	for (size_t i = 0; i < data->n_states; i++)
		json_writer_add_string(&writer, NULL, data->states[i]);
	json_writer_close_array(&writer);
	text_printf(&json, ",\"chains\":[%s]}", text_string(&data->chains));
	report_data_write_element(data->out, "rules", text_string(&json));
	text_clear(&json);
}
