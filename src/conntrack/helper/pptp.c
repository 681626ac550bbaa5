/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PPTP (RFC 2637): the control connection agrees on two call ids, and then GRE runs between the same hosts, each packet with
 * the call id of its receiver. Linux 6.18, nf_conntrack_pptp.c, nf_nat_pptp.c.
 *
 * As in Linux the client of the control connection is the one that calls (PNS), the server the one that is called (PAC),
 * and a control connection has one call.
 */
#include "base/cursor.h"
#include "conntrack/help.h"
#include "conntrack/helper/payload.h"
#include "conntrack/lifecycle.h"

enum {
	TYPE_CONTROL = 1, MAGIC = 0x1a2b3c4d,
	HEADER_LEN = 12,		/* length, type, magic; message, reserved */
	GOOD = 1,			/* result code of every answer */
};

enum pptp_message {
	START_REQUEST = 1, START_REPLY, STOP_REQUEST, STOP_REPLY, ECHO_REQUEST, ECHO_REPLY, OUT_CALL_REQUEST,
	OUT_CALL_REPLY, IN_CALL_REQUEST, IN_CALL_REPLY, IN_CALL_CONNECT, CALL_CLEAR_REQUEST, CALL_DISCONNECT_NOTIFY,
	WAN_ERROR_NOTIFY, SET_LINK_INFO, MESSAGE_COUNT,
};

/* Bytes of each message behind the header; shorter ones are not looked at. */
static const uint16_t message_len[MESSAGE_COUNT] = {
	[START_REQUEST] = 144, [START_REPLY] = 144, [STOP_REQUEST] = 4, [STOP_REPLY] = 4,
	[OUT_CALL_REQUEST] = 156, [OUT_CALL_REPLY] = 20, [IN_CALL_REQUEST] = 208, [IN_CALL_REPLY] = 12,
	[IN_CALL_CONNECT] = 16, [CALL_CLEAR_REQUEST] = 4, [CALL_DISCONNECT_NOTIFY] = 136, [WAN_ERROR_NOTIFY] = 28,
	[SET_LINK_INFO] = 12,
};

/* Of the session; the order matters. */
enum { SESSION_NONE, SESSION_ERROR, SESSION_STOPPING, SESSION_REQUESTED, SESSION_CONFIRMED };

enum { CALL_NONE, CALL_OUT_REQUESTED, CALL_OUT_CONFIRMED, CALL_IN_REQUESTED, CALL_IN_ANSWERED, CALL_IN_CONFIRMED,
       CALL_CLEARING };

/* What a message may say; each reader knows which of it there is. */
struct message {
	uint16_t type;
	uint16_t first, second;		/* the first two 16-bit fields: call ids, mostly */
	uint8_t result;			/* the byte behind the first four, or of START and STOP */
};

static bool read_message(const struct payload *payload, struct message *message)
{
	struct cursor cursor = cursor_over(payload->bytes, payload->len);
	uint16_t packet_type;
	uint32_t magic, len;

	cursor_skip(&cursor, 2);
	packet_type = cursor_u16(&cursor);
	magic = cursor_u32(&cursor);
	message->type = cursor_u16(&cursor);
	cursor_skip(&cursor, 2);
	if (cursor.failed || packet_type != TYPE_CONTROL || magic != MAGIC)
		return false;
	len = payload->full_len - HEADER_LEN;
	if (message->type && message->type < MESSAGE_COUNT && len < message_len[message->type])
		return false;
	message->first = cursor_u16(&cursor);
	message->second = cursor_u16(&cursor);
	message->result = cursor_u8(&cursor);
	if (message->type == START_REPLY)
		message->result = (uint8_t)(message->second >> 8);
	else if (message->type == STOP_REPLY)
		message->result = (uint8_t)(message->first >> 8);
	return true;
}

static void take_back(struct conntrack *conntrack, const struct tuple *tuple)
{
	struct expectation *expectation = expectation_find(conntrack, tuple);

	if (expectation)
		expectation_remove(conntrack, expectation, EXPECTATION_WITHDRAWN);
}

/* GRE of one direction, as the control connection's packets of that direction run. */
static struct tuple gre_of(const struct connection *connection, enum direction direction, uint16_t source_key,
			   uint16_t destination_key)
{
	struct tuple tuple = connection_tuple(connection, direction);

	tuple.protocol = PROTOCOL_GRE;
	tuple.source_port = source_key;
	tuple.destination_port = destination_key;
	return tuple;
}

