/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SCTP's state machine as connection tracking sees it: one table, [direction][chunk][state].
 *
 * RFC 9260; Linux 6.18, nf_conntrack_proto_sctp.c, sctp_conntracks[]. Each chunk of a packet is one step. The tracker
 * alone steps through it; `ctreplay list states sctp` prints it.
 */
#ifndef CONNTRACK_TRACKER_SCTP_STATES_H
#define CONNTRACK_TRACKER_SCTP_STATES_H

#include <stdint.h>

#include "packet/tuple.h"

/* enum sctp_conntrack */
enum sctp_state {
	SCTP_STATE_NONE,
	SCTP_STATE_CLOSED,		/* asked for, or ended */
	SCTP_STATE_COOKIE_WAIT,
	SCTP_STATE_COOKIE_ECHOED,
	SCTP_STATE_ESTABLISHED,
	SCTP_STATE_SHUTDOWN_SENT,	/* by the opening side */
	SCTP_STATE_SHUTDOWN_RECD,	/* by the answering side */
	SCTP_STATE_SHUTDOWN_ACK_SENT,
	SCTP_STATE_HEARTBEAT_SENT,	/* the first packet seen was a heartbeat */
	SCTP_STATE_COUNT,
	SCTP_NEXT_INVALID = SCTP_STATE_COUNT,	/* in cells only */
};

/* The chunks that states depend on. */
enum sctp_chunk {
	SCTP_CHUNK_INIT,
	SCTP_CHUNK_INIT_ACK,
	SCTP_CHUNK_ABORT,
	SCTP_CHUNK_SHUTDOWN,
	SCTP_CHUNK_SHUTDOWN_ACK,
	SCTP_CHUNK_ERROR,
	SCTP_CHUNK_COOKIE_ECHO,
	SCTP_CHUNK_COOKIE_ACK,
	SCTP_CHUNK_SHUTDOWN_COMPLETE,
	SCTP_CHUNK_HEARTBEAT,
	SCTP_CHUNK_HEARTBEAT_ACK,
	SCTP_CHUNK_COUNT,
	SCTP_CHUNK_OTHER = SCTP_CHUNK_COUNT,	/* DATA, SACK, ...: leaves every state as it is */
};

struct sctp_cell {
	uint8_t next;		/* enum sctp_state, or SCTP_NEXT_INVALID */
	const char *reason;	/* a sentence */
};

/* Not for SCTP_CHUNK_OTHER. */
const struct sctp_cell *sctp_states_find(enum direction direction, enum sctp_chunk chunk, enum sctp_state state);

enum sctp_chunk sctp_states_classify(uint8_t type);

const char *sctp_states_name(enum sctp_state state);		/* "COOKIE_WAIT"; "INVALID" for that cell */
const char *sctp_states_chunk_name(enum sctp_chunk chunk);	/* "init-ack"; "data" for all others */

/* The states' names, NONE first; NULL-terminated. */
extern const char *const sctp_states_names[];

#endif
