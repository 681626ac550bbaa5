/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/compare.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/compare_report.h"
#include "packet/fragment.h"
#include "sink/packet_words.h"
#include "sink/time_print.h"

enum { DEFAULT_MOST = 20, MICROSECONDS = 6 };

static const char in_doubt[] = "an earlier packet of its flow could not be compared";

void compare_init(struct compare *compare)
{
	memset(compare, 0, sizeof(*compare));
	compare->n_most = DEFAULT_MOST;
	for (int side = 0; side < SIDE_COUNT; side++)
		account_init(&compare->sides[side]);
	text_init(&compare->report);
	text_init(&compare->listing);
	text_init(&compare->summary);
}

void compare_clear(struct compare *compare)
{
	for (int side = 0; side < SIDE_COUNT; side++) {
		account_clear(&compare->sides[side]);
		account_lines_clear(&compare->rows[side]);
	}
	text_clear(&compare->listing);
	text_clear(&compare->summary);
	compare_clock_clear(&compare->clock);
	compare_doubt_clear(&compare->doubt);
	text_clear(&compare->report);
	memset(compare, 0, sizeof(*compare));
}

uint32_t compare_kinds(void)
{
	return account_kinds() | EVENT_BIT(EVENT_ENTRY) | EVENT_BIT(EVENT_EXPECTATION_ENTRY) | EVENT_BIT(EVENT_SET);
}

/*
 * Not the line that creates a set, whose hash is drawn. An element that ends in time does so on the kernel's clock; where that is waited
 * for it is compared without the seconds that it has left.
 */
void compare_take_set_line(struct compare *compare, enum compare_side side, const char *line)
{
	static const char timeout[] = " timeout ";
	const char *found = strstr(line, timeout);
	struct text row;

	if (strncmp(line, "add ", 4) != 0 || (found && !compare->clock.is_real_time))
		return;
	text_init(&row);
	text_append_bytes(&row, line, found ? (size_t)(found - line) : strlen(line));
	if (found)
		text_append(&row, found + strlen(timeout) + strspn(found + strlen(timeout), "0123456789"));
	account_lines_add(&compare->rows[side], 0, text_string(&row));
	text_clear(&row);
}

void compare_hear_kernel(void *owner, const struct event *event)
{
	struct compare *compare = owner;

	if (event->kind == EVENT_ENTRY || event->kind == EVENT_EXPECTATION_ENTRY)
		account_add_row(&compare->rows[SIDE_KERNEL], event);
	else if (event->kind == EVENT_SET)
		compare_take_set_line(compare, SIDE_KERNEL, event->set.line);
	else
		account_add(&compare->sides[SIDE_KERNEL], event);
}

void compare_begin(struct compare *compare)
{
	compare->clock.read = NULL;
	compare->clock.may_drop = NULL;
	compare->has_unsimulated = compare->hangs_on_socket = compare->hangs_on_slots = false;
	text_reset(&compare->summary);
	for (int side = 0; side < SIDE_COUNT; side++)
		account_reset(&compare->sides[side]);
}

static const char *fact_text(const struct compare *compare, enum compare_side side, enum fact fact)
{
	return text_string(&compare->sides[side].facts[fact]);
}

/* Is the packet about an entry that is in doubt, or has it changed one? */
static bool is_in_doubt(const struct compare *compare)
{
	for (int side = 0; side < SIDE_COUNT; side++) {
		const struct account_ids *touched = &compare->sides[side].touched;

		if (compare_doubt_has(&compare->doubt, (enum compare_side)side, compare->sides[side].entry))
			return true;
		for (size_t i = 0; i < touched->n; i++)
			if (compare_doubt_has(&compare->doubt, (enum compare_side)side, touched->ids[i]))
				return true;
	}
	return false;
}

/* Does it fall on either side though no rule says so? Matches do that. */
static bool is_dropped_without_rule(const struct compare *compare)
{
	for (int side = 0; side < SIDE_COUNT; side++)
		if (strcmp(fact_text(compare, (enum compare_side)side, FACT_VERDICT), verdict_name(VERDICT_DROP)) == 0 &&
		    strcmp(fact_text(compare, (enum compare_side)side, FACT_DECISION), "-") == 0)
			return true;
	return false;
}

