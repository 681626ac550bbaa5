/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/compare.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/compare_report.h"
#include "packet/summary.h"
#include "sink/entry_print.h"
#include "sink/packet_words.h"
#include "sink/time_print.h"

enum { DEFAULT_MOST = 20, MICROSECONDS = 6 };

/* Matches whose answer depends on more than the packet and its entry. */
static const struct {
	const char *words, *match;
	/* SETS: on the clock, where a set has timeouts; MEMORY: on packets before, so that it is in doubt when they are. */
	enum { CLOCK, SETS, CHANCE, MEMORY } depends_on;
} clocks[] = {
	{ "-m limit ", "-m limit", CLOCK },
	{ "-m hashlimit ", "-m hashlimit", CLOCK },
	{ "-m recent ", "-m recent", CLOCK },
	{ "-m rateest ", "-m rateest", CLOCK },
	{ "--ctexpire ", "--ctexpire", CLOCK },
	{ "-m time ", "-m time", CHANCE },
	{ "-m set ", "-m set and timeouts", SETS },
	{ "--map-set ", "-j SET and timeouts", SETS },
	{ "-j TEE ", "-j TEE, whose copies look like answers of the host", CHANCE },
	{ "-m statistic --mode random", "-m statistic --mode random", CHANCE },
	{ "-m statistic --mode nth", "-m statistic --mode nth, when packets before could not be compared", MEMORY },
	{ "-m quota ", "-m quota, when packets before could not be compared", MEMORY },
	{ "-m connlimit ", "-m connlimit, when packets before could not be compared", MEMORY },
};

static const char in_doubt[] = "an earlier packet of its flow could not be compared";

void compare_init(struct compare *compare)
{
	memset(compare, 0, sizeof(*compare));
	compare->n_most = DEFAULT_MOST;
	for (int side = 0; side < SIDE_COUNT; side++)
		compare_facts_init(&compare->sides[side]);
	text_init(&compare->report);
}

void compare_clear(struct compare *compare)
{
	for (int side = 0; side < SIDE_COUNT; side++) {
		struct compare_rows *rows = &compare->rows[side];

		compare_facts_clear(&compare->sides[side]);
		free(compare->taints[side].bytes);
		free(compare->taints[side].others);
		for (size_t i = 0; i < rows->n_lines; i++)
			free(rows->lines[i]);
		free(rows->lines);
	}
	free(compare->parted);
	free(compare->timed);
	free(compare->ignored);
	text_clear(&compare->report);
	memset(compare, 0, sizeof(*compare));
}

uint32_t compare_kinds(const struct compare *compare)
{
	return compare_facts_kinds() | EVENT_BIT(EVENT_ENTRY) | EVENT_BIT(EVENT_EXPECTATION_ENTRY) | (compare->n_timed ? EVENT_BIT(EVENT_MISS) : 0);
}

static bool is_tainted(const struct compare *compare, enum compare_side side, uint64_t entry)
{
	const struct compare_taint *taint = &compare->taints[side];

	return entry < taint->n_bytes && taint->bytes[entry];
}

static void reserve(struct compare *compare, enum compare_side side, uint64_t entry)
{
	struct compare_taint *tainted = &compare->taints[side];
	size_t n_bytes;

	if (entry < tainted->n_bytes)
		return;
	n_bytes = alloc_grown_capacity(tainted->n_bytes, entry + 1);
	tainted->bytes = alloc_resize(tainted->bytes, n_bytes, 1);
	tainted->others = alloc_resize(tainted->others, n_bytes, sizeof(*tainted->others));
	memset(tainted->bytes + tainted->n_bytes, 0, n_bytes - tainted->n_bytes);
	memset(tainted->others + tainted->n_bytes, 0, (n_bytes - tainted->n_bytes) * sizeof(*tainted->others));
	tainted->n_bytes = n_bytes;
	compare->sides[side].tainted = tainted->bytes;
	compare->sides[side].n_tainted = n_bytes;
}

