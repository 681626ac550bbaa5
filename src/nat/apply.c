/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "nat/apply.h"

#include "base/cursor.h"
#include "conntrack/binding.h"
#include "conntrack/tracker.h"
#include "packet/checksum.h"
#include "packet/decode.h"
#include "packet/rewrite.h"

enum {
	SHORTEST_HEADER = 8,		/* bytes of layer 4 that Linux wants to be able to write */
	GRE_VERSION_MASK = 7, GRE_HIGHEST_VERSION = 1, GRE_CALL_ID_OFFSET = 6,
	ICMP_REDIRECT = 5, ICMPV6_REDIRECT = 137, ICMPV6_ECHO = 128, ICMPV6_ECHO_REPLY = 129,
};

enum nat_side apply_side_of(enum hook hook)
{
	return hook == HOOK_INPUT || hook == HOOK_POSTROUTING ? NAT_SOURCE : NAT_DESTINATION;
}

static bool is_icmp(const struct packet *packet)
{
	return packet->protocol == (packet->family == FAMILY_IPV6 ? PROTOCOL_ICMPV6 : PROTOCOL_ICMP);
}

bool apply_is_error(const struct packet *packet, const struct tracking *tracking)
{
	return tracking->ctstate == CTSTATE_RELATED && is_icmp(packet);
}

static enum nat_side other_side(enum nat_side side)
{
	return side == NAT_SOURCE ? NAT_DESTINATION : NAT_SOURCE;
}

/* What maps the source on the way there, maps the destination on the way back. */
static bool is_mapped(const struct tracking *tracking, enum nat_side side)
{
	if (tracking->direction == DIRECTION_REPLY)
		side = other_side(side);
	return (tracking->connection->status & (side == NAT_SOURCE ? STATUS_SRC_NAT : STATUS_DST_NAT)) != 0;
}

/* The generic tracker has no ports in its tuples, whatever the packet has. */
static bool has_ports(const struct connection *connection)
{
	return connection_tracker(connection)->protocol != 0;
}

/* Linux 6.18, gre_manip_pkt(): only version 0 and 1 are known, and looked at for the destination alone. */
static bool is_known_gre(const struct packet *packet)
{
	struct cursor cursor = cursor_at(packet->bytes, packet->len, packet->l4_offset);

	return (cursor_u16(&cursor) & GRE_VERSION_MASK) <= GRE_HIGHEST_VERSION;
}

/* Can Linux rewrite layer 4 of this packet, own or quoted? l4proto_manip_pkt() */
static bool is_rewritable(const struct packet *packet, enum nat_side side)
{
	switch (packet->protocol) {
	case PROTOCOL_GRE:
		return packet->l4_len >= SHORTEST_HEADER && (side == NAT_SOURCE || is_known_gre(packet));
	case PROTOCOL_TCP:
	case PROTOCOL_UDP:
	case PROTOCOL_UDPLITE:
	case PROTOCOL_SCTP:
	case PROTOCOL_ICMP:
	case PROTOCOL_ICMPV6:
		return packet->l4_len >= SHORTEST_HEADER;
	default:
		return true;
	}
}

/* IPv6 translates the identifier of echo alone; IPv4 that of every query, and what else is tracked is one. */
static bool has_id(const struct packet *packet)
{
	if (packet->protocol == PROTOCOL_ICMPV6)
		return packet->icmp_type == ICMPV6_ECHO || packet->icmp_type == ICMPV6_ECHO_REPLY;
	return packet->protocol == PROTOCOL_ICMP;
}

/* Linux 6.18, gre_manip_pkt(): a packet of PPTP holds its receiver's call id alone. */
static void translate_call(struct packet *packet, uint16_t call_id)
{
	struct cursor cursor = cursor_at(packet->bytes, packet->len, packet->l4_offset);
	const uint8_t bytes[2] = { (uint8_t)(call_id >> 8), (uint8_t)call_id };

	if ((cursor_u16(&cursor) & GRE_VERSION_MASK) == GRE_HIGHEST_VERSION)
		rewrite_l4_bytes(packet, GRE_CALL_ID_OFFSET, bytes, sizeof(bytes));
}

