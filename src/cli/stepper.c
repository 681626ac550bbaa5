/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/stepper.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "cli/rule_words.h"

void stepper_init(struct stepper *stepper, const struct stepper_source *source)
{
	memset(stepper, 0, sizeof(*stepper));
	stepper->source = source;
}

void stepper_clear(struct stepper *stepper)
{
	stepper_remove_breakpoints(stepper);
	memset(stepper, 0, sizeof(*stepper));
}

static const struct stretch *stretch_at(const struct stepper *stepper, size_t index)
{
	return stepper->source->find(stepper->source->owner, index);
}

const struct stretch_packet *stepper_packet_at(const struct stepper *stepper, size_t index)
{
	const struct stretch *stretch = stretch_at(stepper, index);

	return stretch ? &stretch->packets[index - stretch->first] : NULL;
}

const struct stretch_packet *stepper_packet(const struct stepper *stepper)
{
	return stepper_packet_at(stepper, stepper->at);
}

void stepper_remove_breakpoints(struct stepper *stepper)
{
	for (size_t i = 0; i < stepper->n_breakpoints; i++) {
		free(stepper->breakpoints[i].words);
		free(stepper->breakpoints[i].passes);
	}
	stepper->n_breakpoints = 0;
}

static bool parse_number(struct breakpoint *breakpoint, const char *words, struct text *error)
{
	char *end;

	breakpoint->number = strtoull(words, &end, 10);
	if (*words >= '0' && *words <= '9' && !*end)
		return true;
	text_printf(error, "\"%s\" is no number", words);
	return false;
}

static bool parse_verdict(struct breakpoint *breakpoint, const char *words, struct text *error)
{
	for (int verdict = CTREPLAY_ACCEPT; verdict <= CTREPLAY_HELD; verdict++) {
		if (strcasecmp(ctreplay_verdict_name((enum ctreplay_verdict)verdict), words) == 0) {
			breakpoint->verdict = (enum ctreplay_verdict)verdict;
			return true;
		}
	}
	text_printf(error, "\"%s\" is no verdict", words);
	return false;
}

/* "filter INPUT 3", or "dns.rules:9" as messages give it. */
static bool parse_rule(const struct stepper *stepper, struct breakpoint *breakpoint, const char *words, struct text *error)
{
	struct text name, file;

	text_init(&name);
	text_init(&file);
	breakpoint->rule = RULE_LIST_NONE;
	for (size_t i = 0; i < stepper->source->rules->n_lines && breakpoint->rule == RULE_LIST_NONE; i++) {
		const struct rule_line *line = &stepper->source->rules->lines[i];

		if (line->kind != LINE_RULE)
			continue;
		text_reset(&name);
		text_reset(&file);
		rule_words_print_name(&line->rule, &name);
		rule_words_print_file(&line->rule, &file);
		if (strcmp(text_string(&name), words) == 0 || (file.len && strcmp(text_string(&file), words) == 0))
			breakpoint->rule = (long)i;
	}
	text_clear(&name);
	text_clear(&file);
	if (breakpoint->rule == RULE_LIST_NONE)
		text_printf(error, "there is no rule \"%s\": say TABLE CHAIN NUMBER, or FILE:LINE", words);
	return breakpoint->rule != RULE_LIST_NONE;
}

static bool parse_filter(const struct stepper *stepper, struct breakpoint *breakpoint, struct text *error)
{
	const struct stepper_source *source = stepper->source;
	const struct stretch_packet *last = stepper_packet_at(stepper, source->n_packets - 1);

	breakpoint->n_passes = last ? (size_t)last->number : 0;
	breakpoint->passes = alloc_zeroed(breakpoint->n_passes + 1, sizeof(*breakpoint->passes));
	return source->filter(source->owner, breakpoint->words, breakpoint->passes, breakpoint->n_passes, error);
}

