/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Link-layer headers: what is in front of IP. Formats: https://www.tcpdump.org/linktypes.html */
#include "packet/decode_parts.h"

#include <pcap/dlt.h>
#include <string.h>

#include "packet/decode.h"

enum {
	ETHERTYPE_IPV4 = 0x0800, ETHERTYPE_IPV6 = 0x86dd, ETHERTYPE_VLAN = 0x8100, ETHERTYPE_QINQ = 0x88a8,
	ETHERTYPE_QINQ_OLD = 0x9100, ETHERTYPE_PPPOE = 0x8864, ETHERTYPE_SMALLEST = 0x0600,
	PPP_IPV4 = 0x0021, PPP_IPV6 = 0x0057, LLC_SPANNING_TREE = 0x4242,
};

struct known_number {
	uint16_t number;
	const char *name;
};

/* Payloads that are often met beside IP. */
static const struct known_number ethertypes[] = {
	{ 0x0001, "802.3 frame" },
	{ 0x0004, "802.2 LLC frame" },
	{ 0x0806, "ARP" },
	{ 0x0842, "Wake-on-LAN" },
	{ 0x22f0, "AVTP" },
	{ 0x6002, "DEC MOP" },
	{ 0x8035, "RARP" },
	{ 0x809b, "AppleTalk" },
	{ 0x80f3, "AppleTalk ARP" },
	{ 0x8137, "IPX" },
	{ 0x8808, "Ethernet flow control" },
	{ 0x8809, "LACP" },
	{ 0x8847, "MPLS" },
	{ 0x8848, "MPLS multicast" },
	{ 0x8863, "PPPoE discovery" },
	{ 0x888e, "EAPOL" },
	{ 0x8892, "PROFINET" },
	{ 0x88a2, "ATA over Ethernet" },
	{ 0x88a4, "EtherCAT" },
	{ 0x88cc, "LLDP" },
	{ 0x88e1, "HomePlug AV" },
	{ 0x88e5, "MACsec" },
	{ 0x88f7, "PTP" },
	{ 0x8902, "Ethernet CFM" },
	{ 0x8906, "FCoE" },
	{ 0x8914, "FCoE initialisation" },
	{ 0x8915, "RoCE" },
	{ 0x893a, "IEEE 1905.1" },
	{ 0x9000, "Ethernet loopback" },
};

static const struct known_number ppp_protocols[] = {
	{ 0x0023, "PPP OSI" },
	{ 0x002b, "PPP IPX" },
	{ 0x002d, "PPP compressed TCP" },
	{ 0x002f, "PPP uncompressed TCP" },
	{ 0x003d, "PPP multilink" },
	{ 0x00fb, "PPP compressed link" },
	{ 0x00fd, "PPP compressed data" },
	{ 0x0281, "PPP MPLS" },
	{ 0x8021, "PPP IPCP" },
	{ 0x8057, "PPP IPv6CP" },
	{ 0x80fd, "PPP CCP" },
	{ 0xc021, "PPP LCP" },
	{ 0xc023, "PPP PAP" },
	{ 0xc025, "PPP LQR" },
	{ 0xc223, "PPP CHAP" },
};

#define N_ITEMS(array) (sizeof(array) / sizeof((array)[0]))

static const char *name_of(const struct known_number *table, size_t n_rows, uint16_t number)
{
	for (size_t i = 0; i < n_rows; i++)
		if (table[i].number == number)
			return table[i].name;
	return NULL;
}

const char *decode_ethertype_name(uint16_t ethertype)
{
	if (ethertype == ETHERTYPE_PPPOE)
		return "PPPoE";
	return name_of(ethertypes, N_ITEMS(ethertypes), ethertype);
}

static bool stop_not_ip(struct packet *packet, const char *layer, const char *name, const char *otherwise)
{
	return decode_stop(packet, DECODE_NOT_IP, layer, name ? name : otherwise);
}

/* The link header does not fit: cut by the snap length, or the frame is that short. */
static bool stop_short(struct packet *packet, const char *layer)
{
	if (packet->captured_len < packet->original_len)
		return decode_stop(packet, DECODE_TRUNCATED, layer, "the snap length cut the link-layer header");
	return decode_stop(packet, DECODE_MALFORMED, layer, "frame too short for its link-layer header");
}

