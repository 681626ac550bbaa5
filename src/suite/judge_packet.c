/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>
#include <string.h>

#include "packet/summary.h"
#include "sink/entry_print.h"
#include "sink/packet_words.h"
#include "suite/judge_parts.h"

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

	if (is_verdict && (!expectation->rule || judge_is_rule(told->decided_by, expectation->rule)))
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
	if (expectation->wants_entry && (!has_entry || !judge_has_words(text_string(&line), &expectation->entry)))
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
	if (expectation->sent.n_words ? !flow.len || !judge_has_words(text_string(&flow), &expectation->sent) : flow.len > 0)
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

void judge_packet(struct judge *judge, size_t index, const struct event *event)
{
	const struct expectation *expectation = &judge->suite_case->expectations[index];
	struct judge_state *state = &judge->states[index];
	const struct event_packet *told = &event->journey;
	struct text wrong;
	struct verdict_words words = { .out = &wrong };
	char room[COMPLAINT_ROOM];

	if (!is_chosen(state, &expectation->choice, told->packet))
		return;
	state->n_seen++;
	text_init(&wrong);
	judge_decision(&words, expectation, told);
	judge_state(&words, expectation, told);
	judge_entry(&words, expectation, event);
	judge_sent(&words, expectation, told);
	judge_part(&words, "reason", expectation->reason, told->reason ? told->reason : told->invalid.words ? complaint_words(&told->invalid, room) : "");
	judge_part(&words, "in", expectation->in, told->in);
	judge_part(&words, "out", expectation->out, told->out);
	judge_part(&words, "answer", expectation->answer, text_string(&judge->answer));
	judge_part(&words, "log", expectation->log, text_string(&judge->log));
	if (words.is_wrong && state->n_wrong++ < JUDGE_MOST_TOLD) {
		struct judge_failure *failure = judge_add_failure(judge, expectation, event->packet);

		text_printf(&failure->words, "packet %" PRIu64 " ", event->packet);
		summary_print(told->packet, &failure->words);
		text_printf(&failure->words, "\n%s", text_string(&wrong));
		if (expectation->verdict >= 0 && (int)told->verdict != expectation->verdict)
			failure->wanted_verdict = verdict_name((enum verdict)expectation->verdict);
	}
	text_clear(&wrong);
}
