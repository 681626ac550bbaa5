/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m rateest: rates that -j RATEEST measures. Linux 6.18, xt_rateest.c: xt_rateest_mt(). */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "rules/match_parts.h"
#include "rules/rate_estimator.h"

enum { NAME1, NAME2, BPS1, PPS1, BPS2, PPS2, DELTA, LESS, GREATER, EQUAL };

#define COMPARISONS (1 << LESS | 1 << GREATER | 1 << EQUAL)
#define BPS (1 << BPS1 | 1 << BPS2)
#define PPS (1 << PPS1 | 1 << PPS2)

struct rateest_config {
	struct option_marks marks;
	char name1[RATE_ESTIMATOR_NAME_LONGEST + 1], name2[RATE_ESTIMATOR_NAME_LONGEST + 1];
	uint32_t bps1, bps2;		/* bytes a second */
	uint32_t pps1, pps2;
	uint8_t comparison;		/* LESS, GREATER or EQUAL: the last that was given */
};

struct rateest_state {
	struct rate_estimator *estimators[2];	/* borrowed; NULL: there is none of that name */
};

/* iptables 1.8.9, libxt_rateest.c: bits a second for each. */
static const struct rate_suffix { const char *name; double bits; } suffixes[] = {
	{ "bit", 1. }, { "Kibit", 1024. }, { "kbit", 1e3 }, { "Mibit", 1024. * 1024. }, { "mbit", 1e6 },
	{ "Gibit", 1024. * 1024. * 1024. }, { "gbit", 1e9 }, { "Tibit", 1024. * 1024. * 1024. * 1024. }, { "tbit", 1e12 },
	{ "Bps", 8. }, { "KiBps", 8. * 1024. }, { "KBps", 8e3 }, { "MiBps", 8. * 1024. * 1024. }, { "MBps", 8e6 },
	{ "GiBps", 8. * 1024. * 1024. * 1024. }, { "GBps", 8e9 }, { "TiBps", 8. * 1024. * 1024. * 1024. * 1024. },
	{ "TBps", 8e12 },
};

/* What a conversion to 32 bits leaves of a number: iptables 1.8.9 on x86-64, rateest_get_rate(). */
static uint32_t kept_of(double number)
{
	return number < 0x1p63 ? (uint32_t)(uint64_t)number : 0;
}

static bool parse_rate(const struct argument *value, uint32_t *rate, struct diagnostics *diagnostics)
{
	double bits = 1., number;
	char *end;

	if (!value->text)
		return true;
	number = strtod(value->text, &end);
	if (end != value->text && *end) {
		size_t i = 0;

		while (i < sizeof(suffixes) / sizeof(suffixes[0]) && strcasecmp(suffixes[i].name, end) != 0)
			i++;
		if (i == sizeof(suffixes) / sizeof(suffixes[0]))
			end = (char *)value->text;
		else
			bits = suffixes[i].bits;
	}
	number = number * bits / 8.;
	if (end != value->text && !(number < 0.)) {
		*rate = kept_of(number);
		if (!(number <= UINT32_MAX))
			diag_warning(diagnostics, value->where, "at most 34359738360 bits a second",
				     "\"%s\" is more than iptables can keep: %u bytes a second are left of it", value->text, *rate);
		return true;
	}
	diag_error(diagnostics, value->where, "NUMBER of bits a second, or with kbit, mbit, Bps, KBps, MBps, ...",
		   "\"%s\" is not a rate", value->text);
	return false;
}

static bool parse_bps1(void *config, const struct argument *values, const struct extension_place *place,
		       struct diagnostics *diagnostics)
{
	(void)place;
	return parse_rate(values, &((struct rateest_config *)config)->bps1, diagnostics);
}

static bool parse_bps2(void *config, const struct argument *values, const struct extension_place *place,
		       struct diagnostics *diagnostics)
{
	(void)place;
	return parse_rate(values, &((struct rateest_config *)config)->bps2, diagnostics);
}

static bool parse_packets(const struct argument *value, uint32_t *rate, struct diagnostics *diagnostics)
{
	const char *at = value->text;
	struct option_word word;

	if (!at)
		return true;
	options_next_word(value, &at, '\0', &word);
	return options_parse_number(&word, 0, UINT32_MAX, rate, diagnostics);
}

static bool parse_pps1(void *config, const struct argument *values, const struct extension_place *place,
		       struct diagnostics *diagnostics)
{
	(void)place;
	return parse_packets(values, &((struct rateest_config *)config)->pps1, diagnostics);
}

static bool parse_pps2(void *config, const struct argument *values, const struct extension_place *place,
		       struct diagnostics *diagnostics)
{
	(void)place;
	return parse_packets(values, &((struct rateest_config *)config)->pps2, diagnostics);
}

