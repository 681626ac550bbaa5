/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -m limit: a bucket of credit for each rule. Linux 6.18, xt_limit.c: limit_mt(), limit_mt_check(), user2credits().
 * All of it is 32-bit arithmetic in the kernel, and wraps there.
 */
#include <stdlib.h>
#include <string.h>

#include "rules/match_parts.h"
#include "rules/rate_units.h"

enum { LIMIT, BURST };

enum { SCALE = 10000, DEFAULT_BURST = 5, BURST_MOST = 10000, HOUR = 3600, DAY = 86400 };

struct limit_config {
	struct option_marks marks;
	uint32_t average;		/* between two packets, in seconds / SCALE */
	uint32_t burst;
};

struct limit_state {
	uint32_t credit, cost, cap;
	uint32_t credits_per_jiffy;
	int64_t last;			/* jiffy */
};

/* "3/hour", "3": a number, then nothing or a slash and a unit. iptables ignores what stands between them; that is said. */
static bool parse_rate(void *config, const struct argument *values, const struct extension_place *place,
		       struct diagnostics *diagnostics)
{
	struct limit_config *limit = config;
	const char *slash = strchr(values->text, '/');
	uint32_t seconds = slash ? rate_units_find(slash + 1) : 1, rate;
	char *end;

	(void)place;
	rate = (uint32_t)strtoll(values->text, &end, 10);
	if (!seconds || end == values->text || !rate) {
		diag_error(diagnostics, values->where, "NUMBER/second, /minute, /hour or /day", "\"%s\" is not a rate",
			   values->text);
		return false;
	}
	limit->average = (uint32_t)SCALE * seconds / rate;
	if (!limit->average) {
		diag_error(diagnostics, values->where, "at most 10000/second", "the rate %s is too fast", values->text);
		return false;
	}
	if (*end && end != slash)
		diag_warning(diagnostics, values->where, NULL, "iptables reads \"%s\" as %u for each %u s", values->text,
			     rate, seconds);
	return true;
}

static void print_limit(const void *config, struct text *out)
{
	const struct limit_config *limit = config;

	text_append(out, "--limit ");
	rate_units_print(limit->average, SCALE, out);
}

static const struct option_spec options[] = {
	{ .name = "limit", .kind = OPTION_CUSTOM, .n_values = 1, .mark = LIMIT, .value_name = "number[/unit]",
	  .parse = parse_rate, .print = print_limit,
	  .summary = "average rate; unit second (default), minute, hour or day; 3/hour when not given" },
	{ .name = "limit-burst", .kind = OPTION_NUMBER, .mark = BURST, .offset = offsetof(struct limit_config, burst),
	  .min = 1, .max = BURST_MOST, .value_name = "number", .summary = "matches in a row before the rate counts; 5" },
};

/* Linux 6.18, xt_limit.c, CREDITS_PER_JIFFY: the largest power of two with which a day fits into 32 bits. */
static uint32_t credits_per_jiffy(uint32_t hz)
{
	uint32_t most = UINT32_MAX / (hz * (uint32_t)DAY), credits = 1;

	while (credits * 2 <= most)
		credits *= 2;
	return credits;
}

static uint32_t credits_of(uint32_t average, uint32_t hz)
{
	uint32_t a_second = hz * credits_per_jiffy(hz);

	return average > UINT32_MAX / a_second ? average / SCALE * a_second : average * a_second / SCALE;
}

static void init(void *config)
{
	struct limit_config *limit = config;

	limit->average = (uint32_t)SCALE * HOUR / 3;
	limit->burst = DEFAULT_BURST;
}

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	const struct limit_config *limit = config;

	if (credits_of(limit->average * limit->burst, VTIME_DEFAULT_HZ) >= credits_of(limit->average, VTIME_DEFAULT_HZ))
		return true;
	diag_error(diagnostics, place->where, "take a smaller --limit-burst or a higher --limit",
		   "this burst at so low a rate overflows the kernel's arithmetic");
	return false;
}

static void start(const void *config, void *state, struct vtime now, uint32_t hz)
{
	const struct limit_config *limit = config;
	struct limit_state *bucket = state;

	bucket->credits_per_jiffy = credits_per_jiffy(hz);
	bucket->cost = credits_of(limit->average, hz);
	bucket->cap = credits_of(limit->average * limit->burst, hz);
	bucket->credit = bucket->cap;
	bucket->last = vtime_jiffies(now, hz);
}

static void tell(const struct limit_state *bucket, const struct subject *subject)
{
	struct event_bucket told = {
		.key = "",
		.level = bucket->credit,
		.cost = bucket->cost,
		.cap = bucket->cap,
		.refill = (uint64_t)bucket->credits_per_jiffy * subject->hz,
		.is_paid = bucket->credit >= bucket->cost,
	};

	match_parts_tell_bucket(subject, &told);
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	struct limit_state *bucket = state;
	int64_t now = vtime_jiffies(subject->now, subject->hz);

	(void)config;
	bucket->credit += (uint32_t)((uint64_t)(now - bucket->last) * bucket->credits_per_jiffy);
	bucket->last = now;
	if (bucket->credit > bucket->cap)
		bucket->credit = bucket->cap;
	if (match_parts_wants_bucket(subject))
		tell(bucket, subject);
	if (bucket->credit < bucket->cost)
		return MATCH_NO;
	bucket->credit -= bucket->cost;
	return MATCH_YES;
}

static void print(const void *config, struct text *out)
{
	const struct limit_config *limit = config;

	text_append_char(out, ' ');
	print_limit(config, out);
	if (limit->burst != DEFAULT_BURST)
		text_printf(out, " --limit-burst %u", limit->burst);
}

static void list(const void *config, struct text *out)
{
	const struct limit_config *limit = config;

	text_append(out, " limit: avg ");
	rate_units_print(limit->average, SCALE, out);
	text_printf(out, " burst %u", limit->burst);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	(void)subject;
	print_limit(config, out);
	text_append(out, ": the bucket is empty");
}

const struct match_type match_limit = {
	.name = "limit",
	.summary = "at most so many matches in a time",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct limit_config),
	.state_size = sizeof(struct limit_state),
	.init = init,
	.check = check,
	.start = start,
	.eval = eval,
	.print = print,
	.list = list,
	.explain = explain,
};