/* Bytes on the wire from the cursor on. */
static bool leave_link(const struct packet *packet, struct decode_payload *payload)
{
	payload->original_len = packet->original_len - (uint32_t)payload->cursor.offset;
	return true;
}

/* RFC 1662; address and control field, and the first byte of the protocol, may be left out. */
static bool decode_ppp(struct packet *packet, struct decode_payload *payload)
{
	struct cursor *cursor = &payload->cursor, ahead = *cursor;
	uint16_t protocol;

	if (cursor_u16(&ahead) == 0xff03)
		cursor_skip(cursor, 2);
	protocol = cursor_u8(cursor);
	if (!(protocol & 1))
		protocol = (uint16_t)(protocol << 8 | cursor_u8(cursor));
	if (cursor->failed)
		return stop_short(packet, "PPP");
	if (protocol == PPP_IPV4 || protocol == PPP_IPV6) {
		payload->family = protocol == PPP_IPV4 ? FAMILY_IPV4 : FAMILY_IPV6;
		return leave_link(packet, payload);
	}
	return stop_not_ip(packet, "PPP", name_of(ppp_protocols, N_ITEMS(ppp_protocols), protocol),
			   "PPP protocol that is not IP");
}

/* RFC 2516. The length field ends the payload: what follows is padding. */
static bool decode_pppoe(struct packet *packet, struct decode_payload *payload)
{
	struct cursor *cursor = &payload->cursor;
	uint8_t version = cursor_u8(cursor), code = cursor_u8(cursor);
	uint32_t length, before;

	cursor_skip(cursor, 2);
	length = cursor_u16(cursor);
	if (cursor->failed)
		return stop_short(packet, "PPPoE");
	if (version != 0x11 || code != 0)
		return decode_stop(packet, DECODE_NOT_IP, "PPPoE", "PPPoE that is not session data");
	before = (uint32_t)cursor->offset;
	if (!decode_ppp(packet, payload))
		return false;
	before = (uint32_t)cursor->offset - before;
	if (length >= before && payload->original_len > length - before)
		payload->original_len = length - before;
	if (cursor_left(cursor) > payload->original_len)
		cursor->len = cursor->offset + payload->original_len;
	return true;
}

bool decode_ethertype(struct packet *packet, uint16_t ethertype, struct decode_payload *payload)
{
	struct cursor *cursor = &payload->cursor;
	bool is_first = true;

	while (ethertype == ETHERTYPE_VLAN || ethertype == ETHERTYPE_QINQ || ethertype == ETHERTYPE_QINQ_OLD) {
		uint16_t tag = cursor_u16(cursor) & 0xfff;

		ethertype = cursor_u16(cursor);
		if (cursor->failed)
			return stop_short(packet, "VLAN");
		if (is_first)
			packet->link.vlan = tag;
		is_first = false;
	}
	packet->link.ethertype = ethertype;
	switch (ethertype) {
	case ETHERTYPE_IPV4:
		payload->family = FAMILY_IPV4;
		return leave_link(packet, payload);
	case ETHERTYPE_IPV6:
		payload->family = FAMILY_IPV6;
		return leave_link(packet, payload);
	case ETHERTYPE_PPPOE:
		return decode_pppoe(packet, payload);
	default:
		return stop_not_ip(packet, "Ethernet", decode_ethertype_name(ethertype), "ethertype that is not IP");
	}
}

static enum packet_class class_of_mac(const uint8_t *mac)
{
	static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

	if (memcmp(mac, broadcast, sizeof(broadcast)) == 0)
		return PACKET_BROADCAST;
	return mac[0] & 1 ? PACKET_MULTICAST : PACKET_UNICAST;
}