static bool choose_less(void *config, const struct argument *values, const struct extension_place *place,
		 struct diagnostics *diagnostics)
{
	((struct rateest_config *)config)->comparison = LESS;
	(void)values;
	(void)place;
	(void)diagnostics;
	return true;
}

static bool choose_greater(void *config, const struct argument *values, const struct extension_place *place,
		    struct diagnostics *diagnostics)
{
	((struct rateest_config *)config)->comparison = GREATER;
	(void)values;
	(void)place;
	(void)diagnostics;
	return true;
}

static bool choose_equal(void *config, const struct argument *values, const struct extension_place *place,
		  struct diagnostics *diagnostics)
{
	((struct rateest_config *)config)->comparison = EQUAL;
	(void)values;
	(void)place;
	(void)diagnostics;
	return true;
}

#define NAME_OPTION(option, id, field, more, words) \
	{ .name = option, .kind = OPTION_STRING, .flags = OPTION_CUT | (more), .mark = id, .offset = offsetof(struct rateest_config, field), \
	  .max = RATE_ESTIMATOR_NAME_LONGEST, .value_name = "name", .summary = words }
#define RATE_OPTION(option, id, reader, words) \
	{ .name = option, .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_MAY_LACK_VALUE, .mark = id, .value_name = "[rate]", \
	  .parse = reader, .summary = words }
#define COMPARISON(option, id, reader, words) \
	{ .name = option, .kind = OPTION_CUSTOM, .flags = OPTION_INVERTIBLE, .mark = id, .parse = reader, .summary = words }

static const struct option_spec options[] = {
	NAME_OPTION("rateest1", NAME1, name1, OPTION_REQUIRED, "an estimator"),
	{ .name = "rateest", .flags = OPTION_IS_ALIAS, .alias_of = "rateest1" },
	NAME_OPTION("rateest2", NAME2, name2, 0, "compare with this one, not with a rate"),
	RATE_OPTION("rateest-bps1", BPS1, parse_bps1, "bytes a second of the first; with --rateest-delta: what is left to this rate"),
	RATE_OPTION("rateest-pps1", PPS1, parse_pps1, "packets a second of the first"),
	RATE_OPTION("rateest-bps2", BPS2, parse_bps2, "bytes a second to compare with, or of the second"),
	{ .name = "rateest-bps", .flags = OPTION_IS_ALIAS, .alias_of = "rateest-bps2" },
	RATE_OPTION("rateest-pps2", PPS2, parse_pps2, "packets a second to compare with, or of the second"),
	{ .name = "rateest-pps", .flags = OPTION_IS_ALIAS, .alias_of = "rateest-pps2" },
	{ .name = "rateest-delta", .kind = OPTION_FLAG, .mark = DELTA, .summary = "compare what is left to the given rates" },
	COMPARISON("rateest-lt", LESS, choose_less, "less than"),
	COMPARISON("rateest-gt", GREATER, choose_greater, "greater than"),
	COMPARISON("rateest-eq", EQUAL, choose_equal, "equal"),
};

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	return match_parts_need_option(config, BPS | PPS, "rateest needs --rateest-bps or --rateest-pps", place, diagnostics) &&
	       match_parts_need_option(config, COMPARISONS, "rateest needs --rateest-lt, --rateest-gt or --rateest-eq", place,
				       diagnostics);
}

static void attach(const void *config, void *state, struct shared_states *shared)
{
	const struct rateest_config *rateest = config;
	struct rateest_state *block = state;

	block->estimators[0] = rate_estimator_find(shared, rateest->name1);
	block->estimators[1] = options_is_seen(&rateest->marks, NAME2) ? rate_estimator_find(shared, rateest->name2) : NULL;
}

static uint64_t left_to(uint32_t rate, uint64_t measured)
{
	return rate >= measured ? rate - measured : 0;
}

/* What stands on one side of the comparison. */
static struct rate_sample side(const struct rateest_config *rateest, struct rate_estimator *estimator, uint32_t bps, uint32_t pps,
			       const struct subject *subject)
{
	struct rate_sample sample = rate_estimator_read(estimator, subject->now);

	if (!options_is_seen(&rateest->marks, DELTA))
		return sample;
	return (struct rate_sample){ left_to(bps, sample.bytes), left_to(pps, sample.packets) };
}