static bool parse_breakpoint(const struct stepper *stepper, struct breakpoint *breakpoint, struct text *error)
{
	static const struct { const char *word; enum breakpoint_kind kind; } kinds[] = {
		{ "packet ", BREAK_PACKET }, { "verdict ", BREAK_VERDICT }, { "state ", BREAK_STATE }, { "rule ", BREAK_RULE },
		{ "entry ", BREAK_ENTRY },
	};
	const char *rest = breakpoint->words;

	breakpoint->kind = BREAK_FILTER;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strncmp(breakpoint->words, kinds[i].word, strlen(kinds[i].word)) == 0) {
			breakpoint->kind = kinds[i].kind;
			rest += strlen(kinds[i].word);
		}
	}
	switch (breakpoint->kind) {
	case BREAK_PACKET:
	case BREAK_ENTRY:
		return parse_number(breakpoint, *rest == '#' ? rest + 1 : rest, error);
	case BREAK_VERDICT:
		return parse_verdict(breakpoint, rest, error);
	case BREAK_RULE:
		return parse_rule(stepper, breakpoint, rest, error);
	case BREAK_STATE:
		breakpoint->state = rest;
		return true;
	case BREAK_FILTER:
		break;
	}
	return parse_filter(stepper, breakpoint, error);
}

bool stepper_add_breakpoint(struct stepper *stepper, const char *words, struct text *error)
{
	struct breakpoint *breakpoint = &stepper->breakpoints[stepper->n_breakpoints];

	if (stepper->n_breakpoints == STEPPER_MOST_BREAKPOINTS) {
		text_append(error, "there are too many breakpoints");
		return false;
	}
	*breakpoint = (struct breakpoint){ .words = alloc_copy(words, strlen(words)) };
	if (parse_breakpoint(stepper, breakpoint, error)) {
		stepper->n_breakpoints++;
		return true;
	}
	free(breakpoint->words);
	free(breakpoint->passes);
	return false;
}

static bool is_matched(const struct stretch_packet *packet, long line)
{
	for (size_t i = 0; i < packet->n_matched; i++)
		if ((long)packet->matched[i] == line)
			return true;
	return packet->decided_by == line;
}

const char *stepper_state(const char *state, uint32_t status)
{
	if (state)
		return state;
	return status & CTREPLAY_STATUS_ASSURED ? "assured" : status & CTREPLAY_STATUS_SEEN_REPLY ? "replied" : "unreplied";
}

static bool is_in_state(const struct stretch_packet *packet, const char *state)
{
	if (strcasecmp(ctreplay_ctstate_name(packet->ctstate), state) == 0)
		return true;
	return packet->entry && strcasecmp(stepper_state(packet->state, packet->status), state) == 0;
}

static bool stops_at(const struct breakpoint *breakpoint, const struct stretch_packet *packet)
{
	switch (breakpoint->kind) {
	case BREAK_PACKET:
		return packet->number == breakpoint->number;
	case BREAK_VERDICT:
		return packet->verdict == breakpoint->verdict;
	case BREAK_STATE:
		return is_in_state(packet, breakpoint->state);
	case BREAK_RULE:
		return is_matched(packet, breakpoint->rule);
	case BREAK_ENTRY:
		return packet->entry == breakpoint->number;
	case BREAK_FILTER:
		return packet->number <= breakpoint->n_passes && breakpoint->passes[packet->number - 1];
	}
	return false;
}

static bool is_stopped(const struct stepper *stepper, size_t index)
{
	const struct stretch_packet *packet = stepper_packet_at(stepper, index);

	for (size_t i = 0; packet && i < stepper->n_breakpoints; i++)
		if (stops_at(&stepper->breakpoints[i], packet))
			return true;
	return !packet;
}

bool stepper_continue(struct stepper *stepper, bool is_backwards)
{
	size_t end = is_backwards ? 0 : stepper->source->n_packets - 1;

	if (!stepper->n_breakpoints)
		stepper->at = end;
	while (stepper->at != end) {
		stepper->at += is_backwards ? (size_t)-1 : 1;
		if (is_stopped(stepper, stepper->at))
			return true;
	}
	return false;
}

