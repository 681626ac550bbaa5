/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -j RATEEST: measure a rate. Linux 6.18, xt_RATEEST.c: xt_rateest_tg(). iptables 1.8.9, libxt_RATEEST.c: what the options mean. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "rules/options.h"
#include "rules/rate_estimator.h"

enum { NAME, INTERVAL, EWMA };

enum { SECOND = 1000000, INTERVALS_MOST = 5, EWMA_MOST = 30 };

struct rateest_config {
	struct option_marks marks;
	char name[RATE_ESTIMATOR_NAME_LONGEST + 1];
	uint32_t interval, constant;		/* microseconds */
	uint32_t interval_log, ewma_log;
};

struct rateest_state {
	struct rate_estimator *estimator;	/* borrowed */
};

static bool is_unit(const char *text, const char *const names[3])
{
	for (unsigned i = 0; i < 3; i++) {
		if (strcasecmp(text, names[i]) == 0)
			return true;
	}
	return false;
}

/* "250ms", "1.5s"; a bare number is microseconds. */
static bool parse_time(const struct argument *value, uint32_t *time, struct diagnostics *diagnostics)
{
	static const char *const seconds[] = { "s", "sec", "secs" }, *const milliseconds[] = { "ms", "msec", "msecs" },
			       *const microseconds[] = { "us", "usec", "usecs" };
	char *end;
	double number = strtod(value->text, &end);

	if (is_unit(end, seconds))
		number *= SECOND;
	else if (is_unit(end, milliseconds))
		number *= SECOND / 1000.;
	else if (*end && !is_unit(end, microseconds))
		end = (char *)value->text;
	if (end != value->text && number >= 0. && number <= UINT32_MAX) {
		*time = (uint32_t)number;
		return true;
	}
	diag_error(diagnostics, value->where, "NUMBER with s, ms or us", "\"%s\" is not a time", value->text);
	return false;
}

static bool parse_interval(void *config, const struct argument *values, const struct extension_place *place,
			   struct diagnostics *diagnostics)
{
	(void)place;
	return parse_time(values, &((struct rateest_config *)config)->interval, diagnostics);
}

static bool parse_constant(void *config, const struct argument *values, const struct extension_place *place,
			   struct diagnostics *diagnostics)
{
	(void)place;
	return parse_time(values, &((struct rateest_config *)config)->constant, diagnostics);
}

static const struct option_spec options[] = {
	{ .name = "rateest-name", .kind = OPTION_STRING, .flags = OPTION_REQUIRED | OPTION_CUT, .mark = NAME,
	  .offset = offsetof(struct rateest_config, name), .max = RATE_ESTIMATOR_NAME_LONGEST, .value_name = "name",
	  .summary = "the estimator; rules of one name share it" },
	{ .name = "rateest-interval", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_REQUIRED, .mark = INTERVAL,
	  .value_name = "time", .parse = parse_interval, .summary = "between two measurements: 250 ms to 8 s, in powers of two" },
	{ .name = "rateest-ewmalog", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_REQUIRED, .mark = EWMA,
	  .value_name = "time", .parse = parse_constant, .summary = "over which the average is taken" },
};

/* -ln(1 - 2^-n), by its series: no other function of a mathematics library is needed. */
static double negative_log(unsigned n)
{
	double x = 1. / (double)(UINT64_C(1) << n), power = x, sum = 0.;

	for (unsigned i = 1; i <= 60; i++) {
		sum += power / i;
		power *= x;
	}
	return sum;
}

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	struct rateest_config *rateest = config;
	unsigned ewma = 1;

	while (rateest->interval_log <= INTERVALS_MOST && rateest->interval > (SECOND / 4u) << rateest->interval_log)
		rateest->interval_log++;
	if (rateest->interval_log > INTERVALS_MOST) {
		diag_error(diagnostics, place->where, NULL, "--rateest-interval is longer than 8 s");
		return false;
	}
	while (ewma <= EWMA_MOST + 1 && rateest->interval / negative_log(ewma) <= rateest->constant)
		ewma++;
	rateest->ewma_log = ewma - 1;
	if (rateest->ewma_log && rateest->ewma_log <= EWMA_MOST)
		return true;
	diag_error(diagnostics, place->where, NULL, "--rateest-ewmalog is %s for this interval",
		   rateest->ewma_log ? "too long" : "too short");
	return false;
}

static void attach(const void *config, void *state, struct shared_states *shared)
{
	const struct rateest_config *rateest = config;

	((struct rateest_state *)state)->estimator =
		rate_estimator_open(shared, rateest->name, rateest->interval_log, rateest->ewma_log);
}

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	(void)config;
	rate_estimator_count(((struct rateest_state *)state)->estimator, subject->packet->total_len, subject->now);
	return TARGET_CONTINUE;
}

static void print_time(uint32_t time, struct text *out)
{
	if (time >= SECOND)
		text_printf(out, " %.1fs", (double)time / SECOND);
	else if (time >= SECOND / 1000)
		text_printf(out, " %.1fms", (double)time / (SECOND / 1000.));
	else
		text_printf(out, " %uus", time);
}

/* In 32 bits, as iptables computes them. */
static void print_words(const struct rateest_config *rateest, const char *dashes, struct text *out)
{
	uint32_t interval = (uint32_t)((uint32_t)SECOND << rateest->interval_log) / 4;

	text_printf(out, " %sname %s %sinterval", dashes, rateest->name, dashes);
	print_time(interval, out);
	text_printf(out, " %sewmalog", dashes);
	print_time(interval * (UINT32_C(1) << rateest->ewma_log), out);
}

static void print(const void *config, struct text *out)
{
	print_words(config, "--rateest-", out);
}

static void list(const void *config, struct text *out)
{
	print_words(config, "", out);
}

const struct target_type target_rateest = {
	.name = "RATEEST",
	.summary = "measure a rate, for -m rateest; the packet goes on",
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
};
