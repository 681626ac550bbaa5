/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TCP: what one segment does to its connection. The state machine is the table in
 * tcp_states.c, the sequence checks are in tcp_window.c; here are the exceptions to both.
 * Linux 6.18, nf_conntrack_proto_tcp.c, nf_conntrack_tcp_packet().
 */
#include <stddef.h>

#include "conntrack/seqadj.h"
#include "conntrack/tracker.h"
#include "conntrack/tracker/tcp_options.h"
#include "conntrack/tracker/tcp_states.h"
#include "conntrack/tracker/tcp_window.h"

enum { TCP_HEADER_LEN = 20 };

/* Where the setting of each state is. SYN_SENT2 has no sysctl. */
static const size_t state_timeouts[TCP_STATE_COUNT] = {
	[TCP_STATE_NONE] = offsetof(struct conntrack_settings, tcp_timeout_syn_sent),
	[TCP_STATE_SYN_SENT] = offsetof(struct conntrack_settings, tcp_timeout_syn_sent),
	[TCP_STATE_SYN_RECV] = offsetof(struct conntrack_settings, tcp_timeout_syn_recv),
	[TCP_STATE_ESTABLISHED] = offsetof(struct conntrack_settings, tcp_timeout_established),
	[TCP_STATE_FIN_WAIT] = offsetof(struct conntrack_settings, tcp_timeout_fin_wait),
	[TCP_STATE_CLOSE_WAIT] = offsetof(struct conntrack_settings, tcp_timeout_close_wait),
	[TCP_STATE_LAST_ACK] = offsetof(struct conntrack_settings, tcp_timeout_last_ack),
	[TCP_STATE_TIME_WAIT] = offsetof(struct conntrack_settings, tcp_timeout_time_wait),
	[TCP_STATE_CLOSE] = offsetof(struct conntrack_settings, tcp_timeout_close),
	[TCP_STATE_SYN_SENT2] = offsetof(struct conntrack_settings, tcp_timeout_syn_sent2),
};

static const char *const timeout_names[TCP_STATE_COUNT] = {
	[TCP_STATE_NONE] = "tcp_timeout_syn_sent",
	[TCP_STATE_SYN_SENT] = "tcp_timeout_syn_sent",
	[TCP_STATE_SYN_RECV] = "tcp_timeout_syn_recv",
	[TCP_STATE_ESTABLISHED] = "tcp_timeout_established",
	[TCP_STATE_FIN_WAIT] = "tcp_timeout_fin_wait",
	[TCP_STATE_CLOSE_WAIT] = "tcp_timeout_close_wait",
	[TCP_STATE_LAST_ACK] = "tcp_timeout_last_ack",
	[TCP_STATE_TIME_WAIT] = "tcp_timeout_time_wait",
	[TCP_STATE_CLOSE] = "tcp_timeout_close",
	[TCP_STATE_SYN_SENT2] = NULL,
};
static const char unacknowledged[] = "tcp_timeout_unacknowledged";

static uint32_t state_timeout(const struct conntrack_settings *settings, enum tcp_state state)
{
	return *(const uint32_t *)(const void *)((const char *)settings + state_timeouts[state]);
}

static const char *check(const struct tracker_packet *seen)
{
	const struct packet *packet = seen->packet;

	if (packet->l4_len < TCP_HEADER_LEN)
		return "the TCP header is not whole";
	if (!packet->has_l4)
		return tracker_cut_reason;
	if (packet->tcp_header_len < TCP_HEADER_LEN || packet->tcp_header_len > packet->l4_len)
		return "truncated packet";
	if (tracker_has_bad_checksum(seen))
		return "bad checksum";
	if (!tcp_states_has_valid_flags(packet->tcp_flags))
		return "invalid tcp flag combination";
	return NULL;
}