/* An entry, and the one that is the same on the other side, where that is known. */
static void taint(struct compare *compare, enum compare_side side, uint64_t entry, uint8_t value)
{
	enum compare_side other_side = side == SIDE_KERNEL ? SIDE_OURS : SIDE_KERNEL;
	uint64_t other;

	if (!entry)
		return;
	reserve(compare, side, entry);
	compare->taints[side].bytes[entry] = value;
	other = compare->taints[side].others[entry];
	if (other)
		compare->taints[other_side].bytes[other] = value;
}

/* Both sides' entries of one packet are the same entry. */
static void link_entries(struct compare *compare)
{
	uint64_t kernel = compare->sides[SIDE_KERNEL].entry, ours = compare->sides[SIDE_OURS].entry;

	if (!kernel || !ours)
		return;
	reserve(compare, SIDE_KERNEL, kernel);
	reserve(compare, SIDE_OURS, ours);
	compare->taints[SIDE_KERNEL].others[kernel] = ours;
	compare->taints[SIDE_OURS].others[ours] = kernel;
}

void compare_take_row(struct compare *compare, enum compare_side side, uint64_t entry, const char *line)
{
	struct compare_rows *rows = &compare->rows[side];

	if (is_tainted(compare, side, entry))
		return;
	if (rows->n_lines == rows->capacity) {
		rows->capacity = alloc_grown_capacity(rows->capacity, rows->n_lines + 1);
		rows->lines = alloc_resize(rows->lines, rows->capacity, sizeof(*rows->lines));
	}
	rows->lines[rows->n_lines++] = alloc_copy(line, strlen(line));
}

static void add_row(struct compare *compare, enum compare_side side, const struct event *event)
{
	struct text line;

	text_init(&line);
	compare_facts_print_entry(&event->entry.entry, event->time, &line);
	compare_take_row(compare, side, event->entry.entry.id, text_string(&line));
	text_clear(&line);
}

static void add_waiting(struct compare *compare, enum compare_side side, const struct expectation_view *expectation)
{
	struct text line;

	text_init(&line);
	text_append(&line, "expected ");
	compare_facts_print_expectation(expectation, &line);
	compare_take_row(compare, side, expectation->master_id, text_string(&line));
	text_clear(&line);
}

/*
 * Was the match that reads the clock asked before the rule failed? A rule's matches are tried in the order of its text;
 * `words` begin with the option that failed.
 */
static bool was_asked(const struct compare_timed *timed, const char *words)
{
	const char *text = timed->rule->text, *clock = strstr(text, timed->words), *failed;
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
	return !failed || !clock || failed >= clock;
}

static void note_clock(struct compare *compare, const struct rule_place *rule, const char *words)
{
	for (size_t i = 0; i < compare->n_timed; i++)
		if (compare->timed[i].rule == rule && (!words || was_asked(&compare->timed[i], words))) {
			if (compare->timed[i].needs_doubt && !compare->has_parted)
				continue;
			compare->timed[i].n_asked++;
			if (!compare->timed[i].only_logs)
				compare->clock_read = compare->timed[i].match;
		}
}

static void hear(struct compare *compare, enum compare_side side, const struct event *event)
{
	if (event->kind == EVENT_RULE && side == SIDE_OURS)
		note_clock(compare, event->rule.rule, NULL);
	if (event->kind == EVENT_MISS)
		note_clock(compare, event->miss.rule, event->miss.words);
	else if (event->kind == EVENT_ENTRY)
		add_row(compare, side, event);
	else if (event->kind == EVENT_EXPECTATION_ENTRY)
		add_waiting(compare, side, &event->expectation_entry.expectation);
	else
		compare_facts_add(&compare->sides[side], event);
}

void compare_hear_kernel(void *compare, const struct event *event)
{
	hear(compare, SIDE_KERNEL, event);
}

void compare_hear_ours(void *compare, const struct event *event)
{
	hear(compare, SIDE_OURS, event);
}

