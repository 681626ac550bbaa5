/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "suite/judge_parts.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "packet/summary.h"
#include "sink/entry_print.h"
#include "sink/packet_words.h"

static bool open_filter(struct judge_state *state, const struct expectation *expectation, int link_type,
			struct diagnostics *diagnostics)
{
	struct text error;

	if (!expectation->choice.filter)
		return true;
	text_init(&error);
	state->filter = filter_create(expectation->choice.filter, link_type, NULL, &error);
	if (!state->filter)
		diag_error(diagnostics, expectation->where, NULL, "\"packets\": %s", text_string(&error));
	text_clear(&error);
	return state->filter != NULL;
}

static void open_golden(struct judge *judge)
{
	struct sink_options options = { .quiet = false };

	judge->has_golden = true;
	output_init(&judge->golden_output);
	sink_open(&judge->golden_sink, sink_find("json"), &options, &judge->golden_output);
	judge->golden_sink.kinds &= ~(uint32_t)EVENT_BIT(EVENT_RUN);	/* names the capture as this machine does */
}

/* What a listing is for. */
struct moment {
	enum expectation_when when;
	uint64_t value;		/* time in ns, number of a packet */
};

static struct moment moment_of(const struct expectation *expectation)
{
	switch (expectation->when) {
	case WHEN_TIME:
		return (struct moment){ WHEN_TIME, (uint64_t)expectation->at_ns };
	case WHEN_PACKET:
		return (struct moment){ WHEN_PACKET, expectation->after_packet };
	default:
		return (struct moment){ .when = WHEN_END };
	}
}

static int compare_moments(struct moment a, struct moment b)
{
	if (a.when != b.when)
		return a.when < b.when ? -1 : 1;
	return a.value == b.value ? 0 : a.value < b.value ? -1 : 1;
}

struct listed {
	struct moment moment;
	size_t index;
};

static int compare_listed(const void *a, const void *b)
{
	const struct listed *one = a, *other = b;
	int order = compare_moments(one->moment, other->moment);

	return order ? order : one->index < other->index ? -1 : 1;
}

static void sort_listed(struct judge *judge)
{
	const struct suite_case *suite_case = judge->suite_case;
	struct listed *listed = alloc_zeroed(suite_case->n_expectations + 1, sizeof(*listed));

	judge->listed = alloc_zeroed(suite_case->n_expectations + 1, sizeof(*judge->listed));
	for (size_t i = 0; i < suite_case->n_expectations; i++)
		if (suite_case->expectations[i].kind == EXPECT_ENTRIES)
			listed[judge->n_listed++] = (struct listed){ moment_of(&suite_case->expectations[i]), i };
	qsort(listed, judge->n_listed, sizeof(*listed), compare_listed);
	for (size_t i = 0; i < judge->n_listed; i++)
		judge->listed[i] = listed[i].index;
	free(listed);
}

bool judge_open(struct judge *judge, const struct suite_case *suite_case, const char *folder, int link_type,
		struct diagnostics *diagnostics)
{
	bool is_ok = true;

	memset(judge, 0, sizeof(*judge));
	judge->folder = folder;
	judge->suite_case = suite_case;
	judge->states = alloc_zeroed(suite_case->n_expectations + 1, sizeof(*judge->states));
	sort_listed(judge);
	for (size_t i = 0; i < suite_case->n_expectations; i++) {
		judge->states[i].n_packets = -1;
		is_ok &= open_filter(&judge->states[i], &judge->suite_case->expectations[i], link_type, diagnostics);
		if (judge->suite_case->expectations[i].kind == EXPECT_GOLDEN && !judge->has_golden)
			open_golden(judge);
	}
	return is_ok;
}

void judge_close(struct judge *judge)
{
	for (size_t i = 0; judge->states && i < judge->suite_case->n_expectations; i++) {
		filter_destroy(judge->states[i].filter);
		text_clear(&judge->states[i].found);
	}
	for (size_t i = 0; i < judge->n_failures; i++)
		text_clear(&judge->failures[i].words);
	for (size_t i = 0; i < judge->n_events; i++)
		free(judge->events[i]);
	if (judge->has_golden) {
		if (judge->golden_sink.state)
			sink_close(&judge->golden_sink);
		output_clear(&judge->golden_output);
	}
	free(judge->events);
	free(judge->states);
	free(judge->listed);
	free(judge->failures);
	text_clear(&judge->answer);
	text_clear(&judge->log);
	memset(judge, 0, sizeof(*judge));
}