static const char *begin(struct connection *connection, const struct tracker_packet *seen)
{
	struct tcp_segment segment = tcp_window_segment(seen->packet, DIRECTION_ORIGINAL);
	const struct tcp_cell *cell = tcp_states_find(DIRECTION_ORIGINAL, segment.class, TCP_STATE_NONE);

	if (cell->next == TCP_NEXT_INVALID) {
		if (seen->told)
			seen->told->sentence = cell->reason;
		return "invalid new";
	}
	if (segment.class != TCP_CLASS_SYN && !seen->settings->tcp_loose)
		return "not picked up in the middle: tcp_loose is 0";
	tcp_window_begin(&connection->memory.tcp, &segment);
	return NULL;
}

/* A SYN on a closed connection may open it again: if it was closed in order, or by the reset of this side. */
static bool may_reopen(const struct tcp_memory *memory, enum direction direction)
{
	if ((memory->side[0].flags | memory->side[1].flags) & TCP_FLAG_CLOSE_INIT)
		return true;
	return memory->last_dir == direction && memory->last_index == TCP_CLASS_RST;
}

/* The SYN/ACK that answers a SYN which we ignored: the hosts are in step with each other, we are not. */
static bool answers_ignored_syn(const struct tcp_memory *memory, const struct tcp_segment *segment)
{
	return segment->class == TCP_CLASS_SYN_ACK && memory->last_index == TCP_CLASS_SYN &&
	       memory->last_dir != segment->direction && segment->packet->tcp_acknowledgment == memory->last_end;
}

/* Begin anew from the ignored SYN; the SYN/ACK that answers it is learnt by the window check. */
static void resynchronise(struct tcp_memory *memory, enum direction direction)
{
	struct tcp_side *opener = &memory->side[direction_other(direction)], *answerer = &memory->side[direction];

	memory->last_flags &= (uint8_t)~TCP_FLAG_EXPECT_CHALLENGE;
	*opener = (struct tcp_side){
		.end = memory->last_end, .maxend = memory->last_end,
		.maxwin = memory->last_win ? memory->last_win : 1,
		.maxack = opener->maxack, .scale = memory->last_wscale, .flags = memory->last_flags,
	};
	*answerer = (struct tcp_side){ .flags = answerer->flags & TCP_FLAG_LIBERAL };
}

static void remember_ignored(struct tcp_memory *memory, const struct tcp_segment *segment)
{
	const struct packet *packet = segment->packet;

	memory->last_index = (uint8_t)segment->class;
	memory->last_dir = (uint8_t)segment->direction;
	memory->last_seq = packet->tcp_sequence;
	memory->last_end = segment->end;
	memory->last_win = packet->tcp_window;
	if (segment->class == TCP_CLASS_SYN && segment->direction == DIRECTION_ORIGINAL) {
		struct tcp_options options;

		tcp_options_parse(packet, &options);
		memory->last_wscale = options.scale;
		memory->last_flags = (options.has_scale ? TCP_FLAG_SCALE : 0) |
				     (options.has_sack_permitted ? TCP_FLAG_SACK_PERMITTED : 0);
		/* RFC 5961: the answer may be a challenge ACK, which must not pass for the last ACK. */
		if (memory->state == TCP_STATE_LAST_ACK)
			memory->last_flags |= TCP_FLAG_EXPECT_CHALLENGE;
	}
	if (memory->state == TCP_STATE_SYN_SENT && segment->class == TCP_CLASS_ACK &&
	    segment->direction == DIRECTION_REPLY)
		memory->last_ack = packet->tcp_acknowledgment;
}

static bool is_challenge_ack(const struct tcp_memory *memory, const struct tcp_segment *segment)
{
	return memory->state == TCP_STATE_LAST_ACK && segment->class == TCP_CLASS_ACK &&
	       memory->last_dir != segment->direction && memory->last_index == TCP_CLASS_SYN &&
	       (memory->last_flags & TCP_FLAG_EXPECT_CHALLENGE);
}

enum reset_verdict {
	RESET_CHECK_WINDOW,
	RESET_ACCEPT,		/* without a window check */
	RESET_INVALID,
};

static bool is_closing(enum tcp_state state)
{
	return state >= TCP_STATE_FIN_WAIT && state <= TCP_STATE_CLOSE;
}

