/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON lines: one object an event, "kind" first. Keys are stable; docs/events.md lists them. */
#include "sink/sink.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "sink/entry_print.h"
#include "sink/expectation_print.h"
#include "sink/json_packet.h"
#include "sink/json_parts.h"
#include "sink/json_writer.h"
#include "sink/packet_words.h"
#include "sink/time_print.h"

enum { WORD_RULES = 1 << 0, WORD_HOOKS = 1 << 1, WORD_COUNTERS = 1 << 2, WORD_SETS = 1 << 3 };

struct json {
	struct text *out;
	struct json_packet packets;
};

static void *open_json(const struct sink_options *options, struct output *output)
{
	struct json *json = alloc_zeroed(1, sizeof(*json));

	(void)options;
	json->out = &output->buffer;
	return json;
}

static void write_run(struct json_writer *writer, const struct event *event)
{
	const struct event_run *run = &event->run;
	size_t start;

	start = json_writer_begin_string(writer, "origin");
	time_print_absolute(run->origin_seconds, run->origin_ns, (struct vtime){ 0 }, 9, writer->out);
	json_writer_end_string(writer, start);
	json_writer_add_string(writer, "capture", run->capture);
	json_writer_add_string(writer, "host", run->host);
	if (run->captured_on)
		json_writer_add_string(writer, "captured_on", run->captured_on);
	json_writer_open_array(writer, "tables");
	for (size_t i = 0; i < run->n_tables; i++)
		json_writer_add_string(writer, NULL, run->tables[i]);
	json_writer_close_array(writer);
}

static void write_transition(struct json_writer *writer, const struct event_transition *transition)
{
	char room[COMPLAINT_ROOM];

	if (transition->entry.id)
		json_writer_add_u64(writer, "entry", transition->entry.id);
	else
		json_writer_add_null(writer, "entry");
	json_writer_add_word(writer, "direction", packet_words_direction(transition->direction));
	json_writer_add_string(writer, "from", transition->from);
	json_writer_add_string(writer, "to", transition->to);
	json_writer_add_string(writer, "cell", transition->cell);
	json_writer_add_string(writer, "reason", complaint_words(&transition->reason, room));
}

static void write_conntrack(struct json *json, struct json_writer *writer, const struct event *event)
{
	const struct event_conntrack *conntrack = &event->conntrack;
	size_t start;

	json_writer_add_word(writer, "type", entry_columns_event_type(conntrack->bits));
	json_writer_open_array(writer, "bits");
	for (unsigned bit = 0; bit < WORDS_EVENT_BITS; bit++)
		if (conntrack->bits & 1u << bit)
			json_writer_add_word(writer, NULL, conntrack_event_bit_name(bit));
	json_writer_close_array(writer);
	json_writer_add_bool(writer, "expired", conntrack->expired);
	start = json_writer_begin_string(writer, "line");
	entry_print_event(conntrack, &(struct entry_clock){ .now = event->time }, 0, writer->out);
	json_writer_end_string(writer, start);
	json_parts_add_entry(writer, "entry", &conntrack->entry, event->time, &json->packets.parts);
}

static void write_expectation(struct json_writer *writer, const struct event *event)
{
	const struct event_expectation *expectation = &event->expectation;
	size_t start;

	json_writer_add_string(writer, "type", expectation_print_event_type(expectation));
	json_writer_add_string(writer, "end", expectation_end_name(expectation->end));
	start = json_writer_begin_string(writer, "line");
	expectation_print_event(expectation, event->time, writer->out);
	json_writer_end_string(writer, start);
	json_parts_add_expectation(writer, "expectation", &expectation->expectation, event->time);
}

static void write_action(struct json_writer *writer, const struct event_action *action)
{
	json_writer_add_string(writer, "text", action->text);
	json_writer_add_string(writer, "file", action->file);
	json_writer_add_u64(writer, "line", action->line);
	json_writer_add_u64(writer, "entries", action->n_entries);
}

static void write_log(struct json_writer *writer, const struct event_log *log)
{
	json_writer_add_string(writer, "hook", hook_name(log->hook));
	json_writer_add_name(writer, "in", log->in);
	json_writer_add_name(writer, "out", log->out);
	json_parts_add_summary(writer, log->packet);
	json_writer_add_string(writer, "prefix", log->prefix);
	json_writer_add_u64(writer, "level", log->level);
	json_writer_add_u64(writer, "flags", log->flags);
	json_writer_add_u64(writer, "mark", log->mark);
	json_parts_add_rule(writer, "rule", log->rule);
}

static void write_reply(struct json_writer *writer, const struct event_reply *reply)
{
	json_parts_add_summary(writer, reply->packet);
	json_writer_add_string(writer, "reason", reply->reason);
	json_writer_add_string(writer, "verdict",
			       reply->verdict == VERDICT_NONE ? NULL : verdict_name(reply->verdict));
	json_parts_add_rule(writer, "decided_by", reply->decided_by);
}