/* Linux 6.18, exp_gre(). */
static void expect_call(struct helping *helping)
{
	struct pptp_memory *memory = &helping->help->memory.pptp;
	struct conntrack *conntrack = helping->conntrack;
	struct connection *connection = helping->connection;
	struct expectation wanted[2];

	for (int d = DIRECTION_ORIGINAL; d <= DIRECTION_REPLY; d++) {
		const struct tuple own = connection_tuple(connection, (enum direction)d);
		bool is_there = d == DIRECTION_ORIGINAL, is_mapped = payload_is_translated(helping);
		uint16_t caller = memory->caller_id, called = memory->called_id;

		/* Linux 6.18, pptp_exp_gre(): each side knows its own call id, and of the caller's the translated one. */
		if (is_mapped && is_there)
			caller = memory->real_caller_id;
		expectation_init(&wanted[d], connection, PROTOCOL_GRE, &own.source, &own.destination,
				 is_there ? called : caller);
		expectation_set_source_port(&wanted[d], is_there ? caller : called);
		wanted[d].direction = (enum direction)d;
		if (is_mapped) {
			wanted[d].mapping = EXPECTATION_FOLLOWS_CALL;
			wanted[d].saved_port = is_there ? memory->caller_id : memory->real_caller_id;
		}
	}
	if (expectation_add(conntrack, &wanted[0], false, helping->now) != EXPECTATION_ADDED)
		return;
	if (expectation_add(conntrack, &wanted[1], false, helping->now) == EXPECTATION_ADDED) {
		if (gre_keys_add(&conntrack->gre_keys, &wanted[0].tuple, connection_id(connection), &memory->keys[0])) {
			if (gre_keys_add(&conntrack->gre_keys, &wanted[1].tuple, connection_id(connection), &memory->keys[1]))
				return;
			gre_keys_forget(&conntrack->gre_keys, connection_id(connection));
		}
		take_back(conntrack, &wanted[1].tuple);
	}
	take_back(conntrack, &wanted[0].tuple);
}

/* The connection, or else the expectation, of GRE packets. Linux 6.18, destroy_sibling_or_exp(). */
static void end_call(struct conntrack *conntrack, const struct tuple *tuple)
{
	enum direction direction;
	struct connection *sibling = conntrack_find(conntrack, tuple, &direction);

	if (sibling)
		lifecycle_end(conntrack, sibling, LIFECYCLE_DESTROYED);
	else
		take_back(conntrack, tuple);
}

/* Linux 6.18, pptp_destroy_siblings(). */
static void end(struct conntrack *conntrack, struct connection *connection)
{
	struct pptp_memory *memory = &connection_extra(connection)->help->memory.pptp;
	struct tuple tuple;

	gre_keys_forget(&conntrack->gre_keys, connection_id(connection));
	tuple = gre_of(connection, DIRECTION_ORIGINAL, memory->caller_id, memory->called_id);
	end_call(conntrack, &tuple);
	tuple = gre_of(connection, DIRECTION_REPLY, memory->called_id, memory->caller_id);
	end_call(conntrack, &tuple);
}

/* The first packet of a call: what was expected of the other direction is this call, too. Linux 6.18, pptp_expectfn(). */
static void met(struct conntrack *conntrack, struct connection *connection, const struct expectation *expected)
{
	const struct connection *master = expected->master;
	const struct pptp_memory *memory = &connection_extra(master)->help->memory.pptp;
	struct tuple other;

	(void)connection;
	if (!(master->status & (STATUS_SRC_NAT | STATUS_DST_NAT))) {
		other = expected->tuple;
		other.source = expected->tuple.destination;
		other.destination = expected->tuple.source;
		other.source_port = expected->tuple.destination_port;
		other.destination_port = expected->tuple.source_port;
	} else if (expected->direction == DIRECTION_ORIGINAL) {
		other = gre_of(master, DIRECTION_REPLY, memory->called_id, memory->caller_id);
	} else {
		/* Linux 6.18, pptp_nat_expected(), looks for the call ids in the new connection, where there are none. */
		other = gre_of(master, DIRECTION_ORIGINAL, 0, 0);
	}
	take_back(conntrack, &other);
}

/* From the called side. False: the message does not fit. Linux 6.18, pptp_inbound_pkt(). */
static bool read_inbound(struct helping *helping, const struct message *message)
{
	struct pptp_memory *memory = &helping->help->memory.pptp;

	switch (message->type) {
	case START_REPLY:
		if (memory->session < SESSION_REQUESTED)
			return false;
		memory->session = message->result == GOOD ? SESSION_CONFIRMED : SESSION_ERROR;
		return true;
	case STOP_REPLY:
		if (memory->session > SESSION_STOPPING)
			return false;
		memory->session = message->result == GOOD ? SESSION_NONE : SESSION_ERROR;
		return true;
	case OUT_CALL_REPLY:
		if (memory->session != SESSION_CONFIRMED || message->second != memory->caller_id ||
		    (memory->call != CALL_OUT_REQUESTED && memory->call != CALL_OUT_CONFIRMED))
			return false;
		memory->call = CALL_NONE;
		if (message->result == GOOD) {
			memory->call = CALL_OUT_CONFIRMED;
			memory->called_id = message->first;
			expect_call(helping);
		}
		return true;
	case IN_CALL_REQUEST:
		if (memory->session != SESSION_CONFIRMED)
			return false;
		memory->call = CALL_IN_REQUESTED;
		memory->called_id = message->first;
		return true;
	case IN_CALL_CONNECT:
		if (memory->session != SESSION_CONFIRMED || message->first != memory->caller_id ||
		    (memory->call != CALL_IN_ANSWERED && memory->call != CALL_IN_CONFIRMED))
			return false;
		memory->call = CALL_IN_CONFIRMED;
		expect_call(helping);
		return true;
	case CALL_DISCONNECT_NOTIFY:
		memory->call = CALL_NONE;
		end(helping->conntrack, helping->connection);
		return true;
	default:
		return message->type == WAN_ERROR_NOTIFY || message->type == SET_LINK_INFO ||
		       message->type == ECHO_REQUEST || message->type == ECHO_REPLY;
	}
}

