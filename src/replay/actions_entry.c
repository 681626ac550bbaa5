/* SPDX-License-Identifier: GPL-2.0-or-later */
/* conntrack -I: the entry that its options name; and which state -U and -I mean. conntrack-tools 1.4.7 asks for some of them, Linux 6.18 refuses others: seen live. */
#include <string.h>

#include "conntrack/tracker/dccp_states.h"
#include "conntrack/tracker/sctp_states.h"
#include "packet/protocol.h"
#include "replay/actions_conntrack.h"

static bool refuse(const struct command_line *line, const char *hint, const char *what)
{
	return actions_conntrack_refuse(line, line->first, hint, what);
}

/* The states that can be set; conntrack-tools 1.4.7 knows no later one of SCTP. */
static const struct settable {
	uint8_t protocol;
	const char *commands;
	const char *const *names;
	uint8_t last;
	const char *hint;
} settable[] = {
	{ PROTOCOL_TCP, "UI", tcp_states_names, UINT8_MAX, "SYN_SENT, SYN_RECV, ESTABLISHED, ..." },
	{ PROTOCOL_SCTP, "I", sctp_states_names, SCTP_STATE_SHUTDOWN_ACK_SENT, "COOKIE_WAIT, ESTABLISHED, ..." },
	{ PROTOCOL_DCCP, "I", dccp_states_names, DCCP_STATE_TIMEWAIT, "REQUEST, RESPOND, OPEN, ..." },
};

static const struct settable *find_settable(const struct command_line *line)
{
	const struct entry_filter *filter = &line->action->filter;

	for (size_t i = 0; i < sizeof(settable) / sizeof(settable[0]); i++)
		if (filter->has_protocol && settable[i].protocol == filter->protocol && strchr(settable[i].commands, line->command))
			return &settable[i];
	return NULL;
}

bool actions_conntrack_find_state(struct command_line *line)
{
	const struct settable *of = find_settable(line);
	uint8_t state = 0;

	if (!line->state)
		return true;
	if (!of)
		return refuse(line, "-p tcp", "the state of TCP alone can be set");
	while (of->names[state] && strcmp(of->names[state], line->state) != 0)
		state++;
	if (!of->names[state] || state > of->last)
		return actions_conntrack_refuse(line, line->state_word, of->hint, "no state of the protocol");
	line->action->change.has_state = true;
	line->action->change.state = state;
	return true;
}

static bool is_icmp(uint8_t protocol)
{
	return protocol == PROTOCOL_ICMP || protocol == PROTOCOL_ICMPV6;
}

/* TCP, UDP, UDP-Lite, SCTP and DCCP have ports, GRE has keys. */
static bool has_ports(uint8_t protocol)
{
	return protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP || protocol == PROTOCOL_UDPLITE ||
	       protocol == PROTOCOL_SCTP || protocol == PROTOCOL_GRE || protocol == PROTOCOL_DCCP;
}

static bool has_state(uint8_t protocol)
{
	return protocol == PROTOCOL_TCP || protocol == PROTOCOL_SCTP || protocol == PROTOCOL_DCCP;
}

/* One address, where there is one. */
static bool is_network(const struct entry_filter *filter, enum filter_end end)
{
	static const struct address one = { .word = { UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX } };
	struct address full = filter->family == FAMILY_IPV6 ? one : address_prefix_mask(FAMILY_IPV4, 32);

	return filter->has_address[end] && !address_is_equal(&filter->address[end].mask, &full);
}

/* One of the two tuples, as the filter names it. */
static struct tuple tuple_of(const struct entry_filter *filter, enum direction direction)
{
	enum filter_end source = direction == DIRECTION_ORIGINAL ? FILTER_ORIGINAL_SOURCE : FILTER_REPLY_SOURCE;
	enum filter_end destination = direction == DIRECTION_ORIGINAL ? FILTER_ORIGINAL_DESTINATION : FILTER_REPLY_DESTINATION;

	return (struct tuple){
		.source = filter->address[source].address, .destination = filter->address[destination].address,
		.source_port = filter->port[source], .destination_port = filter->port[destination],
		.zone = filter->zone[direction], .protocol = filter->protocol, .family = (uint8_t)filter->family,
	};
}

