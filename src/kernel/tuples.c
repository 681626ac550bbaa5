/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel/tuples.h"

#include <linux/netfilter/nfnetlink_conntrack.h>
#include <string.h>

#include "base/cursor.h"
#include "packet/decode.h"

static bool is_query(uint8_t protocol)
{
	return protocol == PROTOCOL_ICMP || protocol == PROTOCOL_ICMPV6;
}

static bool has_ports(uint8_t protocol)
{
	return protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP || protocol == PROTOCOL_UDPLITE ||
	       protocol == PROTOCOL_SCTP || protocol == PROTOCOL_DCCP;
}

static bool parse_addresses(struct netlink_span attributes, struct tuple *tuple)
{
	struct netlink_span table[CTA_IP_MAX + 1], source, destination;
	enum family family;

	netlink_parse(attributes, table, CTA_IP_MAX + 1);
	family = table[CTA_IP_V4_SRC].bytes ? FAMILY_IPV4 : FAMILY_IPV6;
	source = table[family == FAMILY_IPV4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC];
	destination = table[family == FAMILY_IPV4 ? CTA_IP_V4_DST : CTA_IP_V6_DST];
	if (source.len != (family == FAMILY_IPV4 ? 4 : 16) || destination.len != source.len)
		return false;
	tuple->family = family;
	tuple->source = address_from_bytes(family, source.bytes);
	tuple->destination = address_from_bytes(family, destination.bytes);
	return true;
}

static void parse_protocol(struct netlink_span attributes, struct tuple *tuple)
{
	struct netlink_span table[CTA_PROTO_MAX + 1];

	netlink_parse(attributes, table, CTA_PROTO_MAX + 1);
	tuple->protocol = (uint8_t)netlink_number(table[CTA_PROTO_NUM]);
	if (is_query(tuple->protocol)) {
		bool is_v4 = tuple->protocol == PROTOCOL_ICMP;
		uint64_t type = netlink_number(table[is_v4 ? CTA_PROTO_ICMP_TYPE : CTA_PROTO_ICMPV6_TYPE]);

		tuple->source_port = (uint16_t)netlink_number(table[is_v4 ? CTA_PROTO_ICMP_ID : CTA_PROTO_ICMPV6_ID]);
		tuple->destination_port = (uint16_t)(type << 8 | netlink_number(table[is_v4 ? CTA_PROTO_ICMP_CODE
										       : CTA_PROTO_ICMPV6_CODE]));
		return;
	}
	tuple->source_port = (uint16_t)netlink_number(table[CTA_PROTO_SRC_PORT]);
	tuple->destination_port = (uint16_t)netlink_number(table[CTA_PROTO_DST_PORT]);
}

bool tuples_parse(struct netlink_span attributes, struct tuple *tuple)
{
	struct netlink_span table[CTA_TUPLE_MAX + 1];

	memset(tuple, 0, sizeof(*tuple));
	netlink_parse(attributes, table, CTA_TUPLE_MAX + 1);
	if (!table[CTA_TUPLE_IP].bytes || !table[CTA_TUPLE_PROTO].bytes ||
	    !parse_addresses(table[CTA_TUPLE_IP], tuple))
		return false;
	parse_protocol(table[CTA_TUPLE_PROTO], tuple);
	tuple->zone = (uint16_t)netlink_number(table[CTA_TUPLE_ZONE]);
	return true;
}

static void put_address(struct netlink_message *message, uint16_t type, enum family family,
			const struct address *address)
{
	uint8_t bytes[16];

	address_to_bytes(family, address, bytes);
	netlink_put(message, type, bytes, family == FAMILY_IPV4 ? 4 : 16);
}

static void put_protocol(struct netlink_message *message, const struct tuple *tuple)
{
	bool is_v4 = tuple->protocol == PROTOCOL_ICMP;

	netlink_put_u8(message, CTA_PROTO_NUM, tuple->protocol);
	if (is_query(tuple->protocol)) {
		netlink_put_be16(message, is_v4 ? CTA_PROTO_ICMP_ID : CTA_PROTO_ICMPV6_ID, tuple->source_port);
		netlink_put_u8(message, is_v4 ? CTA_PROTO_ICMP_TYPE : CTA_PROTO_ICMPV6_TYPE,
			       (uint8_t)(tuple->destination_port >> 8));
		netlink_put_u8(message, is_v4 ? CTA_PROTO_ICMP_CODE : CTA_PROTO_ICMPV6_CODE,
			       (uint8_t)tuple->destination_port);
	} else if (has_ports(tuple->protocol) || tuple->protocol == PROTOCOL_GRE) {
		netlink_put_be16(message, CTA_PROTO_SRC_PORT, tuple->source_port);
		netlink_put_be16(message, CTA_PROTO_DST_PORT, tuple->destination_port);
	}
}

