/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conntrack/tracker/sctp_states.h"

#include <assert.h>
#include <stddef.h>

const char *const sctp_states_names[] = {
	[SCTP_STATE_NONE] = "NONE",
	[SCTP_STATE_CLOSED] = "CLOSED",
	[SCTP_STATE_COOKIE_WAIT] = "COOKIE_WAIT",
	[SCTP_STATE_COOKIE_ECHOED] = "COOKIE_ECHOED",
	[SCTP_STATE_ESTABLISHED] = "ESTABLISHED",
	[SCTP_STATE_SHUTDOWN_SENT] = "SHUTDOWN_SENT",
	[SCTP_STATE_SHUTDOWN_RECD] = "SHUTDOWN_RECD",
	[SCTP_STATE_SHUTDOWN_ACK_SENT] = "SHUTDOWN_ACK_SENT",
	[SCTP_STATE_HEARTBEAT_SENT] = "HEARTBEAT_SENT",
	[SCTP_STATE_COUNT] = NULL,
};

static_assert(sizeof(sctp_states_names) / sizeof(sctp_states_names[0]) == SCTP_STATE_COUNT + 1, "a name for each state");

/* RFC 9260, 3.2; the last is for all that no state depends on. */
static const struct {
	uint8_t type;
	const char *name;
} chunks[SCTP_CHUNK_COUNT] = {
	[SCTP_CHUNK_INIT] = { 1, "init" },
	[SCTP_CHUNK_INIT_ACK] = { 2, "init-ack" },
	[SCTP_CHUNK_ABORT] = { 6, "abort" },
	[SCTP_CHUNK_SHUTDOWN] = { 7, "shutdown" },
	[SCTP_CHUNK_SHUTDOWN_ACK] = { 8, "shutdown-ack" },
	[SCTP_CHUNK_ERROR] = { 9, "error" },
	[SCTP_CHUNK_COOKIE_ECHO] = { 10, "cookie-echo" },
	[SCTP_CHUNK_COOKIE_ACK] = { 11, "cookie-ack" },
	[SCTP_CHUNK_SHUTDOWN_COMPLETE] = { 14, "shutdown-complete" },
	[SCTP_CHUNK_HEARTBEAT] = { 4, "heartbeat" },
	[SCTP_CHUNK_HEARTBEAT_ACK] = { 5, "heartbeat-ack" },
};

/* Short forms for the table below, and for nothing else. */
#define NONE SCTP_STATE_NONE
#define CLOSED SCTP_STATE_CLOSED
#define COOKIE_WAIT SCTP_STATE_COOKIE_WAIT
#define COOKIE_ECHOED SCTP_STATE_COOKIE_ECHOED
#define ESTABLISHED SCTP_STATE_ESTABLISHED
#define SHUTDOWN_SENT SCTP_STATE_SHUTDOWN_SENT
#define SHUTDOWN_RECD SCTP_STATE_SHUTDOWN_RECD
#define SHUTDOWN_ACK_SENT SCTP_STATE_SHUTDOWN_ACK_SENT
#define HEARTBEAT_SENT SCTP_STATE_HEARTBEAT_SENT
#define INVALID SCTP_NEXT_INVALID

#define INIT_AGAIN "An INIT while the cookie is on its way: both sides ask at once, or one asks again."
#define LOST_MEMORY "An INIT on a living association: a peer that lost its memory; the cookie will tell."
#define BEGINS_ANEW "An INIT while the association ends: it begins anew."
#define END_AGREED "The end is agreed to; one word of it is missing."
#define AGREED_AGAIN "The end is agreed to, once more."
#define ABORTED "An ABORT ends the association."
#define NO_REPLY_YET "There is no association that this could be the reply to."
#define STAYS "This chunk says nothing new in this state."
#define UNKNOWN "It belongs to an association that is not known."
#define NO_ANSWER "A heartbeat is answered by HEARTBEAT ACK alone."
#define NOT_A_HEARTBEAT "Not what follows a heartbeat: CLOSED until an INIT comes."
#define IS_ALIVE "A sign of life: the state stays."

