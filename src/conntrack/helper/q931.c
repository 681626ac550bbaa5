/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Q.931, the call signalling of H.323: where H.245 will run, or which media where it comes along or is not needed, and
 * whom a call is forwarded to. Linux 6.18, q931_help(), DecodeQ931(), process_q931(), nat_h245(), nat_callforwarding().
 */
#include "base/cursor.h"
#include "conntrack/helper/h323.h"
#include "conntrack/lifecycle.h"

enum { PROTOCOL_DISCRIMINATOR = 8, USER_USER = 0x7e };

/* Finds H.323's part of the message, bytes[*start .. *end-1]: the information element User-user. */
static bool find_user_information(const uint8_t *bytes, uint32_t len, uint32_t *start, uint32_t *end)
{
	struct cursor cursor = cursor_over(bytes, len);
	uint8_t element;

	if (cursor_u8(&cursor) != PROTOCOL_DISCRIMINATOR)
		return false;
	cursor_skip(&cursor, cursor_u8(&cursor));	/* call reference */
	cursor_skip(&cursor, 1);			/* message type */
	/* Linux 6.18, DecodeQ931(): an element of one byte counts when it is the first. */
	if (cursor_left(&cursor) && bytes[cursor.offset] & 0x80)
		cursor_skip(&cursor, 1);
	while (cursor_left(&cursor)) {
		uint32_t element_len;

		element = cursor_u8(&cursor);
		element_len = element == USER_USER ? cursor_u16(&cursor) : cursor_u8(&cursor);
		*start = (uint32_t)cursor.offset + 1;	/* behind a protocol discriminator */
		*end = (uint32_t)cursor.offset + element_len;
		cursor_skip(&cursor, element_len);
		if (element == USER_USER)
			return !cursor.failed && element_len > 1;
	}
	return false;
}

static bool read_message(struct h323_message *message)
{
	const uint8_t *bytes = message->payload.bytes + message->start;
	uint32_t start, end;

	message->notes.n = 0;
	return find_user_information(bytes, message->len, &start, &end) &&
	       per_read(&h323_user_information, bytes, start, end, &message->notes);
}

/* `wanted` at a port that is free, written where the message names it; that port, 0: none was free, nothing is changed. */
static bool expect_public(struct h323_message *message, const struct per_note *note, struct expectation *wanted,
			  uint16_t *port)
{
	*port = payload_expect_at_free_port(message->helping, wanted);
	if (!*port || h323_write_public_endpoint(message, note, *port))
		return true;
	h323_take_back(message, wanted);
	return false;
}

static bool expect_translated_h245(struct h323_message *message, const struct per_note *note, struct expectation *wanted)
{
	enum direction own = message->helping->direction, other = direction_other(own);
	struct h323_memory *memory = h323_memory(message);
	uint16_t port = wanted->tuple.destination_port, public_port;

	payload_follow_master(wanted, other);
	if (memory->signal_port[own] == port)
		wanted->tuple.destination_port = memory->signal_port[other];
	if (!expect_public(message, note, wanted, &public_port))
		return false;
	if (public_port) {
		memory->signal_port[own] = port;
		memory->signal_port[other] = public_port;
	}
	return true;
}

static bool expect_h245(struct h323_message *message, const struct per_note *note)
{
	struct h323_endpoint endpoint;
	struct expectation wanted;

	if (!h323_read_endpoint(message, note, &endpoint) || endpoint.port == 0 ||
	    !address_is_equal(&endpoint.address, &h323_own(message)->source))
		return true;
	h323_expect_from_other(message, &wanted, PROTOCOL_TCP, &h323_other(message)->destination, endpoint.port);
	wanted.helper = &helper_h245;
	if (h323_is_sender_translated(message))
		return expect_translated_h245(message, note, &wanted);
	return h323_add_expectation(message, &wanted);
}

/* Do both live on the same side of this host, so that the second call never comes by? */
static bool is_same_side(const struct h323_message *message, const struct address *forwarded_to)
{
	const struct conntrack *conntrack = message->helping->conntrack;
	const struct outside *outside = conntrack->outside;
	const struct tuple *other = h323_other(message);

	return conntrack->settings.h323_callforward_filter && outside &&
	       outside->is_same_way(outside, other->family, forwarded_to, &other->source);
}

static bool expect_forwarded_call(struct h323_message *message, const struct per_note *note)
{
	struct h323_endpoint endpoint;
	struct expectation wanted;
	uint16_t port;

	if (!h323_read_endpoint(message, note, &endpoint) || endpoint.port == 0 ||
	    is_same_side(message, &endpoint.address))
		return true;
	h323_expect_from_other(message, &wanted, PROTOCOL_TCP, &endpoint.address, endpoint.port);
	wanted.helper = &helper_q931;
	if (!h323_is_sender_translated(message))
		return h323_add_expectation(message, &wanted);
	payload_follow_master(&wanted, direction_other(message->helping->direction));
	wanted.mapping = EXPECTATION_FOLLOWS_CALL_SIGNAL;
	wanted.saved_address = endpoint.address;
	wanted.tuple.destination = h323_other(message)->destination;
	return expect_public(message, note, &wanted, &port);
}

/* An end of this very connection, as the other side knows it. */
static bool translate(struct h323_message *message, const struct per_note *note, const struct address *address,
		      uint16_t port)
{
	struct h323_endpoint endpoint;

	if (!h323_is_translated(message) || !h323_read_endpoint(message, note, &endpoint) ||
	    address_is_equal(&endpoint.address, address))
		return true;
	return h323_write_endpoint(message, note, address, port);
}

static bool follow_note(struct h323_message *message, size_t at, bool is_forwarded)
{
	const struct per_note *note = &message->notes.list[at];
	const struct tuple *other = h323_other(message);

	switch (note->role) {
	case H323_H245_ADDRESS:
		return is_forwarded || expect_h245(message, note);
	case H323_CALLED_ADDRESS:
		return translate(message, note, &other->source, other->source_port);
	case H323_CALLING_ADDRESS:
		return translate(message, note, &other->destination, other->destination_port);
	case H323_ALTERNATIVE_ADDRESS:
		return !is_forwarded || expect_forwarded_call(message, note);
	case H323_FAST_CHANNEL:
		return is_forwarded || h323_expect_channel(message, at);
	case H323_CHANNEL:
	case H323_CHANNEL_ACK:
		return h323_expect_channel(message, at);
	default:
		return true;
	}
}

static bool follow_message(struct h323_message *message)
{
	const struct per_note *reason = h323_find_note(message, H323_REASON);
	bool is_forwarded = reason && reason->value == FACILITY_REASON_CALL_FORWARDED;

	for (size_t i = 0; i < message->notes.n; i++)
		if (!follow_note(message, i, is_forwarded))
			return false;
	return true;
}

static const char *help(struct helping *helping)
{
	return h323_help_segment(helping, read_message, follow_message) ? NULL : "helper Q.931: cannot process Q.931 message";
}

const struct helper helper_q931 = {
	.name = "Q.931",
	.summary = "the call signalling of H.323: control channels, media, forwarded calls",
	.protocols = { PROTOCOL_TCP },
	.has_ipv6 = true,
	.port = 1720,
	.classes = { { "", H323_RTP_CHANNELS * 4 + 4, 240 } },
	.n_classes = 1,
	.help = help,
};
