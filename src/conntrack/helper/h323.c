/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conntrack/helper/h323.h"

#include "base/cursor.h"

enum { TPKT_VERSION = 3, TPKT_HEADER_LEN = 4, ENDPOINT_LEN = 6 };

bool h323_is_sender_translated(const struct h323_message *message)
{
	return h323_is_translated(message) &&
	       !address_is_equal(&h323_own(message)->source, &h323_other(message)->destination);
}

/* False: there is nothing to be read. */
static bool begin_segment(struct h323_message *message)
{
	struct helping *helping = message->helping;

	if (payload_of_tcp(helping, &message->payload) || payload_of_udp_as_tcp(helping, &message->payload))
		return true;
	if (helping->ctstate == CTSTATE_ESTABLISHED)
		h323_memory(message)->tpkt_len[helping->direction] = 0;
	return false;
}

/* What stands at `at`: the length of the message behind a header; false: no header stands there. */
static bool read_header(const struct payload *payload, uint32_t at, uint16_t *len)
{
	struct cursor cursor = cursor_at(payload->bytes, payload->len, at);
	uint8_t version = cursor_u8(&cursor), reserved = cursor_u8(&cursor);

	*len = cursor_u16(&cursor);
	return !cursor.failed && version == TPKT_VERSION && reserved == 0;
}

/* The segment begins without a header: it may hold what was announced. */
static bool take_announced(struct h323_message *message, uint16_t *announced)
{
	uint16_t len = *announced;

	*announced = 0;
	message->len = len;
	return len > 0 && len <= message->payload.len;
}

/* False: there is none, or not all of it. Linux 6.18, get_tpkt_data(). */
static bool next_tpkt(struct h323_message *message)
{
	uint16_t *announced = &h323_memory(message)->tpkt_len[message->helping->direction];
	uint32_t at = message->start + message->len, left = message->payload.len - at;
	bool is_first = at == 0;
	uint16_t len;

	if (!read_header(&message->payload, at, &len))
		return is_first && take_announced(message, announced);
	*announced = 0;
	if (len < TPKT_HEADER_LEN || (!is_first && left == TPKT_HEADER_LEN))
		return false;
	if (len > left) {
		if (left == TPKT_HEADER_LEN)
			*announced = (uint16_t)(len - TPKT_HEADER_LEN);
		return false;
	}
	message->start = at + TPKT_HEADER_LEN;
	message->len = len - (uint32_t)TPKT_HEADER_LEN;
	return true;
}

bool h323_help_segment(struct helping *helping, bool (*read)(struct h323_message *message),
		       bool (*follow)(struct h323_message *message))
{
	struct h323_message message = { .helping = helping };

	if (!begin_segment(&message))
		return true;
	while (next_tpkt(&message) && read(&message))
		if (!follow(&message))
			return false;
	return true;
}

const struct per_note *h323_find_note(const struct h323_message *message, enum h323_role role)
{
	for (size_t i = 0; i < message->notes.n; i++)
		if (message->notes.list[i].role == role)
			return &message->notes.list[i];
	return NULL;
}

bool h323_read_endpoint(const struct h323_message *message, const struct per_note *note, struct h323_endpoint *endpoint)
{
	enum family family = note->note == H323_IPV4 ? FAMILY_IPV4 : FAMILY_IPV6;
	struct cursor cursor = cursor_at(message->payload.bytes, message->payload.len, message->start + note->value);
	const uint8_t *bytes;

	if ((note->note != H323_IPV4 && note->note != H323_IPV6) || h323_own(message)->family != family)
		return false;
	bytes = cursor_take(&cursor, family == FAMILY_IPV4 ? 4 : 16);
	if (!bytes)
		return false;
	endpoint->address = address_from_bytes(family, bytes);
	endpoint->port = cursor_u16(&cursor);
	return !cursor.failed;
}

bool h323_write_endpoint(struct h323_message *message, const struct per_note *note, const struct address *address,
			 uint16_t port)
{
	uint8_t bytes[ENDPOINT_LEN];

	address_to_bytes(FAMILY_IPV4, address, bytes);
	bytes[4] = (uint8_t)(port >> 8);
	bytes[5] = (uint8_t)port;
	return payload_replace(message->helping, &message->payload, message->start + note->value, ENDPOINT_LEN, bytes,
			       ENDPOINT_LEN);
}

bool h323_write_public_endpoint(struct h323_message *message, const struct per_note *note, uint16_t port)
{
	return h323_write_endpoint(message, note, &h323_other(message)->destination, port);
}

void h323_expect_from_other(const struct h323_message *message, struct expectation *wanted, uint8_t protocol,
			    const struct address *destination, uint16_t port)
{
	expectation_init(wanted, message->helping->connection, protocol, &h323_other(message)->source, destination, port);
}

bool h323_add_expectation(struct h323_message *message, const struct expectation *wanted)
{
	struct helping *helping = message->helping;

	return expectation_add(helping->conntrack, wanted, false, helping->now) == EXPECTATION_ADDED;
}

void h323_take_back(struct h323_message *message, const struct expectation *wanted)
{
	struct conntrack *conntrack = message->helping->conntrack;
	struct expectation *added = expectation_find(conntrack, &wanted->tuple);

	if (added)
		expectation_remove(conntrack, added, EXPECTATION_WITHDRAWN);
}
