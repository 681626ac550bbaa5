/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conntrack/tracker/tcp_states.h"

#include <assert.h>
#include <stddef.h>

#include "packet/packet.h"

const char *const tcp_states_names[] = {
	[TCP_STATE_NONE] = "NONE",
	[TCP_STATE_SYN_SENT] = "SYN_SENT",
	[TCP_STATE_SYN_RECV] = "SYN_RECV",
	[TCP_STATE_ESTABLISHED] = "ESTABLISHED",
	[TCP_STATE_FIN_WAIT] = "FIN_WAIT",
	[TCP_STATE_CLOSE_WAIT] = "CLOSE_WAIT",
	[TCP_STATE_LAST_ACK] = "LAST_ACK",
	[TCP_STATE_TIME_WAIT] = "TIME_WAIT",
	[TCP_STATE_CLOSE] = "CLOSE",
	[TCP_STATE_SYN_SENT2] = "SYN_SENT2",
	[TCP_STATE_COUNT] = NULL,
};

static_assert(sizeof(tcp_states_names) / sizeof(tcp_states_names[0]) == TCP_STATE_COUNT + 1, "a name for each state");

static const char *const class_names[TCP_CLASS_COUNT] = {
	[TCP_CLASS_SYN] = "syn",
	[TCP_CLASS_SYN_ACK] = "syn/ack",
	[TCP_CLASS_FIN] = "fin",
	[TCP_CLASS_ACK] = "ack",
	[TCP_CLASS_RST] = "rst",
	[TCP_CLASS_NONE] = "none",
};

/* Short forms for the table below, and for nothing else. */
#define NONE TCP_STATE_NONE
#define SYN_SENT TCP_STATE_SYN_SENT
#define SYN_RECV TCP_STATE_SYN_RECV
#define ESTABLISHED TCP_STATE_ESTABLISHED
#define FIN_WAIT TCP_STATE_FIN_WAIT
#define CLOSE_WAIT TCP_STATE_CLOSE_WAIT
#define LAST_ACK TCP_STATE_LAST_ACK
#define TIME_WAIT TCP_STATE_TIME_WAIT
#define CLOSE TCP_STATE_CLOSE
#define SYN_SENT2 TCP_STATE_SYN_SENT2
#define INVALID TCP_NEXT_INVALID
#define IGNORE TCP_NEXT_IGNORE

#define NO_FLAGS "A segment without SYN, ACK, FIN or RST belongs nowhere."
#define RESET "A reset closes the connection, if its sequence number can be believed."
#define NO_REPLY_YET "There is no connection that this could be the reply to."
#define IGNORED_SYN "A SYN on a live connection is let through and remembered: the answer will tell who is out of step."
#define IGNORED_SYN_ACK "A SYN/ACK again: let through and remembered, nothing changes."
#define REPLY_SYN "The answering side does not open a connection that exists already."
#define LATE_SYN_ACK "The opening side does not send a SYN/ACK now."
#define STILL_CLOSED "The connection is closed; what straggles in keeps it so."
#define STILL_TIME_WAIT "Both sides have closed; a repeated FIN or ACK keeps the entry in TIME_WAIT."

