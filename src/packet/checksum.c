/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet/checksum.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>

#include "base/cursor.h"

enum { DCCP_HEADER_LEN = 12 };	/* with short sequence numbers: RFC 4340, 5.1 */

/*
 * A sum of words in any byte order is the sum in that byte order, and words of any length may be added, as long as what
 * is carried out is added again (RFC 1071).
 */
static inline uint64_t add(uint64_t sum, uint64_t word)
{
	sum += word;
	return sum + (sum < word);
}

/* The last bytes of a buffer, fewer than 8. */
static inline uint64_t sum_tail(const uint8_t *bytes, size_t len)
{
	uint64_t sum = 0;
	uint32_t word;
	uint16_t half = 0;

	if (len & 4) {
		memcpy(&word, bytes, sizeof(word));
		sum += word;
		bytes += sizeof(word);
	}
	if (len & 2) {
		memcpy(&half, bytes, sizeof(half));
		sum += half;
		bytes += sizeof(half);
	}
	half = 0;
	if (len & 1)
		memcpy(&half, bytes, 1);
	return sum + half;
}

/* In the machine's byte order, not folded. */
static inline uint64_t sum_of(const uint8_t *bytes, size_t len)
{
	uint64_t sum = 0;

	for (; len >= 8; bytes += 8, len -= 8) {
		uint64_t word;

		memcpy(&word, bytes, sizeof(word));
		sum = add(sum, word);
	}
	return add(sum, sum_tail(bytes, len));
}

uint64_t checksum_add(uint64_t sum, const uint8_t *bytes, size_t len)
{
	return sum + ntohs(checksum_fold(sum_of(bytes, len)));
}

int checksum_field_offset(uint8_t protocol)
{
	switch (protocol) {
	case PROTOCOL_TCP:
		return 16;
	case PROTOCOL_UDP:
	case PROTOCOL_UDPLITE:
	case PROTOCOL_DCCP:
		return 6;
	case PROTOCOL_ICMP:
	case PROTOCOL_ICMPV6:
		return 2;
	case PROTOCOL_SCTP:
		return 8;
	default:
		return -1;
	}
}

/*
 * Linux 6.18, nf_checksum(): the length is what IP carries, not what a UDP header says. ICMP has no pseudo header; the
 * kernel's sum takes in the IP header there, which adds up to ones, and that lets a message of zeros pass. In the machine's
 * byte order, not folded.
 */
static uint64_t pseudo_header(const struct packet *packet)
{
	uint64_t sum = (uint64_t)htonl(packet->protocol) + htonl(packet->l4_len);

	if (packet->protocol == PROTOCOL_ICMP)
		return 0xffff;
	for (int i = 0; i < 4; i++)	/* of IPv4 addresses all but the first are 0 */
		sum += (uint64_t)packet->source.word[i] + packet->destination.word[i];
	return sum;
}

/* Of what has a pseudo header, and is summed from end to end. */
static inline enum checksum_state verify(const struct packet *packet, const uint8_t *bytes, uint32_t covered)
{
	return checksum_fold(add(pseudo_header(packet), sum_of(bytes, covered))) == UINT16_MAX ? CHECKSUM_VALID : CHECKSUM_BAD;
}

/* How many bytes the checksum covers; false when the packet says something impossible. */
static bool find_coverage(const struct packet *packet, uint32_t *covered)
{
	struct cursor cursor = cursor_at(packet->bytes, packet->len, packet->l4_offset);
	uint32_t coverage;

	*covered = packet->l4_len;
	if (packet->protocol == PROTOCOL_UDPLITE) {
		cursor_skip(&cursor, 4);
		coverage = cursor_u16(&cursor);
		if (coverage)
			*covered = coverage;
		return *covered >= 8 && *covered <= packet->l4_len;
	}
	if (packet->protocol == PROTOCOL_DCCP) {
		uint32_t words;

		cursor_skip(&cursor, 4);
		coverage = cursor_u8(&cursor) * 4u;	/* data offset, in words */
		words = cursor_u8(&cursor) & 0xf;
		if (words)
			*covered = coverage + (words - 1) * 4;
		return *covered >= DCCP_HEADER_LEN && *covered <= packet->l4_len;
	}
	return true;
}

