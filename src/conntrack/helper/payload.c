/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conntrack/helper/payload.h"

#include <string.h>
#include <strings.h>

#include "base/cursor.h"
#include "conntrack/lifecycle.h"
#include "conntrack/seqadj.h"
#include "packet/rewrite.h"

enum { UDP_HEADER_LEN = 8, ICMP_HEADER_LEN = 8, TCP_HEADER_LEN = 20, TCP_OFFSET_AT = 12, MOST_ATTEMPTS = 128 };

static bool find_payload(const struct packet *packet, uint32_t header_len, struct payload *payload)
{
	struct cursor cursor = cursor_at(packet->bytes, packet->len, (size_t)packet->l4_offset + header_len);

	if (!packet->has_l4 || header_len >= packet->l4_len)
		return false;
	payload->len = (uint32_t)cursor_left(&cursor);
	payload->bytes = cursor_take(&cursor, payload->len);
	payload->full_len = packet->l4_len - header_len;
	payload->offset = header_len;
	return payload->bytes != NULL;
}

bool payload_of_tcp(const struct helping *helping, struct payload *payload)
{
	const struct packet *packet = helping->packet;

	return helping->ctstate == CTSTATE_ESTABLISHED && packet->protocol == PROTOCOL_TCP &&
	       find_payload(packet, packet->tcp_header_len, payload);
}

bool payload_of_udp_as_tcp(const struct helping *helping, struct payload *payload)
{
	const struct packet *packet = helping->packet;
	struct cursor cursor = cursor_at(packet->bytes, packet->len, (size_t)packet->l4_offset + TCP_OFFSET_AT);
	uint32_t header_len = (uint32_t)(cursor_u8(&cursor) >> 4) * 4;

	return helping->ctstate == CTSTATE_ESTABLISHED && packet->protocol == PROTOCOL_UDP && !payload_is_translated(helping) &&
	       packet->l4_len >= TCP_HEADER_LEN && !cursor.failed && find_payload(packet, header_len, payload);
}

bool payload_of_udp(const struct helping *helping, struct payload *payload)
{
	return helping->packet->protocol == PROTOCOL_UDP && find_payload(helping->packet, UDP_HEADER_LEN, payload);
}

bool payload_of_error(const struct helping *helping, struct payload *payload)
{
	return find_payload(helping->packet, ICMP_HEADER_LEN, payload);
}

bool payload_has(const struct payload *payload, uint32_t at, const char *word)
{
	size_t len = strlen(word);

	return at <= payload->len && len <= payload->len - at && memcmp(payload->bytes + at, word, len) == 0;
}

bool payload_has_in_any_case(const struct payload *payload, uint32_t at, const char *word)
{
	size_t len = strlen(word);

	return at <= payload->len && len <= payload->len - at &&
	       strncasecmp((const char *)payload->bytes + at, word, len) == 0;
}

uint32_t payload_read_decimal(const struct payload *payload, uint32_t at, uint32_t *value)
{
	*value = 0;
	for (; at < payload->len && payload->bytes[at] >= '0' && payload->bytes[at] <= '9'; at++)
		*value = *value * 10 + (uint32_t)(payload->bytes[at] - '0');
	return at;
}

void payload_note_growth(struct helping *helping, int32_t growth)
{
	if (helping->packet->protocol == PROTOCOL_TCP)
		seqadj_note(helping->connection, helping->direction, helping->packet->tcp_sequence, growth);
}

bool payload_write(struct helping *helping, struct payload *payload, uint32_t at, uint32_t old_len, const void *bytes,
		   uint32_t new_len)
{
	struct packet *packet = helping->packet;

	if (!packet_is_cut(packet) &&
	    (!rewrite_resize(packet, payload->offset + at, old_len, bytes, new_len) ||
	     !find_payload(packet, payload->offset, payload)))
		return false;
	helping->is_payload_changed = true;
	return true;
}

bool payload_replace(struct helping *helping, struct payload *payload, uint32_t at, uint32_t old_len, const void *bytes,
		     uint32_t new_len)
{
	if (!payload_write(helping, payload, at, old_len, bytes, new_len))
		return false;
	payload_note_growth(helping, (int32_t)new_len - (int32_t)old_len);
	return true;
}

uint16_t payload_expect_at_free_port(struct helping *helping, struct expectation *wanted)
{
	const struct outside *outside = helping->conntrack->outside;
	uint16_t first = wanted->tuple.destination_port;
	uint32_t range = UINT16_MAX - first;
	uint32_t attempts_left = range < MOST_ATTEMPTS ? range : MOST_ATTEMPTS;

	for (;;) {
		enum expectation_answer answer = expectation_add(helping->conntrack, wanted, false, helping->now);

		if (answer == EXPECTATION_ADDED)
			return wanted->tuple.destination_port;
		if (answer != EXPECTATION_BUSY || attempts_left-- == 0 || !outside)
			return 0;
		wanted->tuple.destination_port = (uint16_t)(first + outside->draw(outside, range));
	}
}

void payload_follow_master(struct expectation *wanted, enum direction direction)
{
	wanted->mapping = EXPECTATION_FOLLOWS_MASTER;
	wanted->direction = direction;
	wanted->saved_port = wanted->tuple.destination_port;
}
