/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * DCCP's state machine as connection tracking sees it: one table, [role][packet type][state].
 *
 * RFC 4340; Linux 6.1, nf_conntrack_proto_dccp.c, dccp_state_table[]. Roles, not directions: after the end, the server of
 * one connection may be the client of the next in the same entry. The tracker alone steps through it;
 * `ctreplay list states dccp` prints it.
 */
#ifndef CONNTRACK_TRACKER_DCCP_STATES_H
#define CONNTRACK_TRACKER_DCCP_STATES_H

#include <stdint.h>

enum dccp_role { DCCP_CLIENT, DCCP_SERVER };

/* enum ct_dccp_states */
enum dccp_state {
	DCCP_STATE_NONE,
	DCCP_STATE_REQUEST,
	DCCP_STATE_RESPOND,
	DCCP_STATE_PARTOPEN,		/* the client has acknowledged the response */
	DCCP_STATE_OPEN,
	DCCP_STATE_CLOSEREQ,		/* the server asked the client to close */
	DCCP_STATE_CLOSING,
	DCCP_STATE_TIMEWAIT,
	DCCP_STATE_COUNT,
	DCCP_NEXT_IGNORE = DCCP_STATE_COUNT,	/* in cells only */
	DCCP_NEXT_INVALID,
};

/* RFC 4340, 5.1: the numbers on the wire. */
enum dccp_type {
	DCCP_REQUEST, DCCP_RESPONSE, DCCP_DATA, DCCP_ACK, DCCP_DATAACK, DCCP_CLOSEREQ, DCCP_CLOSE, DCCP_RESET, DCCP_SYNC,
	DCCP_SYNCACK, DCCP_TYPE_COUNT,
};

struct dccp_cell {
	uint8_t next;		/* enum dccp_state, or DCCP_NEXT_* */
	const char *reason;	/* a sentence */
};

const struct dccp_cell *dccp_states_find(enum dccp_role role, enum dccp_type type, enum dccp_state state);

const char *dccp_states_name(enum dccp_state state);	/* "PARTOPEN"; "IGNORE" and "INVALID" for those cells */
const char *dccp_states_type_name(enum dccp_type type);	/* "request"; "reserved" for what RFC 4340 leaves open */

/* The states' names, NONE first; NULL-terminated. */
extern const char *const dccp_states_names[];

#endif
