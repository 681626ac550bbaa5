/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/answers.h"

#include "sink/json_writer.h"
#include "sink/packet_words.h"

void answers_init(struct answers *answers, struct text *out)
{
	compare_facts_init(&answers->facts);
	text_init(&answers->rules);
	text_init(&answers->events);
	answers->out = out;
}

void answers_clear(struct answers *answers)
{
	compare_facts_clear(&answers->facts);
	text_clear(&answers->rules);
	text_clear(&answers->events);
}

static void open_line(struct answers *answers, struct json_writer *writer, const char *kind)
{
	json_writer_init(writer, answers->out);
	json_writer_open_object(writer, NULL);
	json_writer_add_string(writer, "kind", kind);
}

static void close_line(struct answers *answers, struct json_writer *writer)
{
	json_writer_close_object(writer);
	text_append_char(answers->out, '\n');
}

void answers_begin(struct answers *answers, const char *kernel)
{
	struct json_writer writer;

	open_line(answers, &writer, "kernel");
	json_writer_add_string(&writer, "kernel", kernel);
	close_line(answers, &writer);
}

uint32_t answers_kinds(void)
{
	return compare_facts_kinds() | EVENT_BIT(EVENT_SNAPSHOT) | EVENT_BIT(EVENT_ENTRY) | EVENT_BIT(EVENT_EXPECTATION_ENTRY) |
	       EVENT_BIT(EVENT_SET);
}

static void note_event(struct answers *answers, const struct event *event)
{
	struct json_writer writer;
	struct text line;

	text_init(&line);
	compare_facts_print_event(event, &line);
	json_writer_init(&writer, &answers->events);
	writer.needs_comma = answers->events.len > 0;
	json_writer_open_object(&writer, NULL);
	json_writer_add_u64(&writer, "entry", event->conntrack.entry.id);
	json_writer_add_string(&writer, "line", text_string(&line));
	json_writer_close_object(&writer);
	text_clear(&line);
}

static void note_rules(struct answers *answers, const struct event_packet *told)
{
	struct json_writer writer;
	struct text words;

	text_init(&words);
	json_writer_init(&writer, &answers->rules);
	for (size_t i = 0; i < told->n_matched; i++) {
		text_reset(&words);
		packet_words_print_rule(told->matched[i], &words);
		json_writer_add_string(&writer, NULL, text_string(&words));
	}
	text_clear(&words);
}

static void write_line(struct answers *answers, uint64_t entry, const struct text *line)
{
	struct json_writer writer;

	open_line(answers, &writer, "row");
	json_writer_add_u64(&writer, "entry", entry);
	json_writer_add_string(&writer, "line", text_string(line));
	close_line(answers, &writer);
}

static void write_row(struct answers *answers, const struct event *event)
{
	struct text line;

	text_init(&line);
	compare_facts_print_entry(&event->entry.entry, event->time, &line);
	write_line(answers, event->entry.entry.id, &line);
	text_clear(&line);
}

static void write_waiting(struct answers *answers, const struct expectation_view *expectation)
{
	struct text line;

	text_init(&line);
	text_append(&line, "expected ");
	compare_facts_print_expectation(expectation, &line);
	write_line(answers, expectation->master_id, &line);
	text_clear(&line);
}

static void write_words(struct answers *answers, const struct event *event)
{
	bool is_set = event->kind == EVENT_SET;
	struct json_writer writer;

	open_line(answers, &writer, is_set ? "set" : "snapshot");
	json_writer_add_string(&writer, is_set ? "line" : "label", is_set ? event->set.line : event->snapshot.label);
	close_line(answers, &writer);
}

void answers_hear(void *owner, const struct event *event)
{
	struct answers *answers = owner;

	if (event->kind == EVENT_CONNTRACK)
		note_event(answers, event);
	if (event->kind == EVENT_SNAPSHOT || event->kind == EVENT_SET) {
		write_words(answers, event);
		return;
	}
	if (event->kind == EVENT_ENTRY) {
		write_row(answers, event);
		return;
	}
	if (event->kind == EVENT_EXPECTATION_ENTRY) {
		write_waiting(answers, &event->expectation_entry.expectation);
		return;
	}
	if (event->kind == EVENT_PACKET)
		note_rules(answers, &event->journey);
	compare_facts_add(&answers->facts, event);
}

static void add_array(struct answers *answers, struct json_writer *writer, const char *key, struct text *elements)
{
	json_writer_open_array(writer, key);
	text_append_bytes(answers->out, text_string(elements), elements->len);
	json_writer_close_array(writer);
	text_reset(elements);
}

static void add_ids(struct json_writer *writer, const char *key, const struct compare_ids *entries)
{
	json_writer_open_array(writer, key);
	for (size_t i = 0; i < entries->n; i++)
		json_writer_add_u64(writer, NULL, entries->ids[i]);
	json_writer_close_array(writer);
}

void answers_end_packet(struct answers *answers, const struct packet *packet, const char *hazard)
{
	struct json_writer writer;

	open_line(answers, &writer, "answer");
	json_writer_add_u64(&writer, "packet", packet->number);
	json_writer_open_object(&writer, "facts");
	for (int fact = 0; fact < FACT_COUNT; fact++)
		if (fact != FACT_RULES && fact != FACT_EVENTS)
			json_writer_add_string(&writer, compare_fact_name((enum fact)fact), text_string(&answers->facts.facts[fact]));
	json_writer_close_object(&writer);
	add_array(answers, &writer, "rules", &answers->rules);
	add_array(answers, &writer, "events", &answers->events);
	json_writer_add_string(&writer, "story", text_string(&answers->facts.story));
	json_writer_add_u64(&writer, "entry", answers->facts.entry);
	add_ids(&writer, "touched", &answers->facts.touched);
	add_ids(&writer, "masters", &answers->facts.masters);
	json_writer_add_string(&writer, "not_comparable", hazard);
	close_line(answers, &writer);
	compare_facts_reset(&answers->facts);
}

void answers_tell_counters(struct answers *answers, const struct tables_counters *counters)
{
	struct json_writer writer;

	for (size_t i = 0; i < counters->n_counters; i++) {
		const struct tables_counter *counter = &counters->counters[i];

		open_line(answers, &writer, "counter");
		json_writer_add_string(&writer, "family", counter->family == FAMILY_IPV4 ? "ipv4" : "ipv6");
		json_writer_add_string(&writer, "table", counter->table);
		json_writer_add_string(&writer, "chain", counter->chain);
		json_writer_add_u64(&writer, "rule", counter->number);
		json_writer_add_u64(&writer, "packets", counter->n_packets);
		json_writer_add_u64(&writer, "bytes", counter->n_bytes);
		close_line(answers, &writer);
	}
}

void answers_end(struct answers *answers)
{
	struct json_writer writer;

	open_line(answers, &writer, "end");
	close_line(answers, &writer);
}
