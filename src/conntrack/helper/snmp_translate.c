/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conntrack/helper/snmp_translate.h"

#include "base/cursor.h"
#include "conntrack/helper/payload.h"
#include "packet/rewrite.h"

enum {
	SNMP_PORT = 161, TRAP_PORT = 162, HIGHEST_VERSION = 1,

	TAG_INTEGER = 0x02, TAG_STRING = 0x04, TAG_NULL = 0x05, TAG_OBJECT = 0x06, TAG_SEQUENCE = 0x30,
	TAG_IP_ADDRESS = 0x40, TAG_COUNTER = 0x41, TAG_UNSIGNED = 0x42, TAG_TICKS = 0x43, TAG_OPAQUE = 0x44,
	TAG_BIG_COUNTER = 0x46, TAG_NO_OBJECT = 0x80, TAG_NO_INSTANCE = 0x81, TAG_END_OF_VIEW = 0x82,
	TAG_FIRST_PDU = 0xa0, TAG_LAST_PDU = 0xa8, TAG_OLD_TRAP = 0xa4,

	IS_CONSTRUCTED = 0x20, LENGTH_IS_LONG = 0x80, MOST_LENGTH_BYTES = 2,
};

/* One element (BER, X.690): its tag, and where its content lies. */
struct element {
	uint8_t tag;
	size_t at, len;
};

struct reader {
	struct helping *helping;
	struct payload payload;
	struct address from, to;
};

/* The next element of cursor's bytes; false: malformed. */
static bool next_element(struct cursor *cursor, struct element *element)
{
	uint8_t first;

	element->tag = cursor_u8(cursor);
	first = cursor_u8(cursor);
	element->len = first;
	if (first & LENGTH_IS_LONG) {
		unsigned n_bytes = first & 0x7f;

		if (n_bytes == 0 || n_bytes > MOST_LENGTH_BYTES)
			return false;
		element->len = 0;
		while (n_bytes--)
			element->len = element->len << 8 | cursor_u8(cursor);
	}
	element->at = cursor->offset;
	return !cursor->failed && element->len <= cursor_left(cursor);
}

static struct cursor inside(const struct reader *reader, const struct element *element)
{
	return cursor_at(reader->payload.bytes, element->at + element->len, element->at);
}

/* Linux 6.18, asn1_ber_decoder(): where content is constructed, its bit may be missing. */
static bool has_tag(const struct element *element, uint8_t tag)
{
	return (element->tag | (tag & IS_CONSTRUCTED)) == tag;
}

static bool is_pdu(const struct element *element)
{
	uint8_t tag = element->tag | IS_CONSTRUCTED;

	return tag >= TAG_FIRST_PDU && tag <= TAG_LAST_PDU && tag != TAG_OLD_TRAP;
}

/* An element of one tag, passed over. */
static bool skip(struct cursor *cursor, uint8_t tag, struct element *element)
{
	if (!next_element(cursor, element) || element->tag != tag)
		return false;
	cursor_skip(cursor, element->len);
	return true;
}

static bool translate_address(struct reader *reader, const struct element *value)
{
	struct cursor cursor = inside(reader, value);
	const uint8_t *bytes = cursor_take(&cursor, 4);
	struct packet *packet = reader->helping->packet;
	uint8_t translated[4];
	struct address address;

	if (value->len != 4 || !bytes)
		return false;
	address = address_from_bytes(FAMILY_IPV4, bytes);
	if (!address_is_equal(&address, &reader->from))
		return true;
	address_to_bytes(FAMILY_IPV4, &reader->to, translated);
	if (!rewrite_l4_bytes(packet, reader->payload.offset + (uint32_t)value->at, translated, 4))
		return false;
	reader->helping->is_payload_changed = true;
	/* The packet's bytes may have moved. */
	return payload_of_udp(reader->helping, &reader->payload);
}

static bool is_plain_value(uint8_t tag)
{
	switch (tag) {
	case TAG_INTEGER: case TAG_STRING: case TAG_NULL: case TAG_OBJECT: case TAG_COUNTER: case TAG_UNSIGNED:
	case TAG_TICKS: case TAG_OPAQUE: case TAG_BIG_COUNTER: case TAG_NO_OBJECT: case TAG_NO_INSTANCE:
	case TAG_END_OF_VIEW:
		return true;
	default:
		return false;
	}
}

/* SEQUENCE OF SEQUENCE { name, value } */
static bool read_bindings(struct reader *reader, const struct element *list)
{
	size_t at = list->at, end = list->at + list->len;

	do {
		struct cursor cursor = cursor_at(reader->payload.bytes, end, at);
		struct element binding, name, value;

		if (!next_element(&cursor, &binding) || !has_tag(&binding, TAG_SEQUENCE))
			return false;
		at = binding.at + binding.len;
		cursor = inside(reader, &binding);
		if (!skip(&cursor, TAG_OBJECT, &name))
			return false;
		if (cursor_left(&cursor) == 0)
			continue;	/* a name without a value */
		if (!next_element(&cursor, &value) || value.at + value.len != at)
			return false;
		if (value.tag == TAG_IP_ADDRESS ? !translate_address(reader, &value) : !is_plain_value(value.tag))
			return false;
	} while (at < end);	/* an empty list is none */
	return true;
}

/* SEQUENCE { version, community, [n] SEQUENCE { id, status, index, bindings } } */
static bool read_message(struct reader *reader)
{
	struct cursor cursor = cursor_over(reader->payload.bytes, reader->payload.len);
	struct element message, version, skipped, pdu, bindings;

	if (!next_element(&cursor, &message) || !has_tag(&message, TAG_SEQUENCE))
		return false;
	cursor = inside(reader, &message);
	if (!skip(&cursor, TAG_INTEGER, &version) || version.len != 1 ||
	    reader->payload.bytes[version.at] > HIGHEST_VERSION || !skip(&cursor, TAG_STRING, &skipped))
		return false;
	if (cursor_left(&cursor) == 0)
		return true;
	if (!next_element(&cursor, &pdu) || !is_pdu(&pdu) || pdu.at + pdu.len != message.at + message.len)
		return false;
	cursor = inside(reader, &pdu);
	for (int i = 0; i < 3; i++)
		if (!skip(&cursor, TAG_INTEGER, &skipped))
			return false;
	return next_element(&cursor, &bindings) && has_tag(&bindings, TAG_SEQUENCE) &&
	       bindings.at + bindings.len == pdu.at + pdu.len && read_bindings(reader, &bindings);
}

const char *snmp_translate(struct helping *helping)
{
	const struct packet *packet = helping->packet;
	const struct tuple there = connection_tuple(helping->connection, DIRECTION_ORIGINAL);
	const struct tuple back = connection_tuple(helping->connection, DIRECTION_REPLY);
	bool is_reply = helping->direction == DIRECTION_REPLY;
	struct reader reader = {
		.helping = helping,
		.from = there.source,
		.to = back.destination,
	};

	if ((packet->source_port == SNMP_PORT && !is_reply) || (packet->destination_port == TRAP_PORT && is_reply) ||
	    !payload_is_translated(helping))
		return NULL;
	if (packet->udp_len != packet->l4_len)
		return "helper snmp: dropping malformed packet";
	if (address_is_equal(&reader.from, &reader.to) || packet_is_cut(packet))
		return NULL;
	if (!payload_of_udp(helping, &reader.payload) || !read_message(&reader))
		return "helper snmp: parser failed";
	return NULL;
}