static const struct tcp_cell cells[2][TCP_CLASS_COUNT][TCP_STATE_COUNT] = {
	[DIRECTION_ORIGINAL] = {
		[TCP_CLASS_SYN] = {
			[NONE] = { SYN_SENT, "A SYN opens a connection." },
			[SYN_SENT] = { SYN_SENT, "The SYN again: still waiting for an answer." },
			[SYN_RECV] = { IGNORE, "The SYN again, after it was answered: let through and remembered." },
			[ESTABLISHED] = { IGNORE, IGNORED_SYN },
			[FIN_WAIT] = { IGNORE, IGNORED_SYN },
			[CLOSE_WAIT] = { IGNORE, IGNORED_SYN },
			[LAST_ACK] = { IGNORE, IGNORED_SYN },
			[TIME_WAIT] = { SYN_SENT, "A SYN re-opens a connection that was closed in the normal way." },
			[CLOSE] = { SYN_SENT, "A SYN re-opens a closed connection, if the side that sends it closed it." },
			[SYN_SENT2] = { SYN_SENT2, "The SYN of a simultaneous open again." },
		},
		[TCP_CLASS_SYN_ACK] = {
			[NONE] = { INVALID, "A SYN/ACK cannot open a connection." },
			[SYN_SENT] = { INVALID, "The side that sent the SYN cannot answer it." },
			[SYN_RECV] = { SYN_RECV, "The SYN/ACK of a simultaneous open again." },
			[ESTABLISHED] = { INVALID, LATE_SYN_ACK },
			[FIN_WAIT] = { INVALID, LATE_SYN_ACK },
			[CLOSE_WAIT] = { INVALID, LATE_SYN_ACK },
			[LAST_ACK] = { INVALID, LATE_SYN_ACK },
			[TIME_WAIT] = { INVALID, LATE_SYN_ACK },
			[CLOSE] = { INVALID, LATE_SYN_ACK },
			[SYN_SENT2] = { SYN_RECV, "Both sides sent a SYN; this one answers the other's." },
		},
		[TCP_CLASS_FIN] = {
			[NONE] = { INVALID, "A FIN cannot open a connection." },
			[SYN_SENT] = { INVALID, "A FIN before the SYN was answered." },
			[SYN_RECV] = { FIN_WAIT, "The opening side closes right after the SYN/ACK." },
			[ESTABLISHED] = { FIN_WAIT, "The first FIN: this side closes." },
			[FIN_WAIT] = { LAST_ACK, "A second FIN before the first was acknowledged on its own." },
			[CLOSE_WAIT] = { LAST_ACK, "The second FIN: both sides have closed, one ACK is missing." },
			[LAST_ACK] = { LAST_ACK, "A FIN again: the last ACK is still missing." },
			[TIME_WAIT] = { TIME_WAIT, STILL_TIME_WAIT },
			[CLOSE] = { CLOSE, STILL_CLOSED },
			[SYN_SENT2] = { INVALID, "A FIN before either SYN was answered." },
		},
		[TCP_CLASS_ACK] = {
			[NONE] = { ESTABLISHED, "A connection that began before the capture is picked up in the middle." },
			[SYN_SENT] = { INVALID, "The opening side cannot acknowledge before it was answered." },
			[SYN_RECV] = { ESTABLISHED, "The third packet of the handshake." },
			[ESTABLISHED] = { ESTABLISHED, "Data or an ACK of an established connection." },
			[FIN_WAIT] = { CLOSE_WAIT, "An ACK after the first FIN." },
			[CLOSE_WAIT] = { CLOSE_WAIT, "The other side may still send; its FIN is missing." },
			[LAST_ACK] = { TIME_WAIT, "The last ACK: both sides have closed." },
			[TIME_WAIT] = { TIME_WAIT, STILL_TIME_WAIT },
			[CLOSE] = { CLOSE, STILL_CLOSED },
			[SYN_SENT2] = { INVALID, "An ACK before either SYN was answered by a SYN/ACK." },
		},
		[TCP_CLASS_RST] = {
			[NONE] = { INVALID, "A reset cannot open a connection." },
			[SYN_SENT] = { CLOSE, RESET },
			[SYN_RECV] = { CLOSE, RESET },
			[ESTABLISHED] = { CLOSE, RESET },
			[FIN_WAIT] = { CLOSE, RESET },
			[CLOSE_WAIT] = { CLOSE, RESET },
			[LAST_ACK] = { CLOSE, RESET },
			[TIME_WAIT] = { CLOSE, RESET },
			[CLOSE] = { CLOSE, RESET },
			[SYN_SENT2] = { CLOSE, RESET },
		},
		[TCP_CLASS_NONE] = {
			[NONE] = { INVALID, NO_FLAGS },
			[SYN_SENT] = { INVALID, NO_FLAGS },
			[SYN_RECV] = { INVALID, NO_FLAGS },
			[ESTABLISHED] = { INVALID, NO_FLAGS },
			[FIN_WAIT] = { INVALID, NO_FLAGS },
			[CLOSE_WAIT] = { INVALID, NO_FLAGS },
			[LAST_ACK] = { INVALID, NO_FLAGS },
			[TIME_WAIT] = { INVALID, NO_FLAGS },
			[CLOSE] = { INVALID, NO_FLAGS },
			[SYN_SENT2] = { INVALID, NO_FLAGS },
		},
	},
	[DIRECTION_REPLY] = {
		[TCP_CLASS_SYN] = {
			[NONE] = { INVALID, NO_REPLY_YET },
			[SYN_SENT] = { SYN_SENT2, "Both sides sent a SYN: a simultaneous open." },
			[SYN_RECV] = { INVALID, REPLY_SYN },
			[ESTABLISHED] = { INVALID, REPLY_SYN },
			[FIN_WAIT] = { INVALID, REPLY_SYN },
			[CLOSE_WAIT] = { INVALID, REPLY_SYN },
			[LAST_ACK] = { INVALID, REPLY_SYN },
			[TIME_WAIT] = { SYN_SENT, "A SYN re-opens a closed connection, the other way round." },
			[CLOSE] = { INVALID, REPLY_SYN },
			[SYN_SENT2] = { SYN_SENT2, "The SYN of a simultaneous open again." },
		},
		[TCP_CLASS_SYN_ACK] = {
			[NONE] = { INVALID, NO_REPLY_YET },
			[SYN_SENT] = { SYN_RECV, "The answer to the SYN." },
			[SYN_RECV] = { IGNORE, IGNORED_SYN_ACK },
			[ESTABLISHED] = { IGNORE, IGNORED_SYN_ACK },
			[FIN_WAIT] = { IGNORE, IGNORED_SYN_ACK },
			[CLOSE_WAIT] = { IGNORE, IGNORED_SYN_ACK },
			[LAST_ACK] = { IGNORE, IGNORED_SYN_ACK },
			[TIME_WAIT] = { IGNORE, IGNORED_SYN_ACK },
			[CLOSE] = { IGNORE, IGNORED_SYN_ACK },
			[SYN_SENT2] = { SYN_RECV, "Both sides sent a SYN; this one answers the other's." },
		},
		[TCP_CLASS_FIN] = {
			[NONE] = { INVALID, NO_REPLY_YET },
			[SYN_SENT] = { INVALID, "A FIN is no answer to a SYN." },
			[SYN_RECV] = { FIN_WAIT, "The answering side closes before the handshake ended." },
			[ESTABLISHED] = { FIN_WAIT, "The first FIN: this side closes." },
			[FIN_WAIT] = { LAST_ACK, "A second FIN before the first was acknowledged on its own." },
			[CLOSE_WAIT] = { LAST_ACK, "The second FIN: both sides have closed, one ACK is missing." },
			[LAST_ACK] = { LAST_ACK, "A FIN again: the last ACK is still missing." },
			[TIME_WAIT] = { TIME_WAIT, STILL_TIME_WAIT },
			[CLOSE] = { CLOSE, STILL_CLOSED },
			[SYN_SENT2] = { INVALID, "A FIN before either SYN was answered." },
		},
		[TCP_CLASS_ACK] = {
			[NONE] = { INVALID, NO_REPLY_YET },
			[SYN_SENT] = { IGNORE, "A bare ACK to a SYN may be a challenge: let through and remembered." },
			[SYN_RECV] = { SYN_RECV, "An ACK of the answering side: the third packet is still missing." },
			[ESTABLISHED] = { ESTABLISHED, "Data or an ACK of an established connection." },
			[FIN_WAIT] = { CLOSE_WAIT, "An ACK after the first FIN." },
			[CLOSE_WAIT] = { CLOSE_WAIT, "The other side may still send; its FIN is missing." },
			[LAST_ACK] = { TIME_WAIT, "The last ACK: both sides have closed." },
			[TIME_WAIT] = { TIME_WAIT, STILL_TIME_WAIT },
			[CLOSE] = { CLOSE, STILL_CLOSED },
			[SYN_SENT2] = { IGNORE, "A bare ACK in a simultaneous open: let through and remembered." },
		},
		[TCP_CLASS_RST] = {
			[NONE] = { INVALID, NO_REPLY_YET },
			[SYN_SENT] = { CLOSE, RESET },
			[SYN_RECV] = { CLOSE, RESET },
			[ESTABLISHED] = { CLOSE, RESET },
			[FIN_WAIT] = { CLOSE, RESET },
			[CLOSE_WAIT] = { CLOSE, RESET },
			[LAST_ACK] = { CLOSE, RESET },
			[TIME_WAIT] = { CLOSE, RESET },
			[CLOSE] = { CLOSE, RESET },
			[SYN_SENT2] = { CLOSE, RESET },
		},
		[TCP_CLASS_NONE] = {
			[NONE] = { INVALID, NO_FLAGS },
			[SYN_SENT] = { INVALID, NO_FLAGS },
			[SYN_RECV] = { INVALID, NO_FLAGS },
			[ESTABLISHED] = { INVALID, NO_FLAGS },
			[FIN_WAIT] = { INVALID, NO_FLAGS },
			[CLOSE_WAIT] = { INVALID, NO_FLAGS },
			[LAST_ACK] = { INVALID, NO_FLAGS },
			[TIME_WAIT] = { INVALID, NO_FLAGS },
			[CLOSE] = { INVALID, NO_FLAGS },
			[SYN_SENT2] = { INVALID, NO_FLAGS },
		},
	},
};

