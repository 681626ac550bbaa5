/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/answers.h"

#include "sink/json_writer.h"

void answers_init(struct answers *answers, struct text *out)
{
	account_init(&answers->account);
	answers->out = out;
}

void answers_clear(struct answers *answers)
{
	account_clear(&answers->account);
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
	return account_kinds() | EVENT_BIT(EVENT_SNAPSHOT) | EVENT_BIT(EVENT_ENTRY) | EVENT_BIT(EVENT_EXPECTATION_ENTRY) |
	       EVENT_BIT(EVENT_SET);
}

static void write_row(struct answers *answers, const struct event *event)
{
	struct account_lines row = { .n = 0 };
	struct json_writer writer;

	account_add_row(&row, event);
	open_line(answers, &writer, "row");
	json_writer_add_u64(&writer, "entry", row.lines[0].entry);
	json_writer_add_string(&writer, "line", row.lines[0].text);
	close_line(answers, &writer);
	account_lines_clear(&row);
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

	if (event->kind == EVENT_SNAPSHOT || event->kind == EVENT_SET)
		write_words(answers, event);
	else if (event->kind == EVENT_ENTRY || event->kind == EVENT_EXPECTATION_ENTRY)
		write_row(answers, event);
	else
		account_add(&answers->account, event);
}

static void add_rules(struct json_writer *writer, const struct account_lines *rules)
{
	json_writer_open_array(writer, "rules");
	for (size_t i = 0; i < rules->n; i++)
		json_writer_add_string(writer, NULL, rules->lines[i].text);
	json_writer_close_array(writer);
}

static void add_events(struct json_writer *writer, const struct account_lines *events)
{
	json_writer_open_array(writer, "events");
	for (size_t i = 0; i < events->n; i++) {
		json_writer_open_object(writer, NULL);
		json_writer_add_u64(writer, "entry", events->lines[i].entry);
		json_writer_add_string(writer, "line", events->lines[i].text);
		json_writer_close_object(writer);
	}
	json_writer_close_array(writer);
}

static void add_facts(struct json_writer *writer, struct account *account)
{
	account_lines_join(&account->expectations, "\n", &account->facts[FACT_EXPECTATIONS]);
	json_writer_open_object(writer, "facts");
	for (int fact = 0; fact < FACT_COUNT; fact++)
		if (fact != FACT_RULES && fact != FACT_EVENTS)
			json_writer_add_string(writer, account_fact_name((enum fact)fact), text_string(&account->facts[fact]));
	json_writer_close_object(writer);
}

static void add_ids(struct json_writer *writer, const char *key, const struct account_ids *entries)
{
	json_writer_open_array(writer, key);
	for (size_t i = 0; i < entries->n; i++)
		json_writer_add_u64(writer, NULL, entries->ids[i]);
	json_writer_close_array(writer);
}

void answers_end_packet(struct answers *answers, const struct packet *packet, const char *hazard)
{
	struct account *account = &answers->account;
	struct json_writer writer;

	open_line(answers, &writer, "answer");
	json_writer_add_u64(&writer, "packet", packet->number);
	add_facts(&writer, account);
	add_rules(&writer, &account->rules);
	add_events(&writer, &account->events);
	json_writer_add_string(&writer, "story", text_string(&account->story));
	json_writer_add_u64(&writer, "entry", account->entry);
	add_ids(&writer, "touched", &account->touched);
	add_ids(&writer, "masters", &account->masters);
	json_writer_add_string(&writer, "not_comparable", hazard);
	close_line(answers, &writer);
	account_reset(account);
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
