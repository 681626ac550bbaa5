/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "picture/stepper.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "picture/picture_words.h"
#include "sink/packet_words.h"

void stepper_init(struct stepper *stepper, stepper_filter *filter, void *filter_owner)
{
	memset(stepper, 0, sizeof(*stepper));
	tale_init_whole(&stepper->tale);
	stepper->filter = filter;
	stepper->filter_owner = filter_owner;
}

void stepper_clear(struct stepper *stepper)
{
	stepper_remove_breakpoints(stepper);
	tale_clear(&stepper->tale);
	free(stepper->rules);
	memset(stepper, 0, sizeof(*stepper));
}

static struct stepper_rule *add_rule(struct stepper *stepper)
{
	struct stepper_rule *rule;

	if (stepper->n_rules == stepper->rules_capacity) {
		stepper->rules_capacity = alloc_grown_capacity(stepper->rules_capacity, stepper->n_rules + 1);
		stepper->rules = alloc_resize(stepper->rules, stepper->rules_capacity, sizeof(*stepper->rules));
	}
	rule = &stepper->rules[stepper->n_rules++];
	*rule = (struct stepper_rule){ .place = NULL };
	return rule;
}

/* The head, and the policy behind it until the chain's rules push it down. */
static void add_chain(struct stepper *stepper, const struct event_chain *chain)
{
	const char *family = chain->family == FAMILY_IPV6 ? "ipv6" : "ipv4";
	struct stepper_rule *head = add_rule(stepper);

	*head = (struct stepper_rule){ .family = family, .table = chain->table, .chain = chain->chain };
	if (chain->policy)
		*add_rule(stepper) = (struct stepper_rule){ .family = family, .table = chain->table, .chain = chain->chain, .policy = chain->policy };
}

static void add_counter(struct stepper *stepper, const struct rule_place *place)
{
	struct stepper_rule rule = { .place = place, .family = place->family == FAMILY_IPV6 ? "ipv6" : "ipv4", .table = place->table,
				     .chain = place->chain };
	struct stepper_rule *last = add_rule(stepper);

	if (stepper->n_rules > 1 && last[-1].policy) {
		*last = last[-1];
		last--;
	}
	*last = rule;
}