/* The reset answers a SYN or ACK that we ignored, so it names the end of that one. */
static bool answers_ignored(const struct connection *connection, const struct tcp_segment *segment)
{
	const struct tcp_memory *memory = &connection->memory.tcp;
	const struct packet *packet = segment->packet;

	if (packet->tcp_acknowledgment == memory->last_end) {
		if (connection->status & STATUS_SEEN_REPLY && memory->last_index == TCP_CLASS_SYN &&
		    memory->last_dir != segment->direction)
			return true;
		if (!(connection->status & STATUS_ASSURED) && memory->last_index == TCP_CLASS_ACK)
			return true;
	}
	return memory->state == TCP_STATE_SYN_SENT && memory->last_index == TCP_CLASS_ACK &&
	       memory->last_dir == DIRECTION_REPLY && packet->tcp_sequence == memory->last_ack;
}

/* `next` goes back to the old state for a reset that is only nearly right (RFC 5961). */
static enum reset_verdict check_reset(const struct connection *connection, const struct tcp_segment *segment,
				      const struct conntrack_settings *settings, uint8_t *next)
{
	const struct tcp_memory *memory = &connection->memory.tcp;
	const struct tcp_side *peer = &memory->side[direction_other(segment->direction)];
	uint32_t seq = segment->packet->tcp_sequence;
	bool is_established = memory->state == TCP_STATE_ESTABLISHED && connection->status & STATUS_ASSURED;

	if (is_closing(memory->state))
		return RESET_ACCEPT;
	if (peer->flags & TCP_FLAG_MAXACK_SET && memory->last_index != TCP_CLASS_SYN) {
		if (seq == 0 && !is_established)
			return RESET_CHECK_WINDOW;
		if (segment->told) {
			segment->told->is_reset_checked = true;
			segment->told->seq = seq;
			segment->told->reset_lower = peer->maxack;
			segment->told->reset_fits = !tcp_window_is_before(seq, peer->maxack);
		}
		if (tcp_window_is_before(seq, peer->maxack) && !settings->tcp_ignore_invalid_rst)
			return RESET_INVALID;
		if (!is_established || seq == peer->maxack)
			return RESET_CHECK_WINDOW;
		if (memory->last_index == TCP_CLASS_ACK && memory->last_dir == segment->direction &&
		    seq == memory->last_end)
			return RESET_CHECK_WINDOW;
		*next = memory->state;
	}
	return answers_ignored(connection, segment) ? RESET_ACCEPT : RESET_CHECK_WINDOW;
}

/*
 * An ASSURED connection should not live for days because a FIN or a reset, and the other
 * side's answer to it, both looked wrong to us. Linux 6.18, nf_tcp_handle_invalid().
 */
static uint32_t lowered_timeout(struct connection *connection, const struct tcp_segment *segment,
				const struct tracker_packet *seen)
{
	enum { LEAST_LEFT_SECONDS = 120 };
	struct tcp_memory *memory = &connection->memory.tcp;
	int64_t left_ns = connection->timer.deadline.ns - seen->now.ns;
	uint32_t lowered = seen->settings->tcp_timeout_unacknowledged;

	if (!(connection->status & STATUS_ASSURED) || connection->status & STATUS_FIXED_TIMEOUT)
		return 0;
	if (segment->class != TCP_CLASS_FIN && segment->class != TCP_CLASS_RST)
		return 0;
	if (memory->last_dir != segment->direction &&
	    (memory->last_index == TCP_CLASS_FIN || memory->last_index == TCP_CLASS_RST)) {
		if (left_ns < (int64_t)LEAST_LEFT_SECONDS * VTIME_NS_PER_SECOND)
			return 0;
		return left_ns > (int64_t)lowered * VTIME_NS_PER_SECOND ? lowered : 0;
	}
	memory->last_index = (uint8_t)segment->class;
	memory->last_dir = (uint8_t)segment->direction;
	return 0;
}

static uint32_t choose_timeout(const struct tcp_memory *memory, const struct conntrack_settings *settings,
			       enum tcp_class class, const char **from)
{
	uint32_t timeout = state_timeout(settings, memory->state);