static void write_entry(struct json_writer *writer, const struct event *event)
{
	size_t start;

	start = json_writer_begin_string(writer, "line");
	entry_print_proc(&event->entry.entry, event->time, false, writer->out);
	json_writer_end_string(writer, start);
	json_parts_add_entry(writer, "entry", &event->entry.entry, event->time, NULL);
}

static void write_expectation_entry(struct json_writer *writer, const struct event *event)
{
	const struct expectation_view *expectation = &event->expectation_entry.expectation;
	size_t start;

	start = json_writer_begin_string(writer, "line");
	expectation_print_proc(expectation, event->time, writer->out);
	json_writer_end_string(writer, start);
	json_parts_add_expectation(writer, "expectation", expectation, event->time);
}

static void write_chain(struct json_writer *writer, const struct event_chain *chain)
{
	json_writer_add_string(writer, "family", json_parts_family(chain->family));
	json_writer_add_string(writer, "table", chain->table);
	json_writer_add_string(writer, "chain", chain->chain);
	json_writer_add_string(writer, "policy", chain->policy);
	json_writer_add_u64(writer, "references", chain->n_references);
	json_writer_add_u64(writer, "packets", chain->n_packets);
	json_writer_add_u64(writer, "bytes", chain->n_bytes);
}

static void write_counter(struct json_writer *writer, const struct event_counter *counter)
{
	json_writer_add_string(writer, "family", json_parts_family(counter->rule->family));
	json_parts_add_rule(writer, "rule", counter->rule);
	json_writer_add_bool(writer, "simulated", counter->is_simulated);
	json_writer_add_u64(writer, "packets", counter->n_packets);
	json_writer_add_u64(writer, "bytes", counter->n_bytes);
}

static void write_end(struct json_writer *writer, const struct event_summary *summary)
{
	json_writer_add_u64(writer, "packets", summary->n_packets);
	json_writer_add_time(writer, "duration", summary->duration);
	json_writer_open_object(writer, "verdicts");
	for (unsigned verdict = VERDICT_ACCEPT; verdict < VERDICT_COUNT; verdict++)
		json_writer_add_u64(writer, verdict_name(verdict), summary->n_verdicts[verdict]);
	json_writer_close_object(writer);
	json_writer_open_object(writer, "ctstates");
	for (unsigned ctstate = CTSTATE_INVALID; ctstate < CTSTATE_COUNT; ctstate++)
		json_writer_add_u64(writer, ctstate_name(ctstate), summary->n_ctstates[ctstate]);
	json_writer_close_object(writer);
	json_writer_open_object(writer, "entries");
	json_writer_add_u64(writer, "created", summary->n_created);
	json_writer_add_u64(writer, "expired", summary->n_expired);
	json_writer_add_u64(writer, "destroyed", summary->n_destroyed);
	json_writer_add_u64(writer, "live", summary->n_live);
	json_writer_close_object(writer);
	json_writer_add_u64(writer, "not_ip", summary->n_not_ip);
	json_writer_add_u64(writer, "cut", summary->n_cut);
	json_writer_add_u64(writer, "backwards", summary->n_backwards);
	json_writer_add_u64(writer, "unsimulated", summary->n_unsimulated);
	if (summary->n_phantoms) {
		json_writer_add_u64(writer, "phantoms", summary->n_phantoms);
		json_writer_add_u64(writer, "left_out", summary->n_left_out);
	}
	json_writer_open_array(writer, "tracked_anyway");
	for (int family = 0; family < 2; family++)
		if (summary->is_tracked_anyway[family])
			json_writer_add_string(writer, NULL, family ? "ipv6" : "ipv4");
	json_writer_close_array(writer);
	if (!summary->n_copies && !summary->n_compared)
		return;
	json_writer_add_u64(writer, "copies", summary->n_copies);
	json_writer_add_u64(writer, "turned_back", summary->n_turned_back);
	json_writer_add_u64(writer, "compared", summary->n_compared);
	json_writer_add_u64(writer, "prediction_differs", summary->n_differences);
}

