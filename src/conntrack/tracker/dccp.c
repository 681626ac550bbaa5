/* SPDX-License-Identifier: GPL-2.0-or-later */
/* DCCP (RFC 4340), which kernels track up to 6.16. Linux 6.1, nf_conntrack_proto_dccp.c. */
#include <stddef.h>

#include "base/cursor.h"
#include "conntrack/tracker.h"
#include "conntrack/tracker/dccp_states.h"

enum { HEADER_LEN = 12, LONG_SEQUENCE_LEN = 4 };

static const struct tracker_timeout timeouts[DCCP_STATE_COUNT] = {
	[DCCP_STATE_NONE] = TRACKER_TIMEOUT(dccp_timeout_request),
	[DCCP_STATE_REQUEST] = TRACKER_TIMEOUT(dccp_timeout_request),
	[DCCP_STATE_RESPOND] = TRACKER_TIMEOUT(dccp_timeout_respond),
	[DCCP_STATE_PARTOPEN] = TRACKER_TIMEOUT(dccp_timeout_partopen),
	[DCCP_STATE_OPEN] = TRACKER_TIMEOUT(dccp_timeout_open),
	[DCCP_STATE_CLOSEREQ] = TRACKER_TIMEOUT(dccp_timeout_closereq),
	[DCCP_STATE_CLOSING] = TRACKER_TIMEOUT(dccp_timeout_closing),
	[DCCP_STATE_TIMEWAIT] = TRACKER_TIMEOUT(dccp_timeout_timewait),
};

/* The generic header, and the acknowledgment number that stands behind it in most types. */
struct header {
	uint8_t data_offset;		/* words */
	uint8_t coverage;		/* CsCov */
	enum dccp_type type;
	bool is_long;			/* 48 bits of sequence number */
	uint64_t sequence, acknowledgment;
};

static struct header read_header(const struct packet *packet)
{
	struct cursor cursor = cursor_at(packet->bytes, packet->len, packet->l4_offset + 4);
	struct header header;
	uint8_t type, middle;

	header.data_offset = cursor_u8(&cursor);
	header.coverage = cursor_u8(&cursor) & 0xf;
	cursor_skip(&cursor, 2);
	type = cursor_u8(&cursor);
	header.type = (enum dccp_type)(type >> 1 & 0xf);
	header.is_long = type & 1;
	middle = cursor_u8(&cursor);
	header.sequence = cursor_u16(&cursor);
	if (header.is_long)
		header.sequence = header.sequence << 32 | cursor_u32(&cursor);
	else
		header.sequence |= (uint64_t)middle << 16;
	cursor_skip(&cursor, 2);
	header.acknowledgment = (uint64_t)cursor_u16(&cursor) << 32;
	header.acknowledgment |= cursor_u32(&cursor);
	return header;
}

/* What the kernel wants to see of a type: __dccp_hdr_len(). */
static uint32_t wanted_len(const struct header *header)
{
	uint32_t len = HEADER_LEN + (header->is_long ? LONG_SEQUENCE_LEN : 0);

	switch (header->type) {
	case DCCP_DATA:
		return len;
	case DCCP_REQUEST:
		return len + 4;
	case DCCP_RESPONSE:
	case DCCP_RESET:
		return len + 12;
	default:
		return len + 8;
	}
}

static bool needs_long_sequence(enum dccp_type type)
{
	return type != DCCP_DATA && type != DCCP_ACK && type != DCCP_DATAACK;
}

/* dccp_error(). A packet without a whole header is no matter of this: see update(). */
static const char *check(const struct tracker_packet *seen)
{
	const struct packet *packet = seen->packet;
	struct header header;

	if (packet->l4_len < HEADER_LEN)
		return NULL;
	if (!packet->has_l4)
		return tracker_cut_reason;
	header = read_header(packet);
	if (header.data_offset * 4u < HEADER_LEN || header.data_offset * 4u > packet->l4_len)
		return "nf_ct_dccp: truncated/malformed packet";
	if (header.coverage && (header.coverage - 1u) * 4 > packet->l4_len)
		return "nf_ct_dccp: bad checksum coverage";
	if (tracker_has_bad_checksum(seen))
		return "nf_ct_dccp: bad checksum";
	if (header.type >= DCCP_TYPE_COUNT)
		return "nf_ct_dccp: reserved packet type";
	if (needs_long_sequence(header.type) && !header.is_long)
		return "nf_ct_dccp: type lacks 48bit sequence numbers";
	return NULL;
}

static bool is_whole(const struct packet *packet, struct header *header)
{
	if (packet->l4_len < HEADER_LEN)
		return false;
	*header = read_header(packet);
	return packet->l4_len >= wanted_len(header);
}

