/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -m rpfilter: would an answer leave by the interface that the packet came by? Linux 6.18, ipt_rpfilter.c and
 * ip6t_rpfilter.c: rpfilter_mt(). The routes of the simulated host answer.
 */
#include <string.h>

#include "rules/match_parts.h"

enum { LOOSE, VALIDMARK, ACCEPT_LOCAL, INVERT };

struct rpfilter_config {
	struct option_marks marks;
};

static const struct option_spec options[] = {
	{ .name = "loose", .kind = OPTION_FLAG, .mark = LOOSE, .summary = "by any interface" },
	{ .name = "validmark", .kind = OPTION_FLAG, .mark = VALIDMARK, .summary = "the packet's mark may choose the route" },
	{ .name = "accept-local", .kind = OPTION_FLAG, .mark = ACCEPT_LOCAL, .summary = "the host's own addresses pass, too" },
	{ .name = "invert", .kind = OPTION_FLAG, .mark = INVERT, .summary = "match what fails the test" },
};

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	(void)config;
	if (strcmp(place->table, "raw") == 0 || strcmp(place->table, "mangle") == 0)
		return true;
	diag_error(diagnostics, place->where, "allowed in table raw, mangle", "rpfilter cannot be used in table %s", place->table);
	return false;
}

/* DHCP's own packets have no source yet. */
static bool is_exempt(const struct subject *subject)
{
	const struct packet *packet = subject->packet;
	uint32_t destination = address_ipv4(&packet->destination);

	if (strcmp(subject->in, "lo") == 0)
		return true;
	if (packet->family == FAMILY_IPV6)
		return address_is_unspecified(&packet->source);
	return address_ipv4(&packet->source) >> 24 == 0 && (destination == UINT32_MAX || destination >> 8 == 0xe00000);
}

static bool passes(const struct option_marks *marks, const struct subject *subject)
{
	const struct packet *packet = subject->packet;
	const struct surroundings *surroundings = subject->surroundings;
	uint32_t mark = options_is_seen(marks, VALIDMARK) ? subject->mark : 0;

	if (is_exempt(subject))
		return true;
	switch (surroundings->way_back(surroundings, packet, subject->in, mark)) {
	case WAY_BACK_LOCAL:
		return options_is_seen(marks, ACCEPT_LOCAL);
	case WAY_BACK_LOCAL_ELSEWHERE:
		/* IPv6 does not look at the interface then. */
		return options_is_seen(marks, ACCEPT_LOCAL) &&
		       (packet->family == FAMILY_IPV6 || options_is_seen(marks, LOOSE));
	case WAY_BACK_SAME:
		return true;
	case WAY_BACK_OTHER:
		return options_is_seen(marks, LOOSE);
	case WAY_BACK_NONE:
		break;
	}
	return false;
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct option_marks *marks = config;

	(void)state;
	return passes(marks, subject) != options_is_seen(marks, INVERT) ? MATCH_YES : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	text_append(out, " rpfilter");
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (options_is_seen(config, options[i].mark))
			text_printf(out, " %s", options[i].name);
	}
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	const struct packet *packet = subject->packet;

	text_append(out, "rpfilter: ");
	address_print((enum family)packet->family, &packet->source, out);
	text_printf(out, passes(config, subject) ? " is reached by %s, where the packet came from" :
						   " is not reached by %s, where the packet came from", subject->in);
}

const struct match_type match_rpfilter = {
	.name = "rpfilter",
	.summary = "would an answer leave by the same interface",
	.class = EXTENSION_FROM_CONTEXT,
	.basis = "routes of the host",
	.families = EXTENSION_BOTH,
	.hooks = 1 << HOOK_PREROUTING,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct rpfilter_config),
	.check = check,
	.eval = eval,
	.list = list,
	.explain = explain,
};
