/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SCTP (RFC 9260): the tracker. Linux 6.18, nf_conntrack_proto_sctp.c.
 *
 * A packet is a list of chunks, and each takes the state one step on. Every packet carries the verification tag that the
 * other side chose in its INIT or INIT ACK; who does not know it is not the peer. A packet that fails at a later chunk
 * is INVALID, but what its earlier chunks did stays done.
 */
#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "base/cursor.h"
#include "conntrack/tracker.h"
#include "conntrack/tracker/sctp_states.h"

enum {
	SCTP_HEADER_LEN = 12, SCTP_TAG_AT = 4, CHUNK_HEADER_LEN = 4, INIT_LEN = 16,
	CHUNK_DATA = 0, CHUNK_ABORT = 6, CHUNK_COOKIE_ACK = 11, CHUNK_SHUTDOWN_COMPLETE = 14, CHUNK_FLAG_T = 1,
};

static const struct tracker_timeout timeouts[SCTP_STATE_COUNT] = {
	[SCTP_STATE_NONE] = TRACKER_TIMEOUT(sctp_timeout_closed),
	[SCTP_STATE_CLOSED] = TRACKER_TIMEOUT(sctp_timeout_closed),
	[SCTP_STATE_COOKIE_WAIT] = TRACKER_TIMEOUT(sctp_timeout_cookie_wait),
	[SCTP_STATE_COOKIE_ECHOED] = TRACKER_TIMEOUT(sctp_timeout_cookie_echoed),
	[SCTP_STATE_ESTABLISHED] = TRACKER_TIMEOUT(sctp_timeout_established),
	[SCTP_STATE_SHUTDOWN_SENT] = TRACKER_TIMEOUT(sctp_timeout_shutdown_sent),
	[SCTP_STATE_SHUTDOWN_RECD] = TRACKER_TIMEOUT(sctp_timeout_shutdown_recd),
	[SCTP_STATE_SHUTDOWN_ACK_SENT] = TRACKER_TIMEOUT(sctp_timeout_shutdown_ack_sent),
	[SCTP_STATE_HEARTBEAT_SENT] = TRACKER_TIMEOUT(sctp_timeout_heartbeat_sent),
};

static const char bad_tag[] = "the verification tag is not the one of this association";
static const char bad_chunk[] = "the chunk is cut short";

struct chunk {
	uint32_t at;		/* from the first byte of IP */
	uint16_t len;
	uint8_t type, flags;
	enum sctp_chunk class;
};

/* The chunk whose header begins at chunk->at; false at the end of what is there. */
static bool read_chunk(const struct packet *packet, struct chunk *chunk)
{
	struct cursor cursor = cursor_at(packet->bytes, packet->len, chunk->at);

	chunk->type = cursor_u8(&cursor);
	chunk->flags = cursor_u8(&cursor);
	chunk->len = cursor_u16(&cursor);
	chunk->class = sctp_states_classify(chunk->type);
	return !cursor.failed;
}

static bool first_chunk(const struct packet *packet, struct chunk *chunk)
{
	chunk->at = packet->l4_offset + SCTP_HEADER_LEN;
	return read_chunk(packet, chunk);
}

/* Lengths are not 0: check() saw to that. */
static bool next_chunk(const struct packet *packet, struct chunk *chunk)
{
	chunk->at += (chunk->len + 3u) / 4 * 4;
	return read_chunk(packet, chunk);
}

static uint32_t verification_tag(const struct packet *packet)
{
	struct cursor cursor = cursor_at(packet->bytes, packet->len, (size_t)packet->l4_offset + SCTP_TAG_AT);

	return cursor_u32(&cursor);
}

static bool has_chunk(const struct packet *packet, uint8_t type)
{
	struct chunk chunk;

	for (bool is_there = first_chunk(packet, &chunk); is_there; is_there = next_chunk(packet, &chunk))
		if (chunk.type == type)
			return true;
	return false;
}

static bool must_be_alone(enum sctp_chunk class)
{
	return class == SCTP_CHUNK_INIT || class == SCTP_CHUNK_INIT_ACK || class == SCTP_CHUNK_SHUTDOWN_COMPLETE;
}

/* As the kernel prints what it did not bring into its own order: the machines that it runs on begin with the lowest byte. */
static uint32_t swapped(uint32_t number, unsigned bytes)
{
	uint32_t out = 0;

	for (unsigned i = 0; i < bytes; i++)
		out = out << 8 | (number >> 8 * i & 0xff);
	return out;
}

