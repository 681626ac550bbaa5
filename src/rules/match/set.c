/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m set: is the packet in an ipset? Linux 6.18, xt_set.c: set_match_v4(). */
#include <inttypes.h>

#include "rules/match_parts.h"
#include "rules/set_reference.h"

enum {
	MATCH_SET, RETURN_NOMATCH, UPDATE_COUNTERS, UPDATE_SUBCOUNTERS,
	PACKETS_EQ, PACKETS_LT, PACKETS_GT, BYTES_EQ, BYTES_LT, BYTES_GT,
};

struct set_config {
	struct option_marks marks;
	struct set_reference set;
};

static bool parse_set(void *config, const struct argument *values, const struct extension_place *place,
		      struct diagnostics *diagnostics)
{
	(void)place;
	return set_reference_parse(&((struct set_config *)config)->set, values, diagnostics);
}

static bool parse_counter(struct ipset_counter_test *test, enum ipset_comparison comparison, const struct argument *value,
			  struct diagnostics *diagnostics)
{
	const char *end;

	test->comparison = comparison;
	if (options_read_number(value->text, &end, &test->value) && !*end)
		return true;
	diag_error(diagnostics, value->where, NULL, "\"%s\" is not a number", value->text);
	return false;
}

#define COUNTER_OPTION(field, ending, comparison_) \
	static bool parse_##field##_##ending(void *config, const struct argument *values, const struct extension_place *place, \
					     struct diagnostics *diagnostics) \
	{ \
		(void)place; \
		return parse_counter(&((struct set_config *)config)->set.query.field, comparison_, values, diagnostics); \
	}

COUNTER_OPTION(packets, eq, IPSET_EQUAL)
COUNTER_OPTION(packets, lt, IPSET_LESS)
COUNTER_OPTION(packets, gt, IPSET_GREATER)
COUNTER_OPTION(bytes, eq, IPSET_EQUAL)
COUNTER_OPTION(bytes, lt, IPSET_LESS)
COUNTER_OPTION(bytes, gt, IPSET_GREATER)

#define PACKETS_MARKS (1u << PACKETS_EQ | 1u << PACKETS_LT | 1u << PACKETS_GT)
#define BYTES_MARKS (1u << BYTES_EQ | 1u << BYTES_LT | 1u << BYTES_GT)
#define COUNTER(name_, flags_, mark_, marks_, excluded_, parse_, summary_) \
	{ .name = name_, .kind = OPTION_CUSTOM, .n_values = 1, .flags = flags_, .mark = mark_, .excludes = (marks_) & ~(1u << (mark_)), \
	  .excluded_names = excluded_, .value_name = "number", .parse = parse_, .summary = summary_ }