/* Targets that let the packet pass on unchanged. */
static bool only_logs(const struct rule_place *rule)
{
	return strcmp(rule->target, "LOG") == 0 || strcmp(rule->target, "NFLOG") == 0 || strcmp(rule->target, "") == 0;
}

static bool is_of_clock(size_t clock)
{
	return clocks[clock].depends_on == CLOCK || clocks[clock].depends_on == SETS;
}

static void add_timed(struct compare *compare, const struct rule_place *rule, size_t clock)
{
	/* Where both clocks are the same, what reads them still remembers the packets before. */
	bool needs_doubt = clocks[clock].depends_on == MEMORY || (is_of_clock(clock) && compare->is_real_time);

	compare->timed = alloc_resize(compare->timed, compare->n_timed + 1, sizeof(*compare->timed));
	compare->timed[compare->n_timed++] = (struct compare_timed){
		.rule = rule, .words = clocks[clock].words, .match = clocks[clock].match, .needs_doubt = needs_doubt,
		.only_logs = only_logs(rule) && !needs_doubt,
	};
	if (!compare->timed[compare->n_timed - 1].only_logs)
		return;
	compare->ignored = alloc_resize(compare->ignored, compare->n_ignored + 1, sizeof(*compare->ignored));
	compare->ignored[compare->n_ignored++] = rule;
	for (int side = 0; side < SIDE_COUNT; side++) {
		compare->sides[side].ignored = compare->ignored;
		compare->sides[side].n_ignored = compare->n_ignored;
	}
}

void compare_hear_rule(void *owner, const struct event *event)
{
	struct compare *compare = owner;
	const struct rule_place *rule = event->counter.rule;

	for (size_t i = 0; event->kind == EVENT_COUNTER && i < sizeof(clocks) / sizeof(clocks[0]); i++) {
		if (!strstr(rule->text, clocks[i].words) || (clocks[i].depends_on == SETS && !compare->has_aging_sets))
			continue;
		add_timed(compare, rule, i);
		return;
	}
}

void compare_begin(struct compare *compare)
{
	compare->clock_read = NULL;
	for (int side = 0; side < SIDE_COUNT; side++)
		compare_facts_reset(&compare->sides[side]);
}

static bool is_between(const struct compare_ends *parted, const struct packet *packet)
{
	const struct address *a = &parted->ends[0], *b = &parted->ends[1];

	return packet->protocol == parted->protocol &&
	       ((address_is_equal(a, &packet->source) && address_is_equal(b, &packet->destination)) ||
		(address_is_equal(b, &packet->source) && address_is_equal(a, &packet->destination)));
}

static bool have_parted(const struct compare *compare, const struct packet *packet)
{
	for (size_t i = 0; i < compare->n_parted; i++)
		if (is_between(&compare->parted[i], packet))
			return true;
	return false;
}

static void note_parted(struct compare *compare, const struct packet *packet)
{
	if (have_parted(compare, packet))
		return;
	compare->parted = alloc_resize(compare->parted, compare->n_parted + 1, sizeof(*compare->parted));
	compare->parted[compare->n_parted++] = (struct compare_ends){
		.ends = { packet->source, packet->destination }, .protocol = packet->protocol,
	};
}

/* Why this packet cannot be compared, or NULL. */
static const char *find_obstacle(const struct compare *compare, const struct packet *packet, const uint64_t *entries,
				 const char *hazard)
{
	if (hazard)
		return hazard;
	if (compare->sides[SIDE_OURS].has_unsimulated)
		return "a rule on the way is not simulated";
	if (compare->clock_read)
		return compare->clock_read;
	if (have_parted(compare, packet))
		return in_doubt;
	if (is_tainted(compare, SIDE_KERNEL, entries[0]) || is_tainted(compare, SIDE_KERNEL, entries[1]) ||
	    is_tainted(compare, SIDE_KERNEL, compare->sides[SIDE_KERNEL].entry) ||
	    is_tainted(compare, SIDE_OURS, compare->sides[SIDE_OURS].entry))
		return in_doubt;
	return NULL;
}