static const struct sctp_cell cells[2][SCTP_CHUNK_COUNT][SCTP_STATE_COUNT] = {
	[DIRECTION_ORIGINAL] = {
		[SCTP_CHUNK_INIT] = {
			[NONE] = { CLOSED, "An INIT asks for an association: CLOSED until it is answered." },
			[CLOSED] = { CLOSED, "The INIT again, or a new one after the end." },
			[COOKIE_WAIT] = { COOKIE_WAIT, INIT_AGAIN },
			[COOKIE_ECHOED] = { COOKIE_ECHOED, INIT_AGAIN },
			[ESTABLISHED] = { ESTABLISHED, LOST_MEMORY },
			[SHUTDOWN_SENT] = { CLOSED, BEGINS_ANEW },
			[SHUTDOWN_RECD] = { CLOSED, BEGINS_ANEW },
			[SHUTDOWN_ACK_SENT] = { SHUTDOWN_ACK_SENT, STAYS },
			[HEARTBEAT_SENT] = { COOKIE_WAIT, "An INIT after a heartbeat that nobody answered." },
		},
		[SCTP_CHUNK_INIT_ACK] = {
			[NONE] = { CLOSED, UNKNOWN },
			[CLOSED] = { CLOSED, STAYS },
			[COOKIE_WAIT] = { COOKIE_WAIT, "The answer to the INIT again." },
			[COOKIE_ECHOED] = { COOKIE_ECHOED, STAYS },
			[ESTABLISHED] = { ESTABLISHED, STAYS },
			[SHUTDOWN_SENT] = { SHUTDOWN_SENT, STAYS },
			[SHUTDOWN_RECD] = { SHUTDOWN_RECD, STAYS },
			[SHUTDOWN_ACK_SENT] = { SHUTDOWN_ACK_SENT, STAYS },
			[HEARTBEAT_SENT] = { CLOSED, NOT_A_HEARTBEAT },
		},
		[SCTP_CHUNK_ABORT] = {
			[NONE] = { CLOSED, UNKNOWN },
			[CLOSED] = { CLOSED, ABORTED },
			[COOKIE_WAIT] = { CLOSED, ABORTED },
			[COOKIE_ECHOED] = { CLOSED, ABORTED },
			[ESTABLISHED] = { CLOSED, ABORTED },
			[SHUTDOWN_SENT] = { CLOSED, ABORTED },
			[SHUTDOWN_RECD] = { CLOSED, ABORTED },
			[SHUTDOWN_ACK_SENT] = { CLOSED, ABORTED },
			[HEARTBEAT_SENT] = { CLOSED, ABORTED },
		},
		[SCTP_CHUNK_SHUTDOWN] = {
			[NONE] = { CLOSED, UNKNOWN },
			[CLOSED] = { CLOSED, STAYS },
			[COOKIE_WAIT] = { COOKIE_WAIT, STAYS },
			[COOKIE_ECHOED] = { COOKIE_ECHOED, STAYS },
			[ESTABLISHED] = { SHUTDOWN_SENT, "The opening side ends the association." },
			[SHUTDOWN_SENT] = { SHUTDOWN_SENT, STAYS },
			[SHUTDOWN_RECD] = { SHUTDOWN_RECD, STAYS },
			[SHUTDOWN_ACK_SENT] = { SHUTDOWN_ACK_SENT, STAYS },
			[HEARTBEAT_SENT] = { CLOSED, NOT_A_HEARTBEAT },
		},
		[SCTP_CHUNK_SHUTDOWN_ACK] = {
			[NONE] = { SHUTDOWN_ACK_SENT, "The end of an association that began before the capture." },
			[CLOSED] = { CLOSED, STAYS },
			[COOKIE_WAIT] = { COOKIE_WAIT, STAYS },
			[COOKIE_ECHOED] = { COOKIE_ECHOED, STAYS },
			[ESTABLISHED] = { ESTABLISHED, STAYS },
			[SHUTDOWN_SENT] = { SHUTDOWN_ACK_SENT, END_AGREED },
			[SHUTDOWN_RECD] = { SHUTDOWN_ACK_SENT, END_AGREED },
			[SHUTDOWN_ACK_SENT] = { SHUTDOWN_ACK_SENT, AGREED_AGAIN },
			[HEARTBEAT_SENT] = { SHUTDOWN_ACK_SENT, "The end of an association of which the beginning was not seen." },
		},
		[SCTP_CHUNK_ERROR] = {
			[NONE] = { CLOSED, UNKNOWN },
			[CLOSED] = { CLOSED, STAYS },
			[COOKIE_WAIT] = { COOKIE_WAIT, STAYS },
			[COOKIE_ECHOED] = { COOKIE_ECHOED, STAYS },
			[ESTABLISHED] = { ESTABLISHED, STAYS },
			[SHUTDOWN_SENT] = { SHUTDOWN_SENT, STAYS },
			[SHUTDOWN_RECD] = { SHUTDOWN_RECD, STAYS },
			[SHUTDOWN_ACK_SENT] = { SHUTDOWN_ACK_SENT, STAYS },
			[HEARTBEAT_SENT] = { CLOSED, NOT_A_HEARTBEAT },
		},
		[SCTP_CHUNK_COOKIE_ECHO] = {
			[NONE] = { CLOSED, UNKNOWN },
			[CLOSED] = { CLOSED, STAYS },
			[COOKIE_WAIT] = { COOKIE_ECHOED, "The cookie goes back to the side that made it." },
			[COOKIE_ECHOED] = { COOKIE_ECHOED, "The cookie again." },
			[ESTABLISHED] = { ESTABLISHED, STAYS },
			[SHUTDOWN_SENT] = { SHUTDOWN_SENT, STAYS },
			[SHUTDOWN_RECD] = { SHUTDOWN_RECD, STAYS },
			[SHUTDOWN_ACK_SENT] = { SHUTDOWN_ACK_SENT, STAYS },
			[HEARTBEAT_SENT] = { CLOSED, NOT_A_HEARTBEAT },
		},
		[SCTP_CHUNK_COOKIE_ACK] = {
			[NONE] = { CLOSED, UNKNOWN },
			[CLOSED] = { CLOSED, STAYS },
			[COOKIE_WAIT] = { COOKIE_WAIT, STAYS },
			[COOKIE_ECHOED] = { ESTABLISHED, "The cookie was accepted: the association lives." },
			[ESTABLISHED] = { ESTABLISHED, STAYS },
			[SHUTDOWN_SENT] = { SHUTDOWN_SENT, STAYS },
			[SHUTDOWN_RECD] = { SHUTDOWN_RECD, STAYS },
			[SHUTDOWN_ACK_SENT] = { SHUTDOWN_ACK_SENT, STAYS },
			[HEARTBEAT_SENT] = { CLOSED, NOT_A_HEARTBEAT },
		},
		[SCTP_CHUNK_SHUTDOWN_COMPLETE] = {
			[NONE] = { CLOSED, UNKNOWN },
			[CLOSED] = { CLOSED, STAYS },
			[COOKIE_WAIT] = { COOKIE_WAIT, STAYS },
			[COOKIE_ECHOED] = { COOKIE_ECHOED, STAYS },
			[ESTABLISHED] = { ESTABLISHED, STAYS },
			[SHUTDOWN_SENT] = { SHUTDOWN_SENT, STAYS },
			[SHUTDOWN_RECD] = { SHUTDOWN_RECD, STAYS },
			[SHUTDOWN_ACK_SENT] = { CLOSED, "The last word of the end." },
			[HEARTBEAT_SENT] = { CLOSED, NOT_A_HEARTBEAT },
		},
		[SCTP_CHUNK_HEARTBEAT] = {
			[NONE] = { HEARTBEAT_SENT, "A heartbeat on a path that was not seen before (a second address of the host)." },
			[CLOSED] = { CLOSED, IS_ALIVE },
			[COOKIE_WAIT] = { COOKIE_WAIT, IS_ALIVE },
			[COOKIE_ECHOED] = { COOKIE_ECHOED, IS_ALIVE },
			[ESTABLISHED] = { ESTABLISHED, IS_ALIVE },
			[SHUTDOWN_SENT] = { SHUTDOWN_SENT, IS_ALIVE },
			[SHUTDOWN_RECD] = { SHUTDOWN_RECD, IS_ALIVE },
			[SHUTDOWN_ACK_SENT] = { SHUTDOWN_ACK_SENT, IS_ALIVE },
			[HEARTBEAT_SENT] = { HEARTBEAT_SENT, "Another heartbeat before the first was answered." },
		},
		[SCTP_CHUNK_HEARTBEAT_ACK] = {
			[NONE] = { CLOSED, UNKNOWN },
			[CLOSED] = { CLOSED, IS_ALIVE },
			[COOKIE_WAIT] = { COOKIE_WAIT, IS_ALIVE },
			[COOKIE_ECHOED] = { COOKIE_ECHOED, IS_ALIVE },
			[ESTABLISHED] = { ESTABLISHED, IS_ALIVE },
			[SHUTDOWN_SENT] = { SHUTDOWN_SENT, IS_ALIVE },
			[SHUTDOWN_RECD] = { SHUTDOWN_RECD, IS_ALIVE },
			[SHUTDOWN_ACK_SENT] = { SHUTDOWN_ACK_SENT, IS_ALIVE },
			[HEARTBEAT_SENT] = { HEARTBEAT_SENT, "The side that asked does not answer: nothing changes." },
		},
	},
	[DIRECTION_REPLY] = {
		[SCTP_CHUNK_INIT] = {
			[NONE] = { INVALID, NO_REPLY_YET },
			[CLOSED] = { CLOSED, "The other side asks as well." },
			[COOKIE_WAIT] = { COOKIE_WAIT, INIT_AGAIN },
			[COOKIE_ECHOED] = { COOKIE_ECHOED, INIT_AGAIN },
			[ESTABLISHED] = { ESTABLISHED, LOST_MEMORY },
			[SHUTDOWN_SENT] = { SHUTDOWN_SENT, STAYS },
			[SHUTDOWN_RECD] = { SHUTDOWN_RECD, STAYS },
			[SHUTDOWN_ACK_SENT] = { SHUTDOWN_ACK_SENT, STAYS },
			[HEARTBEAT_SENT] = { INVALID, NO_ANSWER },
		},
		[SCTP_CHUNK_INIT_ACK] = {
			[NONE] = { INVALID, NO_REPLY_YET },
			[CLOSED] = { COOKIE_WAIT, "The answer to the INIT, with a cookie." },
			[COOKIE_WAIT] = { COOKIE_WAIT, "The answer to the INIT again." },
			[COOKIE_ECHOED] = { COOKIE_ECHOED, STAYS },
			[ESTABLISHED] = { ESTABLISHED, STAYS },
			[SHUTDOWN_SENT] = { SHUTDOWN_SENT, STAYS },
			[SHUTDOWN_RECD] = { SHUTDOWN_RECD, STAYS },
			[SHUTDOWN_ACK_SENT] = { SHUTDOWN_ACK_SENT, STAYS },
			[HEARTBEAT_SENT] = { INVALID, NO_ANSWER },
		},
		[SCTP_CHUNK_ABORT] = {
			[NONE] = { INVALID, NO_REPLY_YET },
			[CLOSED] = { CLOSED, ABORTED },
			[COOKIE_WAIT] = { CLOSED, ABORTED },
			[COOKIE_ECHOED] = { CLOSED, ABORTED },
			[ESTABLISHED] = { CLOSED, ABORTED },
			[SHUTDOWN_SENT] = { CLOSED, ABORTED },
			[SHUTDOWN_RECD] = { CLOSED, ABORTED },
			[SHUTDOWN_ACK_SENT] = { CLOSED, ABORTED },
			[HEARTBEAT_SENT] = { INVALID, NO_ANSWER },
		},
		[SCTP_CHUNK_SHUTDOWN] = {
			[NONE] = { INVALID, NO_REPLY_YET },
			[CLOSED] = { CLOSED, STAYS },
			[COOKIE_WAIT] = { COOKIE_WAIT, STAYS },
			[COOKIE_ECHOED] = { COOKIE_ECHOED, STAYS },
			[ESTABLISHED] = { SHUTDOWN_RECD, "The answering side ends the association." },
			[SHUTDOWN_SENT] = { SHUTDOWN_SENT, STAYS },
			[SHUTDOWN_RECD] = { SHUTDOWN_RECD, STAYS },
			[SHUTDOWN_ACK_SENT] = { SHUTDOWN_ACK_SENT, STAYS },
			[HEARTBEAT_SENT] = { INVALID, NO_ANSWER },
		},
		[SCTP_CHUNK_SHUTDOWN_ACK] = {
			[NONE] = { INVALID, NO_REPLY_YET },
			[CLOSED] = { CLOSED, STAYS },
			[COOKIE_WAIT] = { COOKIE_WAIT, STAYS },
			[COOKIE_ECHOED] = { COOKIE_ECHOED, STAYS },
			[ESTABLISHED] = { ESTABLISHED, STAYS },
			[SHUTDOWN_SENT] = { SHUTDOWN_ACK_SENT, END_AGREED },
			[SHUTDOWN_RECD] = { SHUTDOWN_ACK_SENT, END_AGREED },
			[SHUTDOWN_ACK_SENT] = { SHUTDOWN_ACK_SENT, AGREED_AGAIN },
			[HEARTBEAT_SENT] = { INVALID, NO_ANSWER },
		},
		[SCTP_CHUNK_ERROR] = {
			[NONE] = { INVALID, NO_REPLY_YET },
			[CLOSED] = { CLOSED, STAYS },
			[COOKIE_WAIT] = { COOKIE_WAIT, STAYS },
			[COOKIE_ECHOED] = { CLOSED, "The cookie was not accepted (it was too old)." },
			[ESTABLISHED] = { ESTABLISHED, STAYS },
			[SHUTDOWN_SENT] = { SHUTDOWN_SENT, STAYS },
			[SHUTDOWN_RECD] = { SHUTDOWN_RECD, STAYS },
			[SHUTDOWN_ACK_SENT] = { SHUTDOWN_ACK_SENT, STAYS },
			[HEARTBEAT_SENT] = { INVALID, NO_ANSWER },
		},
		[SCTP_CHUNK_COOKIE_ECHO] = {
			[NONE] = { INVALID, NO_REPLY_YET },
			[CLOSED] = { CLOSED, STAYS },
			[COOKIE_WAIT] = { COOKIE_ECHOED, "The cookie goes back to the side that made it." },
			[COOKIE_ECHOED] = { COOKIE_ECHOED, "The cookie again." },
			[ESTABLISHED] = { ESTABLISHED, STAYS },
			[SHUTDOWN_SENT] = { SHUTDOWN_SENT, STAYS },
			[SHUTDOWN_RECD] = { SHUTDOWN_RECD, STAYS },
			[SHUTDOWN_ACK_SENT] = { SHUTDOWN_ACK_SENT, STAYS },
			[HEARTBEAT_SENT] = { INVALID, NO_ANSWER },
		},
		[SCTP_CHUNK_COOKIE_ACK] = {
			[NONE] = { INVALID, NO_REPLY_YET },
			[CLOSED] = { CLOSED, STAYS },
			[COOKIE_WAIT] = { COOKIE_WAIT, STAYS },
			[COOKIE_ECHOED] = { ESTABLISHED, "The cookie was accepted: the association lives." },
			[ESTABLISHED] = { ESTABLISHED, STAYS },
			[SHUTDOWN_SENT] = { SHUTDOWN_SENT, STAYS },
			[SHUTDOWN_RECD] = { SHUTDOWN_RECD, STAYS },
			[SHUTDOWN_ACK_SENT] = { SHUTDOWN_ACK_SENT, STAYS },
			[HEARTBEAT_SENT] = { INVALID, NO_ANSWER },
		},
		[SCTP_CHUNK_SHUTDOWN_COMPLETE] = {
			[NONE] = { INVALID, NO_REPLY_YET },
			[CLOSED] = { CLOSED, STAYS },
			[COOKIE_WAIT] = { COOKIE_WAIT, STAYS },
			[COOKIE_ECHOED] = { COOKIE_ECHOED, STAYS },
			[ESTABLISHED] = { ESTABLISHED, STAYS },
			[SHUTDOWN_SENT] = { SHUTDOWN_SENT, STAYS },
			[SHUTDOWN_RECD] = { SHUTDOWN_RECD, STAYS },
			[SHUTDOWN_ACK_SENT] = { CLOSED, "The last word of the end." },
			[HEARTBEAT_SENT] = { INVALID, NO_ANSWER },
		},
		[SCTP_CHUNK_HEARTBEAT] = {
			[NONE] = { INVALID, NO_REPLY_YET },
			[CLOSED] = { CLOSED, IS_ALIVE },
			[COOKIE_WAIT] = { COOKIE_WAIT, IS_ALIVE },
			[COOKIE_ECHOED] = { COOKIE_ECHOED, IS_ALIVE },
			[ESTABLISHED] = { ESTABLISHED, IS_ALIVE },
			[SHUTDOWN_SENT] = { SHUTDOWN_SENT, IS_ALIVE },
			[SHUTDOWN_RECD] = { SHUTDOWN_RECD, IS_ALIVE },
			[SHUTDOWN_ACK_SENT] = { SHUTDOWN_ACK_SENT, IS_ALIVE },
			[HEARTBEAT_SENT] = { HEARTBEAT_SENT, "Another heartbeat before the first was answered." },
		},
		[SCTP_CHUNK_HEARTBEAT_ACK] = {
			[NONE] = { INVALID, NO_REPLY_YET },
			[CLOSED] = { CLOSED, IS_ALIVE },
			[COOKIE_WAIT] = { COOKIE_WAIT, IS_ALIVE },
			[COOKIE_ECHOED] = { COOKIE_ECHOED, IS_ALIVE },
			[ESTABLISHED] = { ESTABLISHED, IS_ALIVE },
			[SHUTDOWN_SENT] = { SHUTDOWN_SENT, IS_ALIVE },
			[SHUTDOWN_RECD] = { SHUTDOWN_RECD, IS_ALIVE },
			[SHUTDOWN_ACK_SENT] = { SHUTDOWN_ACK_SENT, IS_ALIVE },
			[HEARTBEAT_SENT] = { ESTABLISHED, "The heartbeat was answered: the association lives on this path too." },
		},
	},
};

const struct sctp_cell *sctp_states_find(enum direction direction, enum sctp_chunk chunk, enum sctp_state state)
{
	return &cells[direction][chunk][state];
}

enum sctp_chunk sctp_states_classify(uint8_t type)
{
	for (int chunk = 0; chunk < SCTP_CHUNK_COUNT; chunk++)
		if (chunks[chunk].type == type)
			return (enum sctp_chunk)chunk;
	return SCTP_CHUNK_OTHER;
}

const char *sctp_states_name(enum sctp_state state)
{
	return state < SCTP_STATE_COUNT ? sctp_states_names[state] : "INVALID";
}

const char *sctp_states_chunk_name(enum sctp_chunk chunk)
{
	return chunk < SCTP_CHUNK_COUNT ? chunks[chunk].name : "data";
}