static bool check_protocol(const struct command_line *line)
{
	const struct entry_filter *filter = &line->action->filter;
	uint8_t protocol = filter->protocol;

	if (is_icmp(protocol) && (protocol == PROTOCOL_ICMP) != (filter->family == FAMILY_IPV4))
		return refuse(line, NULL, "the other family's ICMP");
	if (is_icmp(protocol) && !(filter->has_icmp_type && filter->has_icmp_code))
		return refuse(line, "--icmp-type 8 --icmp-code 0 --icmp-id 1", "conntrack -I of ICMP needs a type and a code");
	if (has_ports(protocol) && !(filter->has_port[FILTER_ORIGINAL_SOURCE] && filter->has_port[FILTER_ORIGINAL_DESTINATION]))
		return refuse(line, NULL, protocol == PROTOCOL_GRE ? "conntrack -I needs --srckey and --dstkey here"
								 : "conntrack -I needs --sport and --dport here");
	if (has_state(protocol) && !line->action->change.has_state)
		return refuse(line, NULL, protocol == PROTOCOL_TCP    ? "conntrack -I of TCP needs --state"
					  : protocol == PROTOCOL_SCTP ? "conntrack -I of SCTP needs --state"
								      : "conntrack -I of DCCP needs --state");
	if (protocol == PROTOCOL_DCCP && !line->has_role)
		return refuse(line, "--role client", "conntrack -I of DCCP needs --role");
	if (protocol == PROTOCOL_SCTP && !(line->has_tag[0] && line->has_tag[1]))
		return refuse(line, NULL, "conntrack -I of SCTP needs --orig-vtag and --reply-vtag");
	return true;
}

/* The reply tuple is given whole, or not at all. */
static bool make_reply(struct command_line *line)
{
	const struct entry_filter *filter = &line->action->filter;
	struct operator_action *action = line->action;
	bool has_source = filter->has_address[FILTER_REPLY_SOURCE], has_destination = filter->has_address[FILTER_REPLY_DESTINATION];
	bool has_both_ports = filter->has_port[FILTER_REPLY_SOURCE] && filter->has_port[FILTER_REPLY_DESTINATION];
	struct tuple given = tuple_of(filter, DIRECTION_REPLY);

	if (!tuple_invert(&action->original, &action->reply))
		return refuse(line, NULL, "a type of ICMP that neither asks nor answers has no entry");
	action->reply.zone = given.zone;
	if (!has_source && !has_destination)
		return true;
	if (!has_source || !has_destination || (has_ports(filter->protocol) && !has_both_ports))
		return refuse(line, "-r, -q, --reply-port-src and --reply-port-dst", "the kernel wants the whole reply tuple, or nothing of it");
	given.source_port = has_both_ports ? given.source_port : action->reply.source_port;
	given.destination_port = has_both_ports ? given.destination_port : action->reply.destination_port;
	action->reply = given;
	return true;
}

/*
 * Where -n and -g name an address, NAT maps to it. Without one they do nothing; a port conntrack-tools 1.4.7 passes on of TCP and
 * UDP alone: seen live.
 */
static struct nat_range range_of(const struct entry_filter *filter, enum filter_translation which)
{
	const struct translation_filter *translation = &filter->translation[which];
	bool has_port = translation->has_port && (filter->protocol == PROTOCOL_TCP || filter->protocol == PROTOCOL_UDP);
	struct nat_range range = { .flags = 0 };

	if (!translation->has_address)
		return range;
	range.flags = has_port ? NAT_MAP_ADDRESS | NAT_MAP_PORT : NAT_MAP_ADDRESS;
	range.first = range.last = translation->address;
	range.first_port = range.last_port = translation->port;
	return range;
}

bool actions_conntrack_make_entry(struct command_line *line)
{
	struct operator_action *action = line->action;
	const struct entry_filter *filter = &action->filter;

	if (!filter->has_protocol || !filter->has_address[FILTER_ORIGINAL_SOURCE] || !filter->has_address[FILTER_ORIGINAL_DESTINATION])
		return refuse(line, "conntrack -I -p udp -s 10.0.0.1 -d 10.0.0.2 --sport 1000 --dport 53 -t 30",
			      "conntrack -I needs a protocol, a source and a destination");
	if (!action->change.has_timeout)
		return refuse(line, NULL, "conntrack -I needs a timeout: -t SECONDS");
	for (int end = 0; end < FILTER_ENDS; end++)
		if (is_network(filter, (enum filter_end)end))
			return refuse(line, NULL, "conntrack -I makes one entry: its addresses are no networks");
	if (filter->has_zone[0] && filter->has_zone[1] && filter->zone[0] != filter->zone[1])
		return refuse(line, NULL, "the kernel takes one zone, for both directions or for one of them");
	if (!check_protocol(line))
		return false;
	action->original = tuple_of(filter, DIRECTION_ORIGINAL);
	if (is_icmp(filter->protocol))
		action->original.destination_port = (uint16_t)(filter->icmp_type << 8 | filter->icmp_code);
	action->source_nat = range_of(filter, FILTER_SOURCE_NAT);
	action->destination_nat = range_of(filter, FILTER_DESTINATION_NAT);
	/* The mask of a mark is for changes. */
	action->change.mark_mask = UINT32_MAX;
	return make_reply(line);
}
