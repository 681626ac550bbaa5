/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m rt: the IPv6 routing header. Linux 6.18, ip6t_rt.c: rt_mt6(). */
#include <string.h>

#include "base/cursor.h"
#include "rules/ipv6_headers.h"
#include "rules/match_parts.h"

enum { TYPE, SEGSLEFT, LEN, RESERVED, ADDRESSES, NOT_STRICT };

enum { ADDRESSES_MOST = 16, ADDRESS_LEN = 16, HEADER_LEN = 8 };

struct rt_config {
	struct option_marks marks;
	uint32_t type, len;
	struct number_range segments_left;
	struct address addresses[ADDRESSES_MOST];
	unsigned n_addresses;
};

static bool parse_addresses(void *config, const struct argument *values, const struct extension_place *place,
			    struct diagnostics *diagnostics)
{
	struct rt_config *rt = config;
	const char *at = values->text;

	(void)place;
	while (at) {
		struct option_word word;
		enum family family;

		options_next_word(values, &at, ',', &word);
		if (rt->n_addresses == ADDRESSES_MOST) {
			diag_error(diagnostics, values->where, NULL, "more than %d addresses", ADDRESSES_MOST);
			return false;
		}
		if (!address_parse(word.text, strlen(word.text), &family, &rt->addresses[rt->n_addresses++]) ||
		    family != FAMILY_IPV6) {
			diag_error(diagnostics, word.where, "like fd00::1,fd00::2", "\"%s\" is not an IPv6 address", word.text);
			return false;
		}
	}
	return true;
}

static void print_addresses(const struct rt_config *rt, struct text *out)
{
	for (unsigned i = 0; i < rt->n_addresses; i++) {
		text_append_char(out, i ? ',' : ' ');
		address_print(FAMILY_IPV6, &rt->addresses[i], out);
	}
}

static void print_addresses_option(const void *config, struct text *out)
{
	text_append(out, "--rt-0-addrs");
	print_addresses(config, out);
}

static const struct option_spec options[] = {
	{ .name = "rt-type", .kind = OPTION_NUMBER, .flags = OPTION_INVERTIBLE, .mark = TYPE,
	  .offset = offsetof(struct rt_config, type), .max = UINT32_MAX, .value_name = "number", .summary = "type of the header" },
	{ .name = "rt-segsleft", .kind = OPTION_NUMBER_RANGE, .flags = OPTION_INVERTIBLE | OPTION_OMIT_FULL, .mark = SEGSLEFT,
	  .offset = offsetof(struct rt_config, segments_left), .max = UINT32_MAX, .value_name = "number[:number]",
	  .summary = "segments left" },
	{ .name = "rt-len", .kind = OPTION_NUMBER, .flags = OPTION_INVERTIBLE, .mark = LEN,
	  .offset = offsetof(struct rt_config, len), .max = UINT32_MAX, .value_name = "bytes", .summary = "length of the header" },
	{ .name = "rt-0-res", .kind = OPTION_FLAG, .mark = RESERVED, .needs = 1 << TYPE, .needed_names = "--rt-type 0",
	  .summary = "of type 0: the reserved field is 0" },
	{ .name = "rt-0-addrs", .kind = OPTION_CUSTOM, .n_values = 1, .mark = ADDRESSES, .needs = 1 << TYPE,
	  .needed_names = "--rt-type 0", .value_name = "address[,address]", .parse = parse_addresses, .print = print_addresses_option,
	  .summary = "of type 0: these are its addresses, at most 16" },
	{ .name = "rt-0-not-strict", .kind = OPTION_FLAG, .mark = NOT_STRICT, .needs = 1 << ADDRESSES,
	  .needed_names = "--rt-0-addrs", .summary = "of type 0: others may stand between them" },
};

static void init(void *config)
{
	((struct rt_config *)config)->segments_left.last = UINT32_MAX;
}

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	const struct rt_config *rt = config;
	const struct option_marks *marks = &rt->marks;

	if (!(marks->seen & (1 << RESERVED | 1 << ADDRESSES | 1 << NOT_STRICT)) ||
	    (options_is_seen(marks, TYPE) && !options_is_inverted(marks, TYPE) && rt->type == 0))
		return true;
	diag_error(diagnostics, place->where, "the rule needs --rt-type 0", "--rt-0-res and the like are of type 0");
	return false;
}