/* The packet becomes, at one side, what `target` says. What is tracked by addresses alone keeps its ports. */
static void translate(struct packet *packet, const struct tuple *target, bool has_ports, enum nat_side side)
{
	if (side == NAT_SOURCE)
		rewrite_source(packet, &target->source);
	else
		rewrite_destination(packet, &target->destination);
	if (has_ports && side == NAT_SOURCE)
		rewrite_source_port(packet, target->source_port);
	else if (has_ports)
		rewrite_destination_port(packet, target->destination_port);
	if (packet->protocol == PROTOCOL_GRE && side == NAT_DESTINATION)
		translate_call(packet, target->destination_port);
	if (has_id(packet))
		rewrite_icmp_id(packet, target->source_port);
}

static void translate_quoted(struct packet *packet, const struct packet *inner, const struct tuple *target,
			     bool has_ports, enum nat_side side)
{
	if (side == NAT_SOURCE)
		rewrite_quoted_source(packet, &target->source);
	else
		rewrite_quoted_destination(packet, &target->destination);
	if (has_ports && side == NAT_SOURCE)
		rewrite_quoted_source_port(packet, target->source_port);
	else if (has_ports)
		rewrite_quoted_destination_port(packet, target->destination_port);
	if (has_id(inner))
		rewrite_quoted_icmp_id(packet, target->source_port);
	rewrite_quoted_crc(packet);
}

/* Linux 6.18, nf_nat_icmp_reply_translation(): an error goes the other way than the packet that it quotes. */
static const char *apply_to_error(struct packet *packet, const struct tracking *tracking, enum nat_side side)
{
	const struct connection *connection = tracking->connection;
	const struct tuple opposite = connection_tuple(connection, direction_other(tracking->direction));
	uint8_t redirect = packet->family == FAMILY_IPV6 ? ICMPV6_REDIRECT : ICMP_REDIRECT;
	struct packet inner;
	struct tuple target;

	if (checksum_verify_l4(packet) == CHECKSUM_BAD)
		return "nat: an ICMP error with a bad checksum";
	if (packet->icmp_type == redirect && connection->status & (STATUS_SRC_NAT | STATUS_DST_NAT))
		return "nat: an ICMP redirect about a translated connection";
	if (!is_mapped(tracking, side))
		return NULL;
	if (!decode_embedded(packet, &inner) || !is_rewritable(&inner, other_side(side)))
		return "nat: the quoted packet is too short to be translated";
	translate_quoted(packet, &inner, &opposite, has_ports(connection), other_side(side));
	binding_invert(connection, &opposite, tracking->direction, &target);
	if (side == NAT_SOURCE)
		rewrite_source(packet, &target.source);
	else
		rewrite_destination(packet, &target.destination);
	return NULL;
}

const char *apply_mapping(struct packet *packet, const struct tracking *tracking, enum nat_side side)
{
	const struct connection *connection = tracking->connection;
	struct tuple opposite, target;

	if (apply_is_error(packet, tracking))
		return apply_to_error(packet, tracking, side);
	if (!is_mapped(tracking, side))
		return NULL;
	if (!is_rewritable(packet, side))
		return "nat: the packet is too short to be translated";
	opposite = connection_tuple(connection, direction_other(tracking->direction));
	binding_invert(connection, &opposite, tracking->direction, &target);
	translate(packet, &target, has_ports(connection), side);
	return NULL;
}

static void undo_error(struct packet *packet, const struct connection *connection, enum direction direction)
{
	const struct tuple arrived = connection_tuple(connection, direction);
	const struct tuple opposite = connection_tuple(connection, direction_other(direction));
	struct tuple quoted, left;
	struct packet inner;

	if (!decode_embedded(packet, &inner))
		return;
	binding_invert(connection, &arrived, direction_other(direction), &quoted);
	binding_invert(connection, &opposite, direction, &left);
	translate_quoted(packet, &inner, &quoted, has_ports(connection), NAT_SOURCE);
	translate_quoted(packet, &inner, &quoted, has_ports(connection), NAT_DESTINATION);
	if (address_is_equal(&packet->source, &left.source))
		rewrite_source(packet, &arrived.source);
	rewrite_destination(packet, &arrived.destination);
}

void apply_undo(struct packet *packet, const struct connection *connection, enum direction direction, bool is_error)
{
	const struct tuple arrived = connection_tuple(connection, direction);

	if (is_error) {
		undo_error(packet, connection, direction);
		return;
	}
	translate(packet, &arrived, has_ports(connection), NAT_SOURCE);
	translate(packet, &arrived, has_ports(connection), NAT_DESTINATION);
}
