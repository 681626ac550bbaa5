/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m pkttype: class of the link-layer destination. Linux 6.18, xt_pkttype.c: pkttype_mt(). */
#include "rules/match_parts.h"

enum { TYPE };

struct pkttype_config {
	struct option_marks marks;
	uint32_t wanted;		/* enum packet_class */
};

static const struct option_name type_names[] = {
	{ "unicast", PACKET_UNICAST },
	{ "broadcast", PACKET_BROADCAST },
	{ "multicast", PACKET_MULTICAST },
	{ "otherhost", PACKET_OTHER_HOST },
	{ "host", PACKET_UNICAST },
	{ "bcast", PACKET_BROADCAST },
	{ "mcast", PACKET_MULTICAST },
	{ NULL, 0 },
};

static const struct option_spec options[] = {
	{ .name = "pkt-type", .kind = OPTION_NAME, .flags = OPTION_INVERTIBLE | OPTION_REQUIRED, .mark = TYPE,
	  .offset = offsetof(struct pkttype_config, wanted), .names = type_names, .value_name = "type",
	  .summary = "unicast, broadcast, multicast or otherhost" },
};

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct pkttype_config *pkttype = config;

	(void)state;
	return match_parts_holds(&pkttype->marks, TYPE, subject->packet->link.destination_class == pkttype->wanted) ? MATCH_YES : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	const struct pkttype_config *pkttype = config;

	text_printf(out, " PKTTYPE %s %s", options_is_inverted(&pkttype->marks, TYPE) ? "!=" : "=",
		    type_names[pkttype->wanted].name);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	options_print_option(&options[0], config, out);
	text_printf(out, ": packet is %s", type_names[subject->packet->link.destination_class].name);
}

const struct match_type match_pkttype = {
	.name = "pkttype",
	.summary = "class of the link-layer destination",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct pkttype_config),
	.eval = eval,
	.list = list,
	.explain = explain,
};
