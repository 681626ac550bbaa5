/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet/rewrite.h"

#include <string.h>

#include "base/alloc.h"
#include "packet/checksum.h"
#include "packet/decode.h"
#include "packet/decode_parts.h"
#include "packet/rewrite_words.h"

enum {
	NO_FIELD = -1,
	IPV4_CHECKSUM = 10,
	TCP_HEADER_LEN = 20,
	PACKET_LONGEST = 65535,
};

/* One chain of headers within the packet: its own, or that of a quoted packet. Offsets from the first byte. */
struct place {
	int ip;			/* network header */
	int l4;			/* layer 4 header, or NO_FIELD when it is not there */
	int outer_checksum;	/* of the ICMP error that quotes it, or NO_FIELD */
	enum family family;
	uint8_t protocol;
};

uint8_t *rewrite_writable(struct packet *packet)
{
	packet->l4_checksum = 0;
	packet->tuple_hash = 0;
	if (packet->owned && packet->bytes == packet->owned)
		return packet->owned;
	if (packet->owned_capacity < packet->len) {
		packet->owned_capacity = alloc_grown_capacity(packet->owned_capacity, packet->len);
		packet->owned = alloc_resize(packet->owned, packet->owned_capacity, 1);
	}
	if (packet->len)
		memcpy(packet->owned, packet->bytes, packet->len);
	packet->bytes = packet->owned;
	return packet->owned;
}

static bool is_there(const struct packet *packet, int offset, uint32_t len)
{
	return offset >= 0 && (uint32_t)offset <= packet->len && len <= packet->len - (uint32_t)offset;
}

/* RFC 1624, equation 3: what a checksum becomes when a word that it covers changes. */
static void follow(struct packet *packet, int field, uint16_t before, uint16_t after)
{
	uint32_t sum;

	if (!is_there(packet, field, 2))
		return;
	sum = (uint16_t)~read_u16(packet, field) + (uint32_t)(uint16_t)~before + after;
	write_u16(packet, field, checksum_finish(sum));
}

/* The same for the layer 4 checksum of a place, where UDP's 0 means "none" and must neither change nor arise. */
static void follow_l4(struct packet *packet, const struct place *place, int field, uint16_t before, uint16_t after)
{
	bool is_udp = place->protocol == PROTOCOL_UDP || place->protocol == PROTOCOL_UDPLITE;
	uint16_t old;

	if (!is_there(packet, field, 2))
		return;
	old = read_u16(packet, field);
	if (is_udp && old == 0)
		return;
	follow(packet, field, before, after);
	if (is_udp && read_u16(packet, field) == 0)
		write_u16(packet, field, 0xffff);
	follow(packet, place->outer_checksum, old, read_u16(packet, field));
}

static struct place own_place(const struct packet *packet)
{
	bool has_l4 = !packet->fragment_offset && !packet->l4_unreachable && packet->family != FAMILY_NONE;

	return (struct place){
		.ip = 0,
		.l4 = has_l4 ? (int)packet->l4_offset : NO_FIELD,
		.outer_checksum = NO_FIELD,
		.family = packet->family,
		.protocol = packet->protocol,
	};
}

static bool find_quoted(const struct packet *packet, struct place *place)
{
	struct packet inner;

	if (!decode_embedded(packet, &inner))
		return false;
	*place = own_place(&inner);
	place->ip = (int)(inner.bytes - packet->bytes);
	if (place->l4 != NO_FIELD)
		place->l4 += place->ip;
	place->outer_checksum = (int)packet->l4_offset + 2;
	return true;
}

/* Linux 6.18, tcp_manip_pkt(): of TCP's header all 20 bytes must be there, which a quote need not have. */
static int l4_checksum_field(const struct packet *packet, const struct place *place)
{
	int offset = checksum_field_offset(place->protocol);

	if (place->l4 == NO_FIELD || offset < 0 || place->protocol == PROTOCOL_SCTP)
		return NO_FIELD;
	return place->protocol == PROTOCOL_TCP && !is_there(packet, place->l4, TCP_HEADER_LEN) ? NO_FIELD : place->l4 + offset;
}

/* ICMP's checksum is the one without a pseudo header; SCTP's is no sum. */
static bool has_pseudo_header(const struct place *place)
{
	return place->protocol != PROTOCOL_ICMP && place->protocol != PROTOCOL_SCTP;
}