/* dccp_new(). dccp_loose changes nothing: no other type than a request leads anywhere from NONE. */
static const char *begin(struct connection *connection, const struct tracker_packet *seen)
{
	struct dccp_memory *memory = &connection->memory.dccp;
	struct header header;

	if (!is_whole(seen->packet, &header))
		return NULL;
	if (dccp_states_find(DCCP_CLIENT, header.type, DCCP_STATE_NONE)->next == DCCP_NEXT_INVALID)
		return "invalid state transition";
	memory->client = DIRECTION_ORIGINAL;
	memory->state = DCCP_STATE_NONE;
	memory->last_type = DCCP_REQUEST;
	memory->last_direction = DIRECTION_ORIGINAL;
	return NULL;
}

/* A response to a request that was let through without being understood: the roles are those of these two. */
static bool resynchronises(const struct dccp_memory *memory, enum direction direction, enum dccp_type type)
{
	return type == DCCP_RESPONSE && memory->last_type == DCCP_REQUEST && memory->last_direction != direction;
}

static struct tracker_result move(struct connection *connection, const struct tracker_packet *seen,
				  const struct header *header, struct dccp_cell cell)
{
	struct dccp_memory *memory = &connection->memory.dccp;
	struct tracker_result result = { .action = TRACKER_ACCEPT, .reason = cell.reason };

	if (cell.next == DCCP_STATE_REQUEST && memory->state == DCCP_STATE_TIMEWAIT)
		memory->client = (uint8_t)seen->direction;
	if (cell.next == DCCP_STATE_RESPOND && memory->state == DCCP_STATE_REQUEST)
		memory->handshake_sequence = header->sequence;
	result.becomes_assured = cell.next == DCCP_STATE_PARTOPEN && memory->state == DCCP_STATE_RESPOND &&
				 header->type == DCCP_ACK && header->acknowledgment == memory->handshake_sequence;
	result.state_changed = cell.next != memory->state;
	memory->last_direction = (uint8_t)seen->direction;
	memory->last_type = (uint8_t)header->type;
	memory->state = cell.next;
	tracker_set_timeout(&result, &timeouts[cell.next], seen->settings);
	return result;
}

/* Linux 6.1, nf_conntrack_dccp_packet(): what is too short for its type is not INVALID, but dropped; 6.12.117 mended that. */
static struct tracker_result refuse_short(const struct tracker_packet *seen)
{
	if (profile_value(seen->settings->profile, PROFILE_DROPS_SHORT_DCCP))
		return (struct tracker_result){ .action = TRACKER_DROP, .reason = "conntrack: a DCCP header that is too short" };
	return (struct tracker_result){ .action = TRACKER_INVALID, .reason = "a DCCP header that is too short" };
}

static struct tracker_result update(struct connection *connection, const struct tracker_packet *seen)
{
	struct dccp_memory *memory = &connection->memory.dccp;
	struct dccp_cell cell;
	struct header header;

	if (!is_whole(seen->packet, &header))
		return refuse_short(seen);
	if (header.type == DCCP_RESET && !(connection->status & STATUS_SEEN_REPLY))
		return (struct tracker_result){
			.action = TRACKER_DESTROY, .reason = "A reset while no reply was ever seen ends the entry at once.",
		};
	cell = *dccp_states_find(memory->client == seen->direction ? DCCP_CLIENT : DCCP_SERVER, header.type,
				 (enum dccp_state)memory->state);
	if (cell.next == DCCP_NEXT_INVALID) {
		if (seen->told)
			seen->told->sentence = cell.reason;
		return (struct tracker_result){ .action = TRACKER_INVALID, .reason = "invalid state transition" };
	}
	if (cell.next == DCCP_NEXT_IGNORE) {
		if (resynchronises(memory, seen->direction, header.type)) {
			memory->client = (uint8_t)direction_other(seen->direction);
			memory->handshake_sequence = header.sequence;
			cell = (struct dccp_cell){ DCCP_STATE_RESPOND, "The response to a request that was let through before." };
			return move(connection, seen, &header, cell);
		}
		memory->last_direction = (uint8_t)seen->direction;
		memory->last_type = (uint8_t)header.type;
		return (struct tracker_result){ .action = TRACKER_IGNORE, .reason = cell.reason };
	}
	return move(connection, seen, &header, cell);
}

static const char *state_name(const struct connection *connection)
{
	return dccp_states_name((enum dccp_state)connection->memory.dccp.state);
}

static const char *packet_name(const struct packet *packet)
{
	return dccp_states_type_name(read_header(packet).type);
}

const struct tracker tracker_dccp = {
	.name = "dccp",
	.protocol = PROTOCOL_DCCP,
	.memory_size = sizeof(struct dccp_memory),
	.packet_to_tuple = tracker_ports_to_tuple,
	.check = check,
	.begin = begin,
	.update = update,
	.state_name = state_name,
	.packet_name = packet_name,
	.states = dccp_states_names,
};
