/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/difference_print.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/rule_words.h"
#include "sink/json_writer.h"

static const char *const side_names[DIFFERENCE_SIDES] = { [SIDE_OLD] = "old", [SIDE_NEW] = "new" };

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* The one thing that matters most of what differs. */
static void print_headline(const struct difference_group *group, struct text *out)
{
	if (group->kinds & CTREPLAY_DIFFERS_VERDICT)
		text_printf(out, "%s becomes %s", ctreplay_verdict_name(group->sides[SIDE_OLD].verdict),
			    ctreplay_verdict_name(group->sides[SIDE_NEW].verdict));
	else if (group->kinds & CTREPLAY_DIFFERS_NAT)
		text_append(out, "it leaves with other addresses");
	else if (group->kinds & CTREPLAY_DIFFERS_ANSWER)
		text_append(out, "it is answered otherwise");
	else if (group->kinds & CTREPLAY_DIFFERS_RULE)
		text_printf(out, "%s still, for another reason", ctreplay_verdict_name(group->sides[SIDE_NEW].verdict));
	else if (group->kinds & CTREPLAY_DIFFERS_CTSTATE)
		text_printf(out, "%s becomes %s", ctreplay_ctstate_name(group->sides[SIDE_OLD].ctstate),
			    ctreplay_ctstate_name(group->sides[SIDE_NEW].ctstate));
	else
		text_append(out, "other log lines");
}

static void print_extra(const char *name, const struct text *words, struct text *out)
{
	text_printf(out, "       %s: %s\n", name, words->len ? text_string(words) : "none");
}

static void print_side(const struct difference_group *group, enum difference_side side, struct text *out)
{
	const struct ctreplay_rule *rule = &group->sides[side].rule;

	text_printf(out, "  %s  %s %s  ", side_names[side], ctreplay_verdict_name(group->sides[side].verdict),
		    ctreplay_ctstate_name(group->sides[side].ctstate));
	if (group->sides[side].has_rule) {
		rule_words_print_place(rule, out);
		text_printf(out, "\n         %s\n", rule->text);
	} else {
		text_printf(out, "%s\n", group->sides[side].reason ? group->sides[side].reason : "nothing but defaults");
	}
	if (group->kinds & CTREPLAY_DIFFERS_NAT)
		print_extra("leaves as", &group->sides[side].sent, out);
	if (group->kinds & CTREPLAY_DIFFERS_ANSWER)
		print_extra("answers", &group->sides[side].answer, out);
	if (group->kinds & CTREPLAY_DIFFERS_LOG)
		print_extra("logs", &group->sides[side].log, out);
}

static void print_group(const struct difference_group *group, struct text *out)
{
	text_printf(out, "%" PRIu64 " flow%s: ", group->n_flows, plural(group->n_flows));
	print_headline(group, out);
	if (group->n_later)
		text_printf(out, "; and then %" PRIu64 " more packet%s of %s", group->n_later, plural(group->n_later),
			    group->n_flows == 1 ? "it" : "them");
	text_append_char(out, '\n');
	print_side(group, SIDE_OLD, out);
	print_side(group, SIDE_NEW, out);
	for (size_t i = 0; i < group->n_examples; i++)
		text_printf(out, "  %s\n", text_string(&group->examples[i]));
	if (group->n_flows > group->n_examples)
		text_printf(out, "  and %" PRIu64 " more flow%s, to packet %" PRIu64 "\n", group->n_flows - group->n_examples,
			    plural(group->n_flows - group->n_examples), group->last);
	text_append_char(out, '\n');
}

/* Verdicts before the rest, then many before few, then as they came. */
static int compare_groups(const void *a, const void *b)
{
	const struct difference_group *one = *(const struct difference_group *const *)a;
	const struct difference_group *two = *(const struct difference_group *const *)b;
	int verdict = (int)(two->kinds & CTREPLAY_DIFFERS_VERDICT) - (int)(one->kinds & CTREPLAY_DIFFERS_VERDICT);

	if (verdict)
		return verdict;
	if (one->n_flows != two->n_flows)
		return one->n_flows > two->n_flows ? -1 : 1;
	return one < two ? -1 : one > two;
}

static const struct difference_group **order(const struct difference *difference)
{
	const struct difference_group **groups = alloc_zeroed(difference->n_groups + 1, sizeof(*groups));

	for (size_t i = 0; i < difference->n_groups; i++)
		groups[i] = &difference->groups[i];
	qsort(groups, difference->n_groups, sizeof(*groups), compare_groups);
	return groups;
}

/* "12 ACCEPT -> DROP, 2 DROP -> ACCEPT" */
static void print_verdicts(const struct difference *difference, struct text *out)
{
	const char *separator = ": ";

	for (unsigned old = 0; old < DIFFERENCE_VERDICTS; old++)
		for (unsigned new = 0; new < DIFFERENCE_VERDICTS; new++) {
			if (!difference->n_verdicts[old][new])
				continue;
			text_printf(out, "%s%" PRIu64 " %s -> %s", separator, difference->n_verdicts[old][new],
				    ctreplay_verdict_name((enum ctreplay_verdict)old), ctreplay_verdict_name((enum ctreplay_verdict)new));
			separator = ", ";
		}
}

