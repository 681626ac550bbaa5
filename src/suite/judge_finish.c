/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>
#include <string.h>

#include "suite/judge_parts.h"

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

	if (state->n_wrong > JUDGE_MOST_TOLD) {
		words = &judge_add_failure(judge, expectation, 0)->words;
		text_printf(words, "and %" PRIu64 " more packets", state->n_wrong - JUDGE_MOST_TOLD);
	}
	if (state->n_wrong && expectation->rule && *expectation->rule && !state->is_named)
		text_printf(&judge_add_failure(judge, expectation, 0)->words, "no rule is, or says, \"%s\"", expectation->rule);
	if (expectation->count < 0 ? state->n_seen > 0 : (uint64_t)expectation->count == state->n_seen)
		return;
	words = &judge_add_failure(judge, expectation, 0)->words;
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
	words = &judge_add_failure(judge, expectation, 0)->words;
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

		while (at < judge->n_events && !judge_has_words(judge->events[at], wanted) && !expectation->is_exact)
			at++;
		if (at == judge->n_events || !judge_has_words(judge->events[at], wanted)) {
			struct text *words = &judge_add_failure(judge, expectation, 0)->words;

			text_printf(words, "event %zu: expected \"%s\"; %s", i + 1, wanted->written,
				    i ? "after the one before it come:" : "there are:");
			for (size_t k = next; k < judge->n_events && k < next + JUDGE_MOST_LINES_TOLD; k++)
				text_printf(words, "\n  %s", judge->events[k]);
			if (next == judge->n_events)
				text_append(words, " none");
			return;
		}
		next = at + 1;
	}
	if (expectation->is_exact && next < judge->n_events)
		text_printf(&judge_add_failure(judge, expectation, 0)->words, "events: expected %zu, there are %zu; the next is\n  %s",
			    expectation->n_events, judge->n_events, judge->events[next]);
}

static void judge_count(struct judge *judge, const struct expectation *expectation, const struct judge_state *state,
			const char *what, int64_t expected, int64_t seen)
{
	struct text *words;

	if (expected < 0 || expected == seen)
		return;
	words = &judge_add_failure(judge, expectation, 0)->words;
	text_printf(words, "%s of \"%s\": expected %" PRId64 ", got %" PRId64, what, expectation->rule, expected, seen);
	if (state->named)	/* rules move, and numbers with them */
		text_printf(words, ": %s", state->named->text);
}

static void finish_counter(struct judge *judge, const struct expectation *expectation, const struct judge_state *state)
{
	if (state->n_packets < 0) {
		text_printf(&judge_add_failure(judge, expectation, 0)->words, "counter: there is no rule \"%s\"", expectation->rule);
		return;
	}
	judge_count(judge, expectation, state, "packets", expectation->n_packets, state->n_packets);
	judge_count(judge, expectation, state, "bytes", expectation->n_bytes, state->n_bytes);
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
		text_printf(&judge_add_failure(judge, expectation, 0)->words, "%s cannot be read; --record writes it", expectation->golden);
		diag_clear(&diagnostics);
		return;
	}
	for (wanted = source.text; *wanted && line_len(wanted) == line_len(seen) && memcmp(wanted, seen, line_len(seen)) == 0; line++) {
		wanted += line_len(wanted) + (wanted[line_len(wanted)] != '\0');
		seen += line_len(seen) + (seen[line_len(seen)] != '\0');
	}
	if (*wanted || *seen)
		text_printf(&judge_add_failure(judge, expectation, 0)->words, "%s:%zu: expected\n  %.*s\ngot\n  %.*s", expectation->golden, line,
			    (int)line_len(wanted), wanted, (int)line_len(seen), seen);
	source_clear(&source);
	diag_clear(&diagnostics);
}

void judge_finish_one(struct judge *judge, size_t index, suite_read_file *read)
{
	const struct expectation *expectation = &judge->suite_case->expectations[index];

	switch (expectation->kind) {
	case EXPECT_PACKETS:
		finish_packets(judge, expectation, &judge->states[index]);
		break;
	case EXPECT_ENTRIES:
		finish_entries(judge, expectation, &judge->states[index]);
		break;
	case EXPECT_EVENTS:
		finish_events(judge, expectation);
		break;
	case EXPECT_COUNTER:
		finish_counter(judge, expectation, &judge->states[index]);
		break;
	case EXPECT_GOLDEN:
		finish_golden(judge, expectation, read);
		break;
	}
}