void stepper_listen(void *owner, const struct event *event)
{
	struct stepper *stepper = owner;

	if (event->kind == EVENT_CHAIN)
		add_chain(stepper, &event->chain);
	else if (event->kind == EVENT_COUNTER)
		add_counter(stepper, event->counter.rule);
	else
		tale_add(&stepper->tale, event);
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
	for (unsigned verdict = VERDICT_ACCEPT; verdict < VERDICT_COUNT; verdict++) {
		if (strcasecmp(verdict_name((enum verdict)verdict), words) == 0) {
			breakpoint->verdict = (enum verdict)verdict;
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
	for (size_t i = 0; i < stepper->n_rules && !breakpoint->rule; i++) {
		const struct rule_place *place = stepper->rules[i].place;

		if (!place)
			continue;
		text_reset(&name);
		text_reset(&file);
		packet_words_print_rule(place, &name);
		packet_words_print_file(place, &file);
		if (strcmp(text_string(&name), words) == 0 || (file.len && strcmp(text_string(&file), words) == 0))
			breakpoint->rule = place;
	}
	text_clear(&name);
	text_clear(&file);
	if (!breakpoint->rule)
		text_printf(error, "there is no rule \"%s\": say TABLE CHAIN NUMBER, or FILE:LINE", words);
	return breakpoint->rule != NULL;
}

static bool parse_filter(const struct stepper *stepper, struct breakpoint *breakpoint, struct text *error)
{
	breakpoint->passes = alloc_zeroed(stepper->tale.n_packets + 1, sizeof(*breakpoint->passes));
	return stepper->filter(stepper->filter_owner, breakpoint->words, breakpoint->passes, stepper->tale.n_packets, error);
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

static bool is_matched(const struct tale_packet *packet, const struct rule_place *place)
{
	for (size_t i = 0; i < packet->n_matched; i++)
		if (packet->matched[i] == place)
			return true;
	return packet->decided_by == place;
}

static bool is_in_state(const struct tale_packet *packet, const char *state)
{
	if (strcasecmp(ctstate_name(packet->ctstate), state) == 0)
		return true;
	return packet->entry && strcasecmp(picture_words_state(packet->state, packet->status), state) == 0;
}

static bool stops_at(const struct stepper *stepper, const struct breakpoint *breakpoint, size_t index)
{
	const struct tale_packet *packet = &stepper->tale.packets[index];

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
		return breakpoint->passes[index];
	}
	return false;
}

bool stepper_continue(struct stepper *stepper, bool is_backwards)
{
	size_t n = stepper->tale.n_packets, at = stepper->at;

	while (is_backwards ? at > 0 : at + 1 < n) {
		at = is_backwards ? at - 1 : at + 1;
		for (size_t i = 0; i < stepper->n_breakpoints; i++) {
			if (stops_at(stepper, &stepper->breakpoints[i], at)) {
				stepper->at = at;
				return true;
			}
		}
	}
	stepper->at = at;
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
	size_t n = stepper->tale.n_packets;

	for (size_t i = 1; i <= n; i++) {
		size_t at = (stepper->at + i) % n;

		if (holds(stepper->tale.packets[at].words, words)) {
			stepper->at = at;
			return true;
		}
	}
	return false;
}

void stepper_go(struct stepper *stepper, size_t index)
{
	size_t n = stepper->tale.n_packets;

	stepper->at = index < n ? index : n ? n - 1 : 0;
}

const struct tale_packet *stepper_packet(const struct stepper *stepper)
{
	return stepper->tale.n_packets ? &stepper->tale.packets[stepper->at] : NULL;
}

static bool is_policy_of(const struct stepper_rule *rule, const struct rule_place *place)
{
	return rule->policy && place && place->number == 0 && strcmp(place->table, rule->table) == 0 &&
	       strcmp(place->chain, rule->chain) == 0 && strcmp(place->family == FAMILY_IPV6 ? "ipv6" : "ipv4", rule->family) == 0;
}

enum stepper_effect stepper_effect(const struct stepper_rule *rule, const struct tale_packet *packet)
{
	if (is_policy_of(rule, packet->decided_by) || (rule->place && packet->decided_by == rule->place))
		return EFFECT_DECIDED;
	return rule->place && is_matched(packet, rule->place) ? EFFECT_MATCHED : EFFECT_NONE;
}

uint64_t stepper_count(const struct stepper *stepper, const struct stepper_rule *rule)
{
	uint64_t n = 0;

	for (size_t i = 0; i <= stepper->at && i < stepper->tale.n_packets; i++)
		n += stepper_effect(rule, &stepper->tale.packets[i]) != EFFECT_NONE;
	return n;
}

/* What became of the entry since `before`, the packet before (-1: there is none). False: it is not in the table. */
static bool make_row(const struct stepper *stepper, const struct tale_entry *entry, int64_t before, struct stepper_row *row)
{
	const struct tale_packet *packet = stepper_packet(stepper);
	bool has_ended = entry->is_over && entry->end.ns <= packet->time.ns;

	if (has_ended && entry->end.ns <= before)
		return false;
	*row = (struct stepper_row){ .entry = entry, .moment = tale_find_moment(&stepper->tale, entry, packet->time), .change = ROW_SAME };
	if (!row->moment)
		return false;
	if (has_ended)
		row->change = ROW_ENDED;
	else if (packet->entry == entry->view.id && packet->change != ENTRY_UNCHANGED)
		row->change = packet->change == ENTRY_NEW ? ROW_NEW : packet->change == ENTRY_CHANGED ? ROW_CHANGED : ROW_REFRESHED;
	return true;
}

size_t stepper_table(const struct stepper *stepper, struct stepper_row *rows, size_t skip, size_t most)
{
	int64_t before = stepper->at ? stepper->tale.packets[stepper->at - 1].time.ns : -1;
	size_t n = 0;

	if (!stepper->tale.n_packets)
		return 0;
	for (int changed = 1; changed >= 0; changed--) {
		for (size_t i = 0; i < stepper->tale.n_entries; i++) {
			struct stepper_row row;

			if (!make_row(stepper, &stepper->tale.entries[i], before, &row) || (row.change != ROW_SAME) != changed)
				continue;
			if (n >= skip && n - skip < most)
				rows[n - skip] = row;
			n++;
		}
	}
	return n;
}
