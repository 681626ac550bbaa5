/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/coverage_print.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "event/words.h"
#include "replay/findings.h"
#include "sink/json_parts.h"
#include "sink/json_writer.h"
#include "sink/packet_words.h"

enum { COUNT_WIDTH = 9, NUMBER_WIDTH = 5 };

static const char *const marks[COVERAGE_STATUSES] = {
	[COVERAGE_UNMATCHED] = "#####", [COVERAGE_UNREACHED] = "=====", [COVERAGE_USELESS] = "!!!!!",
};
static const char *const status_names[COVERAGE_STATUSES] = {
	[COVERAGE_MATCHED] = "matched",
	[COVERAGE_UNMATCHED] = "not matched",
	[COVERAGE_UNREACHED] = "not reached",
	[COVERAGE_USELESS] = "can never match",
};

/* What stands on one line of a file: a loop in a script makes several rules of it. */
struct line_count { size_t n_rules; uint64_t n_packets; enum coverage_status best; };

static size_t count_newlines(const struct source *source)
{
	size_t n = 0;

	for (size_t i = 0; i < source->len; i++)
		n += source->text[i] == '\n';
	return n;
}

/* By line number; the caller frees. */
static struct line_count *count_lines(const struct coverage *coverage, const struct source *source)
{
	size_t n_lines = count_newlines(source) + 1;
	struct line_count *counts = alloc_zeroed(n_lines + 1, sizeof(*counts));

	for (size_t i = 0; i < coverage->n_rules; i++) {
		const struct coverage_rule *rule = &coverage->rules[i];
		struct line_count *count;

		if (rule->place->line > n_lines || strcmp(rule->place->file, source->name) != 0)
			continue;
		count = &counts[rule->place->line];
		count->n_packets += rule->n_packets;
		if (count->n_rules++ == 0 || coverage_status(rule) < count->best)
			count->best = coverage_status(rule);
	}
	return counts;
}

static void print_count(const struct line_count *count, struct text *out)
{
	if (count->n_rules == 0)
		text_printf(out, "%*s", COUNT_WIDTH, "");
	else if (count->best == COVERAGE_MATCHED)
		text_printf(out, "%*" PRIu64, COUNT_WIDTH, count->n_packets);
	else
		text_printf(out, "%*s", COUNT_WIDTH, marks[count->best]);
}

static void print_file(const struct coverage *coverage, const struct source *source, struct text *out)
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

static void print_finding(const struct coverage_rule *rule, struct text *out)
{
	struct finding finding = { rule->finding->kind, rule->place, rule->finding->by, rule->finding->n_by };

	packet_words_print_place(rule->place, out);
	text_append(out, ": ");
	findings_print(&finding, out);
	text_printf(out, "\n    %s\n", rule->place->text);
}

static void print_findings(const struct coverage *coverage, struct text *out)
{
	for (size_t i = 0; i < coverage->n_rules; i++)
		if (coverage->rules[i].finding)
			print_finding(&coverage->rules[i], out);
	for (size_t i = 0; i < coverage->n_chains; i++) {
		const struct coverage_chain *chain = &coverage->chains[i];

		if (!chain->policy && !chain->n_references)
			text_printf(out, "%s %s: no rule jumps to this chain\n", chain->table, chain->chain);
		else if (!chain->policy && !chain->n_entered)
			text_printf(out, "%s %s: no packet came to this chain\n", chain->table, chain->chain);
	}
	if (coverage->is_partial)
		text_append(out, "so many rules that not all pairs were compared: more of them may never match\n");
}

static void print_seen(const struct coverage_packet *packet, size_t n_captures, struct text *out)
{
	text_append_u64(out, packet->number);
	if (n_captures > 1)
		text_printf(out, " of capture %zu", packet->capture);
}

static void print_rule_fully(const struct coverage *coverage, const struct coverage_rule *rule, struct text *out)
{
	const char *separator = "";

	packet_words_print_place(rule->place, out);
	text_printf(out, ": %" PRIu64 " of %" PRIu64 " packets, %" PRIu64 " bytes", rule->n_packets, rule->n_tried,
		    rule->n_bytes);
	if (rule->first.number) {
		text_append(out, "; first packet ");
		print_seen(&rule->first, coverage->n_captures, out);
		text_append(out, ", last ");
		print_seen(&rule->last, coverage->n_captures, out);
		text_append(out, "; ");
		text_append_count(out, rule->n_flows, "flow");
		text_append(out, "; ");
	}
	for (unsigned i = 0; i < CTSTATE_COUNT; i++) {
		if (!rule->n_ctstates[i])
			continue;
		text_printf(out, "%s%s %" PRIu64, separator, ctstate_name((enum ctstate)i), rule->n_ctstates[i]);
		separator = ", ";
	}
	text_printf(out, "\n    %s\n", rule->place->text);
}

static void count_statuses(const struct coverage *coverage, size_t counts[COVERAGE_STATUSES])
{
	memset(counts, 0, COVERAGE_STATUSES * sizeof(*counts));
	for (size_t i = 0; i < coverage->n_rules; i++)
		counts[coverage_status(&coverage->rules[i])]++;
}