/* Linux 6.18, nf_conntrack_tcp_packet(): what the kernel logs of a segment whose cell says INVALID. */
#define REFUSAL(direction, index, state) "packet (index " index ") in dir " direction " invalid, state " state
#define REFUSALS(direction, index) {					\
	[TCP_STATE_NONE] = REFUSAL(direction, index, "NONE"),		\
	[TCP_STATE_SYN_SENT] = REFUSAL(direction, index, "SYN_SENT"),	\
	[TCP_STATE_SYN_RECV] = REFUSAL(direction, index, "SYN_RECV"),	\
	[TCP_STATE_ESTABLISHED] = REFUSAL(direction, index, "ESTABLISHED"),	\
	[TCP_STATE_FIN_WAIT] = REFUSAL(direction, index, "FIN_WAIT"),	\
	[TCP_STATE_CLOSE_WAIT] = REFUSAL(direction, index, "CLOSE_WAIT"),	\
	[TCP_STATE_LAST_ACK] = REFUSAL(direction, index, "LAST_ACK"),	\
	[TCP_STATE_TIME_WAIT] = REFUSAL(direction, index, "TIME_WAIT"),	\
	[TCP_STATE_CLOSE] = REFUSAL(direction, index, "CLOSE"),		\
	[TCP_STATE_SYN_SENT2] = REFUSAL(direction, index, "SYN_SENT2"),	\
}
#define REFUSALS_OF_CLASSES(direction) {				\
	[TCP_CLASS_SYN] = REFUSALS(direction, "0"),			\
	[TCP_CLASS_SYN_ACK] = REFUSALS(direction, "1"),			\
	[TCP_CLASS_FIN] = REFUSALS(direction, "2"),			\
	[TCP_CLASS_ACK] = REFUSALS(direction, "3"),			\
	[TCP_CLASS_RST] = REFUSALS(direction, "4"),			\
	[TCP_CLASS_NONE] = REFUSALS(direction, "5"),			\
}

