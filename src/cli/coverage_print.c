/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/coverage_print.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/rule_words.h"
#include "sink/json_parts.h"
#include "sink/json_writer.h"

enum { STATUSES = CTREPLAY_RULE_USELESS + 1, CTSTATES = CTREPLAY_UNTRACKED + 1 };
enum { COUNT_WIDTH = 9, NUMBER_WIDTH = 5 };

static const char *const marks[STATUSES] = {
	[CTREPLAY_RULE_UNMATCHED] = "#####", [CTREPLAY_RULE_UNREACHED] = "=====", [CTREPLAY_RULE_USELESS] = "!!!!!",
};
static const char *const status_names[STATUSES] = {
	[CTREPLAY_RULE_MATCHED] = "matched",
	[CTREPLAY_RULE_UNMATCHED] = "not matched",
	[CTREPLAY_RULE_UNREACHED] = "not reached",
	[CTREPLAY_RULE_USELESS] = "can never match",
};

/* What stands on one line of a file: a loop in a script makes several rules of it. */
struct line_count { size_t n_rules; uint64_t n_packets; enum ctreplay_covering best; };

static size_t count_newlines(const struct ctreplay_source *source)
{
	size_t n = 0;

	for (size_t i = 0; i < source->len; i++)
		n += source->text[i] == '\n';
	return n;
}

/* By line number; the caller frees. */
static struct line_count *count_lines(const struct ctreplay_coverage *coverage, const struct ctreplay_source *source)
{
	size_t n_lines = count_newlines(source) + 1;
	struct line_count *counts = alloc_zeroed(n_lines + 1, sizeof(*counts));

	for (size_t i = 0; i < coverage->n_rules; i++) {
		const struct ctreplay_covered_rule *rule = &coverage->rules[i];
		struct line_count *count;

		if (rule->rule.line > n_lines || strcmp(rule->rule.file, source->name) != 0)
			continue;
		count = &counts[rule->rule.line];
		count->n_packets += rule->n_packets;
		if (count->n_rules++ == 0 || rule->covering < count->best)
			count->best = rule->covering;
	}
	return counts;
}

static void print_count(const struct line_count *count, struct text *out)
{
	if (count->n_rules == 0)
		text_printf(out, "%*s", COUNT_WIDTH, "");
	else if (count->best == CTREPLAY_RULE_MATCHED)
		text_printf(out, "%*" PRIu64, COUNT_WIDTH, count->n_packets);
	else
		text_printf(out, "%*s", COUNT_WIDTH, marks[count->best]);
}

static void print_file(const struct ctreplay_coverage *coverage, const struct ctreplay_source *source, struct text *out)
{
	const char *at = source->text, *end = source->text + source->len;
	struct line_count *counts = count_lines(coverage, source);

	text_printf(out, "%s\n", source->name);
	for (uint32_t number = 1; at < end; number++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t len = newline ? (size_t)(newline - at) : (size_t)(end - at);

		print_count(&counts[number], out);
		text_printf(out, " %*" PRIu32 "  ", NUMBER_WIDTH, number);
		text_append_bytes(out, at, len);
		text_append_char(out, '\n');
		at += len + (newline != NULL);
	}
	text_append_char(out, '\n');
	free(counts);
}

static void print_finding(const struct ctreplay_covered_rule *rule, struct text *out)
{
	rule_words_print_place(&rule->rule, out);
	text_printf(out, ": %s\n    %s\n", rule->finding_text, rule->rule.text);
}

static void print_findings(const struct ctreplay_coverage *coverage, struct text *out)
{
	for (size_t i = 0; i < coverage->n_rules; i++)
		if (coverage->rules[i].finding)
			print_finding(&coverage->rules[i], out);
	for (size_t i = 0; i < coverage->n_chains; i++) {
		const struct ctreplay_covered_chain *chain = &coverage->chains[i];

		if (!chain->policy && !chain->n_references)
			text_printf(out, "%s %s: no rule jumps to this chain\n", chain->table, chain->chain);
		else if (!chain->policy && !chain->n_entered)
			text_printf(out, "%s %s: no packet came to this chain\n", chain->table, chain->chain);
	}
	if (coverage->is_partial)
		text_append(out, "so many rules that not all pairs were compared: more of them may never match\n");
}

static void print_seen(uint64_t packet, size_t capture, size_t n_captures, struct text *out)
{
	text_append_u64(out, packet);
	if (n_captures > 1)
		text_printf(out, " of capture %zu", capture);
}