/* From the caller. Linux 6.18, pptp_outbound_pkt(). */
static bool read_outbound(struct pptp_memory *memory, const struct message *message)
{
	switch (message->type) {
	case START_REQUEST:
		if (memory->session != SESSION_NONE)
			return false;
		memory->session = SESSION_REQUESTED;
		return true;
	case STOP_REQUEST:
		memory->session = SESSION_STOPPING;
		return true;
	case OUT_CALL_REQUEST:
		if (memory->session != SESSION_CONFIRMED)
			return false;
		memory->call = CALL_OUT_REQUESTED;
		memory->caller_id = message->first;
		return true;
	case IN_CALL_REPLY:
		if ((memory->call != CALL_IN_REQUESTED && memory->call != CALL_IN_ANSWERED) ||
		    message->second != memory->called_id)
			return false;
		memory->call = CALL_NONE;
		if (message->result == GOOD) {
			memory->call = CALL_IN_ANSWERED;
			memory->caller_id = message->first;
		}
		return true;
	case CALL_CLEAR_REQUEST:
		if (memory->session != SESSION_CONFIRMED)
			return false;
		memory->call = CALL_CLEARING;
		return true;
	default:
		return message->type == SET_LINK_INFO || message->type == ECHO_REQUEST || message->type == ECHO_REPLY;
	}
}

static const char *write_id(struct helping *helping, struct payload *payload, uint32_t at, uint16_t id)
{
	const uint8_t bytes[2] = { (uint8_t)(id >> 8), (uint8_t)id };

	if (!payload_replace(helping, payload, HEADER_LEN + at, sizeof(bytes), bytes, sizeof(bytes)))
		return "helper pptp: cannot mangle packet";
	return NULL;
}

/* The caller's id becomes its translated port: no two callers behind one address have the same. */
static const char *translate_outbound(struct helping *helping, struct payload *payload, uint16_t type)
{
	struct pptp_memory *memory = &helping->help->memory.pptp;

	switch (type) {
	case OUT_CALL_REQUEST:
		memory->real_caller_id = memory->caller_id;
		memory->caller_id = connection_tuple(helping->connection, DIRECTION_REPLY).destination_port;
		return write_id(helping, payload, 0, memory->caller_id);
	case IN_CALL_REPLY:
	case CALL_CLEAR_REQUEST:
		return write_id(helping, payload, 0, memory->caller_id);
	default:
		return NULL;
	}
}

static const char *translate_inbound(struct helping *helping, struct payload *payload, uint16_t type)
{
	uint16_t id = helping->help->memory.pptp.real_caller_id;

	switch (type) {
	case OUT_CALL_REPLY:
		return write_id(helping, payload, 2, id);
	case IN_CALL_CONNECT:
	case WAN_ERROR_NOTIFY:
	case CALL_DISCONNECT_NOTIFY:
	case SET_LINK_INFO:
		return write_id(helping, payload, 0, id);
	default:
		return NULL;
	}
}

static const char *help(struct helping *helping)
{
	bool is_outbound = helping->direction == DIRECTION_ORIGINAL;
	struct message message;
	struct payload payload;

	if (!payload_of_tcp(helping, &payload) || !read_message(&payload, &message))
		return NULL;
	if (!(is_outbound ? read_outbound(&helping->help->memory.pptp, &message) : read_inbound(helping, &message)))
		return NULL;
	if (!payload_is_translated(helping))
		return NULL;
	return is_outbound ? translate_outbound(helping, &payload, message.type)
			   : translate_inbound(helping, &payload, message.type);
}

const struct helper helper_pptp = {
	.name = "pptp",
	.summary = "the GRE packets of a call",
	.protocols = { PROTOCOL_TCP },
	.port = 1723,
	.classes = { { "", 2, 300 } },
	.n_classes = 1,
	.help = help,
	.met = met,
	.end = end,
};