/* One word of the network header, with the header's checksum. */
static void change_ip_word(struct packet *packet, const struct place *place, int offset, uint16_t value)
{
	int at = place->ip + offset, field = place->ip + IPV4_CHECKSUM;
	uint16_t before = read_u16(packet, at), checksum;

	write_u16(packet, at, value);
	follow(packet, place->outer_checksum, before, value);
	if (place->family != FAMILY_IPV4)
		return;
	checksum = read_u16(packet, field);
	follow(packet, field, before, value);
	follow(packet, place->outer_checksum, checksum, read_u16(packet, field));
}

static void change_address(struct packet *packet, const struct place *place, int offset, const struct address *address)
{
	int n_words = place->family == FAMILY_IPV6 ? 8 : 2;
	uint8_t bytes[16];

	address_to_bytes(place->family, address, bytes);
	for (int i = 0; i < n_words; i++) {
		uint16_t after = (uint16_t)(bytes[2 * i] << 8 | bytes[2 * i + 1]);
		uint16_t before = read_u16(packet, place->ip + offset + 2 * i);

		change_ip_word(packet, place, offset + 2 * i, after);
		if (has_pseudo_header(place))
			follow_l4(packet, place, l4_checksum_field(packet, place), before, after);
	}
}

static int source_offset(const struct place *place)
{
	return place->family == FAMILY_IPV6 ? 8 : 12;
}

static int destination_offset(const struct place *place)
{
	return place->family == FAMILY_IPV6 ? 24 : 16;
}

static bool has_port_fields(uint8_t protocol)
{
	return protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP || protocol == PROTOCOL_UDPLITE ||
	       protocol == PROTOCOL_SCTP || protocol == PROTOCOL_DCCP;
}

/* What SCTP's CRC32c would have to be, for a packet that is there in full; else 0. */
static uint32_t crc_of(const struct packet *packet)
{
	struct cursor cursor = cursor_at(packet->bytes, packet->len, packet->l4_offset);
	const uint8_t *bytes = cursor_take(&cursor, packet->l4_len);

	return bytes && packet->l4_len >= 12 ? checksum_crc32c(bytes, packet->l4_len, 8) : 0;
}

/* A CRC is linear: the stored one changes by the same bits as the right one, so a wrong one stays as wrong. */
static void follow_crc(struct packet *packet, uint32_t before)
{
	uint32_t change = before ^ crc_of(packet);
	int field = (int)packet->l4_offset + 8;

	if (!is_there(packet, field, 4) || packet_is_cut(packet))
		return;
	write_u16(packet, field, (uint16_t)(read_u16(packet, field) ^ change >> 16));
	write_u16(packet, field + 2, (uint16_t)(read_u16(packet, field + 2) ^ change));
}

/* One word of the layer 4 header, with its checksum. */
static bool change_l4_word(struct packet *packet, const struct place *place, int offset, uint16_t value)
{
	bool has_crc = place->protocol == PROTOCOL_SCTP && place->outer_checksum == NO_FIELD;
	uint32_t crc;
	uint16_t before;

	if (place->l4 == NO_FIELD || !is_there(packet, place->l4 + offset, 2))
		return false;
	crc = has_crc ? crc_of(packet) : 0;
	before = read_u16(packet, place->l4 + offset);
	write_u16(packet, place->l4 + offset, value);
	follow(packet, place->outer_checksum, before, value);
	if (has_crc)
		follow_crc(packet, crc);
	else
		follow_l4(packet, place, l4_checksum_field(packet, place), before, value);
	return true;
}

static bool change_port(struct packet *packet, const struct place *place, int offset, uint16_t port)
{
	return has_port_fields(place->protocol) && change_l4_word(packet, place, offset, port);
}

static bool change_icmp_id(struct packet *packet, const struct place *place, uint16_t id)
{
	if (place->protocol != PROTOCOL_ICMP && place->protocol != PROTOCOL_ICMPV6)
		return false;
	return change_l4_word(packet, place, 4, id);
}

/* What every forwarded packet meets: one byte, which no layer 4 checksum covers. A header is there, or there is no family. */
void rewrite_ttl(struct packet *packet, uint8_t ttl)
{
	enum { TTL = 8, HOP_LIMIT = 7 };
	uint32_t change;
	uint8_t *header;

	if (packet->family == FAMILY_NONE || packet->ttl == ttl)
		return;
	header = rewrite_writable(packet);
	packet->ttl = ttl;
	if (packet->family == FAMILY_IPV6) {
		header[HOP_LIMIT] = ttl;
		return;
	}
	/* RFC 1624, equation 3: the TTL is the high byte of its word. */
	change = (uint32_t)(uint16_t)~(header[TTL] << 8) + (uint32_t)(ttl << 8);
	header[TTL] = ttl;
	change = checksum_finish((uint16_t)~(header[IPV4_CHECKSUM] << 8 | header[IPV4_CHECKSUM + 1]) + change);
	header[IPV4_CHECKSUM] = (uint8_t)(change >> 8);
	header[IPV4_CHECKSUM + 1] = (uint8_t)change;
}