/* Why this packet cannot be compared, or NULL. */
static const char *find_obstacle(const struct compare *compare, const struct packet *packet, const char *hazard)
{
	if (hazard)
		return hazard;
	if (compare->has_unsimulated)
		return "a rule on the way is not simulated";
	if (compare->hangs_on_socket)
		return "TPROXY hands it to a socket, and none is opened in the namespace";
	if (compare->clock.read)
		return compare->clock.read;
	if (compare->clock.may_drop && is_dropped_without_rule(compare))
		return compare->clock.may_drop;
	if (compare_doubt_has_parted(&compare->doubt, packet) || is_in_doubt(compare))
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

/* From outside, a fragment that reassembly throws away looks like one that waits. */
static bool is_lost_fragment(const struct compare *compare)
{
	return strcmp(fact_text(compare, SIDE_KERNEL, FACT_VERDICT), verdict_name(VERDICT_HELD)) == 0 &&
	       strcmp(fact_text(compare, SIDE_OURS, FACT_VERDICT), verdict_name(VERDICT_DROP)) == 0 &&
	       strcmp(fact_text(compare, SIDE_OURS, FACT_DECISION), "-") == 0;
}

/*
 * A rule may queue a packet that a match has found malformed meanwhile (Linux 6.18, ipt_do_table(): hotdrop): it is dropped then, as
 * is what waits in a queue where nobody listens. From outside both are the last rule that matched.
 */
static bool is_dropped_at_queue(const struct compare *compare)
{
	const char *queued_by = fact_text(compare, SIDE_KERNEL, FACT_DECISION), *matched = fact_text(compare, SIDE_OURS, FACT_RULES);
	size_t len = strlen(queued_by), matched_len = strlen(matched);

	return strcmp(fact_text(compare, SIDE_KERNEL, FACT_VERDICT), verdict_name(VERDICT_QUEUE)) == 0 &&
	       strcmp(fact_text(compare, SIDE_OURS, FACT_VERDICT), verdict_name(VERDICT_DROP)) == 0 &&
	       strcmp(fact_text(compare, SIDE_OURS, FACT_DECISION), "-") == 0 && matched_len >= len &&
	       strcmp(matched + matched_len - len, queued_by) == 0;
}

/* What raw exempts from tracking, and then drops, the kernel never shows to those who ask for its state. */
static bool is_exempt_unseen(const struct compare *compare)
{
	return strcmp(fact_text(compare, SIDE_KERNEL, FACT_CTSTATE), ctstate_name(CTSTATE_NONE)) == 0 &&
	       strcmp(fact_text(compare, SIDE_OURS, FACT_CTSTATE), ctstate_name(CTSTATE_UNTRACKED)) == 0 &&
	       strcmp(fact_text(compare, SIDE_KERNEL, FACT_VERDICT), verdict_name(VERDICT_ACCEPT)) != 0;
}

/* Not every packet that is INVALID is one that the kernel complains of: then ours alone says why. */
static bool is_silent(const struct compare *compare)
{
	return !*fact_text(compare, SIDE_KERNEL, FACT_COMPLAINT);
}

static bool is_equal(const struct compare *compare, enum fact fact)
{
	if (fact == FACT_COMPLAINT && is_silent(compare))
		return true;
	if (fact == FACT_CTSTATE && is_exempt_unseen(compare))
		return true;
	if (fact == FACT_VERDICT && is_lost_fragment(compare))
		return true;
	if ((fact == FACT_VERDICT || fact == FACT_DECISION) && is_dropped_at_queue(compare))
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
		text_printf(out, " s: %s\n", text_string(&compare->summary));
	}
	for (int fact = 0; fact < FACT_COUNT; fact++)
		if (!is_equal(compare, (enum fact)fact))
			compare_report_difference(compare, packet, account_fact_name((enum fact)fact),
					 fact_text(compare, SIDE_KERNEL, (enum fact)fact),
					 fact_text(compare, SIDE_OURS, (enum fact)fact));
	if (!compare->is_json && (compare->sides[SIDE_KERNEL].story.len || compare->sides[SIDE_OURS].story.len))
		compare_report_print_sides(out, "how it came to that", text_string(&compare->sides[SIDE_KERNEL].story),
			    text_string(&compare->sides[SIDE_OURS].story));
}

