/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet/reply.h"

#include <string.h>

#include "base/alloc.h"
#include "base/cursor.h"
#include "packet/checksum.h"
#include "packet/decode.h"

enum {
	IPV4_HEADER_LEN = 20, IPV6_HEADER_LEN = 40, TCP_HEADER_LEN = 20, ICMP_HEADER_LEN = 8,
	IPV4_LONGEST_ERROR = 576,	/* RFC 1812, 4.3.2.3 */
	IPV6_LONGEST_ERROR = 1280,	/* RFC 4443, 2.4 (c) */
	REPLY_TTL = 64,
	TOS_BITS = 0x1e, TOS_INTERNET_CONTROL = 0xc0,
	DONT_FRAGMENT_BYTE = 0x40,
	ICMP_UNREACHABLE = 3, ICMPV6_UNREACHABLE = 1,
};

static void put_u16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put_u32(uint8_t *at, uint32_t value)
{
	put_u16(at, (uint16_t)(value >> 16));
	put_u16(at + 2, (uint16_t)value);
}

static uint32_t ip_header_len(const struct packet *packet)
{
	return packet->family == FAMILY_IPV6 ? IPV6_HEADER_LEN : IPV4_HEADER_LEN;
}

/* Protocols whose layer 4 checksum nobody checks before answering. Linux 6.18, nf_reject_verify_csum(); up to 6.16 DCCP, too. */
static bool has_no_plain_checksum(uint8_t protocol)
{
	return protocol == PROTOCOL_GRE || protocol == PROTOCOL_AH || protocol == PROTOCOL_ESP ||
	       protocol == PROTOCOL_SCTP || protocol == PROTOCOL_UDPLITE;
}

/*
 * Linux 6.18, nf_ip_checksum(), nf_ip6_checksum(): any other protocol is summed as well, over IPv4 without and over
 * IPv6 with a pseudo header, so an unknown protocol gets an answer only when its bytes happen to add up. The sum over
 * IPv4 takes in the header, which adds up to ones: bytes that are all zero pass. What is too short to be TCP or UDP
 * is summed with its pseudo header.
 */
static bool adds_up(const struct packet *packet)
{
	bool has_ports = packet->protocol == PROTOCOL_TCP || packet->protocol == PROTOCOL_UDP;
	size_t address_len = packet->family == FAMILY_IPV6 ? 16 : 4;
	struct cursor cursor = cursor_at(packet->bytes, packet->len, packet->l4_offset);
	const uint8_t *bytes = cursor_take(&cursor, packet->l4_len);
	uint8_t addresses[32];
	uint64_t sum = 0xffff;

	if (!bytes)
		return true;
	if (packet->family == FAMILY_IPV6 || has_ports) {
		address_to_bytes(packet->family, &packet->source, addresses);
		address_to_bytes(packet->family, &packet->destination, addresses + address_len);
		sum = checksum_add((uint64_t)packet->protocol + packet->l4_len, addresses, 2 * address_len);
	}
	return checksum_finish(checksum_add(sum, bytes, packet->l4_len)) == 0;
}

/* What the snap length cut away is taken as good. */
static bool has_good_checksum(const struct packet *packet)
{
	if (packet->is_checksum_trusted || packet->link.direction == LINK_OUT)
		return true;
	if (has_no_plain_checksum(packet->protocol) || packet_is_cut(packet))
		return true;
	switch (packet->protocol) {
	case PROTOCOL_TCP:
	case PROTOCOL_UDP:
	case PROTOCOL_ICMPV6:
		return packet->has_l4 ? checksum_verify_l4(packet) != CHECKSUM_BAD : adds_up(packet);
	default:
		return adds_up(packet);
	}
}

static bool is_for_one(const struct packet *packet)
{
	return packet->link.destination_class == PACKET_UNICAST &&
	       !address_is_multicast(packet->family, &packet->destination) &&
	       !(packet->family == FAMILY_IPV4 && address_ipv4(&packet->destination) == UINT32_MAX);
}

