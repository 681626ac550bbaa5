/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -j NFQUEUE: a program decides. Linux 6.18, xt_NFQUEUE.c: nfqueue_tg_v3(); nf_queue(). Nobody listens in a replay: the
 * packet is lost; or, when --queue-bypass says so, nf_hook_slow() goes on behind this table, as if it had been accepted here.
 */
#include <string.h>

#include "rules/options.h"

enum { QUEUE_NUM, QUEUE_BALANCE, QUEUE_BYPASS, QUEUE_CPU_FANOUT };

struct nfqueue_config {
	struct option_marks marks;
	uint32_t first, last;
};

static bool parse_number(void *config, const struct argument *values, const struct extension_place *place,
			 struct diagnostics *diagnostics)
{
	struct nfqueue_config *nfqueue = config;
	const char *at = values->text;
	struct option_word word;

	(void)place;
	options_next_word(values, &at, '\0', &word);
	if (!options_parse_number(&word, 0, UINT16_MAX, &nfqueue->first, diagnostics))
		return false;
	nfqueue->last = nfqueue->first;
	return true;
}

static bool parse_balance(void *config, const struct argument *values, const struct extension_place *place,
			  struct diagnostics *diagnostics)
{
	struct nfqueue_config *nfqueue = config;
	const char *at = values->text;
	struct option_word word;

	(void)place;
	options_next_word(values, &at, ':', &word);
	if (!at) {
		diag_error(diagnostics, values->where, "FIRST:LAST", "\"%s\" is not a range of queues", values->text);
		return false;
	}
	if (!options_parse_number(&word, 0, UINT16_MAX, &nfqueue->first, diagnostics))
		return false;
	options_next_word(values, &at, '\0', &word);
	if (!options_parse_number(&word, 0, UINT16_MAX, &nfqueue->last, diagnostics))
		return false;
	if (nfqueue->first < nfqueue->last)
		return true;
	diag_error(diagnostics, values->where, "the smaller one comes first, and they differ", "the range %s is not one", values->text);
	return false;
}

static const struct option_spec options[] = {
	{ .name = "queue-num", .kind = OPTION_CUSTOM, .n_values = 1, .mark = QUEUE_NUM, .excludes = 1 << QUEUE_BALANCE,
	  .excluded_names = "--queue-balance", .value_name = "number", .parse = parse_number, .summary = "the queue; 0" },
	{ .name = "queue-balance", .kind = OPTION_CUSTOM, .n_values = 1, .mark = QUEUE_BALANCE, .excludes = 1 << QUEUE_NUM,
	  .excluded_names = "--queue-num", .value_name = "first:last", .parse = parse_balance,
	  .summary = "one of these queues for each connection" },
	{ .name = "queue-bypass", .kind = OPTION_FLAG, .mark = QUEUE_BYPASS,
	  .summary = "without a listener the packet goes on with the next table" },
	{ .name = "queue-cpu-fanout", .kind = OPTION_FLAG, .mark = QUEUE_CPU_FANOUT, .summary = "by processor, not by connection" },
};

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	const struct nfqueue_config *nfqueue = config;
	const struct option_marks *marks = &nfqueue->marks;

	if (nfqueue->last - nfqueue->first == UINT16_MAX) {
		diag_error(diagnostics, place->where, NULL, "at most 65535 queues");
		return false;
	}
	if (!options_is_seen(marks, QUEUE_CPU_FANOUT) || options_is_seen(marks, QUEUE_BALANCE))
		return true;
	diag_error(diagnostics, place->where, NULL, "--queue-cpu-fanout needs --queue-balance");
	return false;
}

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	(void)state;
	(void)subject;
	return options_is_seen(config, QUEUE_BYPASS) ? TARGET_ACCEPT : TARGET_QUEUE;
}

static void print_words(const struct nfqueue_config *nfqueue, const char *dashes, struct text *out)
{
	if (nfqueue->first != nfqueue->last)
		text_printf(out, " %squeue-balance %u:%u", dashes, nfqueue->first, nfqueue->last);
	else
		text_printf(out, " %squeue-num %u", dashes, nfqueue->first);
	if (options_is_seen(&nfqueue->marks, QUEUE_BYPASS))
		text_printf(out, " %squeue-bypass", dashes);
	if (options_is_seen(&nfqueue->marks, QUEUE_CPU_FANOUT))
		text_printf(out, " %squeue-cpu-fanout", dashes);
}

static void print(const void *config, struct text *out)
{
	print_words(config, "--", out);
}

static void list(const void *config, struct text *out)
{
	const struct nfqueue_config *nfqueue = config;

	if (nfqueue->first != nfqueue->last)
		text_printf(out, " NFQUEUE balance %u:%u", nfqueue->first, nfqueue->last);
	else
		text_printf(out, " NFQUEUE num %u", nfqueue->first);
	if (options_is_seen(&nfqueue->marks, QUEUE_BYPASS))
		text_append(out, " bypass");
	if (options_is_seen(&nfqueue->marks, QUEUE_CPU_FANOUT))
		text_append(out, " cpu-fanout");
}

const struct target_type target_nfqueue = {
	.name = "NFQUEUE",
	.summary = "let a program decide",
	.class = EXTENSION_FROM_CONTEXT,
	.basis = "nobody listens",
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct nfqueue_config),
	.check = check,
	.eval = eval,
	.print = print,
	.list = list,
};
