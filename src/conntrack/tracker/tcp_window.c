/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conntrack/tracker/tcp_window.h"

#include <string.h>

#include "conntrack/tracker/tcp_options.h"

/* Linux 6.18, MAXACKWINCONST: an ACK may be late by this much, whatever the window. */
enum { LEAST_ACK_WINDOW = 66000 };

/* Numbers of one check. */
struct window_view {
	struct tcp_side *sender, *receiver;
	uint32_t seq, end;
	uint32_t ack, sack;	/* sack: the highest byte that the ACK or a SACK block names */
	uint32_t window;	/* raw */
	struct tcp_bounds *told;	/* or NULL */
};

static bool is_before(uint32_t a, uint32_t b)
{
	return tcp_window_is_before(a, b);
}

static bool is_after(uint32_t a, uint32_t b)
{
	return tcp_window_is_before(b, a);
}

static uint32_t at_least_one(uint32_t window)
{
	return window ? window : 1;
}

struct tcp_segment tcp_window_segment(const struct packet *packet, enum direction direction)
{
	uint32_t len = packet->l4_len - packet->tcp_header_len;

	len += (packet->tcp_flags & TCP_SYN ? 1 : 0) + (packet->tcp_flags & TCP_FIN ? 1 : 0);
	return (struct tcp_segment){
		.packet = packet,
		.class = tcp_states_classify(packet->tcp_flags),
		.direction = direction,
		.end = packet->tcp_sequence + len,
	};
}

/* A header without options leaves what is known, flags included. */
static void learn_options(struct tcp_side *side, const struct packet *packet)
{
	struct tcp_options options;

	tcp_options_parse(packet, &options);
	if (!options.is_present)
		return;
	side->scale = options.scale;
	side->flags &= TCP_FLAG_LIBERAL;
	if (options.has_scale)
		side->flags |= TCP_FLAG_SCALE;
	if (options.has_sack_permitted)
		side->flags |= TCP_FLAG_SACK_PERMITTED;
}

void tcp_window_begin(struct tcp_memory *memory, const struct tcp_segment *segment)
{
	struct tcp_side *sender = &memory->side[DIRECTION_ORIGINAL];

	memset(memory, 0, sizeof(*memory));
	sender->end = sender->maxend = segment->end;
	sender->maxwin = at_least_one(segment->packet->tcp_window);
	if (segment->class == TCP_CLASS_SYN) {
		learn_options(sender, segment->packet);
	} else {
		/* The scale is not known, so the window is not judged, and SACK may be in use. */
		sender->maxend += sender->maxwin;
		sender->flags = memory->side[DIRECTION_REPLY].flags = TCP_FLAG_SACK_PERMITTED | TCP_FLAG_LIBERAL;
	}
	memory->last_index = TCP_CLASS_NONE;
}

/* From a SYN or SYN/ACK. RFC 7323: scaling holds only when both sides announce it. */
static void begin_sender(const struct window_view *view, const struct tcp_segment *segment)
{
	struct tcp_side *sender = view->sender, *receiver = view->receiver;

	sender->end = sender->maxend = view->end;
	sender->maxwin = at_least_one(view->window);
	learn_options(sender, segment->packet);
	if (segment->direction == DIRECTION_REPLY && !(sender->flags & receiver->flags & TCP_FLAG_SCALE))
		sender->scale = receiver->scale = 0;
}

/* The first segment of a side whose handshake was not seen. */
static void pick_up_sender(const struct window_view *view)
{
	struct tcp_side *sender = view->sender, *receiver = view->receiver;

	sender->end = view->end;
	sender->maxwin = at_least_one(view->window << sender->scale);
	sender->maxend = view->end + sender->maxwin;
	if (receiver->maxwin == 0)
		receiver->end = receiver->maxend = view->sack;
	else if (view->sack == receiver->end + 1)
		receiver->end++;	/* probably the answer to a keepalive */
}