static void print_sum(const struct difference *difference, struct text *out)
{
	const char *separator = " (by ", *generated = difference->is_of_generated ? " generated" : "";

	if (!difference->n_different) {
		text_printf(out, "no difference found in %" PRIu64 "%s packet%s and %" PRIu64 " flow%s\n", difference->all.n_packets, generated,
			    plural(difference->all.n_packets), difference->all.n_flows, plural(difference->all.n_flows));
		return;
	}
	text_printf(out, "%" PRIu64 " of %" PRIu64 "%s packets differ, in %" PRIu64 " of %" PRIu64 " flows", difference->n_different,
		    difference->all.n_packets, generated, difference->n_different_flows, difference->all.n_flows);
	for (unsigned i = 0; i < DIFFERENCE_KINDS; i++) {
		if (!difference->n_kinds[i])
			continue;
		text_printf(out, "%s%s: %" PRIu64, separator, difference_kind_name(i), difference->n_kinds[i]);
		separator = ", ";
	}
	text_append(out, ")");
	print_verdicts(difference, out);
	text_append_char(out, '\n');
}

void difference_print_text(const struct difference *difference, size_t n_most, struct text *out)
{
	const struct difference_group **groups = order(difference);

	for (size_t i = 0; i < difference->n_groups && i < n_most; i++)
		print_group(groups[i], out);
	if (difference->n_groups > n_most)
		text_printf(out, "... and %zu more causes; --all shows them\n\n", difference->n_groups - n_most);
	print_sum(difference, out);
	if (difference->all.n_uncertain)
		text_printf(out, "%" PRIu64 " packet%s depend%s on rules that are not simulated\n", difference->all.n_uncertain,
			    plural(difference->all.n_uncertain), difference->all.n_uncertain == 1 ? "s" : "");
	free(groups);
}

static void add_kinds(struct json_writer *writer, uint32_t kinds)
{
	json_writer_open_array(writer, "what");
	for (unsigned i = 0; i < DIFFERENCE_KINDS; i++)
		if (kinds >> i & 1)
			json_writer_add_string(writer, NULL, difference_kind_name(i));
	json_writer_close_array(writer);
}

static void open_line(struct json_writer *writer, struct text *out, const char *kind)
{
	json_writer_init(writer, out);
	json_writer_open_object(writer, NULL);
	json_writer_add_string(writer, "kind", kind);
}

static void close_line(struct json_writer *writer)
{
	json_writer_close_object(writer);
	text_append_char(writer->out, '\n');
}

static void print_group_json(const struct difference_group *group, struct text *out)
{
	struct json_writer writer;

	open_line(&writer, out, "group");
	add_kinds(&writer, group->kinds);
	json_writer_add_u64(&writer, "flows", group->n_flows);
	json_writer_add_u64(&writer, "later", group->n_later);
	json_writer_add_u64(&writer, "first", group->first);
	json_writer_add_u64(&writer, "last", group->last);
	for (unsigned i = 0; i < DIFFERENCE_SIDES; i++) {
		json_writer_open_object(&writer, side_names[i]);
		json_writer_add_string(&writer, "verdict", ctreplay_verdict_name(group->sides[i].verdict));
		json_writer_add_string(&writer, "ctstate", ctreplay_ctstate_name(group->sides[i].ctstate));
		rule_words_add_json(&writer, "decided_by", group->sides[i].has_rule ? &group->sides[i].rule : NULL);
		json_writer_add_string(&writer, "reason", group->sides[i].reason);
		json_writer_close_object(&writer);
	}
	close_line(&writer);
}

void difference_print_json(const struct difference *difference, struct text *out)
{
	const struct difference_group **groups = order(difference);
	struct json_writer writer;

	for (size_t i = 0; i < difference->n_groups; i++)
		print_group_json(groups[i], out);
	free(groups);
	open_line(&writer, out, "summary");
	json_writer_add_bool(&writer, "generated", difference->is_of_generated);
	json_writer_add_u64(&writer, "packets", difference->all.n_packets);
	json_writer_add_u64(&writer, "flows", difference->all.n_flows);
	json_writer_add_u64(&writer, "different", difference->n_different);
	json_writer_add_u64(&writer, "different_flows", difference->n_different_flows);
	json_writer_add_u64(&writer, "uncertain", difference->all.n_uncertain);
	json_writer_open_object(&writer, "what");
	for (unsigned i = 0; i < DIFFERENCE_KINDS; i++)
		json_writer_add_u64(&writer, difference_kind_name(i), difference->n_kinds[i]);
	json_writer_close_object(&writer);
	close_line(&writer);
}

void difference_print_packet_json(const struct difference *difference, const struct ctreplay_difference *told, const struct ctreplay *old,
				  struct text *out)
{
	struct json_writer writer;
	struct text words;

	text_init(&words);
	difference_describe(old, &words);
	open_line(&writer, out, "packet");
	json_writer_add_u64(&writer, "packet", told->number);
	json_writer_add_time(&writer, "time", (struct vtime){ .ns = told->time_ns });
	json_writer_add_string(&writer, "summary", text_string(&words));
	text_clear(&words);
	add_kinds(&writer, told->kinds & difference->wanted);
	for (unsigned i = 0; i < DIFFERENCE_SIDES; i++) {
		const struct ctreplay_outcome *outcome = &told->outcomes[i];

		json_writer_open_object(&writer, side_names[i]);
		json_writer_add_string(&writer, "verdict", ctreplay_verdict_name(outcome->verdict));
		json_writer_add_string(&writer, "ctstate", ctreplay_ctstate_name(outcome->ctstate));
		rule_words_add_json(&writer, "decided_by", outcome->decided_by);
		json_writer_add_string(&writer, "reason", outcome->reason);
		json_writer_add_name(&writer, "sent", outcome->sent);
		json_writer_add_name(&writer, "answer", outcome->answer);
		json_writer_add_name(&writer, "log", outcome->log);
		json_writer_close_object(&writer);
	}
	close_line(&writer);
}