void rewrite_tos(struct packet *packet, uint8_t tos)
{
	struct place place = own_place(packet);
	uint16_t word = read_u16(packet, 0);

	if (place.family == FAMILY_NONE || packet->tos == tos)
		return;
	if (place.family == FAMILY_IPV6)
		word = (uint16_t)((word & 0xf00f) | tos << 4);
	else
		word = (uint16_t)((word & 0xff00) | tos);
	change_ip_word(packet, &place, 0, word);
	packet->tos = tos;
}

void rewrite_source(struct packet *packet, const struct address *address)
{
	struct place place = own_place(packet);

	if (place.family == FAMILY_NONE || address_is_equal(&packet->source, address))
		return;
	change_address(packet, &place, source_offset(&place), address);
	packet->source = *address;
}

void rewrite_destination(struct packet *packet, const struct address *address)
{
	struct place place = own_place(packet);

	if (place.family == FAMILY_NONE || address_is_equal(&packet->destination, address))
		return;
	change_address(packet, &place, destination_offset(&place), address);
	packet->destination = *address;
}

static void put_address(struct packet *packet, const struct place *place, int offset, const struct address *address)
{
	address_to_bytes(place->family, address, rewrite_writable(packet) + place->ip + offset);
}

void rewrite_source_alone(struct packet *packet, const struct address *address)
{
	struct place place = own_place(packet);

	if (place.family == FAMILY_NONE)
		return;
	put_address(packet, &place, source_offset(&place), address);
	packet->source = *address;
}

void rewrite_destination_alone(struct packet *packet, const struct address *address)
{
	struct place place = own_place(packet);

	if (place.family == FAMILY_NONE)
		return;
	put_address(packet, &place, destination_offset(&place), address);
	packet->destination = *address;
}

void rewrite_quoted_source_alone(struct packet *packet, const struct address *address)
{
	struct place place;

	if (find_quoted(packet, &place))
		put_address(packet, &place, source_offset(&place), address);
}

void rewrite_quoted_destination_alone(struct packet *packet, const struct address *address)
{
	struct place place;

	if (find_quoted(packet, &place))
		put_address(packet, &place, destination_offset(&place), address);
}

void rewrite_source_port(struct packet *packet, uint16_t port)
{
	struct place place = own_place(packet);

	if (packet->has_ports && packet->source_port != port && change_port(packet, &place, 0, port))
		packet->source_port = port;
}

void rewrite_destination_port(struct packet *packet, uint16_t port)
{
	struct place place = own_place(packet);

	if (packet->has_ports && packet->destination_port != port && change_port(packet, &place, 2, port))
		packet->destination_port = port;
}

void rewrite_icmp_id(struct packet *packet, uint16_t id)
{
	struct place place = own_place(packet);

	if (packet->has_l4 && packet->icmp_id != id && change_icmp_id(packet, &place, id))
		packet->icmp_id = id;
}

void rewrite_quoted_source(struct packet *packet, const struct address *address)
{
	struct place place;

	if (find_quoted(packet, &place))
		change_address(packet, &place, source_offset(&place), address);
}

void rewrite_quoted_destination(struct packet *packet, const struct address *address)
{
	struct place place;

	if (find_quoted(packet, &place))
		change_address(packet, &place, destination_offset(&place), address);
}

void rewrite_quoted_source_port(struct packet *packet, uint16_t port)
{
	struct place place;

	if (find_quoted(packet, &place))
		change_port(packet, &place, 0, port);
}

void rewrite_quoted_destination_port(struct packet *packet, uint16_t port)
{
	struct place place;

	if (find_quoted(packet, &place))
		change_port(packet, &place, 2, port);
}

void rewrite_quoted_icmp_id(struct packet *packet, uint16_t id)
{
	struct place place;

	if (find_quoted(packet, &place))
		change_icmp_id(packet, &place, id);
}

void rewrite_quoted_crc(struct packet *packet)
{
	enum { COMMON_HEADER_LEN = 12, FIELD = 8 };
	struct place place;
	struct cursor cursor;
	const uint8_t *bytes;
	uint32_t len, crc;

	if (!find_quoted(packet, &place) || place.protocol != PROTOCOL_SCTP || packet_is_cut(packet) ||
	    !is_there(packet, place.l4, COMMON_HEADER_LEN))
		return;
	len = packet->len - (uint32_t)place.l4;
	cursor = cursor_at(packet->bytes, packet->len, (size_t)place.l4);
	bytes = cursor_take(&cursor, len);
	if (!bytes)
		return;
	crc = checksum_crc32c(bytes, len, FIELD);
	change_l4_word(packet, &place, FIELD, (uint16_t)(crc >> 16));
	change_l4_word(packet, &place, FIELD + 2, (uint16_t)crc);
}