/* True when the segment is the first half of a simultaneous open, which needs no further check. */
static bool learn_beginning(const struct tcp_memory *memory, const struct window_view *view,
			    const struct tcp_segment *segment)
{
	bool has_syn = segment->packet->tcp_flags & TCP_SYN, has_ack = segment->packet->tcp_flags & TCP_ACK;

	if (view->sender->maxwin == 0) {
		if (!has_syn) {
			pick_up_sender(view);
			return false;
		}
		begin_sender(view, segment);
		return !has_ack;
	}
	/* A SYN with another sequence number, before the connection is established, replaces the first. */
	if (has_syn && is_after(view->end, view->sender->end) &&
	    (memory->state == TCP_STATE_SYN_SENT || memory->state == TCP_STATE_SYN_RECV)) {
		begin_sender(view, segment);
		return segment->direction == DIRECTION_REPLY && !has_ack;
	}
	return false;
}

static void tell_bounds(const struct window_view *view, uint32_t ack_window)
{
	const struct tcp_side *sender = view->sender, *receiver = view->receiver;
	struct tcp_bounds *told = view->told;

	told->is_checked = true;
	told->seq = view->seq;
	told->end = view->end;
	told->ack = view->sack;
	told->seq_upper = sender->maxend + 1;
	told->end_lower = sender->end - receiver->maxwin - 1;
	told->ack_upper = receiver->end + 1;
	told->ack_lower = receiver->end - ack_window - 1;
	told->seq_fits = is_before(view->seq, told->seq_upper);
	told->end_fits = receiver->maxwin == 0 || is_after(view->end, told->end_lower);
	told->ack_fits = is_before(view->sack, told->ack_upper);
	told->ack_is_recent = is_after(view->sack, told->ack_lower);
}

static enum tcp_window_verdict check_bounds(const struct window_view *view, const char **reason, uint32_t *number)
{
	struct tcp_side *sender = view->sender, *receiver = view->receiver;
	uint32_t ack_window = sender->maxwin > LEAST_ACK_WINDOW ? sender->maxwin : LEAST_ACK_WINDOW;
	uint32_t end_lower = sender->end - receiver->maxwin - 1, ack_lower = receiver->end - ack_window - 1;
	bool is_seq_low = !is_after(view->end, end_lower);
	bool is_ack_low = !is_after(view->sack, ack_lower);
	bool is_ack_high = !is_before(view->sack, receiver->end + 1);

	if (view->told)
		tell_bounds(view, ack_window);
	if (!is_before(view->seq, sender->maxend + 1)) {
		uint32_t overshoot = view->end - sender->maxend + 1;

		/* Some hosts send a little more than they may: let it pass, and do not lose them. */
		if (receiver->maxwin && !is_seq_low && !is_ack_low && !is_ack_high && overshoot <= receiver->maxwin) {
			sender->end = view->end;
			sender->flags |= TCP_FLAG_UNACKED;
			*reason = "%u bytes more than expected";
			*number = overshoot;
			return TCP_WINDOW_IGNORE;
		}
		*reason = "SEQ is over upper bound %u (over the window of the receiver)";
		*number = sender->maxend + 1;
		return TCP_WINDOW_INVALID;
	}
	if (is_ack_high) {
		*reason = "ACK is over upper bound %u (ACKed data not seen yet)";
		*number = receiver->end + 1;
		return TCP_WINDOW_INVALID;
	}
	if (receiver->maxwin && is_seq_low) {
		*reason = "SEQ is under lower bound %u (already ACKed data retransmitted)";
		*number = end_lower;
		return TCP_WINDOW_IGNORE;
	}
	if (is_ack_low) {
		*reason = "ignored ACK under lower bound %u (possible overly delayed)";
		*number = ack_lower;
		return TCP_WINDOW_IGNORE;
	}
	return TCP_WINDOW_ACCEPT;
}