static void count_obstacle(struct compare *compare, const char *obstacle)
{
	size_t i = 0;

	while (i < compare->n_reasons && strcmp(compare->reasons[i].reason, obstacle) != 0)
		i++;
	if (i == sizeof(compare->reasons) / sizeof(compare->reasons[0]))
		i--;
	if (i == compare->n_reasons) {
		compare->reasons[i].reason = obstacle;
		compare->n_reasons++;
	}
	compare->reasons[i].n++;
}

static const char *fact_text(const struct compare *compare, enum compare_side side, enum fact fact)
{
	return text_string(&compare->sides[side].facts[fact]);
}

/* From outside, a fragment that reassembly throws away looks like one that waits. */
static bool is_lost_fragment(const struct compare *compare)
{
	return strcmp(fact_text(compare, SIDE_KERNEL, FACT_VERDICT), verdict_name(VERDICT_HELD)) == 0 &&
	       strcmp(fact_text(compare, SIDE_OURS, FACT_VERDICT), verdict_name(VERDICT_DROP)) == 0 &&
	       strcmp(fact_text(compare, SIDE_OURS, FACT_DECISION), "-") == 0;
}

/* What raw exempts from tracking, and then drops, the kernel never shows to those who ask for its state. */
static bool is_exempt_unseen(const struct compare *compare)
{
	return strcmp(fact_text(compare, SIDE_KERNEL, FACT_CTSTATE), ctstate_name(CTSTATE_NONE)) == 0 &&
	       strcmp(fact_text(compare, SIDE_OURS, FACT_CTSTATE), ctstate_name(CTSTATE_UNTRACKED)) == 0 &&
	       strcmp(fact_text(compare, SIDE_KERNEL, FACT_VERDICT), verdict_name(VERDICT_ACCEPT)) != 0;
}

static bool is_equal(const struct compare *compare, enum fact fact)
{
	if (fact == FACT_CTSTATE && is_exempt_unseen(compare))
		return true;
	if (fact == FACT_VERDICT && is_lost_fragment(compare))
		return true;
	if (fact == FACT_EVENTS && compare->ignores_events)
		return true;
	return strcmp(fact_text(compare, SIDE_KERNEL, fact), fact_text(compare, SIDE_OURS, fact)) == 0;
}

static void write_packet(struct compare *compare, const struct packet *packet)
{
	struct text *out = &compare->report;

	if (!compare->is_json) {
		text_printf(out, "packet %" PRIu64 " at ", packet->number);
		time_print(packet->time, MICROSECONDS, out);
		text_append(out, " s: ");
		summary_print(packet, out);
		text_append_char(out, '\n');
	}
	for (int fact = 0; fact < FACT_COUNT; fact++)
		if (!is_equal(compare, (enum fact)fact))
			compare_report_difference(compare, packet, compare_fact_name((enum fact)fact),
					 fact_text(compare, SIDE_KERNEL, (enum fact)fact),
					 fact_text(compare, SIDE_OURS, (enum fact)fact));
	if (!compare->is_json && (compare->sides[SIDE_KERNEL].story.len || compare->sides[SIDE_OURS].story.len))
		compare_report_print_sides(out, "how it came to that", text_string(&compare->sides[SIDE_KERNEL].story),
			    text_string(&compare->sides[SIDE_OURS].story));
}

/*
 * A packet that could not be compared leaves its flow in doubt. The doubt ends when a later one finds the same entry on
 * both sides: but for TCP and SCTP, whose windows and tags do not show, what shows is all there is.
 */
static void note_doubt(struct compare *compare, const struct packet *packet, bool is_same, bool is_new)
{
	bool has_hidden_state = packet->protocol == PROTOCOL_TCP || packet->protocol == PROTOCOL_SCTP;
	uint8_t value = is_new || !is_same || has_hidden_state;

	for (int side = 0; side < SIDE_COUNT; side++)
		taint(compare, (enum compare_side)side, compare->sides[side].entry, value);
}

