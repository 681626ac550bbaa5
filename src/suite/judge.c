/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "suite/judge.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "packet/summary.h"
#include "sink/entry_print.h"
#include "sink/packet_words.h"

enum { MOST_TOLD = 3, MOST_LINES_TOLD = 5 };

static const struct expectation *expectation_at(const struct judge *judge, size_t index)
{
	return &judge->suite_case->expectations[index];
}

static struct judge_failure *add_failure(struct judge *judge, const struct expectation *expectation, uint64_t packet)
{
	struct judge_failure *failure;

	if (judge->n_failures == judge->capacity) {
		judge->capacity = alloc_grown_capacity(judge->capacity, judge->n_failures + 1);
		judge->failures = alloc_resize(judge->failures, judge->capacity, sizeof(*failure));
	}
	failure = &judge->failures[judge->n_failures++];
	*failure = (struct judge_failure){ .expectation = expectation, .packet = packet };
	text_init(&failure->words);
	return failure;
}

static bool open_filter(struct judge_state *state, const struct expectation *expectation, int link_type,
			struct diagnostics *diagnostics)
{
	struct text error;

	if (!expectation->choice.filter)
		return true;
	text_init(&error);
	state->filter = filter_create(expectation->choice.filter, link_type, &error);
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

bool judge_open(struct judge *judge, const struct suite_case *suite_case, const char *folder, int link_type,
		struct diagnostics *diagnostics)
{
	bool is_ok = true;

