/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m udp: ports. Linux 6.18, xt_tcpudp.c: udp_mt(). */
#include "rules/match_parts.h"

enum { SPORT, DPORT };

enum { UDP_HEADER_LEN = 8 };

struct udp_config {
	struct option_marks marks;
	struct number_range source_ports, destination_ports;
};

static const struct option_spec options[] = {
	{ .name = "sport", .kind = OPTION_PORT_RANGE, .flags = OPTION_INVERTIBLE | OPTION_OMIT_FULL, .mark = SPORT,
	  .offset = offsetof(struct udp_config, source_ports), .field = FIELD_SOURCE_PORT,
	  .value_name = "port[:port]",
	  .summary = "source port or range" },
	{ .name = "source-port", .flags = OPTION_IS_ALIAS, .alias_of = "sport" },
	{ .name = "dport", .kind = OPTION_PORT_RANGE, .flags = OPTION_INVERTIBLE | OPTION_OMIT_FULL, .mark = DPORT,
	  .offset = offsetof(struct udp_config, destination_ports), .field = FIELD_DESTINATION_PORT,
	  .value_name = "port[:port]",
	  .summary = "destination port or range" },
	{ .name = "destination-port", .flags = OPTION_IS_ALIAS, .alias_of = "dport" },
};

static void init(void *config)
{
	struct udp_config *udp = config;

	udp->source_ports.last = udp->destination_ports.last = UINT16_MAX;
}

static bool source_holds(const struct udp_config *udp, const struct packet *packet)
{
	return match_parts_holds(&udp->marks, SPORT, match_parts_is_in_range(&udp->source_ports, packet->source_port));
}

static bool destination_holds(const struct udp_config *udp, const struct packet *packet)
{
	return match_parts_holds(&udp->marks, DPORT,
				 match_parts_is_in_range(&udp->destination_ports, packet->destination_port));
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct packet *packet = subject->packet;
	enum match_result header = match_parts_find_header(packet, UDP_HEADER_LEN);

	(void)state;
	if (header != MATCH_YES)
		return header;
	return packet->has_ports && source_holds(config, packet) && destination_holds(config, packet) ? MATCH_YES : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	const struct udp_config *udp = config;

	text_append(out, " udp");
	match_parts_list_ports("spt", &udp->source_ports, options_is_inverted(&udp->marks, SPORT), out);
	match_parts_list_ports("dpt", &udp->destination_ports, options_is_inverted(&udp->marks, DPORT), out);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	const struct packet *packet = subject->packet;

	if (match_parts_explain_header(packet, UDP_HEADER_LEN, out))
		return;
	if (!source_holds(config, packet)) {
		match_parts_explain_option(&options[0], config, out);
		text_append_u64(out, packet->source_port);
	} else if (!destination_holds(config, packet)) {
		match_parts_explain_option(&options[2], config, out);
		text_append_u64(out, packet->destination_port);
	}
}

static const uint8_t protocols[] = { PROTOCOL_UDP, 0 };

const struct match_type match_udp = {
	.name = "udp",
	.summary = "UDP ports",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.protocols = protocols,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct udp_config),
	.init = init,
	.eval = eval,
	.flow_scope = match_parts_settled,
	.list = list,
	.explain = explain,
};