bool compare_end(struct compare *compare, const struct packet *packet, const uint64_t *entries, const char *hazard)
{
	const char *obstacle = find_obstacle(compare, packet, entries, hazard);
	bool is_same = true;

	compare->n_packets++;
	link_entries(compare);
	for (int fact = 0; fact < FACT_COUNT && is_same; fact++)
		is_same = is_equal(compare, (enum fact)fact);
	if (!obstacle && !is_same && compare->sides[SIDE_OURS].hangs_on_slots)
		obstacle = "connlimit dropped it here: whether the kernel does depends on how it drew hash slots";
	if (obstacle) {
		compare->has_parted = true;
		if (packet->is_fragment && !is_same)
			note_parted(compare, packet);
		note_doubt(compare, packet, is_same, obstacle != in_doubt);
		compare->n_incomparable++;
		count_obstacle(compare, obstacle);
		if (compare->is_json)
			compare_report_obstacle(compare, packet, obstacle);
		return true;
	}
	if (is_same) {
		compare->n_equal++;
		return true;
	}
	if (compare->n_different++ < compare->n_most)
		write_packet(compare, packet);
	return false;
}

static bool is_ignored(const struct compare *compare, const struct rule_place *rule)
{
	for (size_t i = 0; i < compare->n_ignored; i++)
		if (compare->ignored[i] == rule)
			return true;
	return false;
}

void compare_counter(struct compare *compare, const struct rule_place *rule, const uint64_t kernel[2],
		     const uint64_t ours[2])
{
	struct text what, sides[SIDE_COUNT];
	const uint64_t *const numbers[SIDE_COUNT] = { [SIDE_KERNEL] = kernel, [SIDE_OURS] = ours };

	if (compare->n_incomparable || is_ignored(compare, rule) || memcmp(kernel, ours, 2 * sizeof(*kernel)) == 0)
		return;
	compare->n_other++;
	text_init(&what);
	text_append(&what, "counters of ");
	packet_words_print_place(rule, &what);
	for (int side = 0; side < SIDE_COUNT; side++) {
		text_init(&sides[side]);
		text_printf(&sides[side], "%" PRIu64 " packets, %" PRIu64 " bytes", numbers[side][0], numbers[side][1]);
	}
	compare_report_difference(compare, NULL, text_string(&what), text_string(&sides[SIDE_KERNEL]),
			 text_string(&sides[SIDE_OURS]));
	text_clear(&what);
	text_clear(&sides[SIDE_KERNEL]);
	text_clear(&sides[SIDE_OURS]);
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void compare_tables(struct compare *compare)
{
	struct compare_rows *kernel = &compare->rows[SIDE_KERNEL], *ours = &compare->rows[SIDE_OURS];
	size_t k = 0, o = 0;

	for (int side = 0; side < SIDE_COUNT; side++)
		if (compare->rows[side].n_lines)
			qsort(compare->rows[side].lines, compare->rows[side].n_lines, sizeof(char *), compare_lines);
	while (k < kernel->n_lines || o < ours->n_lines) {
		int order = k == kernel->n_lines ? 1 : o == ours->n_lines ? -1 : strcmp(kernel->lines[k], ours->lines[o]);
		const char *line = order > 0 ? ours->lines[o] : kernel->lines[k];

		k += order <= 0;
		o += order >= 0;
		if (order == 0)
			continue;
		if (compare->n_other++ < compare->n_most)
			compare_report_difference(compare, NULL, "table at the end", order < 0 ? line : "", order > 0 ? line : "");
	}
}

enum compare_result compare_finish(struct compare *compare, const char *kernel)
{
	if (compare->is_json)
		compare_report_counts_as_json(compare, kernel);
	else
		compare_report_counts(compare, kernel);
	if (compare->n_different + compare->n_other)
		return COMPARE_DIFFERENT;
	return compare->n_packets && !compare->n_equal ? COMPARE_NOTHING : COMPARE_ALIKE;
}
