/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m mh: the type of an IPv6 mobility header. Linux 6.18, ip6t_mh.c: mh_mt6(). */
#include <string.h>
#include <strings.h>

#include "rules/match_parts.h"

enum { TYPE };

enum { HEADER_LEN = 6 };

struct mh_config {
	struct option_marks marks;
	struct number_range types;
};

static const struct option_name names[] = {
	{ "binding-refresh-request", 0 }, { "brr", 0 }, { "home-test-init", 1 }, { "hoti", 1 }, { "careof-test-init", 2 },
	{ "coti", 2 }, { "home-test", 3 }, { "hot", 3 }, { "careof-test", 4 }, { "cot", 4 }, { "binding-update", 5 },
	{ "bu", 5 }, { "binding-acknowledgement", 6 }, { "ba", 6 }, { "binding-error", 7 }, { "be", 7 }, { NULL, 0 },
};

/* iptables 1.8.9: the first name that begins so, but a whole one comes before; else a number. */
static bool parse_type(const struct option_word *word, uint32_t *type, struct diagnostics *diagnostics)
{
	const struct option_name *found = NULL;
	size_t len = strlen(word->text);
	uint64_t number;
	const char *end;

	for (const struct option_name *name = names; name->name; name++) {
		if (strncasecmp(name->name, word->text, len) == 0 && (!found || strlen(name->name) == len))
			found = name;
	}
	if (found) {
		*type = found->value;
		return true;
	}
	if (options_read_number(word->text, &end, &number) && !*end)
		return options_parse_number(word, 0, UINT8_MAX, type, diagnostics);
	options_report_unknown(word, "mobility header type", names, diagnostics);
	return false;
}

static bool parse_types(void *config, const struct argument *values, const struct extension_place *place,
			struct diagnostics *diagnostics)
{
	struct number_range *types = &((struct mh_config *)config)->types;
	uint32_t bounds[2] = { 0, UINT8_MAX };
	const char *at = values->text;
	struct option_word word;
	unsigned n = 0;

	(void)place;
	for (; at && n < 2; n++) {
		options_next_word(values, &at, n ? '\0' : ':', &word);
		if ((word.text[0] || (!n && !at)) && !parse_type(&word, &bounds[n], diagnostics))
			return false;
	}
	types->first = bounds[0];
	types->last = n == 2 ? bounds[1] : bounds[0];
	if (types->first <= types->last)
		return true;
	diag_error(diagnostics, values->where, "the smaller one comes first", "the range %s is empty", values->text);
	return false;
}

static void print_types(const void *config, struct text *out)
{
	text_append(out, "--mh-type ");
	match_parts_print_range(&((const struct mh_config *)config)->types, out);
}

static const struct option_spec options[] = {
	{ .name = "mh-type", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_INVERTIBLE, .mark = TYPE,
	  .value_name = "type[:type]", .parse = parse_types, .print = print_types, .summary = "number or name" },
};

static void init(void *config)
{
	((struct mh_config *)config)->types.last = UINT8_MAX;
}

/* The type; a header whose payload protocol is not "none" drops the packet. */
static enum match_result read_type(const struct packet *packet, uint8_t *type)
{
	struct cursor cursor;
	enum match_result header = match_parts_open_header(packet, HEADER_LEN, &cursor);

	if (header != MATCH_YES)
		return header;
	if (cursor_u8(&cursor) != PROTOCOL_NO_NEXT)
		return MATCH_HOTDROP;
	cursor_skip(&cursor, 1);
	*type = cursor_u8(&cursor);
	return MATCH_YES;
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct mh_config *mh = config;
	uint8_t type;
	enum match_result result = read_type(subject->packet, &type);

	(void)state;
	if (result != MATCH_YES)
		return result;
	return match_parts_holds(&mh->marks, TYPE, match_parts_is_in_range(&mh->types, type)) ? MATCH_YES : MATCH_NO;
}

static bool is_everything(const struct mh_config *mh)
{
	return mh->types.first == 0 && mh->types.last == UINT8_MAX;
}

/* A range of everything is not printed, even inverted. */
static void print(const void *config, struct text *out)
{
	if (!is_everything(config))
		options_print(options, sizeof(options) / sizeof(options[0]), config, out);
}

static void list(const void *config, struct text *out)
{
	const struct mh_config *mh = config;
	bool is_inverted = options_is_inverted(&mh->marks, TYPE);

	text_append(out, " mh");
	if (is_everything(mh) && !is_inverted)
		return;
	text_append(out, is_inverted ? " !" : " ");
	match_parts_print_range(&mh->types, out);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	uint8_t type;

	if (match_parts_explain_header(subject->packet, HEADER_LEN, out) || read_type(subject->packet, &type) != MATCH_YES)
		return;
	match_parts_explain_option(&options[0], config, out);
	text_append_u64(out, type);
}

static const uint8_t protocols[] = { PROTOCOL_MH, 0 };

const struct match_type match_mh = {
	.name = "mh",
	.summary = "IPv6 mobility header type",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_IPV6,
	.protocols = protocols,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct mh_config),
	.init = init,
	.eval = eval,
	.print = print,
	.list = list,
	.explain = explain,
};