static void doubt_all(struct compare *compare, enum compare_side side, const struct account_ids *entries)
{
	for (size_t i = 0; i < entries->n; i++)
		compare_doubt_set(&compare->doubt, side, entries->ids[i], true);
}

/*
 * A packet that could not be compared leaves in doubt what it touched on either side: its entry, others that it ended or changed, those that
 * it may be about, and where expectations became others the entries that these belong to. The doubt about its entry ends when a later
 * one finds the same on both sides: but for TCP and SCTP, whose windows and tags do not show, what shows is all there is, once a packet is
 * accepted, which tells all that has not been told of its entry.
 */
static void note_doubt(struct compare *compare, const struct packet *packet, bool is_same, bool is_new)
{
	bool has_hidden_state = packet->protocol == PROTOCOL_TCP || packet->protocol == PROTOCOL_SCTP ||
				strcmp(fact_text(compare, SIDE_OURS, FACT_VERDICT), verdict_name(VERDICT_ACCEPT)) != 0;
	bool stays = is_new || !is_same || has_hidden_state;

	compare->doubt.has_any = true;
	if (fragment_may_be(packet) && !is_same)
		compare_doubt_part(&compare->doubt, packet);
	for (int i = 0; i < SIDE_COUNT; i++) {
		enum compare_side side = (enum compare_side)i;

		compare_doubt_set(&compare->doubt, side, compare->sides[side].entry, stays);
		if (stays)
			doubt_all(compare, side, &compare->sides[side].touched);
		if (!is_equal(compare, FACT_EXPECTATIONS))
			doubt_all(compare, side, &compare->sides[side].masters);
	}
}

/*
 * Do both sides make an entry, and differ in what NAT made of it alone? An entry that one of them has, because of a packet that could not be
 * compared, may be in the way of a port there.
 */
static bool may_be_in_the_way(const struct compare *compare)
{
	for (int fact = 0; fact < FACT_COUNT; fact++)
		if (fact != FACT_ENTRY && fact != FACT_STATUS && fact != FACT_EVENTS && fact != FACT_SENT && !is_equal(compare, (enum fact)fact))
			return false;
	return strstr(fact_text(compare, SIDE_KERNEL, FACT_EVENTS), "[NEW]") && strstr(fact_text(compare, SIDE_OURS, FACT_EVENTS), "[NEW]") &&
	       compare_doubt_has_lone(&compare->doubt);
}

/* Lines about entries that are in doubt are left out. */
static void join_lines(const struct compare *compare, enum compare_side side, const struct account_lines *lines, struct text *out)
{
	for (size_t i = 0; i < lines->n; i++)
		if (!compare_doubt_has(&compare->doubt, side, lines->lines[i].entry))
			text_printf(out, "%s%s", out->len ? "\n" : "", lines->lines[i].text);
}

static void join_rules(const struct compare *compare, uint8_t family, const struct account_lines *rules, struct text *out)
{
	for (size_t i = 0; i < rules->n; i++)
		if (!compare_clock_ignores_words(&compare->clock, family, rules->lines[i].text))
			text_printf(out, "%s%s", out->len ? ", " : "", rules->lines[i].text);
}

/* What is compared of the lines of both sides. */
static void complete_facts(struct compare *compare, const struct packet *packet)
{
	for (int i = 0; i < SIDE_COUNT; i++) {
		struct account *account = &compare->sides[i];

		join_rules(compare, packet->family, &account->rules, &account->facts[FACT_RULES]);
		join_lines(compare, (enum compare_side)i, &account->events, &account->facts[FACT_EVENTS]);
		join_lines(compare, (enum compare_side)i, &account->expectations, &account->facts[FACT_EXPECTATIONS]);
	}
}