/* Linux 6.18, icmp6_send(): an error needs a sender to go to. For IPv4 there would be no route. */
static bool has_sender(const struct packet *packet)
{
	return !address_is_unspecified(&packet->source) && !address_is_multicast(packet->family, &packet->source);
}

/*
 * Linux 6.18, __icmp_send(), is_ineligible(): no error about an error, nor about an ICMP message of a type unheard of.
 * icmp_pointers[]: of IPv4's, all but echo, timestamp, information and address mask count as errors. Seen live.
 */
static bool is_icmp_error(const struct packet *packet)
{
	enum { ECHO_REPLY = 0, ECHO = 8, TIMESTAMP = 13, ADDRESS_MASK_REPLY = 18 };
	uint8_t type = packet->icmp_type;

	if (packet->family == FAMILY_IPV4 && packet->protocol == PROTOCOL_ICMP)
		return packet->l4_len == 0 ||
		       (type != ECHO_REPLY && type != ECHO && (type < TIMESTAMP || type > ADDRESS_MASK_REPLY));
	/* Linux 6.18, is_ineligible(): a later fragment has no type. */
	return packet->family == FAMILY_IPV6 && packet->protocol == PROTOCOL_ICMPV6 && !packet->fragment_offset && type < 128;
}

/* Bytes for a reply of `len` bytes, zeroed; they belong to the reply. */
static uint8_t *take_bytes(struct packet *reply, uint32_t len)
{
	if (reply->owned_capacity < len) {
		reply->owned_capacity = alloc_grown_capacity(reply->owned_capacity, len);
		reply->owned = alloc_resize(reply->owned, reply->owned_capacity, 1);
	}
	memset(reply->owned, 0, len);
	return reply->owned;
}

/* The IP header of a reply to `offending`; IPv4's identification is 0, where Linux's is arbitrary. */
static void put_ip_header(const struct packet *offending, const struct address *source, uint8_t protocol, uint32_t len,
			  uint8_t *at)
{
	if (offending->family == FAMILY_IPV6) {
		at[0] = 0x60;
		put_u16(at + 4, (uint16_t)(len - IPV6_HEADER_LEN));
		at[6] = protocol;
		at[7] = REPLY_TTL;
		address_to_bytes(FAMILY_IPV6, source, at + 8);
		address_to_bytes(FAMILY_IPV6, &offending->source, at + 24);
		return;
	}
	at[0] = 0x45;
	put_u16(at + 2, (uint16_t)len);
	at[8] = REPLY_TTL;
	at[9] = protocol;
	address_to_bytes(FAMILY_IPV4, source, at + 12);
	address_to_bytes(FAMILY_IPV4, &offending->source, at + 16);
}

/* Checksums, and the decoded fields. */
static void finish(const struct packet *offending, uint32_t len, struct packet *reply)
{
	uint8_t *bytes = reply->owned;
	int field;

	if (offending->family == FAMILY_IPV4)
		put_u16(bytes + 10, checksum_finish(checksum_add(0, bytes, IPV4_HEADER_LEN)));
	reply->number = offending->number;
	reply->time = offending->time;
	decode_ip(reply, bytes, len, len);
	field = checksum_field_offset(reply->protocol);
	put_u16(bytes + reply->l4_offset + field, checksum_compute_l4(reply));
	reply->is_checksum_trusted = true;
}

/* Linux 6.18, __icmp_send(), icmp6_send(). What the snap length cut from the quote is zero. */
static void make_error(const struct packet *offending, const struct reply_error *error, const struct address *source,
		       struct packet *reply)
{
	bool is_ipv6 = offending->family == FAMILY_IPV6;
	uint32_t headers_len = ip_header_len(offending) + ICMP_HEADER_LEN;
	uint32_t most = (is_ipv6 ? IPV6_LONGEST_ERROR : IPV4_LONGEST_ERROR) - headers_len;
	uint32_t quoted = offending->total_len < most ? offending->total_len : most;
	uint8_t *bytes = take_bytes(reply, headers_len + quoted);