	*from = "tcp_timeout_max_retrans";
	if (memory->retrans >= settings->tcp_max_retrans && timeout > settings->tcp_timeout_max_retrans)
		return settings->tcp_timeout_max_retrans;
	*from = "tcp_timeout_close";
	if (class == TCP_CLASS_RST && !profile_value(settings->profile, PROFILE_KEEPS_RESET_LONG))
		return settings->tcp_timeout_close;
	*from = unacknowledged;
	if (class == TCP_CLASS_RST && memory->state == TCP_STATE_ESTABLISHED &&
	    timeout > settings->tcp_timeout_unacknowledged)
		return settings->tcp_timeout_unacknowledged;
	if ((memory->side[0].flags | memory->side[1].flags) & TCP_FLAG_UNACKED &&
	    timeout > settings->tcp_timeout_unacknowledged)
		return settings->tcp_timeout_unacknowledged;
	*from = "tcp_timeout_max_retrans";
	if (memory->last_win == 0 && timeout > settings->tcp_timeout_max_retrans)
		return settings->tcp_timeout_max_retrans;
	*from = timeout_names[memory->state];
	return timeout;
}

/* The segment fits: the state moves, and the timer with it. `old` is the state that counts as the one before. */
static struct tracker_result accept_segment(struct connection *connection, const struct tcp_segment *segment,
					    const struct conntrack_settings *settings, enum tcp_state old,
					    struct tcp_cell cell)
{
	struct tcp_memory *memory = &connection->memory.tcp;
	struct tracker_result result = { .action = TRACKER_ACCEPT, .reason = cell.reason };

	memory->last_index = (uint8_t)segment->class;
	memory->last_dir = (uint8_t)segment->direction;
	memory->state = cell.next;
	result.state_changed = cell.next != old;
	if (result.state_changed && cell.next == TCP_STATE_FIN_WAIT)
		memory->side[segment->direction].flags |= TCP_FLAG_CLOSE_INIT;
	result.timeout_seconds = choose_timeout(memory, settings, segment->class, &result.timeout_from);

	if (connection->status & STATUS_SEEN_REPLY) {
		result.becomes_assured = (old == TCP_STATE_SYN_RECV || old == TCP_STATE_ESTABLISHED) &&
					 cell.next == TCP_STATE_ESTABLISHED;
	} else if (segment->class == TCP_CLASS_RST) {
		result.action = TRACKER_DESTROY;
		result.reason = "A reset while no reply was ever seen ends the entry at once.";
	} else if (segment->class == TCP_CLASS_SYN && old == TCP_STATE_SYN_SENT) {
		result.action = TRACKER_IGNORE;
		if (!result.state_changed)
			result.reason = "A SYN again while no reply was seen does not refresh the timer.";
	} else if (cell.next == TCP_STATE_ESTABLISHED && result.timeout_seconds > settings->tcp_timeout_unacknowledged) {
		result.timeout_seconds = settings->tcp_timeout_unacknowledged;
		result.timeout_from = unacknowledged;
	}
	return result;
}

static struct tracker_result check_segment(struct connection *connection, const struct tcp_segment *segment,
					   const struct tracker_packet *seen, enum tcp_state old, struct tcp_cell cell)
{
	struct tracker_result result = { .action = TRACKER_IGNORE };

	switch (tcp_window_check(&connection->memory.tcp, seen->settings, segment, &result.reason, seen->numbers)) {
	case TCP_WINDOW_IGNORE:
		return result;
	case TCP_WINDOW_INVALID:
		result.action = TRACKER_INVALID;
		result.lowered_timeout = lowered_timeout(connection, segment, seen);
		return result;
	case TCP_WINDOW_ACCEPT:
		break;
	}
	return accept_segment(connection, segment, seen->settings, old, cell);
}