void rewrite_checksum(struct packet *packet)
{
	bool is_offloaded = packet->protocol == PROTOCOL_TCP || packet->protocol == PROTOCOL_UDP;

	if (!is_offloaded || packet->is_fragment || !packet->has_l4 || packet_is_cut(packet) ||
	    checksum_verify_l4(packet) != CHECKSUM_BAD)
		return;
	write_u16(packet, (int)packet->l4_offset + checksum_field_offset(packet->protocol), checksum_compute_l4(packet));
}

bool rewrite_l4_bytes(struct packet *packet, uint32_t offset, const uint8_t *bytes, uint32_t len)
{
	struct place place = own_place(packet);

	if (place.l4 == NO_FIELD || offset > packet->l4_len || !is_there(packet, place.l4, 0) ||
	    !is_there(packet, place.l4 + (int)offset, len))
		return false;
	/* Word by word, with the neighbour of an odd first or last byte kept. */
	for (uint32_t i = 0; i < len; i++) {
		uint32_t at = offset + i;
		int word_at = (int)(at & ~1u);
		uint16_t word;

		if (!is_there(packet, place.l4 + word_at, 2)) {
			/* The last byte of an odd packet counts as a word with a zero behind it. */
			uint8_t *last = rewrite_writable(packet) + place.l4 + at;

			follow_l4(packet, &place, l4_checksum_field(packet, &place), (uint16_t)(*last << 8),
				  (uint16_t)(bytes[i] << 8));
			*last = bytes[i];
			continue;
		}
		word = read_u16(packet, place.l4 + word_at);
		if (at & 1)
			word = (uint16_t)((word & 0xff00) | bytes[i]);
		else
			word = (uint16_t)((word & 0xff) | bytes[i] << 8);
		change_l4_word(packet, &place, word_at, word);
	}
	decode_l4(packet);
	return true;
}

/* The length fields of IP and UDP; the layer 4 checksum is the caller's. */
static void change_lengths(struct packet *packet, const struct place *place, uint32_t total_len)
{
	packet->len = packet->total_len = total_len;
	packet->l4_len = total_len - packet->l4_offset;
	if (place->family == FAMILY_IPV4)
		change_ip_word(packet, place, 2, (uint16_t)total_len);
	else
		write_u16(packet, 4, (uint16_t)(total_len - 40));
	if (place->protocol == PROTOCOL_UDP && packet->l4_len >= 8)
		write_u16(packet, place->l4 + 4, (uint16_t)packet->l4_len);
}

bool rewrite_resize(struct packet *packet, uint32_t offset, uint32_t old_len, const uint8_t *bytes, uint32_t new_len)
{
	struct place place = own_place(packet);
	int field = l4_checksum_field(packet, &place);
	uint32_t at = packet->l4_offset + offset, behind = at + old_len, total_len;
	uint16_t stored, right;

	if (place.l4 == NO_FIELD || packet->is_fragment || packet_is_cut(packet) || offset > packet->l4_len ||
	    old_len > packet->l4_len - offset || new_len > PACKET_LONGEST || !packet->has_l4)
		return false;
	total_len = packet->total_len - old_len + new_len;
	if (total_len > PACKET_LONGEST)
		return false;
	right = checksum_compute_l4(packet);
	stored = field == NO_FIELD ? 0 : read_u16(packet, field);
	rewrite_writable(packet);
	if (packet->owned_capacity < total_len) {
		packet->owned_capacity = alloc_grown_capacity(packet->owned_capacity, total_len);
		packet->bytes = packet->owned = alloc_resize(packet->owned, packet->owned_capacity, 1);
	}
	memmove(packet->owned + at + new_len, packet->owned + behind, packet->len - behind);
	if (new_len)
		memcpy(packet->owned + at, bytes, new_len);
	change_lengths(packet, &place, total_len);
	/* Wrong before: wrong by as much afterwards. UDP's 0 stays "none". */
	if (field != NO_FIELD && !(place.protocol == PROTOCOL_UDP && stored == 0)) {
		write_u16(packet, field, stored);
		follow(packet, field, (uint16_t)~right, (uint16_t)~checksum_compute_l4(packet));
	}
	decode_l4(packet);
	return true;
}
