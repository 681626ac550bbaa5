/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m iprange: an arbitrary range of addresses. Linux 6.18, xt_iprange.c: iprange_mt4(), iprange_mt6(). */
#include "rules/match_parts.h"

enum { SOURCE, DESTINATION };

struct iprange_config {
	struct option_marks marks;
	struct address_range ranges[2];
};

static const struct option_spec options[] = {
	{ .name = "src-range", .kind = OPTION_ADDRESS_RANGE, .flags = OPTION_INVERTIBLE, .mark = SOURCE, .field = FIELD_SOURCE,
	  .offset = offsetof(struct iprange_config, ranges[SOURCE]), .value_name = "address[-address]",
	  .summary = "the source is in the range, both ends included" },
	{ .name = "dst-range", .kind = OPTION_ADDRESS_RANGE, .flags = OPTION_INVERTIBLE, .mark = DESTINATION, .field = FIELD_DESTINATION,
	  .offset = offsetof(struct iprange_config, ranges[DESTINATION]), .value_name = "address[-address]",
	  .summary = "the destination is in the range, both ends included" },
};

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	return match_parts_need_option(config, UINT32_MAX, "iprange needs --src-range or --dst-range", place, diagnostics);
}

static const struct address *address_of(const struct packet *packet, unsigned side)
{
	return side == SOURCE ? &packet->source : &packet->destination;
}

static bool side_holds(const struct iprange_config *iprange, unsigned side, const struct packet *packet)
{
	const struct address_range *range = &iprange->ranges[side];
	const struct address *address = address_of(packet, side);

	if (!options_is_seen(&iprange->marks, side))
		return true;
	return match_parts_holds(&iprange->marks, side, address_compare(address, &range->first) >= 0 &&
				 address_compare(address, &range->last) <= 0);
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	(void)state;
	return side_holds(config, SOURCE, subject->packet) && side_holds(config, DESTINATION, subject->packet) ?
		MATCH_YES : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	static const char *const titles[] = { " source IP range ", " destination IP range " };
	const struct iprange_config *iprange = config;

	for (unsigned side = SOURCE; side <= DESTINATION; side++) {
		const struct address_range *range = &iprange->ranges[side];

		if (!options_is_seen(&iprange->marks, side))
			continue;
		text_append(out, titles[side]);
		text_append(out, options_is_inverted(&iprange->marks, side) ? "! " : "");
		address_print((enum family)range->family, &range->first, out);
		text_append_char(out, '-');
		address_print((enum family)range->family, &range->last, out);
	}
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	unsigned side = side_holds(config, SOURCE, subject->packet) ? DESTINATION : SOURCE;

	match_parts_explain_option(&options[side], config, out);
	address_print((enum family)subject->packet->family, address_of(subject->packet, side), out);
}

const struct match_type match_iprange = {
	.name = "iprange",
	.summary = "source or destination in a range of addresses",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct iprange_config),
	.check = check,
	.eval = eval,
	.flow_scope = match_parts_settled,
	.list = list,
	.explain = explain,
};