static const char *note_chunk(const struct tracker_packet *seen, const struct chunk *chunk, uint32_t n, bool is_alone)
{
	const uint32_t numbers[COMPLAINT_MOST_NUMBERS] = { n, chunk->type, swapped(chunk->len, 2), is_alone };

	memcpy(seen->numbers, numbers, sizeof(numbers));
	return "do_basic_checks failed. chunk num %u, type %u, len %u flag %u";
}

/* Linux 6.18, do_basic_checks() */
static const char *check_chunks(const struct tracker_packet *seen)
{
	const struct packet *packet = seen->packet;
	bool is_alone = false;
	struct chunk chunk;
	uint32_t n = 0;

	for (bool is_there = first_chunk(packet, &chunk); is_there; is_there = next_chunk(packet, &chunk), n++) {
		bool is_first_of_all = chunk.class == SCTP_CHUNK_COOKIE_ECHO || chunk.class == SCTP_CHUNK_COOKIE_ACK;

		is_alone |= must_be_alone(chunk.class);
		if (!chunk.len || (n && (is_alone || is_first_of_all)))
			return note_chunk(seen, &chunk, n, is_alone);
	}
	if (n)
		return NULL;
	return packet_is_cut(packet) ? tracker_cut_reason : "no chunk";
}

static const char *check(const struct tracker_packet *seen)
{
	const struct packet *packet = seen->packet;

	if (packet->l4_len < SCTP_HEADER_LEN)
		return "nf_ct_sctp: short packet";
	if (!packet->has_l4)
		return tracker_cut_reason;
	if (tracker_has_bad_checksum(seen))
		return "nf_ct_sctp: bad CRC";
	return check_chunks(seen);
}

/* The initiate tag of INIT and INIT ACK. NULL: it was read; else why not. */
static const char *read_initiate_tag(const struct packet *packet, const struct chunk *chunk, uint32_t *tag)
{
	struct cursor cursor = cursor_at(packet->bytes, packet->len, (size_t)chunk->at + CHUNK_HEADER_LEN);

	if (packet->total_len < chunk->at + CHUNK_HEADER_LEN + INIT_LEN)
		return bad_chunk;
	*tag = cursor_u32(&cursor);
	return cursor.failed ? tracker_cut_reason : NULL;
}

/* Linux 6.18, sctp_new(): what one chunk of a first packet leaves behind. */
static const char *begin_chunk(struct sctp_memory *memory, const struct packet *packet, const struct chunk *chunk)
{
	uint32_t tag = verification_tag(packet);

	if (chunk->class == SCTP_CHUNK_OTHER)
		return "such a chunk cannot begin an association";
	if (chunk->class == SCTP_CHUNK_INIT)
		return tag ? bad_tag : read_initiate_tag(packet, chunk, &memory->tag[DIRECTION_REPLY]);
	if (chunk->class == SCTP_CHUNK_HEARTBEAT)
		memory->tag[DIRECTION_ORIGINAL] = tag;
	else if (chunk->class == SCTP_CHUNK_SHUTDOWN_ACK)
		memory->tag[DIRECTION_REPLY] = tag;	/* a SHUTDOWN COMPLETE will carry it back */
	return NULL;
}

static const char *begin(struct connection *connection, const struct tracker_packet *seen)
{
	const struct packet *packet = seen->packet;
	const char *reason = NULL;
	struct chunk chunk;

	memset(&connection->memory.sctp, 0, sizeof(connection->memory.sctp));
	if (has_chunk(packet, CHUNK_ABORT) || has_chunk(packet, CHUNK_SHUTDOWN_COMPLETE) ||
	    has_chunk(packet, CHUNK_COOKIE_ACK))
		return "ABORT, SHUTDOWN COMPLETE and COOKIE ACK cannot begin an association";
	for (bool is_there = first_chunk(packet, &chunk); is_there && !reason; is_there = next_chunk(packet, &chunk))
		reason = begin_chunk(&connection->memory.sctp, packet, &chunk);
	return reason;
}

/* One packet on its way through update(). */
struct step {
	struct sctp_memory *memory;
	const struct tracker_packet *seen;
	const struct packet *packet;
	enum direction direction;
	uint32_t tag;			/* the packet's */
	bool is_confirmed;
	bool is_ignored;		/* it will not refresh the timer */
	bool is_skipped;		/* this chunk takes no step in the table */
	bool state_changed, becomes_assured;
	uint8_t next;			/* state after the latest step */
	const char *reason;
};

/* RFC 9260, 8.5.1 (B), (C): with the T bit set the tag is the one that the receiver of the chunk once chose itself. */
static bool fits_reflected(const struct step *step, const struct chunk *chunk)
{
	enum direction side = chunk->flags & CHUNK_FLAG_T ? direction_other(step->direction) : step->direction;

	return step->tag == step->memory->tag[side];
}