bool judge_snapshot(const struct suite_case *suite_case, size_t *at, struct text *value)
{
	const struct expectation *expectation;

	while (*at < suite_case->n_expectations && suite_case->expectations[*at].kind != EXPECT_ENTRIES)
		++*at;
	if (*at == suite_case->n_expectations)
		return false;
	expectation = &suite_case->expectations[(*at)++];
	if (expectation->when == WHEN_TIME)
		text_printf(value, "at=%" PRId64 ".%09" PRId64, expectation->at_ns / 1000000000, expectation->at_ns % 1000000000);
	else if (expectation->when == WHEN_PACKET)
		text_printf(value, "packet=%" PRIu64, expectation->after_packet);
	else
		text_append(value, "end");
	return true;
}

uint32_t judge_kinds(const struct judge *judge)
{
	uint32_t kinds = EVENT_BIT(EVENT_PACKET) | EVENT_BIT(EVENT_REPLY) | EVENT_BIT(EVENT_LOG);

	for (size_t i = 0; i < judge->suite_case->n_expectations; i++) {
		enum expectation_kind kind = judge->suite_case->expectations[i].kind;

		kinds |= kind == EXPECT_ENTRIES ? EVENT_BIT(EVENT_SNAPSHOT) | EVENT_BIT(EVENT_ENTRY) : 0;
		kinds |= kind == EXPECT_EVENTS ? EVENT_BIT(EVENT_CONNTRACK) : 0;
		kinds |= judge->suite_case->expectations[i].rule ? EVENT_BIT(EVENT_COUNTER) | EVENT_BIT(EVENT_CHAIN) : 0;
		kinds |= kind == EXPECT_GOLDEN ? judge->golden_sink.kinds : 0;
	}
	return kinds;
}

static void hear_packet(struct judge *judge, const struct event *event)
{
	for (size_t i = 0; i < judge->suite_case->n_expectations; i++)
		if (judge->suite_case->expectations[i].kind == EXPECT_PACKETS)
			judge_packet(judge, i, event);
	text_reset(&judge->answer);
	text_reset(&judge->log);
}