static void learn_bounds(const struct window_view *view, bool has_syn, bool has_ack)
{
	struct tcp_side *sender = view->sender, *receiver = view->receiver;
	uint32_t window = has_syn ? view->window : view->window << sender->scale;
	uint32_t offered = window + (view->sack - view->ack);

	if (sender->maxwin < offered)
		sender->maxwin = offered;
	if (is_after(view->end, sender->end)) {
		sender->end = view->end;
		sender->flags |= TCP_FLAG_UNACKED;
	}
	if (has_ack && (!(sender->flags & TCP_FLAG_MAXACK_SET) || is_after(view->ack, sender->maxack))) {
		sender->maxack = view->ack;
		sender->flags |= TCP_FLAG_MAXACK_SET;
	}
	if (receiver->maxwin && is_after(view->end, sender->maxend))
		receiver->maxwin += view->end - sender->maxend;
	if (is_after(view->sack + window, receiver->maxend - 1))
		receiver->maxend = view->sack + window + (window == 0);
	if (view->ack == receiver->end)
		receiver->flags &= (uint8_t)~TCP_FLAG_UNACKED;
}

/* Counts repetitions of the same ACK-class segment. */
static void count_repetition(struct tcp_memory *memory, const struct window_view *view, enum direction direction)
{
	if (memory->last_dir == direction && memory->last_seq == view->seq && memory->last_ack == view->ack &&
	    memory->last_end == view->end && memory->last_win == view->window) {
		memory->retrans++;
		return;
	}
	memory->last_dir = (uint8_t)direction;
	memory->last_seq = view->seq;
	memory->last_ack = view->ack;
	memory->last_end = view->end;
	memory->last_win = (uint16_t)view->window;
	memory->retrans = 0;
}

enum tcp_window_verdict tcp_window_check(struct tcp_memory *memory, const struct conntrack_settings *settings,
					 const struct tcp_segment *segment, const char **reason, uint32_t *number)
{
	const struct packet *packet = segment->packet;
	bool has_syn = packet->tcp_flags & TCP_SYN, has_ack = packet->tcp_flags & TCP_ACK;
	bool has_rst = packet->tcp_flags & TCP_RST;
	struct window_view view = {
		.sender = &memory->side[segment->direction],
		.receiver = &memory->side[direction_other(segment->direction)],
		.seq = packet->tcp_sequence, .end = segment->end, .window = packet->tcp_window,
		.ack = packet->tcp_acknowledgment, .sack = packet->tcp_acknowledgment,
		.told = segment->told,
	};
	enum tcp_window_verdict verdict;

	if (view.receiver->flags & TCP_FLAG_SACK_PERMITTED)
		view.sack = tcp_options_highest_sack(packet, view.ack);
	view.ack -= segment->peer_offset;
	view.sack -= segment->peer_offset;
	if (learn_beginning(memory, &view, segment))
		return TCP_WINDOW_ACCEPT;
	/* Without an ACK, or in a reset that names none, pretend that it was right. */
	if (!has_ack || (has_rst && view.ack == 0))
		view.ack = view.sack = view.receiver->end;
	/* A reset that answers a SYN knows no sequence number. */
	if (has_rst && view.seq == 0 && memory->state == TCP_STATE_SYN_SENT)
		view.seq = view.end = view.sender->end;

	verdict = check_bounds(&view, reason, number);
	if (verdict != TCP_WINDOW_ACCEPT) {
		if (view.sender->flags & TCP_FLAG_LIBERAL || settings->tcp_be_liberal) {
			if (view.told)
				view.told->is_liberal = true;
			return TCP_WINDOW_ACCEPT;
		}
		return verdict;
	}
	learn_bounds(&view, has_syn, has_ack);
	if (segment->class == TCP_CLASS_ACK)
		count_repetition(memory, &view, segment->direction);
	return TCP_WINDOW_ACCEPT;
}
