/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m statistic: every nth packet that reaches the rule, or a random share. Linux 6.18, xt_statistic.c: statistic_mt(). */
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "rules/match_parts.h"

enum { MODE, PROBABILITY, EVERY, PACKET };

enum { MODE_RANDOM, MODE_NTH };

#define WHOLE UINT32_C(0x80000000)

struct statistic_config {
	struct option_marks marks;
	uint32_t mode;
	uint32_t threshold;		/* probability * WHOLE */
	uint32_t every, packet;
};

struct statistic_state {
	struct random random;
	uint32_t count;
};

static const struct option_name mode_names[] = { { "random", MODE_RANDOM }, { "nth", MODE_NTH }, { NULL, 0 } };

static bool parse_probability(void *config, const struct argument *values, const struct extension_place *place,
			      struct diagnostics *diagnostics)
{
	char *end;
	double probability = strtod(values->text, &end);

	(void)place;
	if (*end || end == values->text || !(probability >= 0 && probability <= 1)) {
		diag_error(diagnostics, values->where, NULL, "\"%s\" is not a probability from 0 to 1", values->text);
		return false;
	}
	((struct statistic_config *)config)->threshold = (uint32_t)(WHOLE * probability + 0.5);
	return true;
}

static void print_probability(const void *config, struct text *out)
{
	text_printf(out, "--probability %.11f", ((const struct statistic_config *)config)->threshold / (double)WHOLE);
}

static const struct option_spec options[] = {
	{ .name = "mode", .kind = OPTION_NAME, .flags = OPTION_REQUIRED | OPTION_NAME_EXACT, .mark = MODE,
	  .offset = offsetof(struct statistic_config, mode), .names = mode_names, .value_name = "mode",
	  .summary = "random or nth" },
	{ .name = "probability", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_INVERTIBLE, .mark = PROBABILITY,
	  .excludes = 1 << EVERY | 1 << PACKET, .excluded_names = "--every or --packet", .value_name = "p",
	  .parse = parse_probability, .print = print_probability, .summary = "of random: 0 to 1" },
	{ .name = "every", .kind = OPTION_NUMBER, .flags = OPTION_INVERTIBLE, .mark = EVERY,
	  .offset = offsetof(struct statistic_config, every), .min = 1, .max = UINT32_MAX, .excludes = 1 << PROBABILITY,
	  .excluded_names = "--probability", .value_name = "n", .summary = "of nth: one packet in n" },
	{ .name = "packet", .kind = OPTION_NUMBER, .mark = PACKET, .offset = offsetof(struct statistic_config, packet),
	  .max = UINT32_MAX, .excludes = 1 << PROBABILITY, .excluded_names = "--probability", .value_name = "p",
	  .summary = "of nth: which of them, 0 to n - 1" },
};

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	const struct statistic_config *statistic = config;
	const char *problem = NULL;

	if (statistic->mode == MODE_RANDOM && !options_is_seen(&statistic->marks, PROBABILITY))
		problem = "--mode random needs --probability";
	else if (statistic->mode == MODE_NTH && (!options_is_seen(&statistic->marks, EVERY) ||
						 !options_is_seen(&statistic->marks, PACKET)))
		problem = "--mode nth needs --every and --packet";
	else if (statistic->mode == MODE_NTH && statistic->packet >= statistic->every)
		problem = "--packet must be less than --every";
	if (!problem)
		return true;
	diag_error(diagnostics, place->where, NULL, "%s", problem);
	return false;
}

static void attach(const void *config, void *state, struct shared_states *shared)
{
	const struct statistic_config *statistic = config;
	struct statistic_state *block = state;

	if (statistic->mode == MODE_RANDOM)
		random_init(&block->random, shared_states_seed(shared));
	else
		block->count = statistic->every - 1 - statistic->packet;
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct statistic_config *statistic = config;
	struct statistic_state *block = state;
	bool is_hit;

	(void)subject;
	if (statistic->mode == MODE_RANDOM) {
		is_hit = (random_u64(&block->random) & (WHOLE - 1)) < statistic->threshold;
	} else {
		block->count = block->count == statistic->every - 1 ? 0 : block->count + 1;
		is_hit = block->count == 0;
	}
	return is_hit != (statistic->marks.inverted != 0) ? MATCH_YES : MATCH_NO;
}

/* iptables 1.8.9, print_match(): the same words with and without dashes. */
static void print_words(const struct statistic_config *statistic, const char *dashes, struct text *out)
{
	const char *not = statistic->marks.inverted ? " !" : "";

	if (statistic->mode == MODE_RANDOM) {
		text_printf(out, " %smode random%s %sprobability %.11f", dashes, not, dashes, statistic->threshold / (double)WHOLE);
		return;
	}
	text_printf(out, " %smode nth%s %severy %u", dashes, not, dashes, statistic->every);
	if (statistic->packet || dashes[0])
		text_printf(out, " %spacket %u", dashes, statistic->packet);
}

static void print(const void *config, struct text *out)
{
	print_words(config, "--", out);
}

static void list(const void *config, struct text *out)
{
	text_append(out, " statistic");
	print_words(config, "", out);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	const struct statistic_config *statistic = config;

	(void)subject;
	text_append(out, "statistic");
	print_words(statistic, "", out);
	text_append(out, ": it was not this packet's turn");
}

const struct match_type match_statistic = {
	.name = "statistic",
	.summary = "every nth packet, or a random share",
	.class = EXTENSION_SEEDED,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct statistic_config),
	.state_size = sizeof(struct statistic_state),
	.check = check,
	.attach = attach,
	.eval = eval,
	.print = print,
	.list = list,
	.explain = explain,
};