	memset(judge, 0, sizeof(*judge));
	judge->folder = folder;
	judge->suite_case = suite_case;
	judge->states = alloc_zeroed(suite_case->n_expectations + 1, sizeof(*judge->states));
	for (size_t i = 0; i < suite_case->n_expectations; i++) {
		judge->states[i].n_packets = -1;
		is_ok &= open_filter(&judge->states[i], expectation_at(judge, i), link_type, diagnostics);
		if (expectation_at(judge, i)->kind == EXPECT_GOLDEN && !judge->has_golden)
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
	free(judge->failures);
	text_clear(&judge->answer);
	text_clear(&judge->log);
	memset(judge, 0, sizeof(*judge));
}

bool judge_snapshot(const struct suite_case *suite_case, size_t index, struct text *value)
{
	for (size_t i = 0; i < suite_case->n_expectations; i++) {
		const struct expectation *expectation = &suite_case->expectations[i];

		if (expectation->kind != EXPECT_ENTRIES || index--)
			continue;
		if (expectation->when == WHEN_TIME)
			text_printf(value, "at=%" PRId64 ".%09" PRId64, expectation->at_ns / 1000000000, expectation->at_ns % 1000000000);
		else if (expectation->when == WHEN_PACKET)
			text_printf(value, "packet=%" PRIu64, expectation->after_packet);
		else
			text_append(value, "end");
		return true;
	}
	return false;
}

uint32_t judge_kinds(const struct judge *judge)
{
	uint32_t kinds = EVENT_BIT(EVENT_PACKET) | EVENT_BIT(EVENT_REPLY) | EVENT_BIT(EVENT_LOG);

	for (size_t i = 0; i < judge->suite_case->n_expectations; i++) {
		enum expectation_kind kind = expectation_at(judge, i)->kind;

		kinds |= kind == EXPECT_ENTRIES ? EVENT_BIT(EVENT_SNAPSHOT) | EVENT_BIT(EVENT_ENTRY) : 0;
		kinds |= kind == EXPECT_EVENTS ? EVENT_BIT(EVENT_CONNTRACK) : 0;
		kinds |= kind == EXPECT_COUNTER ? EVENT_BIT(EVENT_COUNTER) | EVENT_BIT(EVENT_CHAIN) : 0;
		kinds |= kind == EXPECT_GOLDEN ? judge->golden_sink.kinds : 0;
	}
	return kinds;
}

/* A word stands in the line with a blank or an end on either side. */
static bool has_word(const char *line, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = strstr(line, word); at; at = strstr(at + 1, word))
		if ((at == line || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

static bool has_words(const char *line, const struct suite_words *words)
{
	for (size_t i = 0; i < words->n_words; i++)
		if (!has_word(line, words->words[i]))
			return false;
	return true;
}

/* "filter INPUT 3", "INPUT 3", "INPUT policy", "policy", or a part of the rule as written or as iptables-save prints it. */
static bool is_rule(const struct rule_place *place, const char *wanted)
{
	struct text name;
	bool is_it;

	if (!place)
		return *wanted == '\0';
	text_init(&name);
	packet_words_print_rule(place, &name);
	is_it = strcmp(text_string(&name), wanted) == 0 || strcmp(text_string(&name) + strlen(place->table) + 1, wanted) == 0;
	if (place->number == 0)
		is_it = is_it || strcmp(wanted, "policy") == 0;
	else
		is_it = is_it || (*wanted && strstr(place->text, wanted) != NULL);
	if (!is_it && *wanted && place->number && place->written) {
		text_reset(&name);
		text_append_bytes(&name, place->written, place->written_len);
		is_it = strstr(text_string(&name), wanted) != NULL;
	}
	text_clear(&name);
	return is_it;
}

static bool is_chosen(const struct judge_state *state, const struct suite_choice *choice, const struct packet *packet)
{
	if (state->filter)
		return filter_is_passed(state->filter, packet);
	for (size_t i = 0; i < choice->n_ranges; i++)
		if (packet->number >= choice->ranges[i].first && packet->number <= choice->ranges[i].last)
			return true;
	return choice->n_ranges == 0;
}

/* What is said of a packet that is not as expected: a line for each thing. */
struct verdict_words { struct text *out; bool is_wrong; };

static void say_wrong(struct verdict_words *words, const char *what, const char *expected, const char *seen)
{
	text_printf(words->out, "%s%s: expected %s, got %s", words->is_wrong ? "\n" : "", what, expected, seen);
	words->is_wrong = true;
}

static void judge_part(struct verdict_words *words, const char *what, const char *expected, const char *seen)
{
	if (!expected || (*expected ? strstr(seen, expected) != NULL : !*seen))
		return;
	say_wrong(words, what, *expected ? expected : "none", *seen ? seen : "none");
}

static void print_decision(const struct event_packet *told, struct text *out)
{
	text_append(out, verdict_name(told->verdict));
	if (told->decided_by) {
		text_append(out, " by ");
		packet_words_print_place(told->decided_by, out);
		text_printf(out, ": %s", told->decided_by->text);
	} else if (told->reason) {
		text_printf(out, ": %s", told->reason);
	}
}

static void judge_decision(struct verdict_words *words, const struct expectation *expectation, const struct event_packet *told)
{
	bool is_verdict = expectation->verdict < 0 || (int)told->verdict == expectation->verdict;
	struct text expected, seen;

	if (is_verdict && (!expectation->rule || is_rule(told->decided_by, expectation->rule)))
		return;
	text_init(&expected);
	text_init(&seen);
	if (expectation->verdict >= 0)
		text_append(&expected, verdict_name((enum verdict)expectation->verdict));
	if (expectation->rule)
		text_printf(&expected, "%sby \"%s\"", expected.len ? " " : "", expectation->rule);
	print_decision(told, &seen);
	say_wrong(words, is_verdict ? "rule" : "verdict", text_string(&expected), text_string(&seen));
	text_clear(&expected);
	text_clear(&seen);
}

static void judge_entry(struct verdict_words *words, const struct expectation *expectation, const struct event *event)
{
	const struct event_packet *told = &event->journey;
	bool has_entry = told->has_entry && told->change != ENTRY_DESTROYED;
	struct text line;

	text_init(&line);
	if (has_entry)
		entry_print_proc(&told->entry, event->time, false, &line);
	if (expectation->wants_no_entry && has_entry)
		say_wrong(words, "entry", "none", text_string(&line));
	if (expectation->wants_entry && (!has_entry || !has_words(text_string(&line), &expectation->entry)))
		say_wrong(words, "entry", expectation->entry.written, has_entry ? text_string(&line) : "none");
	text_clear(&line);
}

static void judge_sent(struct verdict_words *words, const struct expectation *expectation, const struct event_packet *told)
{
	struct text flow;

	if (!expectation->wants_sent)
		return;
	text_init(&flow);
	if (told->was_rewritten)
		packet_words_print_flow(&told->sent, &flow);
	if (expectation->sent.n_words ? !flow.len || !has_words(text_string(&flow), &expectation->sent) : flow.len > 0)
		say_wrong(words, "sent", expectation->sent.n_words ? expectation->sent.written : "unchanged",
			  flow.len ? text_string(&flow) : "unchanged");
	text_clear(&flow);
}

static void judge_state(struct verdict_words *words, const struct expectation *expectation, const struct event_packet *told)
{
	if (expectation->ctstate >= 0 && (int)told->ctstate != expectation->ctstate)
		say_wrong(words, "ctstate", ctstate_name((enum ctstate)expectation->ctstate), ctstate_name(told->ctstate));
	if (expectation->direction >= 0 && (!told->has_entry || (int)told->direction != expectation->direction))
		say_wrong(words, "direction", packet_words_direction((enum direction)expectation->direction),
			  told->has_entry ? packet_words_direction(told->direction) : "none");
}

static void judge_packet(struct judge *judge, size_t index, const struct event *event)
{
	const struct expectation *expectation = expectation_at(judge, index);
	struct judge_state *state = &judge->states[index];
	const struct event_packet *told = &event->journey;
	struct text wrong;
	struct verdict_words words = { .out = &wrong };

	if (!is_chosen(state, &expectation->choice, told->packet))
		return;
	state->n_seen++;
	text_init(&wrong);
	judge_decision(&words, expectation, told);
	judge_state(&words, expectation, told);
	judge_entry(&words, expectation, event);
	judge_sent(&words, expectation, told);
	judge_part(&words, "reason", expectation->reason, told->reason ? told->reason : told->invalid_reason ? told->invalid_reason : "");
	judge_part(&words, "in", expectation->in, told->in);
	judge_part(&words, "out", expectation->out, told->out);
	judge_part(&words, "answer", expectation->answer, text_string(&judge->answer));
	judge_part(&words, "log", expectation->log, text_string(&judge->log));
	if (words.is_wrong && state->n_wrong++ < MOST_TOLD) {
		struct judge_failure *failure = add_failure(judge, expectation, event->packet);

		text_printf(&failure->words, "packet %" PRIu64 " ", event->packet);
		summary_print(told->packet, &failure->words);
		text_printf(&failure->words, "\n%s", text_string(&wrong));
		if (expectation->verdict >= 0 && (int)told->verdict != expectation->verdict)
			failure->wanted_verdict = verdict_name((enum verdict)expectation->verdict);
	}
	text_clear(&wrong);
}

static void hear_packet(struct judge *judge, const struct event *event)
{
	for (size_t i = 0; i < judge->suite_case->n_expectations; i++)
		if (expectation_at(judge, i)->kind == EXPECT_PACKETS)
			judge_packet(judge, i, event);
	text_reset(&judge->answer);
	text_reset(&judge->log);
}

/* The label says what the listing is for: several may come at one time. */
static void hear_snapshot(struct judge *judge, const struct event *event)
{
	const char *label = event->snapshot.label;

	judge->listing = (struct judge_listing){ .time_ns = -1 };
	if (strncmp(label, "after packet ", strlen("after packet ")) == 0)
		judge->listing.packet = strtoull(label + strlen("after packet "), NULL, 10);
	else if (strncmp(label, "at ", 3) == 0 && label[3] >= '0' && label[3] <= '9')
		judge->listing.time_ns = event->time.ns;
	else
		judge->listing.is_end = true;
}

static bool is_listed_now(const struct judge *judge, const struct expectation *expectation)
{
	if (expectation->kind != EXPECT_ENTRIES)
		return false;
	switch (expectation->when) {
	case WHEN_TIME:
		return judge->listing.time_ns == expectation->at_ns;
	case WHEN_PACKET:
		return judge->listing.packet == expectation->after_packet;
	default:
		return judge->listing.is_end;
	}
}

static void hear_listing(struct judge *judge)
{
	for (size_t i = 0; i < judge->suite_case->n_expectations; i++)
		judge->states[i].was_listed |= is_listed_now(judge, expectation_at(judge, i));
}

static void hear_entry(struct judge *judge, const struct event *event)
{
	struct text line;

	text_init(&line);
	entry_print_proc(&event->entry.entry, event->time, false, &line);
	for (size_t i = 0; i < judge->suite_case->n_expectations; i++) {
		const struct expectation *expectation = expectation_at(judge, i);
		struct judge_state *state = &judge->states[i];

		if (!is_listed_now(judge, expectation) || !has_words(text_string(&line), &expectation->entries))
			continue;
		if (state->n_seen++ < MOST_LINES_TOLD)
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
		const struct expectation *expectation = expectation_at(judge, i);
		struct judge_state *state = &judge->states[i];

		if (expectation->kind != EXPECT_COUNTER || !is_rule(place, expectation->rule))
			continue;
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
		hear_reply(judge, &event->reply);
		break;
	case EVENT_LOG:
		hear_log(judge, &event->log);
		break;
	case EVENT_SNAPSHOT:
		hear_snapshot(judge, event);
		hear_listing(judge);
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

static void print_choice(const struct suite_choice *choice, struct text *out)
{
	if (choice->filter)
		text_printf(out, "packets of '%s'", choice->filter);
	else
		text_append(out, "packets");
}

static void finish_packets(struct judge *judge, const struct expectation *expectation, const struct judge_state *state)
{
	struct text *words;

	if (state->n_wrong > MOST_TOLD) {
		words = &add_failure(judge, expectation, 0)->words;
		text_printf(words, "and %" PRIu64 " more packets", state->n_wrong - MOST_TOLD);
	}
	if (expectation->count < 0 ? state->n_seen > 0 : (uint64_t)expectation->count == state->n_seen)
		return;
	words = &add_failure(judge, expectation, 0)->words;
	print_choice(&expectation->choice, words);
	if (expectation->count < 0)
		text_append(words, ": expected some, there are none");
	else
		text_printf(words, ": expected %" PRId64 ", there are %" PRIu64, expectation->count, state->n_seen);
}

static void finish_entries(struct judge *judge, const struct expectation *expectation, const struct judge_state *state)
{
	struct text *words;

	if (state->was_listed &&
	    (expectation->count < 0 ? state->n_seen > 0 : (uint64_t)expectation->count == state->n_seen))
		return;
	words = &add_failure(judge, expectation, 0)->words;
	text_printf(words, "entries \"%s\" ", expectation->entries.written);
	if (expectation->when == WHEN_TIME)
		text_printf(words, "at %" PRId64 ".%03" PRId64 " s", expectation->at_ns / 1000000000,
			    expectation->at_ns / 1000000 % 1000);
	else if (expectation->when == WHEN_PACKET)
		text_printf(words, "after packet %" PRIu64, expectation->after_packet);
	else
		text_append(words, "at the end");
	if (!state->was_listed)
		text_append(words, ": the capture ends before");
	else if (expectation->count < 0)
		text_append(words, ": expected some, there are none");
	else
		text_printf(words, ": expected %" PRId64 ", there are %" PRIu64 "%s", expectation->count, state->n_seen,
			    text_string(&state->found));
}

static void finish_events(struct judge *judge, const struct expectation *expectation)
{
	size_t next = 0;

	for (size_t i = 0; i < expectation->n_events; i++) {
		const struct suite_words *wanted = &expectation->events[i];
		size_t at = next;

		while (at < judge->n_events && !has_words(judge->events[at], wanted) && !expectation->is_exact)
			at++;
		if (at == judge->n_events || !has_words(judge->events[at], wanted)) {
			struct text *words = &add_failure(judge, expectation, 0)->words;

			text_printf(words, "event %zu: expected \"%s\"; behind what was met come:", i + 1, wanted->written);
			for (size_t k = next; k < judge->n_events && k < next + MOST_LINES_TOLD; k++)
				text_printf(words, "\n  %s", judge->events[k]);
			if (next == judge->n_events)
				text_append(words, " none");
			return;
		}
		next = at + 1;
	}
	if (expectation->is_exact && next < judge->n_events)
		text_printf(&add_failure(judge, expectation, 0)->words, "events: expected %zu, there are %zu; the next is\n  %s",
			    expectation->n_events, judge->n_events, judge->events[next]);
}

static void finish_counter(struct judge *judge, const struct expectation *expectation, const struct judge_state *state)
{
	struct text *words;

	if (state->n_packets < 0) {
		words = &add_failure(judge, expectation, 0)->words;
		text_printf(words, "counter: there is no rule \"%s\"", expectation->rule);
		return;
	}
	if (expectation->n_packets >= 0 && expectation->n_packets != state->n_packets) {
		words = &add_failure(judge, expectation, 0)->words;
		text_printf(words, "packets of \"%s\": expected %" PRId64 ", got %" PRId64, expectation->rule,
			    expectation->n_packets, state->n_packets);
	}
	if (expectation->n_bytes >= 0 && expectation->n_bytes != state->n_bytes) {
		words = &add_failure(judge, expectation, 0)->words;
		text_printf(words, "bytes of \"%s\": expected %" PRId64 ", got %" PRId64, expectation->rule, expectation->n_bytes,
			    state->n_bytes);
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

static size_t line_len(const char *text)
{
	return strcspn(text, "\n");
}

/* The first line that differs. */
static void finish_golden(struct judge *judge, const struct expectation *expectation, suite_read_file *read)
{
	const char *seen = text_string(&judge->golden_output.buffer), *wanted;
	struct diagnostics diagnostics;
	struct source source;
	size_t line = 1;

	diag_init(&diagnostics);
	if (!read(expectation->golden, &source, &diagnostics)) {
		text_printf(&add_failure(judge, expectation, 0)->words, "%s cannot be read; --record writes it", expectation->golden);
		diag_clear(&diagnostics);
		return;
	}
	for (wanted = source.text; *wanted && line_len(wanted) == line_len(seen) && memcmp(wanted, seen, line_len(seen)) == 0; line++) {
		wanted += line_len(wanted) + (wanted[line_len(wanted)] != '\0');
		seen += line_len(seen) + (seen[line_len(seen)] != '\0');
	}
	if (*wanted || *seen)
		text_printf(&add_failure(judge, expectation, 0)->words, "%s:%zu: expected\n  %.*s\ngot\n  %.*s", expectation->golden, line,
			    (int)line_len(wanted), wanted, (int)line_len(seen), seen);
	source_clear(&source);
	diag_clear(&diagnostics);
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
	for (size_t i = 0; i < judge->suite_case->n_expectations; i++) {
		const struct expectation *expectation = expectation_at(judge, i);

		switch (expectation->kind) {
		case EXPECT_PACKETS:
			finish_packets(judge, expectation, &judge->states[i]);
			break;
		case EXPECT_ENTRIES:
			finish_entries(judge, expectation, &judge->states[i]);
			break;
		case EXPECT_EVENTS:
			finish_events(judge, expectation);
			break;
		case EXPECT_COUNTER:
			finish_counter(judge, expectation, &judge->states[i]);
			break;
		case EXPECT_GOLDEN:
			finish_golden(judge, expectation, read);
			break;
		}
	}
	if (judge->n_failures)
		qsort(judge->failures, judge->n_failures, sizeof(*judge->failures), compare_failures);
}

const struct text *judge_golden(const struct judge *judge)
{
	return judge->has_golden ? &judge->golden_output.buffer : NULL;
}