void coverage_print_text(const struct coverage *coverage, const struct rules_files *files, bool is_full, struct text *out)
{
	size_t counts[COVERAGE_STATUSES];

	for (size_t i = 0; i < files->n_files; i++)
		print_file(coverage, &files->files[i].source, out);
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
	text_printf(out, ": %zu matched, %zu never matched (%s), %zu never reached (%s)", counts[COVERAGE_MATCHED],
		    counts[COVERAGE_UNMATCHED], marks[COVERAGE_UNMATCHED], counts[COVERAGE_UNREACHED], marks[COVERAGE_UNREACHED]);
	text_printf(out, ", %zu can never match (%s)\n", counts[COVERAGE_USELESS], marks[COVERAGE_USELESS]);
}

static void add_packet(struct json_writer *writer, const char *key, const struct coverage_packet *packet)
{
	if (!packet->number) {
		json_writer_add_null(writer, key);
		return;
	}
	json_writer_open_object(writer, key);
	json_writer_add_u64(writer, "capture", packet->capture);
	json_writer_add_u64(writer, "packet", packet->number);
	json_writer_close_object(writer);
}

static void add_finding(struct json_writer *writer, const struct coverage_finding *finding)
{
	static const char *const names[] = {
		[FINDING_SHADOWED] = "shadowed", [FINDING_IMPOSSIBLE] = "impossible", [FINDING_REDUNDANT] = "redundant",
	};

	if (!finding) {
		json_writer_add_null(writer, "finding");
		return;
	}
	json_writer_open_object(writer, "finding");
	json_writer_add_string(writer, "name", names[finding->kind]);
	json_writer_open_array(writer, "by");
	for (size_t i = 0; i < finding->n_by; i++)
		json_parts_add_rule(writer, NULL, finding->by[i]);
	json_writer_close_array(writer);
	json_writer_close_object(writer);
}

static void print_rule_json(const struct coverage_rule *rule, struct text *out)
{
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_writer_open_object(&writer, NULL);
	json_writer_add_string(&writer, "kind", "rule");
	json_writer_add_string(&writer, "family", json_parts_family(rule->place->family));
	json_parts_add_rule(&writer, "rule", rule->place);
	json_writer_add_string(&writer, "status", status_names[coverage_status(rule)]);
	json_writer_add_bool(&writer, "simulated", rule->is_simulated);
	json_writer_add_u64(&writer, "tried", rule->n_tried);
	json_writer_add_u64(&writer, "packets", rule->n_packets);
	json_writer_add_u64(&writer, "bytes", rule->n_bytes);
	json_writer_add_u64(&writer, "flows", rule->n_flows);
	json_writer_open_object(&writer, "ctstates");
	for (unsigned i = CTSTATE_INVALID; i < CTSTATE_COUNT; i++)
		json_writer_add_u64(&writer, ctstate_name((enum ctstate)i), rule->n_ctstates[i]);
	json_writer_close_object(&writer);
	add_packet(&writer, "first", &rule->first);
	add_packet(&writer, "last", &rule->last);
	add_finding(&writer, rule->finding);
	json_writer_close_object(&writer);
	text_append_char(out, '\n');
}

static void print_chain_json(const struct coverage_chain *chain, struct text *out)
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

void coverage_print_json(const struct coverage *coverage, struct text *out)
{
	size_t counts[COVERAGE_STATUSES];
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
	for (unsigned i = 0; i < COVERAGE_STATUSES; i++)
		json_writer_add_u64(&writer, status_names[i], counts[i]);
	json_writer_close_object(&writer);
	text_append_char(out, '\n');
}

/* Chains of which the file has rules; the line is their first rule's. */
static void print_lcov_chains(const struct coverage *coverage, const char *file, struct text *out)
{
	for (size_t i = 0; i < coverage->n_chains; i++) {
		const struct coverage_chain *chain = &coverage->chains[i];

		for (size_t k = 0; k < coverage->n_rules; k++) {
			const struct rule_place *place = coverage->rules[k].place;

			if (place->chain != chain->chain || place->table != chain->table || place->family != chain->family ||
			    strcmp(place->file, file) != 0)
				continue;
			text_printf(out, "FN:%" PRIu32 ",%s %s\nFNDA:%" PRIu64 ",%s %s\n", place->line, chain->table, chain->chain,
				    chain->n_entered, chain->table, chain->chain);
			break;
		}
	}
}

static void print_lcov_rule(const struct coverage_rule *rule, size_t number, struct text *out)
{
	uint32_t line = rule->place->line;

	text_printf(out, "BRDA:%" PRIu32 ",%zu,0,", line, number);
	if (rule->n_tried)
		text_printf(out, "%" PRIu64 "\nBRDA:%" PRIu32 ",%zu,1,%" PRIu64 "\n", rule->n_packets, line, number,
			    rule->n_tried - rule->n_packets);
	else
		text_printf(out, "-\nBRDA:%" PRIu32 ",%zu,1,-\n", line, number);
	text_printf(out, "DA:%" PRIu32 ",%" PRIu64 "\n", line, rule->n_packets);
}

void coverage_print_lcov(const struct coverage *coverage, const struct rules_files *files, struct text *out)
{
	for (size_t i = 0; i < files->n_files; i++) {
		const char *file = files->files[i].source.name;

		text_printf(out, "TN:\nSF:%s\n", file);
		print_lcov_chains(coverage, file, out);
		for (size_t k = 0; k < coverage->n_rules; k++)
			if (strcmp(coverage->rules[k].place->file, file) == 0)
				print_lcov_rule(&coverage->rules[k], k, out);
		text_append(out, "end_of_record\n");
	}
}
