/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -m connbytes: bytes or packets of the connection so far, this packet included. Linux 6.18, xt_connbytes.c:
 * connbytes_mt(). Such a rule switches accounting on.
 */
#include <inttypes.h>

#include "rules/match_parts.h"

enum { CONNBYTES, DIR, MODE };

enum { DIR_ORIGINAL, DIR_REPLY, DIR_BOTH };
enum { MODE_PACKETS, MODE_BYTES, MODE_AVGPKT };

struct connbytes_config {
	struct option_marks marks;
	uint64_t from, to;
	uint32_t direction, mode;
};

static const struct option_name direction_names[] = {
	{ "original", DIR_ORIGINAL }, { "reply", DIR_REPLY }, { "both", DIR_BOTH }, { NULL, 0 },
};
static const struct option_name mode_names[] = {
	{ "packets", MODE_PACKETS }, { "bytes", MODE_BYTES }, { "avgpkt", MODE_AVGPKT }, { NULL, 0 },
};

static bool read_bound(const struct option_word *word, uint64_t *bound, struct diagnostics *diagnostics)
{
	const char *end;

	if (!word->text[0] || (options_read_number(word->text, &end, bound) && !*end))
		return true;
	diag_error(diagnostics, word->where, NULL, "\"%s\" is not a number", word->text);
	return false;
}

static bool parse_range(void *config, const struct argument *values, const struct extension_place *place,
			struct diagnostics *diagnostics)
{
	struct connbytes_config *connbytes = config;
	const char *at = values->text;
	struct option_word word;

	(void)place;
	options_next_word(values, &at, ':', &word);
	if (!read_bound(&word, &connbytes->from, diagnostics))
		return false;
	connbytes->to = UINT64_MAX;
	if (at) {
		options_next_word(values, &at, '\0', &word);
		if (!read_bound(&word, &connbytes->to, diagnostics))
			return false;
	}
	if (connbytes->from <= connbytes->to)
		return true;
	diag_error(diagnostics, values->where, "the smaller one comes first", "the range %s is empty", values->text);
	return false;
}

static void print_range(const void *config, struct text *out)
{
	const struct connbytes_config *connbytes = config;

	text_printf(out, "--connbytes %" PRIu64, connbytes->from);
	if (connbytes->to && connbytes->to != UINT64_MAX)
		text_printf(out, ":%" PRIu64, connbytes->to);
}

static const struct option_spec options[] = {
	{ .name = "connbytes", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_INVERTIBLE | OPTION_REQUIRED,
	  .mark = CONNBYTES, .value_name = "from[:to]", .parse = parse_range, .print = print_range,
	  .summary = "at least from, at most to" },
	{ .name = "connbytes-mode", .kind = OPTION_NAME, .flags = OPTION_REQUIRED | OPTION_NAME_EXACT, .mark = MODE,
	  .offset = offsetof(struct connbytes_config, mode), .names = mode_names, .value_name = "mode",
	  .summary = "packets, bytes, or avgpkt: bytes a packet" },
	{ .name = "connbytes-dir", .kind = OPTION_NAME, .flags = OPTION_REQUIRED | OPTION_NAME_EXACT, .mark = DIR,
	  .offset = offsetof(struct connbytes_config, direction), .names = direction_names, .value_name = "direction",
	  .summary = "original, reply or both" },
};

static uint64_t sum_of(const struct connbytes_config *connbytes, const uint64_t *counts)
{
	return connbytes->direction == DIR_BOTH ? counts[DIRECTION_ORIGINAL] + counts[DIRECTION_REPLY] :
						  counts[connbytes->direction];
}

static uint64_t measure(const struct connbytes_config *connbytes, const struct connection *connection)
{
	const struct connection_measures *measures = connection_measures(connection);
	uint64_t n_packets = sum_of(connbytes, measures->n_packets), n_bytes = sum_of(connbytes, measures->n_bytes);

	if (connbytes->mode == MODE_PACKETS)
		return n_packets;
	if (connbytes->mode == MODE_BYTES)
		return n_bytes;
	return n_packets ? n_bytes / n_packets : 0;
}

static bool has_counters(const struct subject *subject)
{
	const struct connection *connection = subject->tracking->connection;

	return connection && connection->has_counters;
}

/* iptables 1.8.9 inverts a range by turning it round: of one number alone nothing is left of the `!`. */
static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	struct connbytes_config *connbytes = config;

	if (!connbytes->marks.inverted || connbytes->from != connbytes->to)
		return true;
	diag_warning(diagnostics, place->where, "write two ranges: --connbytes :4 and --connbytes 6:, a rule each",
		     "iptables does not invert a range of one number");
	connbytes->marks.inverted = 0;
	return true;
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct connbytes_config *connbytes = config;
	uint64_t value;

	(void)state;
	if (!has_counters(subject))
		return MATCH_NO;
	value = measure(connbytes, subject->tracking->connection);
	return match_parts_holds(&connbytes->marks, CONNBYTES, value >= connbytes->from && value <= connbytes->to) ? MATCH_YES :
														     MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	const struct connbytes_config *connbytes = config;

	text_printf(out, "%s connbytes %" PRIu64, connbytes->marks.inverted ? " !" : "", connbytes->from);
	if (connbytes->to && connbytes->to != UINT64_MAX)
		text_printf(out, ":%" PRIu64, connbytes->to);
	text_printf(out, " connbytes mode %s connbytes direction %s", mode_names[connbytes->mode].name,
		    direction_names[connbytes->direction].name);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	const struct connbytes_config *connbytes = config;

	options_print_option(&options[0], config, out);
	if (has_counters(subject))
		text_printf(out, ": connection has %" PRIu64, measure(connbytes, subject->tracking->connection));
	else
		text_append(out, ": the packet has no entry, or that one has no counters");
}

const struct match_type match_connbytes = {
	.name = "connbytes",
	.summary = "bytes or packets of the connection so far",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct connbytes_config),
	.check = check,
	.eval = eval,
	.list = list,
	.explain = explain,
};