static const char *check_heartbeat(struct step *step)
{
	struct sctp_memory *memory = step->memory;
	uint32_t *own = &memory->tag[step->direction];

	if (*own == 0) {
		*own = step->tag;
	} else if (step->tag != *own) {
		if (step->is_ignored || has_chunk(step->packet, CHUNK_DATA))
			return bad_tag;
		memory->has_failed_heartbeat = true;
		memory->last_direction = (uint8_t)step->direction;
		step->is_ignored = step->is_skipped = true;
		step->reason = "A heartbeat with another tag: let through and remembered, its answer may confirm it.";
	} else {
		memory->has_failed_heartbeat = false;
	}
	return NULL;
}

static const char *check_heartbeat_ack(struct step *step)
{
	struct sctp_memory *memory = step->memory;
	uint32_t *own = &memory->tag[step->direction];

	if (*own == 0) {
		*own = step->tag;
	} else if (step->tag != *own) {
		if (step->is_ignored || has_chunk(step->packet, CHUNK_DATA))
			return bad_tag;
		if (!memory->has_failed_heartbeat || memory->last_direction == step->direction)
			return bad_tag;
		memory->has_failed_heartbeat = false;
		*own = step->tag;
		memory->tag[direction_other(step->direction)] = 0;
	} else {
		memory->has_failed_heartbeat = false;
	}
	return NULL;
}

/* RFC 9260, 8.5.1: the exceptions from the rule that a packet carries the peer's tag. */
static const char *check_tag(struct step *step, const struct chunk *chunk)
{
	switch (chunk->class) {
	case SCTP_CHUNK_INIT:
		return step->tag ? bad_tag : NULL;
	case SCTP_CHUNK_ABORT:
	case SCTP_CHUNK_SHUTDOWN_COMPLETE:
		return fits_reflected(step, chunk) ? NULL : bad_tag;
	case SCTP_CHUNK_COOKIE_ECHO:
		return step->tag == step->memory->tag[step->direction] ? NULL : bad_tag;
	case SCTP_CHUNK_COOKIE_ACK:
		memset(step->memory->has_asked, 0, sizeof(step->memory->has_asked));
		return NULL;
	case SCTP_CHUNK_HEARTBEAT:
		return check_heartbeat(step);
	case SCTP_CHUNK_HEARTBEAT_ACK:
		return check_heartbeat_ack(step);
	default:
		return NULL;
	}
}

static const char *note_init(struct step *step, const struct chunk *chunk, enum sctp_state old)
{
	struct sctp_memory *memory = step->memory;
	enum direction other = direction_other(step->direction);
	uint32_t tag;
	const char *reason = read_initiate_tag(step->packet, chunk, &tag);

	if (reason)
		return reason;
	if (old == SCTP_STATE_NONE || tag != memory->tag[other]) {
		if (memory->has_asked[step->direction] && memory->has_asked[other])
			memory->has_asked[other] = false;
		memory->has_asked[step->direction] = true;
	}
	memory->tag[other] = tag;
	/* An INIT again and again must not keep a dead entry, nor its NAT mapping. */
	if (old == SCTP_STATE_CLOSED && step->next == SCTP_STATE_CLOSED && step->is_confirmed) {
		step->is_ignored = true;
		step->reason = "An INIT again while CLOSED does not refresh the timer.";
	}
	return NULL;
}

static const char *note_init_ack(struct step *step, const struct chunk *chunk)
{
	struct sctp_memory *memory = step->memory;
	enum direction other = direction_other(step->direction);
	uint32_t known = memory->tag[other], tag;
	const char *reason = read_initiate_tag(step->packet, chunk, &tag);

	if (reason)
		return reason;
	if (!memory->has_asked[other] && known && known != tag)
		return "an INIT ACK that nobody asked for";
	if (memory->has_asked[step->direction] && memory->has_asked[other] && known != tag)
		return "an INIT ACK with another tag than the INIT of a collision";
	memory->tag[other] = tag;
	return NULL;
}

static const char *refuse_step(struct step *step, const struct chunk *chunk, enum sctp_state old, const char *sentence)
{
	const uint32_t numbers[COMPLAINT_MOST_NUMBERS] = { old, step->direction, chunk->type };

	memcpy(step->seen->numbers, numbers, sizeof(numbers));
	if (step->seen->told)
		step->seen->told->sentence = sentence;
	return "Invalid, old_state %u, dir %u, type %u";
}

