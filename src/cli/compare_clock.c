/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/compare_clock.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "sink/packet_words.h"

/* It drops what finds its table full, whatever the rule says; when that empties is the clock's affair. */
static const char may_drop[] = "-m hashlimit";

/* Matches whose answer depends on more than the packet and its entry. */
static const struct {
	const char *words, *match;
	/*
	 * AGING: on the clock, where a set has timeouts; MEMORY: on packets before, so that it is in doubt when they are; SETS: likewise, where
	 * rules change sets.
	 */
	enum { CLOCK, AGING, CHANCE, MEMORY, SETS } depends_on;
} clocks[] = {
	{ "-m limit ", "-m limit", CLOCK },
	{ "-m hashlimit ", may_drop, CLOCK },
	{ "-m recent ", "-m recent", CLOCK },
	{ "-m rateest ", "-m rateest", CLOCK },
	{ "--ctexpire ", "--ctexpire", CLOCK },
	{ "-m time ", "-m time", CHANCE },
	{ "-m set ", "-m set and timeouts", AGING },
	{ "--map-set ", "-j SET and timeouts", AGING },
	{ "-m set ", "-m set, when packets before could not be compared", SETS },
	{ "--map-set ", "-j SET, when packets before could not be compared", SETS },
	{ "-j TEE ", "-j TEE, whose copies look like answers of the host", CHANCE },
	{ "-m statistic --mode random", "-m statistic --mode random", CHANCE },
	{ "-m statistic --mode nth", "-m statistic --mode nth, when packets before could not be compared", MEMORY },
	{ "-m quota ", "-m quota, when packets before could not be compared", MEMORY },
	{ "-m connlimit ", "-m connlimit, when packets before could not be compared", MEMORY },
};

void compare_clock_clear(struct compare_clock *clock)
{
	free(clock->timed);
	free(clock->ignored);
}

/* Targets that let the packet pass on unchanged. */
static bool only_logs(const struct rule_place *rule)
{
	return strcmp(rule->target, "LOG") == 0 || strcmp(rule->target, "NFLOG") == 0 || strcmp(rule->target, "") == 0;
}

static bool is_memory(const struct compare_clock *clock, size_t index)
{
	switch (clocks[index].depends_on) {
	case MEMORY:
	case SETS:
		return true;
	case CLOCK:
	case AGING:
		/* Where both clocks are the same, what reads them still remembers the packets before. */
		return clock->is_real_time;
	case CHANCE:
		break;
	}
	return false;
}

static void add_timed(struct compare_clock *clock, const struct rule_place *rule, size_t index)
{
	bool needs_doubt = is_memory(clock, index);

	clock->timed = alloc_resize(clock->timed, clock->n_timed + 1, sizeof(*clock->timed));
	clock->timed[clock->n_timed++] = (struct compare_timed){
		.rule = rule, .words = clocks[index].words, .match = clocks[index].match, .needs_doubt = needs_doubt,
		.only_logs = only_logs(rule) && !needs_doubt,
		.reads_sets = clocks[index].depends_on == SETS,
	};
	if (!clock->timed[clock->n_timed - 1].only_logs)
		return;
	clock->ignored = alloc_resize(clock->ignored, clock->n_ignored + 1, sizeof(*clock->ignored));
	clock->ignored[clock->n_ignored++] = rule;
}

void compare_clock_hear_rule(struct compare_clock *clock, const struct rule_place *rule)
{
	clock->changes_sets |= strcmp(rule->target, "SET") == 0;
	for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
		if (!strstr(rule->text, clocks[i].words) || (clocks[i].depends_on == AGING && !clock->has_aging_sets))
			continue;
		add_timed(clock, rule, i);
		return;
	}
}

/*
 * Was the match that reads the clock asked before the rule failed? A rule's matches are tried in the order of its text;
 * `words` begin with the option that failed.
 */
static bool was_asked(const struct compare_timed *timed, const char *words)
{
	const char *text = timed->rule->text, *place = strstr(text, timed->words), *failed;
	char option[64];
	size_t len;

	words += strspn(words, " !");
	len = strcspn(words, " :");
	if (words[0] == '-' && words[1] != '-' && words[1] != 'm')
		return false;	/* -s, -p and their like come before all matches */
	if (len >= sizeof(option))
		return true;
	memcpy(option, words, len);
	option[len] = '\0';
	failed = strstr(text, option);
	return !failed || !place || failed >= place;
}

void compare_clock_note(struct compare_clock *clock, const struct rule_place *rule, const char *words, bool has_doubt)
{
	for (size_t i = 0; i < clock->n_timed; i++) {
		struct compare_timed *timed = &clock->timed[i];

		if (timed->rule != rule || (words && !was_asked(timed, words)) || (timed->needs_doubt && !has_doubt) ||
		    (timed->reads_sets && !clock->changes_sets))
			continue;
		timed->n_asked++;
		if (!timed->only_logs)
			clock->read = timed->match;
		else if (strcmp(timed->match, may_drop) == 0)
			clock->may_drop = timed->match;
	}
}

bool compare_clock_ignores(const struct compare_clock *clock, const struct rule_place *rule)
{
	for (size_t i = 0; i < clock->n_ignored; i++)
		if (clock->ignored[i] == rule)
			return true;
	return false;
}

bool compare_clock_ignores_words(const struct compare_clock *clock, uint8_t family, const char *words)
{
	bool is_ignored = false;
	struct text name;

	text_init(&name);
	for (size_t i = 0; i < clock->n_ignored && !is_ignored; i++) {
		text_reset(&name);
		packet_words_print_rule(clock->ignored[i], &name);
		is_ignored = clock->ignored[i]->family == family && strcmp(text_string(&name), words) == 0;
	}
	text_clear(&name);
	return is_ignored;
}