static const struct option_spec options[] = {
	{ .name = "match-set", .kind = OPTION_CUSTOM, .n_values = 2, .flags = OPTION_INVERTIBLE | OPTION_REQUIRED, .mark = MATCH_SET,
	  .value_name = "name src|dst[,...]", .parse = parse_set,
	  .summary = "the set, and which end of the packet each part of its elements is" },
	{ .name = "set", .flags = OPTION_IS_ALIAS, .alias_of = "match-set" },
	{ .name = "return-nomatch", .kind = OPTION_FLAG, .flags = OPTION_REPEATABLE, .mark = RETURN_NOMATCH,
	  .summary = "elements marked nomatch match, and no others" },
	{ .name = "update-counters", .kind = OPTION_FLAG, .flags = OPTION_INVERTIBLE | OPTION_REPEATABLE, .mark = UPDATE_COUNTERS,
	  .summary = "the element's counters rise, unless inverted" },
	{ .name = "update-subcounters", .kind = OPTION_FLAG, .flags = OPTION_INVERTIBLE | OPTION_REPEATABLE,
	  .mark = UPDATE_SUBCOUNTERS, .summary = "the same for the sets of a list" },
	COUNTER("packets-eq", OPTION_INVERTIBLE, PACKETS_EQ, PACKETS_MARKS, "--packets-lt or --packets-gt", parse_packets_eq,
		"the element's packets, this one included"),
	COUNTER("packets-lt", 0, PACKETS_LT, PACKETS_MARKS, "--packets-eq or --packets-gt", parse_packets_lt, "fewer packets"),
	COUNTER("packets-gt", 0, PACKETS_GT, PACKETS_MARKS, "--packets-eq or --packets-lt", parse_packets_gt, "more packets"),
	COUNTER("bytes-eq", OPTION_INVERTIBLE, BYTES_EQ, BYTES_MARKS, "--bytes-lt or --bytes-gt", parse_bytes_eq,
		"the element's bytes"),
	COUNTER("bytes-lt", 0, BYTES_LT, BYTES_MARKS, "--bytes-eq or --bytes-gt", parse_bytes_lt, "fewer bytes"),
	COUNTER("bytes-gt", 0, BYTES_GT, BYTES_MARKS, "--bytes-eq or --bytes-lt", parse_bytes_gt, "more bytes"),
};

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	struct set_config *set = config;
	struct ipset_query *query = &set->set.query;

	query->returns_nomatch = options_is_seen(&set->marks, RETURN_NOMATCH);
	query->skips_counters = options_is_inverted(&set->marks, UPDATE_COUNTERS);
	query->skips_member_counters = options_is_inverted(&set->marks, UPDATE_SUBCOUNTERS);
	if (options_is_inverted(&set->marks, PACKETS_EQ))
		query->packets.comparison = IPSET_NOT_EQUAL;
	if (options_is_inverted(&set->marks, BYTES_EQ))
		query->bytes.comparison = IPSET_NOT_EQUAL;
	return set_reference_resolve(&set->set, place, diagnostics);
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct set_config *set = config;

	(void)state;
	return match_parts_holds(&set->marks, MATCH_SET, ipsets_test(subject->sets, &set->set.query, subject, NULL)) ? MATCH_YES :
														       MATCH_NO;
}

static void print_counter(const struct set_config *set, unsigned first_mark, const char *field, uint64_t value, const char *dashes,
			  struct text *out)
{
	static const char *const endings[] = { "eq", "lt", "gt" };

	for (unsigned i = 0; i < 3; i++) {
		if (options_is_seen(&set->marks, first_mark + i))
			text_printf(out, "%s %s%s-%s %" PRIu64, options_is_inverted(&set->marks, first_mark + i) ? " !" : "", dashes,
				    field, endings[i], value);
	}
}

/* iptables-save's form, or with `dashes` empty that of `iptables -L`. */
static void print_all(const struct set_config *set, const char *dashes, struct text *out)
{
	text_printf(out, "%s %smatch-set", options_is_inverted(&set->marks, MATCH_SET) ? " !" : "", dashes);
	set_reference_print(&set->set, out);
	if (options_is_seen(&set->marks, RETURN_NOMATCH))
		text_printf(out, " %sreturn-nomatch", dashes);
	if (options_is_inverted(&set->marks, UPDATE_COUNTERS))
		text_printf(out, " ! %supdate-counters", dashes);
	if (options_is_inverted(&set->marks, UPDATE_SUBCOUNTERS))
		text_printf(out, " ! %supdate-subcounters", dashes);
	print_counter(set, PACKETS_EQ, "packets", set->set.query.packets.value, dashes, out);
	print_counter(set, BYTES_EQ, "bytes", set->set.query.bytes.value, dashes, out);
}

static void print(const void *config, struct text *out)
{
	print_all(config, "--", out);
}

static void list(const void *config, struct text *out)
{
	print_all(config, "", out);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	const struct set_config *set = config;
	bool is_inverted = options_is_inverted(&set->marks, MATCH_SET);

	(void)subject;
	text_printf(out, "%s--match-set", is_inverted ? "! " : "");
	set_reference_print(&set->set, out);
	text_append(out, is_inverted ? ": the packet is in the set" : ": the packet is not in the set");
}

static const char *unsimulated(const void *config)
{
	return set_reference_unsimulated(&((const struct set_config *)config)->set);
}

const struct match_type match_set = {
	.name = "set",
	.summary = "membership in an ipset",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct set_config),
	.check = check,
	.eval = eval,
	.leaves_traces = true,
	.print = print,
	.list = list,
	.explain = explain,
	.unsimulated = unsimulated,
};