bool compare_end(struct compare *compare, const struct packet *packet, const char *hazard)
{
	const char *obstacle = find_obstacle(compare, packet, hazard);
	bool is_same = true;

	complete_facts(compare, packet);
	compare->n_packets++;
	compare_doubt_link(&compare->doubt, compare->sides[SIDE_KERNEL].entry, compare->sides[SIDE_OURS].entry);
	for (int fact = 0; fact < FACT_COUNT && is_same; fact++)
		is_same = is_equal(compare, (enum fact)fact);
	if (!obstacle && !is_same && compare->hangs_on_slots)
		obstacle = "connlimit dropped it here: whether the kernel does depends on how it drew hash slots";
	if (!obstacle && !is_same && may_be_in_the_way(compare))
		obstacle = "an entry that one side alone has may be in the way of what NAT chose";
	if (obstacle) {
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

/* What the host sends of its own accord meets no rule of these chains. */
static bool is_of_what_arrives(const struct rule_place *rule)
{
	return strcmp(rule->chain, "PREROUTING") == 0 || strcmp(rule->chain, "INPUT") == 0 || strcmp(rule->chain, "FORWARD") == 0;
}

void compare_counter(struct compare *compare, const struct rule_place *rule, const uint64_t kernel[2],
		     const uint64_t ours[2])
{
	struct text what, sides[SIDE_COUNT];
	const uint64_t *const numbers[SIDE_COUNT] = { [SIDE_KERNEL] = kernel, [SIDE_OURS] = ours };

	if (compare->n_incomparable || (compare->has_unheard && !is_of_what_arrives(rule)) || compare_clock_ignores(&compare->clock, rule) || memcmp(kernel, ours, 2 * sizeof(*kernel)) == 0)
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
	const struct account_line *left = a, *right = b;

	return strcmp(left->text, right->text);
}

/* What packets that were not comparable did to sets nobody knows, as with counters. */
static bool is_row_in_doubt(const struct compare *compare, enum compare_side side, const struct account_line *row)
{
	return row->entry ? compare_doubt_has(&compare->doubt, side, row->entry) : compare->doubt.has_any;
}

/* Leaves out what is in doubt, and sorts the rest. */
static void prepare_rows(const struct compare *compare, enum compare_side side, struct account_lines *rows)
{
	size_t n = 0;

	for (size_t i = 0; i < rows->n; i++)
		if (is_row_in_doubt(compare, side, &rows->lines[i]))
			free(rows->lines[i].text);
		else
			rows->lines[n++] = rows->lines[i];
	rows->n = n;
	if (n)
		qsort(rows->lines, n, sizeof(*rows->lines), compare_lines);
}

void compare_end_listing(struct compare *compare)
{
	struct account_lines *kernel = &compare->rows[SIDE_KERNEL], *ours = &compare->rows[SIDE_OURS];
	size_t k = 0, o = 0;

	prepare_rows(compare, SIDE_KERNEL, kernel);
	prepare_rows(compare, SIDE_OURS, ours);
	while (k < kernel->n || o < ours->n) {
		int order = k == kernel->n ? 1 : o == ours->n ? -1 : strcmp(kernel->lines[k].text, ours->lines[o].text);
		const char *line = order > 0 ? ours->lines[o].text : kernel->lines[k].text;

		k += order <= 0;
		o += order >= 0;
		if (order && compare->n_other++ < compare->n_most)
			compare_report_difference(compare, NULL, text_string(&compare->listing), order < 0 ? line : "", order > 0 ? line : "");
	}
	account_lines_reset(kernel);
	account_lines_reset(ours);
}

void compare_begin_listing(struct compare *compare, const char *label)
{
	compare_end_listing(compare);
	text_reset(&compare->listing);
	text_printf(&compare->listing, "table %s", strcmp(label, "end") == 0 ? "at the end" : label);
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