/* The first of judge->listed that is not before the moment, or with `is_behind` the first that is behind it. */
static size_t find_moment(const struct judge *judge, struct moment moment, bool is_behind)
{
	size_t low = 0, high = judge->n_listed;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare_moments(moment_of(&judge->suite_case->expectations[judge->listed[middle]]), moment);

		if (order < 0 || (is_behind && order == 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The label says what the listing is for: several may come at one time. */
static void hear_snapshot(struct judge *judge, const struct event *event)
{
	const char *label = event->snapshot.label;
	struct moment moment = { .when = WHEN_END };

	if (strncmp(label, "after packet ", strlen("after packet ")) == 0)
		moment = (struct moment){ WHEN_PACKET, strtoull(label + strlen("after packet "), NULL, 10) };
	else if (strncmp(label, "at ", 3) == 0 && label[3] >= '0' && label[3] <= '9')
		moment = (struct moment){ WHEN_TIME, (uint64_t)event->time.ns };
	judge->now_first = find_moment(judge, moment, false);
	judge->now_end = find_moment(judge, moment, true);
	for (size_t i = judge->now_first; i < judge->now_end; i++)
		judge->states[judge->listed[i]].was_listed = true;
}

static void hear_entry(struct judge *judge, const struct event *event)
{
	struct text line;

	text_init(&line);
	entry_print_proc(&event->entry.entry, event->time, false, &line);
	for (size_t i = judge->now_first; i < judge->now_end; i++) {
		const struct expectation *expectation = &judge->suite_case->expectations[judge->listed[i]];
		struct judge_state *state = &judge->states[judge->listed[i]];

		if (!judge_has_words(text_string(&line), &expectation->entries))
			continue;
		if (state->n_seen++ < JUDGE_MOST_LINES_TOLD)
			text_printf(&state->found, "\n  %s", text_string(&line));
	}
	text_clear(&line);
}

static void keep_event(struct judge *judge, const struct event *event)
{
	struct entry_clock now = { .now = event->time };
	struct text line;

	text_init(&line);
	entry_print_event(&event->conntrack, &now, 0, &line);
	if (judge->n_events == judge->events_capacity) {
		judge->events_capacity = alloc_grown_capacity(judge->events_capacity, judge->n_events + 1);
		judge->events = alloc_resize(judge->events, judge->events_capacity, sizeof(*judge->events));
	}
	judge->events[judge->n_events++] = alloc_copy(text_string(&line), line.len);
	text_clear(&line);
}

static void hear_counter(struct judge *judge, const struct rule_place *place, uint64_t n_packets, uint64_t n_bytes)
{
	for (size_t i = 0; i < judge->suite_case->n_expectations; i++) {
		const struct expectation *expectation = &judge->suite_case->expectations[i];
		struct judge_state *state = &judge->states[i];

		if (!expectation->rule || !judge_is_rule(place, expectation->rule))
			continue;
		state->is_named = true;
		state->named = place->number ? place : NULL;
		if (state->n_packets < 0)
			state->n_packets = 0;
		state->n_packets += (int64_t)n_packets;
		state->n_bytes += (int64_t)n_bytes;
	}
}

static void hear_chain(struct judge *judge, const struct event_chain *chain)
{
	struct rule_place policy = { .family = chain->family, .table = chain->table, .chain = chain->chain, .text = "" };

	if (chain->policy)
		hear_counter(judge, &policy, chain->n_packets, chain->n_bytes);
}

static void hear_reply(struct judge *judge, const struct event_reply *reply)
{
	text_printf(&judge->answer, "%s%s", judge->answer.len ? ", " : "", reply->reason);
}

static void hear_log(struct judge *judge, const struct event_log *log)
{
	text_printf(&judge->log, "%s%s %s \"%s\"", judge->log.len ? ", " : "", log->rule->chain, log->rule->target,
		    log->prefix ? log->prefix : "");
}

void judge_hear(void *owner, const struct event *event)
{
	struct judge *judge = owner;

	if (judge->has_golden && (judge->golden_sink.kinds & EVENT_BIT(event->kind)))
		sink_listen(&judge->golden_sink, event);
	switch (event->kind) {
	case EVENT_PACKET:
		hear_packet(judge, event);
		break;
	case EVENT_REPLY:
		if (event->packet)	/* else it is about no packet of this moment */
			hear_reply(judge, &event->reply);
		break;
	case EVENT_LOG:
		if (event->packet)
			hear_log(judge, &event->log);
		break;
	case EVENT_SNAPSHOT:
		hear_snapshot(judge, event);
		break;
	case EVENT_ENTRY:
		hear_entry(judge, event);
		break;
	case EVENT_CONNTRACK:
		keep_event(judge, event);
		break;
	case EVENT_COUNTER:
		hear_counter(judge, event->counter.rule, event->counter.n_packets, event->counter.n_bytes);
		break;
	case EVENT_CHAIN:
		hear_chain(judge, &event->chain);
		break;
	default:
		break;
	}
}

/* Rules files are named as the suite names them, wherever it is run from. */
static void forget_folder(struct judge *judge)
{
	static const char key[] = "\"file\":\"";
	struct text *golden = &judge->golden_output.buffer;
	size_t folder_len = strlen(judge->folder);
	struct text shorter;

	if (!folder_len)
		return;
	text_init(&shorter);
	for (const char *at = text_string(golden);;) {
		const char *found = strstr(at, key);
		size_t len = found ? (size_t)(found - at) + strlen(key) : strlen(at);

		text_append_bytes(&shorter, at, len);
		at += len;
		if (!found)
			break;
		if (strncmp(at, judge->folder, folder_len) == 0)
			at += folder_len;
	}
	text_reset(golden);
	text_append_bytes(golden, text_string(&shorter), shorter.len);
	text_clear(&shorter);
}

static int compare_failures(const void *a, const void *b)
{
	const struct judge_failure *one = a, *two = b;

	if (one->expectation != two->expectation)
		return one->expectation < two->expectation ? -1 : 1;
	if (one->packet != two->packet)	/* what is about no packet stands last */
		return one->packet - 1 < two->packet - 1 ? -1 : 1;
	return 0;
}

void judge_finish(struct judge *judge, suite_read_file *read)
{
	if (judge->has_golden) {
		sink_close(&judge->golden_sink);
		judge->golden_sink.state = NULL;
		forget_folder(judge);
	}
	for (size_t i = 0; i < judge->suite_case->n_expectations; i++)
		judge_finish_one(judge, i, read);
	if (judge->n_failures)
		qsort(judge->failures, judge->n_failures, sizeof(*judge->failures), compare_failures);
}

const struct text *judge_golden(const struct judge *judge)
{
	return judge->has_golden ? &judge->golden_output.buffer : NULL;
}