static void print_rule_fully(const struct ctreplay_coverage *coverage, const struct ctreplay_covered_rule *rule, struct text *out)
{
	const char *separator = "";

	rule_words_print_place(&rule->rule, out);
	text_printf(out, ": %" PRIu64 " of %" PRIu64 " packets, %" PRIu64 " bytes", rule->n_packets, rule->n_tried,
		    rule->n_bytes);
	if (rule->first) {
		text_append(out, "; first packet ");
		print_seen(rule->first, rule->first_capture, coverage->n_captures, out);
		text_append(out, ", last ");
		print_seen(rule->last, rule->last_capture, coverage->n_captures, out);
		text_append(out, "; ");
		text_append_count(out, rule->n_flows, "flow");
		text_append(out, "; ");
	}
	for (unsigned i = 0; i < CTSTATES; i++) {
		if (!rule->n_ctstates[i])
			continue;
		text_printf(out, "%s%s %" PRIu64, separator, ctreplay_ctstate_name((enum ctreplay_ctstate)i), rule->n_ctstates[i]);
		separator = ", ";
	}
	text_printf(out, "\n    %s\n", rule->rule.text);
}

static void count_statuses(const struct ctreplay_coverage *coverage, size_t counts[STATUSES])
{
	memset(counts, 0, STATUSES * sizeof(*counts));
	for (size_t i = 0; i < coverage->n_rules; i++)
		counts[coverage->rules[i].covering]++;
}

void coverage_print_text(const struct ctreplay_coverage *coverage, const struct ctreplay_source *sources, size_t n_sources, bool is_full,
			 struct text *out)
{
	size_t counts[STATUSES];

	for (size_t i = 0; i < n_sources; i++)
		print_file(coverage, &sources[i], out);
	if (is_full) {
		for (size_t i = 0; i < coverage->n_rules; i++)
			print_rule_fully(coverage, &coverage->rules[i], out);
		text_append_char(out, '\n');
	}
	print_findings(coverage, out);
	count_statuses(coverage, counts);
	text_append_count(out, coverage->n_captures, "capture");
	text_append(out, ", ");
	text_append_count(out, coverage->n_packets, "packet");
	text_append(out, "; ");
	text_append_count(out, coverage->n_rules, "rule");
	text_printf(out, ": %zu matched, %zu never matched (%s), %zu never reached (%s)", counts[CTREPLAY_RULE_MATCHED],
		    counts[CTREPLAY_RULE_UNMATCHED], marks[CTREPLAY_RULE_UNMATCHED], counts[CTREPLAY_RULE_UNREACHED], marks[CTREPLAY_RULE_UNREACHED]);
	text_printf(out, ", %zu can never match (%s)\n", counts[CTREPLAY_RULE_USELESS], marks[CTREPLAY_RULE_USELESS]);
}

static void add_packet(struct json_writer *writer, const char *key, uint64_t packet, size_t capture)
{
	if (!packet) {
		json_writer_add_null(writer, key);
		return;
	}
	json_writer_open_object(writer, key);
	json_writer_add_u64(writer, "capture", capture);
	json_writer_add_u64(writer, "packet", packet);
	json_writer_close_object(writer);
}

static void add_finding(struct json_writer *writer, const struct ctreplay_covered_rule *rule)
{
	static const char *const names[] = {
		[CTREPLAY_SHADOWED] = "shadowed", [CTREPLAY_IMPOSSIBLE] = "impossible", [CTREPLAY_REDUNDANT] = "redundant",
	};

	if (rule->finding == CTREPLAY_NO_FINDING) {
		json_writer_add_null(writer, "finding");
		return;
	}
	json_writer_open_object(writer, "finding");
	json_writer_add_string(writer, "name", names[rule->finding]);
	json_writer_open_array(writer, "by");
	for (size_t i = 0; i < rule->n_by; i++)
		rule_words_add_json(writer, NULL, &rule->by[i]);
	json_writer_close_array(writer);
	json_writer_close_object(writer);
}

static void print_rule_json(const struct ctreplay_covered_rule *rule, struct text *out)
{
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_writer_open_object(&writer, NULL);
	json_writer_add_string(&writer, "kind", "rule");
	json_writer_add_string(&writer, "family", json_parts_family(rule->rule.family));
	rule_words_add_json(&writer, "rule", &rule->rule);
	json_writer_add_string(&writer, "status", status_names[rule->covering]);
	json_writer_add_bool(&writer, "simulated", rule->is_simulated);
	json_writer_add_u64(&writer, "tried", rule->n_tried);
	json_writer_add_u64(&writer, "packets", rule->n_packets);
	json_writer_add_u64(&writer, "bytes", rule->n_bytes);
	json_writer_add_u64(&writer, "flows", rule->n_flows);
	json_writer_open_object(&writer, "ctstates");
	for (unsigned i = CTREPLAY_INVALID; i < CTSTATES; i++)
		json_writer_add_u64(&writer, ctreplay_ctstate_name((enum ctreplay_ctstate)i), rule->n_ctstates[i]);
	json_writer_close_object(&writer);
	add_packet(&writer, "first", rule->first, rule->first_capture);
	add_packet(&writer, "last", rule->last, rule->last_capture);
	add_finding(&writer, rule);
	json_writer_close_object(&writer);
	text_append_char(out, '\n');
}