/* What stands between the first keys, which are the same for all kinds, and the closing brace. */
static void write_body(struct json *json, struct json_writer *writer, const struct event *event)
{
	switch (event->kind) {
	case EVENT_RUN:
		write_run(writer, event);
		break;
	case EVENT_HOOK:
		json_writer_add_string(writer, "hook", hook_name(event->hook.hook));
		break;
	case EVENT_RULE:
		json_writer_add_string(writer, "hook", hook_name(event->rule.hook));
		json_parts_add_rule(writer, "rule", event->rule.rule);
		break;
	case EVENT_TRANSITION:
		write_transition(writer, &event->transition);
		break;
	case EVENT_CONNTRACK:
		write_conntrack(json, writer, event);
		break;
	case EVENT_EXPECTATION:
		write_expectation(writer, event);
		break;
	case EVENT_LOG:
		write_log(writer, &event->log);
		break;
	case EVENT_REPLY:
		write_reply(writer, &event->reply);
		break;
	case EVENT_FRAGMENTS:
		json_writer_add_string(writer, "reason", event->fragments.reason);
		json_parts_add_packets(writer, "packets", event->fragments.packets, event->fragments.n_packets);
		break;
	case EVENT_ACTION:
		write_action(writer, &event->action);
		break;
	case EVENT_PACKET:
		json_packet_write(&json->packets, writer, event);
		break;
	case EVENT_SNAPSHOT:
		json_writer_add_string(writer, "label", event->snapshot.label);
		json_writer_add_u64(writer, "entries", event->snapshot.n_entries);
		json_writer_add_u64(writer, "expectations", event->snapshot.n_expectations);
		break;
	case EVENT_ENTRY:
		write_entry(writer, event);
		break;
	case EVENT_EXPECTATION_ENTRY:
		write_expectation_entry(writer, event);
		break;
	case EVENT_SET:
		json_writer_add_string(writer, "line", event->set.line);
		break;
	case EVENT_CHAIN:
		write_chain(writer, &event->chain);
		break;
	case EVENT_COUNTER:
		write_counter(writer, &event->counter);
		break;
	case EVENT_BINDING:
		json_parts_add_binding(writer, event->binding);
		break;
	case EVENT_WARNING:
		json_writer_add_string(writer, "text", event->warning.text);
		break;
	case EVENT_SUMMARY:
		write_end(writer, &event->summary);
		break;
	case EVENT_OUTCOME:	/* of commands that hear of many packets; kind packet says more */
	case EVENT_LOOKUP:
	case EVENT_MISS:
	case EVENT_STEP:
	case EVENT_ROUTE:
	case EVENT_TRACE:	/* has a format of its own */
	case EVENT_PROBE:	/* of explain, which has its own JSON */
	case EVENT_BUCKET:	/* of pictures */
	case EVENT_FINDING:	/* of coverage, which has its own JSON */
	case EVENT_KIND_COUNT:
		break;
	}
}

static void on_event(void *state, const struct event *event)
{
	struct json *json = state;
	struct json_writer writer;

	json_writer_init(&writer, json->out);
	json_writer_open_object(&writer, NULL);
	json_writer_add_word(&writer, "kind", event_kind_name(event->kind));
	if (event->packet)
		json_writer_add_u64(&writer, "packet", event->packet);
	else
		json_writer_add_null(&writer, "packet");
	json_writer_add_time(&writer, "time", event->time);
	write_body(json, &writer, event);
	json_writer_close_object(&writer);
	text_append_char(json->out, '\n');
}

static void close_json(void *state)
{
	struct json *json = state;

	json_packet_clear(&json->packets);
	free(json);
}

static const struct sink_word words[] = {
	{ "rules", WORD_RULES, EVENT_BIT(EVENT_RULE), "a line of kind rule for each rule that matched" },
	{ "hooks", WORD_HOOKS, EVENT_BIT(EVENT_HOOK), "a line of kind hook for each hook that a packet enters" },
	{ "counters", WORD_COUNTERS, EVENT_BIT(EVENT_CHAIN) | EVENT_BIT(EVENT_COUNTER),
	  "lines of kinds chain and counter at the end" },
	{ "sets", WORD_SETS, EVENT_BIT(EVENT_SET), "with snapshots, each line of ipset save" },
	{ 0 },
};

const struct sink_type sink_json = {
	.name = "json",
	.summary = "JSON lines: everything that happens, one object a line",
	.kinds = EVENT_BIT(EVENT_RUN) | EVENT_BIT(EVENT_TRANSITION) | EVENT_BIT(EVENT_CONNTRACK) |
		 EVENT_BIT(EVENT_EXPECTATION) | EVENT_BIT(EVENT_LOG) | EVENT_BIT(EVENT_FRAGMENTS) | EVENT_BIT(EVENT_BINDING) |
		 EVENT_BIT(EVENT_ACTION) | EVENT_BIT(EVENT_REPLY) |
		 EVENT_BIT(EVENT_PACKET) | EVENT_PACKET_PHANTOM | EVENT_BIT(EVENT_SNAPSHOT) | EVENT_BIT(EVENT_ENTRY) |
		 EVENT_BIT(EVENT_EXPECTATION_ENTRY) | EVENT_BIT(EVENT_WARNING) | EVENT_BIT(EVENT_SUMMARY),
	.words = words,
	.open = open_json,
	.on_event = on_event,
	.close = close_json,
};
