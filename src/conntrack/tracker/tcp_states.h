/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TCP's state machine as connection tracking sees it: one table, [direction][class][state].
 *
 * It follows packets that pass, not hosts, so its words mean less than RFC 9293's: ESTABLISHED
 * here is "the third packet of the handshake went by". Linux 6.18, nf_conntrack_proto_tcp.c,
 * tcp_conntracks[]. The tracker alone steps through it; `ctreplay list states` prints it.
 */
#ifndef CONNTRACK_TRACKER_TCP_STATES_H
#define CONNTRACK_TRACKER_TCP_STATES_H

#include <stdbool.h>
#include <stdint.h>

#include "packet/tuple.h"

/* enum tcp_conntrack; the order counts in one place: re-opening begins at TIME_WAIT. */
enum tcp_state {
	TCP_STATE_NONE,
	TCP_STATE_SYN_SENT,
	TCP_STATE_SYN_RECV,
	TCP_STATE_ESTABLISHED,
	TCP_STATE_FIN_WAIT,
	TCP_STATE_CLOSE_WAIT,
	TCP_STATE_LAST_ACK,
	TCP_STATE_TIME_WAIT,
	TCP_STATE_CLOSE,
	TCP_STATE_SYN_SENT2,
	TCP_STATE_COUNT,
	TCP_NEXT_INVALID = TCP_STATE_COUNT,	/* in cells only */
	TCP_NEXT_IGNORE,			/* in cells only: accepted, and remembered for later */
};

/* What a segment's flags make of it: the first that applies of rst, syn/ack, syn, fin, ack, none. */
enum tcp_class {
	TCP_CLASS_SYN,
	TCP_CLASS_SYN_ACK,
	TCP_CLASS_FIN,
	TCP_CLASS_ACK,
	TCP_CLASS_RST,
	TCP_CLASS_NONE,
	TCP_CLASS_COUNT,
};

struct tcp_cell {
	uint8_t next;		/* enum tcp_state, or TCP_NEXT_... */
	const char *reason;	/* a sentence */
};

const struct tcp_cell *tcp_states_find(enum direction direction, enum tcp_class class, enum tcp_state state);

/* The kernel's words for a segment whose cell says INVALID: "packet (index 0) in dir 1 invalid, state ESTABLISHED". */
const char *tcp_states_refusal(enum direction direction, enum tcp_class class, enum tcp_state state);

enum tcp_class tcp_states_classify(uint8_t tcp_flags);

/* False for flags that no TCP sends together; PSH, ECE and CWR do not matter. */
bool tcp_states_has_valid_flags(uint8_t tcp_flags);

const char *tcp_states_name(enum tcp_state state);		/* "SYN_SENT"; "INVALID" and "IGNORE" for those cells */
const char *tcp_states_class_name(enum tcp_class class);	/* "syn/ack" */

/* The states' names, NONE first; NULL-terminated. */
extern const char *const tcp_states_names[];

#endif
