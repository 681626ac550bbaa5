/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m rt: the IPv6 routing header. Linux 6.18, ip6t_rt.c: rt_mt6(). Lists of addresses are not simulated. */
#include <string.h>

#include "base/cursor.h"
#include "rules/ipv6_headers.h"
#include "rules/match_parts.h"

enum { TYPE, SEGSLEFT, LEN, RESERVED, ADDRESSES, NOT_STRICT };

enum { ADDRESSES_LONGEST = 255, HEADER_LEN = 8 };

struct rt_config {
	struct option_marks marks;
	uint32_t type, len;
	struct number_range segments_left;
	char addresses[ADDRESSES_LONGEST + 1];
};

static const struct option_spec options[] = {
	{ .name = "rt-type", .kind = OPTION_NUMBER, .flags = OPTION_INVERTIBLE, .mark = TYPE,
	  .offset = offsetof(struct rt_config, type), .max = UINT32_MAX, .value_name = "number", .summary = "type of the header" },
	{ .name = "rt-segsleft", .kind = OPTION_NUMBER_RANGE, .flags = OPTION_INVERTIBLE, .mark = SEGSLEFT,
	  .offset = offsetof(struct rt_config, segments_left), .max = UINT32_MAX, .value_name = "number[:number]",
	  .summary = "segments left" },
	{ .name = "rt-len", .kind = OPTION_NUMBER, .flags = OPTION_INVERTIBLE, .mark = LEN,
	  .offset = offsetof(struct rt_config, len), .max = UINT32_MAX, .value_name = "bytes", .summary = "length of the header" },
	{ .name = "rt-0-res", .kind = OPTION_FLAG, .mark = RESERVED, .summary = "of type 0: the reserved field is 0" },
	{ .name = "rt-0-addrs", .kind = OPTION_STRING, .mark = ADDRESSES, .offset = offsetof(struct rt_config, addresses),
	  .max = ADDRESSES_LONGEST, .value_name = "address[,address]", .summary = "of type 0: its addresses (not simulated)" },
	{ .name = "rt-0-not-strict", .kind = OPTION_FLAG, .mark = NOT_STRICT, .summary = "of type 0: others may stand between" },
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

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct rt_config *rt = config;
	const struct packet *packet = subject->packet;
	struct cursor cursor;
	enum match_result found = ipv6_headers_open(packet, IPV6_ROUTING, HEADER_LEN, &cursor);
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
		return MATCH_NO;
	return match_parts_option_holds(&rt->marks, SEGSLEFT, match_parts_is_in_range(&rt->segments_left, segments)) &&
	       match_parts_option_holds(&rt->marks, LEN, len == rt->len) && match_parts_option_holds(&rt->marks, TYPE, type == rt->type) &&
	       match_parts_option_holds(&rt->marks, RESERVED, reserved == 0) ? MATCH_YES : MATCH_NO;
}

static const char *unsimulated(const void *config)
{
	return options_is_seen(config, ADDRESSES) ? "-m rt --rt-0-addrs" : NULL;
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
	if (options_is_seen(marks, ADDRESSES))
		text_printf(out, " 0-addrs %s", rt->addresses);
	if (options_is_seen(marks, NOT_STRICT))
		text_append(out, " 0-not-strict");
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	if (ipv6_headers_explain(subject->packet, IPV6_ROUTING, "routing header", out))
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
	.unsimulated = unsimulated,
};