static void print_chain_json(const struct ctreplay_covered_chain *chain, struct text *out)
{
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_writer_open_object(&writer, NULL);
	json_writer_add_string(&writer, "kind", "chain");
	json_writer_add_string(&writer, "family", json_parts_family(chain->family));
	json_writer_add_string(&writer, "table", chain->table);
	json_writer_add_string(&writer, "chain", chain->chain);
	json_writer_add_string(&writer, "policy", chain->policy);
	json_writer_add_u64(&writer, "references", chain->n_references);
	json_writer_add_u64(&writer, "entered", chain->n_entered);
	json_writer_add_u64(&writer, "packets", chain->n_packets);
	json_writer_add_u64(&writer, "bytes", chain->n_bytes);
	json_writer_close_object(&writer);
	text_append_char(out, '\n');
}

void coverage_print_json(const struct ctreplay_coverage *coverage, struct text *out)
{
	size_t counts[STATUSES];
	struct json_writer writer;

	for (size_t i = 0; i < coverage->n_rules; i++)
		print_rule_json(&coverage->rules[i], out);
	for (size_t i = 0; i < coverage->n_chains; i++)
		print_chain_json(&coverage->chains[i], out);
	count_statuses(coverage, counts);
	json_writer_init(&writer, out);
	json_writer_open_object(&writer, NULL);
	json_writer_add_string(&writer, "kind", "summary");
	json_writer_add_u64(&writer, "captures", coverage->n_captures);
	json_writer_add_u64(&writer, "packets", coverage->n_packets);
	json_writer_add_u64(&writer, "rules", coverage->n_rules);
	for (unsigned i = 0; i < STATUSES; i++)
		json_writer_add_u64(&writer, status_names[i], counts[i]);
	json_writer_close_object(&writer);
	text_append_char(out, '\n');
}

/* Chains of which the file has rules; the line is their first rule's. */
static void print_lcov_chains(const struct ctreplay_coverage *coverage, const char *file, struct text *out)
{
	for (size_t i = 0; i < coverage->n_chains; i++) {
		const struct ctreplay_covered_chain *chain = &coverage->chains[i];

		for (size_t k = 0; k < coverage->n_rules; k++) {
			const struct ctreplay_rule *place = &coverage->rules[k].rule;

			if (strcmp(place->chain, chain->chain) != 0 || strcmp(place->table, chain->table) != 0 ||
			    place->family != chain->family || strcmp(place->file, file) != 0)
				continue;
			text_printf(out, "FN:%" PRIu32 ",%s %s\nFNDA:%" PRIu64 ",%s %s\n", place->line, chain->table, chain->chain,
				    chain->n_entered, chain->table, chain->chain);
			break;
		}
	}
}

static void print_lcov_rule(const struct ctreplay_covered_rule *rule, size_t number, struct text *out)
{
	uint32_t line = rule->rule.line;

	text_printf(out, "BRDA:%" PRIu32 ",%zu,0,", line, number);
	if (rule->n_tried)
		text_printf(out, "%" PRIu64 "\nBRDA:%" PRIu32 ",%zu,1,%" PRIu64 "\n", rule->n_packets, line, number,
			    rule->n_tried - rule->n_packets);
	else
		text_printf(out, "-\nBRDA:%" PRIu32 ",%zu,1,-\n", line, number);
	text_printf(out, "DA:%" PRIu32 ",%" PRIu64 "\n", line, rule->n_packets);
}

void coverage_print_lcov(const struct ctreplay_coverage *coverage, const struct ctreplay_source *sources, size_t n_sources, struct text *out)
{
	for (size_t i = 0; i < n_sources; i++) {
		const char *file = sources[i].name;

		text_printf(out, "TN:\nSF:%s\n", file);
		print_lcov_chains(coverage, file, out);
		for (size_t k = 0; k < coverage->n_rules; k++)
			if (strcmp(coverage->rules[k].rule.file, file) == 0)
				print_lcov_rule(&coverage->rules[k], k, out);
		text_append(out, "end_of_record\n");
	}
}
