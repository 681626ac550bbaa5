/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m frag: the IPv6 fragment header. Linux 6.18, ip6t_frag.c: frag_mt6(). What conntrack has put together has none. */
#include "rules/ipv6_headers.h"
#include "rules/match_parts.h"

enum { ID, LEN, RESERVED, FIRST, MORE, LAST };

enum { HEADER_LEN = 8, OFFSET_MASK = 0xfff8, RESERVED_MASK = 6, MORE_BIT = 1 };

struct frag_config {
	struct option_marks marks;
	struct number_range ids;
	uint32_t len;
};

static const struct option_spec options[] = {
	{ .name = "fragid", .kind = OPTION_NUMBER_RANGE, .flags = OPTION_INVERTIBLE | OPTION_OMIT_FULL, .mark = ID,
	  .offset = offsetof(struct frag_config, ids), .max = UINT32_MAX, .value_name = "number[:number]",
	  .summary = "identification" },
	{ .name = "fraglen", .kind = OPTION_NUMBER, .flags = OPTION_INVERTIBLE, .mark = LEN,
	  .offset = offsetof(struct frag_config, len), .max = UINT32_MAX, .value_name = "bytes",
	  .summary = "the kernel does not look at it" },
	{ .name = "fragres", .kind = OPTION_FLAG, .mark = RESERVED, .summary = "the reserved fields are 0" },
	{ .name = "fragfirst", .kind = OPTION_FLAG, .mark = FIRST, .summary = "the first piece" },
	{ .name = "fragmore", .kind = OPTION_FLAG, .mark = MORE, .excludes = 1 << LAST, .excluded_names = "--fraglast",
	  .summary = "more pieces follow" },
	{ .name = "fraglast", .kind = OPTION_FLAG, .mark = LAST, .excludes = 1 << MORE, .excluded_names = "--fragmore",
	  .summary = "the last piece" },
};

static void init(void *config)
{
	((struct frag_config *)config)->ids.last = UINT32_MAX;
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct frag_config *frag = config;
	const struct option_marks *marks = &frag->marks;
	struct cursor cursor;
	enum match_result found = ipv6_headers_open(subject->packet, IPV6_FRAGMENT, HEADER_LEN, subject->profile, &cursor);
	uint8_t reserved;
	uint16_t offset;
	uint32_t id;

	(void)state;
	if (found != MATCH_YES)
		return found;
	cursor_skip(&cursor, 1);
	reserved = cursor_u8(&cursor);
	offset = cursor_u16(&cursor);
	id = cursor_u32(&cursor);
	return match_parts_holds(marks, ID, match_parts_is_in_range(&frag->ids, id)) &&
	       match_parts_option_holds(marks, RESERVED, !reserved && !(offset & RESERVED_MASK)) &&
	       match_parts_option_holds(marks, FIRST, !(offset & OFFSET_MASK)) &&
	       match_parts_option_holds(marks, MORE, (offset & MORE_BIT) != 0) &&
	       match_parts_option_holds(marks, LAST, !(offset & MORE_BIT)) ? MATCH_YES : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	static const char *const words[] = { [RESERVED] = " reserved", [FIRST] = " first", [MORE] = " more", [LAST] = " last" };
	const struct frag_config *frag = config;
	const struct option_marks *marks = &frag->marks;
	bool is_inverted = options_is_inverted(marks, ID);

	text_append(out, " frag ");
	if (frag->ids.first || frag->ids.last != UINT32_MAX || is_inverted) {
		text_printf(out, "id%s:%s", frag->ids.first == frag->ids.last ? "" : "s", is_inverted ? "!" : "");
		match_parts_print_range(&frag->ids, out);
	}
	if (options_is_seen(marks, LEN))
		text_printf(out, " length:%s%u", options_is_inverted(marks, LEN) ? "!" : "", frag->len);
	for (unsigned mark = RESERVED; mark <= LAST; mark++)
		text_append(out, options_is_seen(marks, mark) ? words[mark] : "");
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	if (ipv6_headers_explain(subject, IPV6_FRAGMENT, "fragment header", out))
		return;
	text_append(out, "frag");
	options_print(options, sizeof(options) / sizeof(options[0]), config, out);
	text_append(out, ": the packet's fragment header is another");
}

const struct match_type match_frag = {
	.name = "frag",
	.summary = "IPv6 fragment header",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_IPV6,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct frag_config),
	.init = init,
	.eval = eval,
	.list = list,
	.explain = explain,
};