static bool decode_ethernet(struct packet *packet, struct decode_payload *payload)
{
	struct cursor *cursor = &payload->cursor;
	const uint8_t *macs = cursor_take(cursor, 12);
	uint16_t ethertype = cursor_u16(cursor);

	if (!macs || cursor->failed)
		return stop_short(packet, "Ethernet");
	packet->link.has_destination_mac = packet->link.has_source_mac = true;
	memcpy(packet->link.destination_mac, macs, 6);
	memcpy(packet->link.source_mac, macs + 6, 6);
	packet->link.destination_class = class_of_mac(macs);
	if (ethertype < ETHERTYPE_SMALLEST)
		return decode_stop(packet, DECODE_NOT_IP, "Ethernet",
				   cursor_u16(cursor) == LLC_SPANNING_TREE ? "STP" : "802.3 LLC frame");
	return decode_ethertype(packet, ethertype, payload);
}

/* The packet type of the Linux cooked headers: values of sll_pkttype, see packet(7). */
static void apply_sll_type(struct link_info *link, unsigned type)
{
	static const struct {
		enum link_direction direction;
		enum packet_class destination_class;
	} meanings[] = {
		{ LINK_IN, PACKET_UNICAST },
		{ LINK_IN, PACKET_BROADCAST },
		{ LINK_IN, PACKET_MULTICAST },
		{ LINK_OTHER_HOST, PACKET_OTHER_HOST },
		{ LINK_OUT, PACKET_UNICAST },
	};

	if (type >= N_ITEMS(meanings))
		return;
	link->direction = meanings[type].direction;
	link->destination_class = meanings[type].destination_class;
}

static void apply_sll_address(struct link_info *link, unsigned len, const uint8_t *bytes)
{
	if (len != 6)
		return;
	link->has_source_mac = true;
	memcpy(link->source_mac, bytes, 6);
}

static bool decode_sll(struct packet *packet, struct decode_payload *payload)
{
	struct cursor *cursor = &payload->cursor;
	unsigned type = cursor_u16(cursor), address_len;
	const uint8_t *address;
	uint16_t protocol;

	cursor_skip(cursor, 2);
	address_len = cursor_u16(cursor);
	address = cursor_take(cursor, 8);
	protocol = cursor_u16(cursor);
	if (!address || cursor->failed)
		return stop_short(packet, "Linux cooked");
	apply_sll_type(&packet->link, type);
	apply_sll_address(&packet->link, address_len, address);
	return decode_ethertype(packet, protocol, payload);
}

static bool decode_sll2(struct packet *packet, struct decode_payload *payload)
{
	struct cursor *cursor = &payload->cursor;
	uint16_t protocol = cursor_u16(cursor);
	uint32_t interface_index;
	unsigned type, address_len;
	const uint8_t *address;

	cursor_skip(cursor, 2);
	interface_index = cursor_u32(cursor);
	cursor_skip(cursor, 2);
	type = cursor_u8(cursor);
	address_len = cursor_u8(cursor);
	address = cursor_take(cursor, 8);
	if (!address)
		return stop_short(packet, "Linux cooked");
	packet->link.interface_index = interface_index;
	apply_sll_type(&packet->link, type);
	apply_sll_address(&packet->link, address_len, address);
	return decode_ethertype(packet, protocol, payload);
}

/* BSD loopback: an address family as the capturing system numbers it, for NULL in that system's byte order. */
static bool decode_null(struct packet *packet, struct decode_payload *payload)
{
	uint32_t family = cursor_u32(&payload->cursor);

	if (payload->cursor.failed)
		return stop_short(packet, "loopback");
	if (family > 0xffff)
		family = family >> 24 | (family >> 8 & 0xff00);
	switch (family) {
	case 2:			/* AF_INET everywhere */
		payload->family = FAMILY_IPV4;
		return leave_link(packet, payload);
	case 10:		/* AF_INET6: Linux */
	case 23:		/* Windows */
	case 24:		/* NetBSD, OpenBSD */
	case 28:		/* FreeBSD */
	case 30:		/* macOS */
		payload->family = FAMILY_IPV6;
		return leave_link(packet, payload);
	default:
		return decode_stop(packet, DECODE_NOT_IP, "loopback", "address family that is not IP");
	}
}

/* Attribute headers are in this machine's byte order: libpcap has swapped them where needed. */
static uint16_t native_u16(struct cursor *cursor)
{
	const uint8_t *bytes = cursor_take(cursor, 2);
	uint16_t value = 0;

	if (bytes)
		memcpy(&value, bytes, sizeof(value));
	return value;
}