static const char *const refusals[2][TCP_CLASS_COUNT][TCP_STATE_COUNT] = {
	[DIRECTION_ORIGINAL] = REFUSALS_OF_CLASSES("0"),
	[DIRECTION_REPLY] = REFUSALS_OF_CLASSES("1"),
};

const struct tcp_cell *tcp_states_find(enum direction direction, enum tcp_class class, enum tcp_state state)
{
	return &cells[direction][class][state];
}

const char *tcp_states_refusal(enum direction direction, enum tcp_class class, enum tcp_state state)
{
	return refusals[direction][class][state];
}

enum tcp_class tcp_states_classify(uint8_t tcp_flags)
{
	if (tcp_flags & TCP_RST)
		return TCP_CLASS_RST;
	if (tcp_flags & TCP_SYN)
		return tcp_flags & TCP_ACK ? TCP_CLASS_SYN_ACK : TCP_CLASS_SYN;
	if (tcp_flags & TCP_FIN)
		return TCP_CLASS_FIN;
	return tcp_flags & TCP_ACK ? TCP_CLASS_ACK : TCP_CLASS_NONE;
}

bool tcp_states_has_valid_flags(uint8_t tcp_flags)
{
	switch (tcp_flags & (TCP_FIN | TCP_SYN | TCP_RST | TCP_ACK | TCP_URG)) {
	case TCP_SYN:
	case TCP_SYN | TCP_URG:
	case TCP_SYN | TCP_ACK:
	case TCP_RST:
	case TCP_RST | TCP_ACK:
	case TCP_FIN | TCP_ACK:
	case TCP_FIN | TCP_ACK | TCP_URG:
	case TCP_ACK:
	case TCP_ACK | TCP_URG:
		return true;
	default:
		return false;
	}
}

const char *tcp_states_name(enum tcp_state state)
{
	if (state < TCP_STATE_COUNT)
		return tcp_states_names[state];
	return state == TCP_NEXT_INVALID ? "INVALID" : "IGNORE";
}

const char *tcp_states_class_name(enum tcp_class class)
{
	return class_names[class];
}