	put_ip_header(offending, source, is_ipv6 ? PROTOCOL_ICMPV6 : PROTOCOL_ICMP, headers_len + quoted, bytes);
	if (!is_ipv6)
		bytes[1] = (offending->tos & TOS_BITS) | TOS_INTERNET_CONTROL;
	bytes[ip_header_len(offending)] = error->type;
	bytes[ip_header_len(offending) + 1] = error->code;
	put_u32(bytes + ip_header_len(offending) + 4, error->rest);
	memcpy(bytes + headers_len, offending->bytes, offending->len < quoted ? offending->len : quoted);
	finish(offending, headers_len + quoted, reply);
}

static bool may_have_error(const struct packet *offending)
{
	return offending->family != FAMILY_NONE && is_for_one(offending) && has_sender(offending) && !is_icmp_error(offending);
}

bool reply_unreachable(const struct packet *offending, uint8_t code, const struct address *source, bool knows_dccp,
		       struct packet *reply)
{
	struct reply_error error = {
		.type = offending->family == FAMILY_IPV6 ? ICMPV6_UNREACHABLE : ICMP_UNREACHABLE, .code = code,
	};

	if (offending->fragment_offset || !may_have_error(offending) ||
	    !((knows_dccp && offending->protocol == PROTOCOL_DCCP) || has_good_checksum(offending)))
		return false;
	/* Linux 6.18, nf_reject_v6_csum_ok(): there must be something behind the headers. */
	if (offending->family == FAMILY_IPV6 && (offending->l4_unreachable || offending->l4_len == 0))
		return false;
	make_error(offending, &error, source, reply);
	return true;
}

bool reply_icmp_error(const struct packet *offending, const struct reply_error *error, const struct address *source,
		      struct packet *reply)
{
	/* Linux 6.18, __icmp_send() looks for later fragments, icmp6_send() does not. */
	if (!may_have_error(offending) || (offending->family == FAMILY_IPV4 && offending->fragment_offset))
		return false;
	make_error(offending, error, source, reply);
	return true;
}

/* Linux 6.18, nf_reject_ip_tcphdr_get(), nf_send_reset(), nf_send_reset6(). */
static bool may_have_reset(const struct packet *offending)
{
	if (offending->family == FAMILY_NONE || offending->protocol != PROTOCOL_TCP || !offending->has_l4 ||
	    offending->fragment_offset || (offending->tcp_flags & TCP_RST))
		return false;
	return is_for_one(offending) && has_sender(offending) && has_good_checksum(offending);
}

bool reply_tcp_reset(const struct packet *offending, struct packet *reply)
{
	uint32_t ip_len = ip_header_len(offending), len = ip_len + TCP_HEADER_LEN;
	uint8_t *bytes, *tcp;

	if (!may_have_reset(offending))
		return false;
	bytes = take_bytes(reply, len);
	tcp = bytes + ip_len;
	put_ip_header(offending, &offending->destination, PROTOCOL_TCP, len, bytes);
	if (offending->family == FAMILY_IPV4)
		bytes[6] = DONT_FRAGMENT_BYTE;
	put_u16(tcp, offending->destination_port);
	put_u16(tcp + 2, offending->source_port);
	tcp[12] = TCP_HEADER_LEN / 4 << 4;
	tcp[13] = TCP_RST;
	if (offending->tcp_flags & TCP_ACK) {
		put_u32(tcp + 4, offending->tcp_acknowledgment);
	} else {
		uint32_t n_flags = !!(offending->tcp_flags & TCP_SYN) + !!(offending->tcp_flags & TCP_FIN);

		tcp[13] |= TCP_ACK;
		put_u32(tcp + 8, offending->tcp_sequence + n_flags + offending->l4_len - offending->tcp_header_len);
	}
	finish(offending, len, reply);
	return true;
}