static struct tracker_result update_reset(struct connection *connection, const struct tcp_segment *segment,
					  const struct tracker_packet *seen, struct tcp_cell cell)
{
	enum tcp_state old = connection->memory.tcp.state;

	switch (check_reset(connection, segment, seen->settings, &cell.next)) {
	case RESET_INVALID:
		if (seen->told)
			seen->told->sentence = "A reset below what the other side has acknowledged cannot be from its peer.";
		return (struct tracker_result){ .action = TRACKER_INVALID, .reason = "invalid rst" };
	case RESET_ACCEPT:
		return accept_segment(connection, segment, seen->settings, old, cell);
	case RESET_CHECK_WINDOW:
		break;
	}
	return check_segment(connection, segment, seen, old, cell);
}

static struct tracker_result update(struct connection *connection, const struct tracker_packet *seen)
{
	struct tcp_memory *memory = &connection->memory.tcp;
	struct tcp_segment segment = tcp_window_segment(seen->packet, seen->direction);
	enum tcp_state old = memory->state;
	struct tcp_cell cell = *tcp_states_find(seen->direction, segment.class, old);

	segment.peer_offset = (uint32_t)seqadj_offset(connection, direction_other(seen->direction),
						      seen->packet->tcp_acknowledgment - 1);
	if (seen->told)
		segment.told = &seen->told->bounds;
	if (cell.next == TCP_NEXT_INVALID) {
		if (seen->told)
			seen->told->sentence = cell.reason;
		return (struct tracker_result){
			.action = TRACKER_INVALID, .reason = tcp_states_refusal(seen->direction, segment.class, old),
		};
	}
	if (cell.next == TCP_STATE_CLOSE && segment.class == TCP_CLASS_RST)
		return update_reset(connection, &segment, seen, cell);
	if (cell.next == TCP_STATE_SYN_SENT && (old == TCP_STATE_TIME_WAIT || old == TCP_STATE_CLOSE)) {
		if (may_reopen(memory, seen->direction))
			return (struct tracker_result){ .action = TRACKER_REOPEN, .reason = cell.reason };
		cell = (struct tcp_cell){
			TCP_NEXT_IGNORE, "A SYN on a connection that the other side's reset closed: remembered.",
		};
	}
	if (cell.next == TCP_NEXT_IGNORE) {
		if (!answers_ignored_syn(memory, &segment)) {
			remember_ignored(memory, &segment);
			return (struct tracker_result){ .action = TRACKER_IGNORE, .reason = cell.reason };
		}
		resynchronise(memory, seen->direction);
		old = TCP_STATE_SYN_SENT;
		cell = (struct tcp_cell){ TCP_STATE_SYN_RECV, "The answer to a SYN that was let through before." };
	}
	if (is_challenge_ack(memory, &segment)) {
		memory->last_flags &= (uint8_t)~TCP_FLAG_EXPECT_CHALLENGE;
		return (struct tracker_result){
			.action = TRACKER_IGNORE, .reason = "challenge-ack ignored",
		};
	}
	if (cell.next == TCP_STATE_SYN_SENT2) {
		memory->last_flags |= TCP_FLAG_SIMULTANEOUS;
	} else if (cell.next == TCP_STATE_SYN_RECV && segment.class == TCP_CLASS_ACK &&
		   memory->last_flags & TCP_FLAG_SIMULTANEOUS) {
		cell = (struct tcp_cell){ TCP_STATE_ESTABLISHED, "The last packet of a simultaneous open." };
	}
	return check_segment(connection, &segment, seen, old, cell);
}

static const char *state_name(const struct connection *connection)
{
	return tcp_states_name(connection->memory.tcp.state);
}

static const char *packet_name(const struct packet *packet)
{
	return tcp_states_class_name(tcp_states_classify(packet->tcp_flags));
}

const struct tracker tracker_tcp = {
	.name = "tcp",
	.protocol = PROTOCOL_TCP,
	.memory_size = sizeof(struct tcp_memory),
	.packet_to_tuple = tracker_ports_to_tuple,
	.check = check,
	.begin = begin,
	.update = update,
	.state_name = state_name,
	.packet_name = packet_name,
	.states = tcp_states_names,
};