/*
 * In their order: all of them, and no others; or with others between, where one that fits is taken as soon as it comes.
 * MATCH_UNKNOWN: that part was not captured.
 */
static enum match_result find_addresses(const struct rt_config *rt, struct cursor *cursor, unsigned n_there)
{
	bool is_strict = !options_is_seen(&rt->marks, NOT_STRICT);
	unsigned n_found = 0;

	if (rt->n_addresses > n_there || (is_strict && rt->n_addresses != n_there))
		return MATCH_NO;
	for (unsigned i = 0; i < n_there && n_found < rt->n_addresses; i++) {
		const uint8_t *bytes = cursor_take(cursor, ADDRESS_LEN);
		struct address address;

		if (!bytes)
			return MATCH_UNKNOWN;
		address = address_from_bytes(FAMILY_IPV6, bytes);
		if (address_is_equal(&address, &rt->addresses[n_found]))
			n_found++;
		else if (is_strict)
			return MATCH_NO;
	}
	return n_found == rt->n_addresses ? MATCH_YES : MATCH_NO;
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct rt_config *rt = config;
	const struct packet *packet = subject->packet;
	struct cursor cursor;
	enum match_result found = ipv6_headers_open(packet, IPV6_ROUTING, HEADER_LEN, subject->profile, &cursor);
	uint32_t len, reserved, offset = (uint32_t)cursor.offset;
	uint8_t type, segments;

	(void)state;
	if (found != MATCH_YES)
		return found;
	cursor_skip(&cursor, 1);
	len = ipv6_headers_len(IPV6_ROUTING, cursor_u8(&cursor));
	type = cursor_u8(&cursor);
	segments = cursor_u8(&cursor);
	reserved = cursor_u32(&cursor);
	if (packet->total_len - offset < len)
		return MATCH_HOTDROP;
	if (!(match_parts_option_holds(&rt->marks, SEGSLEFT, match_parts_is_in_range(&rt->segments_left, segments)) &&
	      match_parts_option_holds(&rt->marks, LEN, len == rt->len) && match_parts_option_holds(&rt->marks, TYPE, type == rt->type) &&
	      match_parts_option_holds(&rt->marks, RESERVED, reserved == 0)))
		return MATCH_NO;
	return rt->n_addresses ? find_addresses(rt, &cursor, (len - HEADER_LEN) / ADDRESS_LEN) : MATCH_YES;
}

static void list(const void *config, struct text *out)
{
	const struct rt_config *rt = config;
	const struct option_marks *marks = &rt->marks;

	text_append(out, " rt");
	if (options_is_seen(marks, TYPE))
		text_printf(out, " type:%s%u", options_is_inverted(marks, TYPE) ? "!" : "", rt->type);
	if (options_is_seen(marks, SEGSLEFT) && (rt->segments_left.first || rt->segments_left.last != UINT32_MAX)) {
		bool is_one = rt->segments_left.first == rt->segments_left.last;

		text_printf(out, " segsleft%s:%s", is_one ? "" : "s", options_is_inverted(marks, SEGSLEFT) ? "!" : "");
		match_parts_print_range(&rt->segments_left, out);
	}
	if (options_is_seen(marks, LEN))
		text_printf(out, " length:%s%u", options_is_inverted(marks, LEN) ? "!" : "", rt->len);
	if (options_is_seen(marks, RESERVED))
		text_append(out, " reserved");
	if (options_is_seen(marks, ADDRESSES)) {
		text_append(out, " 0-addrs");
		print_addresses(rt, out);
	}
	if (options_is_seen(marks, NOT_STRICT))
		text_append(out, " 0-not-strict");
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	if (ipv6_headers_explain(subject, IPV6_ROUTING, "routing header", out))
		return;
	text_append(out, "rt");
	options_print(options, sizeof(options) / sizeof(options[0]), config, out);
	text_append(out, ": the packet's routing header is another");
}

const struct match_type match_rt = {
	.name = "rt",
	.summary = "IPv6 routing header",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_IPV6,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct rt_config),
	.init = init,
	.check = check,
	.eval = eval,
	.list = list,
	.explain = explain,
};