void tuples_put(struct netlink_message *message, uint16_t type, const struct tuple *tuple)
{
	size_t nest = netlink_nest(message, type), inner = netlink_nest(message, CTA_TUPLE_IP);
	bool is_ipv4 = tuple->family == FAMILY_IPV4;

	put_address(message, is_ipv4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC, tuple->family, &tuple->source);
	put_address(message, is_ipv4 ? CTA_IP_V4_DST : CTA_IP_V6_DST, tuple->family, &tuple->destination);
	netlink_unnest(message, inner);
	inner = netlink_nest(message, CTA_TUPLE_PROTO);
	put_protocol(message, tuple);
	netlink_unnest(message, inner);
	netlink_unnest(message, nest);
}

/* Linux 6.18, gre_pkt_to_tuple(): version 1 has a call id, everything else no keys. */
static bool add_gre_key(const struct packet *packet, struct tuple *tuple)
{
	struct cursor cursor = cursor_at(packet->bytes, packet->len, packet->l4_offset);
	uint16_t flags = cursor_u16(&cursor), call_id;

	cursor_skip(&cursor, 4);
	call_id = cursor_u16(&cursor);
	if (!cursor.failed && (flags & 7) == 1)
		tuple->destination_port = call_id;
	return true;
}

static bool plain_tuple(const struct packet *packet, bool tracks_dccp, struct tuple *tuple)
{
	memset(tuple, 0, sizeof(*tuple));
	if (packet->family == FAMILY_NONE || (packet->is_fragment && packet->fragment_offset))
		return false;
	tuple->source = packet->source;
	tuple->destination = packet->destination;
	tuple->family = packet->family;
	tuple->protocol = packet->protocol;
	if (is_query(packet->protocol)) {
		tuple->source_port = packet->icmp_id;
		tuple->destination_port = (uint16_t)(packet->icmp_type << 8 | packet->icmp_code);
		return packet->has_l4;
	}
	if (packet->protocol == PROTOCOL_GRE)
		return add_gre_key(packet, tuple);
	if (!has_ports(packet->protocol) || (packet->protocol == PROTOCOL_DCCP && !tracks_dccp))
		return true;
	tuple->source_port = packet->source_port;
	tuple->destination_port = packet->destination_port;
	return packet->has_ports;
}

/* Linux 6.18, nf_conntrack_icmpv4_error() and nf_conntrack_icmpv6_error(). */
static bool is_error(uint8_t protocol, uint8_t type)
{
	if (protocol == PROTOCOL_ICMPV6)
		return type < 128;
	return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
}

/* Linux 6.18, nf_conntrack_proto_icmp.c and _icmpv6.c, invmap[]. */
static uint8_t inverse_type(uint8_t protocol, uint8_t type)
{
	static const struct {
		uint8_t protocol, type, inverse;
	} pairs[] = {
		{ PROTOCOL_ICMP, 8, 0 }, { PROTOCOL_ICMP, 0, 8 }, { PROTOCOL_ICMP, 13, 14 }, { PROTOCOL_ICMP, 14, 13 },
		{ PROTOCOL_ICMP, 15, 16 }, { PROTOCOL_ICMP, 16, 15 }, { PROTOCOL_ICMP, 17, 18 },
		{ PROTOCOL_ICMP, 18, 17 }, { PROTOCOL_ICMPV6, 128, 129 }, { PROTOCOL_ICMPV6, 129, 128 },
		{ PROTOCOL_ICMPV6, 139, 140 }, { PROTOCOL_ICMPV6, 140, 139 },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (pairs[i].protocol == protocol && pairs[i].type == type)
			return pairs[i].inverse;
	return type;
}

void tuples_turn_round(struct tuple *tuple)
{
	struct address source = tuple->source;
	uint16_t source_port = tuple->source_port;

	tuple->source = tuple->destination;
	tuple->destination = source;
	if (is_query(tuple->protocol)) {
		uint8_t type = inverse_type(tuple->protocol, (uint8_t)(tuple->destination_port >> 8));

		tuple->destination_port = (uint16_t)(type << 8 | (tuple->destination_port & 0xff));
		return;
	}
	tuple->source_port = tuple->destination_port;
	tuple->destination_port = source_port;
}

bool tuples_of_packet(const struct packet *packet, bool tracks_dccp, struct tuple *tuple)
{
	struct packet inner;
	bool is_found;

	if (!is_query(packet->protocol) || !packet->has_l4 || !is_error(packet->protocol, packet->icmp_type))
		return plain_tuple(packet, tracks_dccp, tuple);
	packet_init(&inner);
	is_found = decode_embedded(packet, &inner) && plain_tuple(&inner, tracks_dccp, tuple);
	if (is_found)
		tuples_turn_round(tuple);
	packet_clear(&inner);
	return is_found;
}