/* Where the rule with NFLOG stood tells which way the packet went. */
static void apply_nflog_hook(struct link_info *link, unsigned hook)
{
	if (hook <= 1)
		link->direction = LINK_IN;
	else if (hook == 3)
		link->direction = LINK_OUT;
}

/* Attributes in front of the payload; false when there is no payload. */
static bool find_nflog_payload(struct packet *packet, struct cursor *cursor)
{
	enum { NFLOG_PACKET_HEADER = 1, NFLOG_IN_INDEX = 4, NFLOG_HARDWARE_ADDRESS = 8, NFLOG_PAYLOAD = 9 };

	while (cursor_left(cursor) >= 4) {
		unsigned len = native_u16(cursor), type = native_u16(cursor) & 0x7fff;
		struct cursor value = *cursor;
		const uint8_t *address;

		if (type == NFLOG_PAYLOAD)
			return true;
		if (len < 4)
			return false;
		if (type == NFLOG_PACKET_HEADER) {
			cursor_skip(&value, 2);
			apply_nflog_hook(&packet->link, cursor_u8(&value));
		} else if (type == NFLOG_IN_INDEX) {
			packet->link.interface_index = cursor_u32(&value);
		} else if (type == NFLOG_HARDWARE_ADDRESS) {
			unsigned address_len = cursor_u16(&value);

			cursor_skip(&value, 2);
			address = cursor_take(&value, 6);
			if (address)
				apply_sll_address(&packet->link, address_len, address);
		}
		cursor_skip(cursor, (len + 3u) / 4 * 4 - 4);
	}
	return false;
}

static bool decode_nflog(struct packet *packet, struct decode_payload *payload)
{
	uint8_t family = cursor_u8(&payload->cursor);

	cursor_skip(&payload->cursor, 3);
	if (payload->cursor.failed)
		return stop_short(packet, "NFLOG");
	if (family != 2 && family != 10)
		return decode_stop(packet, DECODE_NOT_IP, "NFLOG", "NFLOG of a family that is not IP");
	if (!find_nflog_payload(packet, &payload->cursor))
		return decode_stop(packet, DECODE_NOT_IP, "NFLOG", "NFLOG without the packet");
	payload->family = family == 2 ? FAMILY_IPV4 : FAMILY_IPV6;
	payload->original_len = DECODE_LENGTH_UNKNOWN;
	return true;
}

static bool decode_raw(struct packet *packet, struct decode_payload *payload)
{
	return leave_link(packet, payload);
}

static bool decode_raw_ipv4(struct packet *packet, struct decode_payload *payload)
{
	payload->family = FAMILY_IPV4;
	return leave_link(packet, payload);
}

static bool decode_raw_ipv6(struct packet *packet, struct decode_payload *payload)
{
	payload->family = FAMILY_IPV6;
	return leave_link(packet, payload);
}

static const struct {
	int link_type;
	bool (*decode)(struct packet *packet, struct decode_payload *payload);
} link_types[] = {
	{ DLT_EN10MB, decode_ethernet },
	{ DLT_RAW, decode_raw },
	{ DLT_LINUX_SLL, decode_sll },
	{ DLT_LINUX_SLL2, decode_sll2 },
	{ DLT_NULL, decode_null },
	{ DLT_LOOP, decode_null },
	{ DLT_IPV4, decode_raw_ipv4 },
	{ DLT_IPV6, decode_raw_ipv6 },
	{ DLT_PPP, decode_ppp },
	{ DLT_PPP_SERIAL, decode_ppp },
	{ DLT_PPP_ETHER, decode_pppoe },
	{ DLT_NFLOG, decode_nflog },
};

bool decode_supports_link_type(int link_type)
{
	for (size_t i = 0; i < N_ITEMS(link_types); i++)
		if (link_types[i].link_type == link_type)
			return true;
	return false;
}

bool decode_link(struct packet *packet, int link_type, struct decode_payload *payload)
{
	for (size_t i = 0; i < N_ITEMS(link_types); i++)
		if (link_types[i].link_type == link_type)
			return link_types[i].decode(packet, payload);
	return decode_stop(packet, DECODE_NOT_IP, "link layer", "link type that is not supported");
}