/* ASCII letters alone: addresses, flags, names of protocols. */
static bool holds(const char *string, const char *words)
{
	size_t len = strlen(words);

	for (; *string; string++)
		if (strncasecmp(string, words, len) == 0)
			return true;
	return false;
}

bool stepper_search(struct stepper *stepper, const char *words)
{
	size_t n = stepper->source->n_packets;

	for (size_t i = 1; i <= n; i++) {
		size_t at = (stepper->at + i) % n;
		const struct stretch_packet *packet = stepper_packet_at(stepper, at);

		if (!packet)
			return false;
		if (holds(packet->words, words)) {
			stepper->at = at;
			return true;
		}
	}
	return false;
}

void stepper_go(struct stepper *stepper, size_t index)
{
	size_t n = stepper->source->n_packets;

	stepper->at = index < n ? index : n - 1;
}

/* Numbers grow with every packet, and by more than one where a packet was left out: an index is less than a number. */
bool stepper_go_to_number(struct stepper *stepper, uint64_t number)
{
	size_t n = stepper->source->n_packets, index = number && number <= n ? (size_t)(number - 1) : n - 1;
	const struct stretch_packet *packet = stepper_packet_at(stepper, index);

	if (packet && packet->number > number) {
		index -= packet->number - number < index ? (size_t)(packet->number - number) : index;
		packet = stepper_packet_at(stepper, index);
	}
	while (packet && packet->number < number && index + 1 < n)
		packet = stepper_packet_at(stepper, ++index);
	if (!packet || packet->number != number)
		return false;
	stepper->at = index;
	return true;
}

enum stepper_effect stepper_effect(size_t line, const struct stretch_packet *packet)
{
	if (packet->decided_by == (long)line)
		return EFFECT_DECIDED;
	return is_matched(packet, (long)line) ? EFFECT_MATCHED : EFFECT_NONE;
}

uint64_t stepper_count(const struct stepper *stepper, size_t line)
{
	const struct stretch *stretch = stretch_at(stepper, stepper->at);
	uint64_t n = stretch ? stretch->counts[line] : 0;

	for (size_t i = 0; stretch && stretch->first + i <= stepper->at; i++)
		n += stepper_effect(line, &stretch->packets[i]) != EFFECT_NONE;
	return n;
}

/* What became of the entry between `before` and the packet. False: it is not in the table. */
static bool make_row(const struct stretch *stretch, const struct stretch_entry *entry, const struct stretch_packet *packet, int64_t before,
		     struct stepper_row *row)
{
	bool has_ended = entry->is_over && entry->end_ns <= packet->time_ns;

	if (has_ended && entry->end_ns <= before)
		return false;
	*row = (struct stepper_row){ .entry = entry, .moment = stretch_find_moment(stretch, entry, packet), .change = ROW_SAME };
	if (!row->moment)
		return false;
	if (has_ended)
		row->change = ROW_ENDED;
	else if (packet->entry == entry->id && packet->change != CTREPLAY_UNTOUCHED)
		row->change = packet->change == CTREPLAY_MADE ? ROW_NEW : packet->change == CTREPLAY_CHANGED ? ROW_CHANGED : ROW_REFRESHED;
	return true;
}

size_t stepper_table(const struct stepper *stepper, struct stepper_row *rows, size_t skip, size_t most)
{
	const struct stretch_packet *last = stepper->at ? stepper_packet_at(stepper, stepper->at - 1) : NULL;
	int64_t before = last ? last->time_ns : -1;
	const struct stretch *stretch = stretch_at(stepper, stepper->at);
	const struct stretch_packet *packet = stepper_packet(stepper);
	size_t n = 0;

	for (int changed = 1; changed >= 0; changed--) {
		for (size_t i = 0; stretch && i < stretch->n_entries; i++) {
			struct stepper_row row;

			if (!make_row(stretch, &stretch->entries[i], packet, before, &row) ||
			    (row.change != ROW_SAME) != changed)
				continue;
			if (n >= skip && n - skip < most)
				rows[n - skip] = row;
			n++;
		}
	}
	return n;
}
