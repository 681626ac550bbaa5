/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules with their counters, as `iptables-save -c` prints them, or as
 * `iptables -L -v -n -x --line-numbers` does. iptables 1.8.9, legacy.
 *
 * A table is kept until its last chain and rule have come: all chains of it stand
 * before its rules, in whatever order they were said.
 */
#include "sink/sink.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "packet/address.h"

enum { WORD_LIST = 1 << 0 };

struct chain {
	const char *name;	/* the ruleset's */
	struct text heading, rules;
};

struct counters {
	struct text *out;
	bool is_list;
	uint8_t family;		/* of the table that is kept; FAMILY_NONE: none yet */
	const char *table;	/* likewise */
	uint8_t headed_family;	/* the family whose heading was written last */
	struct chain *chains;
	size_t n_chains, capacity;
};

static void *open_counters(const struct sink_options *options, struct output *output)
{
	struct counters *counters = alloc_zeroed(1, sizeof(*counters));

	counters->out = &output->buffer;
	counters->is_list = (options->words & WORD_LIST) != 0;
	return counters;
}

static void write_heading(struct counters *counters)
{
	const char *tool = counters->family == FAMILY_IPV6 ? "ip6tables" : "iptables";

	if (counters->is_list)
		text_printf(counters->out, "# %s -t %s -L -v -n -x --line-numbers\n", tool, counters->table);
	else if (counters->headed_family != counters->family)
		text_printf(counters->out, "# ctreplay: %s-save -c\n", tool);
	counters->headed_family = counters->family;
}

/* Writes the table that is kept, and forgets it. */
static void write_table(struct counters *counters)
{
	if (!counters->table)
		return;
	write_heading(counters);
	if (!counters->is_list)
		text_printf(counters->out, "*%s\n", counters->table);
	for (size_t i = 0; i < counters->n_chains; i++) {
		struct chain *chain = &counters->chains[i];

		text_append(counters->out, text_string(&chain->heading));
		if (counters->is_list)
			text_append_bytes(counters->out, text_string(&chain->rules), chain->rules.len);
		if (counters->is_list && i + 1 < counters->n_chains)
			text_append_char(counters->out, '\n');
	}
	for (size_t i = 0; i < counters->n_chains; i++) {
		struct chain *chain = &counters->chains[i];

		if (!counters->is_list)
			text_append_bytes(counters->out, text_string(&chain->rules), chain->rules.len);
		text_clear(&chain->heading);
		text_clear(&chain->rules);
	}
	if (!counters->is_list)
		text_append(counters->out, "COMMIT\n");
	counters->n_chains = 0;
	counters->table = NULL;
}

static void begin_table(struct counters *counters, uint8_t family, const char *table)
{
	if (counters->table && counters->family == family && !strcmp(counters->table, table))
		return;
	write_table(counters);
	counters->family = family;
	counters->table = table;
}

static struct chain *find_chain(struct counters *counters, const char *name)
{
	struct chain *chain;

	/* From the end: the rules of a chain mostly follow it. */
	for (size_t i = counters->n_chains; i > 0; i--)
		if (!strcmp(counters->chains[i - 1].name, name))
			return &counters->chains[i - 1];
	if (counters->n_chains == counters->capacity) {
		counters->capacity = alloc_grown_capacity(counters->capacity, counters->n_chains + 1);
		counters->chains = alloc_resize(counters->chains, counters->capacity, sizeof(*chain));
	}
	chain = &counters->chains[counters->n_chains++];
	memset(chain, 0, sizeof(*chain));
	chain->name = name;
	return chain;
}

static void append_counters(struct text *out, uint64_t n_packets, uint64_t n_bytes)
{
	text_append_char(out, '[');
	text_append_u64(out, n_packets);
	text_append_char(out, ':');
	text_append_u64(out, n_bytes);
	text_append_char(out, ']');
}

static void keep_chain(struct counters *counters, const struct event_chain *event)
{
	struct text *heading = &find_chain(counters, event->chain)->heading;

	if (counters->is_list) {
		text_printf(heading, "Chain %s (", event->chain);
		if (event->policy)
			text_printf(heading, "policy %s %llu packets, %llu bytes", event->policy,
				    (unsigned long long)event->n_packets, (unsigned long long)event->n_bytes);
		else
			text_printf(heading, "%u references", event->n_references);
		text_append(heading, ")\nnum      pkts      bytes target     prot opt in     out     "
				     "source               destination         \n");
		return;
	}
	text_printf(heading, ":%s %s ", event->chain, event->policy ? event->policy : "-");
	append_counters(heading, event->policy ? event->n_packets : 0, event->policy ? event->n_bytes : 0);
	text_append_char(heading, '\n');
}

static void keep_rule(struct counters *counters, const struct event_counter *event)
{
	struct text *rules = &find_chain(counters, event->rule->chain)->rules;

	if (counters->is_list) {
		text_printf(rules, "%-4u %8llu %8llu %s\n", event->rule->number, (unsigned long long)event->n_packets,
			    (unsigned long long)event->n_bytes, event->listing ? event->listing : "");
		return;
	}
	append_counters(rules, event->n_packets, event->n_bytes);
	text_append_char(rules, ' ');
	text_append(rules, event->rule->text);
	text_append_char(rules, '\n');
}

static void on_event(void *state, const struct event *event)
{
	struct counters *counters = state;

	if (event->kind == EVENT_CHAIN) {
		begin_table(counters, event->chain.family, event->chain.table);
		keep_chain(counters, &event->chain);
	} else {
		begin_table(counters, event->counter.rule->family, event->counter.rule->table);
		keep_rule(counters, &event->counter);
	}
}

static void close_counters(void *state)
{
	struct counters *counters = state;

	write_table(counters);
	free(counters->chains);
	free(counters);
}

static const struct sink_word words[] = {
	{ "list", WORD_LIST, 0, "as `iptables -L -v -n -x --line-numbers` prints them" },
	{ 0 },
};

const struct sink_type sink_counters = {
	.name = "counters",
	.summary = "the rules with their counters, as `iptables-save -c` prints them",
	.kinds = EVENT_BIT(EVENT_CHAIN) | EVENT_BIT(EVENT_COUNTER),
	.words = words,
	.open = open_counters,
	.on_event = on_event,
	.close = close_counters,
};