/* One chunk: tags, the table's step, what it is to remember. NULL: fine; else why the packet is INVALID. */
static const char *take_step(struct step *step, const struct chunk *chunk)
{
	struct sctp_memory *memory = step->memory;
	enum sctp_state old = memory->state;
	const struct sctp_cell *cell;
	const char *reason;

	step->is_skipped = false;
	reason = check_tag(step, chunk);
	if (reason || step->is_skipped)
		return reason;
	step->next = memory->state;
	if (chunk->class != SCTP_CHUNK_OTHER) {
		cell = sctp_states_find(step->direction, chunk->class, old);
		if (cell->next == SCTP_NEXT_INVALID)
			return refuse_step(step, chunk, old, cell->reason);
		step->next = cell->next;
		step->reason = cell->reason;
	}
	if (chunk->class == SCTP_CHUNK_INIT)
		reason = note_init(step, chunk, old);
	else if (chunk->class == SCTP_CHUNK_INIT_ACK)
		reason = note_init_ack(step, chunk);
	if (reason)
		return reason;
	memory->state = step->next;
	step->state_changed |= old != step->next;
	step->becomes_assured |= old != step->next && step->next == SCTP_STATE_ESTABLISHED;
	return NULL;
}

/* Chunks with tag rules of their own: their packets are not judged by the general one. */
static bool has_own_rule(const struct packet *packet)
{
	struct chunk chunk;

	for (bool is_there = first_chunk(packet, &chunk); is_there; is_there = next_chunk(packet, &chunk))
		switch (chunk.class) {
		case SCTP_CHUNK_INIT:
		case SCTP_CHUNK_SHUTDOWN_COMPLETE:
		case SCTP_CHUNK_COOKIE_ECHO:
		case SCTP_CHUNK_ABORT:
		case SCTP_CHUNK_SHUTDOWN_ACK:
		case SCTP_CHUNK_HEARTBEAT:
		case SCTP_CHUNK_HEARTBEAT_ACK:
			return true;
		default:
			break;
		}
	return false;
}

static struct tracker_result update(struct connection *connection, const struct tracker_packet *seen)
{
	struct sctp_memory *memory = &connection->memory.sctp;
	struct step step = {
		.memory = memory, .seen = seen, .packet = seen->packet, .direction = seen->direction,
		.tag = verification_tag(seen->packet),
		.is_confirmed = !connection_is_unconfirmed(connection),
		.next = SCTP_STATE_NONE,
	};
	struct tracker_result result = { .action = TRACKER_INVALID };
	const char *invalid = NULL;
	struct chunk chunk;

	if (!has_own_rule(seen->packet) && step.tag != memory->tag[seen->direction]) {
		seen->numbers[0] = swapped(step.tag, 4);
		seen->numbers[1] = swapped(memory->tag[seen->direction], 4);
		result.reason = seen->direction == DIRECTION_ORIGINAL ? "verification tag check failed %x vs %x for dir 0"
								     : "verification tag check failed %x vs %x for dir 1";
		return result;
	}
	for (bool is_there = first_chunk(seen->packet, &chunk); is_there && !invalid;
	     is_there = next_chunk(seen->packet, &chunk))
		invalid = take_step(&step, &chunk);
	result.state_changed = step.state_changed;
	result.becomes_assured = step.becomes_assured;
	result.reason = invalid ? invalid : step.reason;
	if (invalid)
		return result;
	result.action = step.is_ignored ? TRACKER_IGNORE : TRACKER_ACCEPT;
	tracker_set_timeout(&result, &timeouts[step.next], seen->settings);
	return result;
}

static const char *state_name(const struct connection *connection)
{
	return sctp_states_name(connection->memory.sctp.state);
}

/* The first chunk that a state depends on; else the first of all. */
static const char *packet_name(const struct packet *packet)
{
	enum sctp_chunk class = SCTP_CHUNK_OTHER;
	struct chunk chunk;

	for (bool is_there = first_chunk(packet, &chunk); is_there && class == SCTP_CHUNK_OTHER && chunk.len;
	     is_there = next_chunk(packet, &chunk))
		class = chunk.class;
	return sctp_states_chunk_name(class);
}

const struct tracker tracker_sctp = {
	.name = "sctp",
	.protocol = PROTOCOL_SCTP,
	.memory_size = sizeof(struct sctp_memory),
	.packet_to_tuple = tracker_ports_to_tuple,
	.check = check,
	.begin = begin,
	.update = update,
	.state_name = state_name,
	.packet_name = packet_name,
	.states = sctp_states_names,
};