static bool compares(uint8_t comparison, uint64_t a, uint64_t b)
{
	if (comparison == LESS)
		return a < b;
	return comparison == GREATER ? a > b : a == b;
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct rateest_config *rateest = config;
	const struct option_marks *marks = &rateest->marks;
	struct rateest_state *block = state;
	struct rate_sample first, second = { rateest->bps2, rateest->pps2 };
	bool is_relative = options_is_seen(marks, NAME2), holds = true;

	if (!block->estimators[0] || (is_relative && !block->estimators[1]))
		return MATCH_NO;
	first = side(rateest, block->estimators[0], rateest->bps1, rateest->pps1, subject);
	if (is_relative)
		second = side(rateest, block->estimators[1], rateest->bps2, rateest->pps2, subject);
	if (marks->seen & BPS)
		holds &= compares(rateest->comparison, first.bytes, second.bytes);
	if (marks->seen & PPS)
		holds &= compares(rateest->comparison, first.packets, second.packets);
	return holds != (marks->inverted != 0) ? MATCH_YES : MATCH_NO;
}

/* iptables 1.8.9, rateest_print_rate(). */
static void print_bits(uint32_t bytes, struct text *out)
{
	uint64_t bits = (uint64_t)bytes * 8;

	if (bits >= 1000000000)
		text_printf(out, " %.0fMbit", (double)bits / 1e6);
	else if (bits >= 1000000)
		text_printf(out, " %.0fKbit", (double)bits / 1e3);
	else
		text_printf(out, " %.0fbit", (double)bits);
}

static void print_number(uint32_t number, struct text *out)
{
	text_printf(out, " %u", number);
}

static void print_comparison(const struct rateest_config *rateest, const char *dashes, struct text *out)
{
	const char *word = rateest->comparison == LESS ? "lt" : rateest->comparison == GREATER ? "gt" : "eq";

	text_printf(out, "%s %s%s", rateest->marks.inverted ? " !" : "", dashes, word);
}

static void print_rates(const struct rateest_config *rateest, const char *name, uint32_t first, uint32_t second,
			void (*print_rate)(uint32_t rate, struct text *out), struct text *out)
{
	bool is_delta = options_is_seen(&rateest->marks, DELTA);

	if (is_delta) {
		text_printf(out, " --rateest-%s1", name);
		print_rate(first, out);
	}
	print_comparison(rateest, "--rateest-", out);
	text_printf(out, is_delta ? " --rateest-%s2" : " --rateest-%s", name);
	if (is_delta || !options_is_seen(&rateest->marks, NAME2))
		print_rate(second, out);
}

static void print(const void *config, struct text *out)
{
	const struct rateest_config *rateest = config;
	bool is_relative = options_is_seen(&rateest->marks, NAME2);

	text_append(out, options_is_seen(&rateest->marks, DELTA) ? " --rateest-delta" : "");
	text_printf(out, is_relative ? " --rateest1 %s" : " --rateest %s", rateest->name1);
	if (rateest->marks.seen & BPS)
		print_rates(rateest, "bps", rateest->bps1, rateest->bps2, print_bits, out);
	if (rateest->marks.seen & PPS)
		print_rates(rateest, "pps", rateest->pps1, rateest->pps2, print_number, out);
	if (is_relative)
		text_printf(out, " --rateest2 %s", rateest->name2);
}

static void list_second(const struct rateest_config *rateest, struct text *out)
{
	bool is_delta = options_is_seen(&rateest->marks, DELTA);

	print_comparison(rateest, "", out);
	text_printf(out, " %s", rateest->name2);
	if (rateest->marks.seen & BPS) {
		text_append(out, " bps");
		if (is_delta)
			print_number(rateest->bps2, out);
	}
	if (rateest->marks.seen & PPS) {
		text_append(out, " pps");
		if (is_delta)
			print_number(rateest->pps2, out);
	}
}

static void list(const void *config, struct text *out)
{
	const struct rateest_config *rateest = config;
	const struct option_marks *marks = &rateest->marks;
	bool is_relative = options_is_seen(marks, NAME2), is_delta = options_is_seen(marks, DELTA);

	text_printf(out, " rateest match %s%s", rateest->name1, is_delta ? " delta" : "");
	if (marks->seen & BPS) {
		text_append(out, " bps");
		if (is_delta)
			print_number(rateest->bps1, out);
		if (!is_relative) {
			print_number(rateest->bps2, out);
			print_comparison(rateest, "", out);
		}
	}
	if (marks->seen & PPS) {
		text_append(out, " pps");
		if (is_delta)
			print_number(rateest->pps1, out);
		if (!is_relative) {
			print_comparison(rateest, "", out);
			print_number(rateest->pps2, out);
		}
	}
	if (is_relative)
		list_second(rateest, out);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	(void)subject;
	text_append(out, "rateest");
	print(config, out);
	text_append(out, ": the measured rate says otherwise");
}

const struct match_type match_rateest = {
	.name = "rateest",
	.summary = "rates that RATEEST measured",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct rateest_config),
	.state_size = sizeof(struct rateest_state),
	.check = check,
	.attach = attach,
	.eval = eval,
	.print = print,
	.list = list,
	.explain = explain,
};