/*
 * What Linux sums to judge the packet. Linux 6.1, dccp_error(): a partial coverage of DCCP is counted from the first byte of
 * the header, not from behind it as RFC 4340 says, so that a right checksum hardly ever is.
 */
static bool find_judged(const struct packet *packet, uint32_t *covered)
{
	enum { COVERAGE_AT = 5 };
	struct cursor cursor = cursor_at(packet->bytes, packet->len, (size_t)packet->l4_offset + COVERAGE_AT);
	uint32_t words;

	if (packet->protocol != PROTOCOL_DCCP)
		return find_coverage(packet, covered);
	words = cursor_u8(&cursor) & 0xf;
	*covered = words ? (words - 1) * 4 : packet->l4_len;
	return *covered <= packet->l4_len;
}

enum checksum_state checksum_verify_l4(const struct packet *packet)
{
	struct cursor cursor = cursor_at(packet->bytes, packet->len, packet->l4_offset);
	int offset = checksum_field_offset(packet->protocol);
	const uint8_t *bytes;
	uint32_t covered;
	uint16_t field;

	if (packet->family == FAMILY_NONE || packet->l4_unreachable)
		return CHECKSUM_UNKNOWN;
	if (offset < 0)
		return CHECKSUM_ABSENT;
	bytes = cursor_take(&cursor, packet->l4_len);
	if (!bytes || !packet->has_l4)
		return CHECKSUM_UNKNOWN;
	if (packet->protocol == PROTOCOL_TCP)
		return verify(packet, bytes, packet->l4_len);
	if (packet->protocol == PROTOCOL_UDP)
		return bytes[offset] || bytes[offset + 1] ? verify(packet, bytes, packet->l4_len) : CHECKSUM_ABSENT;
	cursor = cursor_at(bytes, packet->l4_len, (size_t)offset);
	if (packet->protocol == PROTOCOL_SCTP)
		return cursor_u32(&cursor) == checksum_crc32c(bytes, packet->l4_len, (size_t)offset) ?
		       CHECKSUM_VALID : CHECKSUM_BAD;
	field = cursor_u16(&cursor);
	if ((packet->protocol == PROTOCOL_UDPLITE && field == 0) || !find_judged(packet, &covered))
		return CHECKSUM_BAD;
	return verify(packet, bytes, covered);
}

void checksum_note_l4(struct packet *packet)
{
	enum checksum_state state = checksum_verify_l4(packet);

	/* What is not known now may be found later: see decode_accept_ip_checksum(). */
	if (state != CHECKSUM_UNKNOWN)
		packet->l4_checksum = (uint8_t)(state + 1);
}

uint16_t checksum_compute_l4(const struct packet *packet)
{
	struct cursor cursor = cursor_at(packet->bytes, packet->len, packet->l4_offset);
	int offset = checksum_field_offset(packet->protocol);
	uint32_t covered = 0;
	const uint8_t *bytes;
	uint64_t sum;
	uint16_t checksum;

	if (offset < 0 || !packet->has_l4 || !find_coverage(packet, &covered))
		return 0;
	bytes = cursor_take(&cursor, covered);
	if (!bytes)
		return 0;
	/* Without the field itself, which begins at an even offset. */
	sum = add(pseudo_header(packet), sum_of(bytes, (size_t)offset));
	sum = add(sum, sum_of(bytes + offset + 2, covered - (size_t)offset - 2));
	checksum = checksum_finish(ntohs(checksum_fold(sum)));
	/* RFC 768: a computed 0 is sent as all ones. */
	if (!checksum && (packet->protocol == PROTOCOL_UDP || packet->protocol == PROTOCOL_UDPLITE))
		checksum = 0xffff;
	return checksum;
}

uint32_t checksum_crc32c(const uint8_t *bytes, size_t len, size_t offset)
{
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < len; i++) {
		crc ^= i >= offset && i < offset + 4 ? 0 : bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78u : 0);
	}
	crc = ~crc;
	/* RFC 9260, appendix A: stored with the least significant byte first. */
	return crc >> 24 | (crc >> 8 & 0xff00) | (crc & 0xff00) << 8 | crc << 24;
}
