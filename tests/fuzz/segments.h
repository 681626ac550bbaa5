/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For targets that make packets: raw IP with any layer 4 behind it, right where the target wants it right. */
#ifndef TESTS_FUZZ_SEGMENTS_H
#define TESTS_FUZZ_SEGMENTS_H

#include "fuzz.h"
#include "packet/checksum.h"
#include "packet/decode.h"
#include "packet/tuple.h"

enum { RAW_IP = 12 /* DLT_RAW */, IPV4_HEADER_LEN = 20, IPV6_HEADER_LEN = 40 };

static inline struct address segments_address(const char *text)
{
	enum family family;
	struct address address;

	MUST(address_parse(text, strlen(text), &family, &address));
	return address;
}

static inline void put16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static inline void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value);
}

static inline uint32_t read32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* The IP header of a packet between the tuple's addresses; its length. */
static inline uint32_t segments_put_ip(uint8_t *bytes, const struct tuple *tuple, uint32_t l4_len)
{
	if (tuple->family == FAMILY_IPV6) {
		memset(bytes, 0, IPV6_HEADER_LEN);
		bytes[0] = 0x60;
		put16(bytes + 4, l4_len);
		bytes[6] = tuple->protocol;
		bytes[7] = 64;
		address_to_bytes(FAMILY_IPV6, &tuple->source, bytes + 8);
		address_to_bytes(FAMILY_IPV6, &tuple->destination, bytes + 24);
		return IPV6_HEADER_LEN;
	}
	memset(bytes, 0, IPV4_HEADER_LEN);
	bytes[0] = 0x45;
	put16(bytes + 2, IPV4_HEADER_LEN + l4_len);
	bytes[8] = 64;
	bytes[9] = tuple->protocol;
	address_to_bytes(FAMILY_IPV4, &tuple->source, bytes + 12);
	address_to_bytes(FAMILY_IPV4, &tuple->destination, bytes + 16);
	put16(bytes + 10, checksum_finish(checksum_add(0, bytes, IPV4_HEADER_LEN)));
	return IPV4_HEADER_LEN;
}

/* A whole packet, or with less captured of it. */
static inline void segments_decode(struct packet *packet, const uint8_t *bytes, uint32_t len, uint32_t captured_len)
{
	memset(&packet->link, 0, sizeof(packet->link));
	packet->is_checksum_trusted = false;
	packet->frame = bytes;
	packet->original_len = len;
	packet->captured_len = captured_len;
	decode_frame(packet, RAW_IP);
	MUST(packet->family != FAMILY_NONE);
}

/* The right layer 4 checksum for bytes that `packet` was decoded from, whose header is `ip_len` long; decode again. */
static inline void segments_put_checksum(const struct packet *packet, uint8_t *bytes, uint32_t ip_len)
{
	int field = checksum_field_offset(packet->protocol);
	uint16_t checksum;

	if (field < 0 || !packet->has_l4 || packet->is_fragment)
		return;
	if (packet->protocol == PROTOCOL_SCTP) {
		put32(bytes + ip_len + field, checksum_crc32c(bytes + ip_len, packet->l4_len, (size_t)field));
		return;
	}
	checksum = checksum_compute_l4(packet);
	put16(bytes + ip_len + field, checksum ? checksum : 0xffff);
}

#endif
