/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conntrack/tracker/dccp_states.h"

#include <assert.h>
#include <stddef.h>

const char *const dccp_states_names[] = {
	[DCCP_STATE_NONE] = "NONE",
	[DCCP_STATE_REQUEST] = "REQUEST",
	[DCCP_STATE_RESPOND] = "RESPOND",
	[DCCP_STATE_PARTOPEN] = "PARTOPEN",
	[DCCP_STATE_OPEN] = "OPEN",
	[DCCP_STATE_CLOSEREQ] = "CLOSEREQ",
	[DCCP_STATE_CLOSING] = "CLOSING",
	[DCCP_STATE_TIMEWAIT] = "TIMEWAIT",
	[DCCP_STATE_COUNT] = NULL,
};

static_assert(sizeof(dccp_states_names) / sizeof(dccp_states_names[0]) == DCCP_STATE_COUNT + 1, "a name for each state");

/* Short forms for the table below, and for nothing else. */
#define NONE DCCP_STATE_NONE
#define REQUEST DCCP_STATE_REQUEST
#define RESPOND DCCP_STATE_RESPOND
#define PARTOPEN DCCP_STATE_PARTOPEN
#define OPEN DCCP_STATE_OPEN
#define CLOSEREQ DCCP_STATE_CLOSEREQ
#define CLOSING DCCP_STATE_CLOSING
#define TIMEWAIT DCCP_STATE_TIMEWAIT
#define IGNORE DCCP_NEXT_IGNORE
#define INVALID DCCP_NEXT_INVALID

#define UNKNOWN "It belongs to a connection that is not known."
#define TOO_EARLY "The connection is not agreed on yet."
#define IS_OVER "The connection is over."
#define OUT_OF_STEP "It may belong to a connection of which too little was seen: remembered."
#define IS_SYNC "It brings sequence numbers back into step; the state does not change."
#define WAS_RESET "A reset ends the connection."
#define STAYS "It says nothing new in this state."

static const struct dccp_cell cells[2][DCCP_TYPE_COUNT][DCCP_STATE_COUNT] = {
	[DCCP_CLIENT] = {
		[DCCP_REQUEST] = {
			[NONE] = { REQUEST, "A request asks for a connection." },
			[REQUEST] = { REQUEST, "The request again, or a new one." },
			[RESPOND] = { RESPOND, "The request again, or a new one." },
			[PARTOPEN] = { IGNORE, OUT_OF_STEP },
			[OPEN] = { IGNORE, OUT_OF_STEP },
			[CLOSEREQ] = { IGNORE, OUT_OF_STEP },
			[CLOSING] = { IGNORE, OUT_OF_STEP },
			[TIMEWAIT] = { REQUEST, "A new connection after the end." },
		},
		[DCCP_RESPONSE] = {
			[NONE] = { INVALID, UNKNOWN },
			[REQUEST] = { IGNORE, OUT_OF_STEP },
			[RESPOND] = { IGNORE, OUT_OF_STEP },
			[PARTOPEN] = { IGNORE, OUT_OF_STEP },
			[OPEN] = { IGNORE, OUT_OF_STEP },
			[CLOSEREQ] = { IGNORE, OUT_OF_STEP },
			[CLOSING] = { IGNORE, OUT_OF_STEP },
			[TIMEWAIT] = { INVALID, IS_OVER },
		},
		[DCCP_DATA] = {
			[NONE] = { INVALID, UNKNOWN },
			[REQUEST] = { INVALID, TOO_EARLY },
			[RESPOND] = { INVALID, TOO_EARLY },
			[PARTOPEN] = { INVALID, "Data before the other side is known to be open needs an acknowledgment with it." },
			[OPEN] = { OPEN, STAYS },
			[CLOSEREQ] = { CLOSEREQ, STAYS },
			[CLOSING] = { CLOSING, STAYS },
			[TIMEWAIT] = { INVALID, IS_OVER },
		},
		[DCCP_ACK] = {
			[NONE] = { INVALID, UNKNOWN },
			[REQUEST] = { INVALID, TOO_EARLY },
			[RESPOND] = { PARTOPEN, "The client acknowledges the response." },
			[PARTOPEN] = { PARTOPEN, STAYS },
			[OPEN] = { OPEN, STAYS },
			[CLOSEREQ] = { CLOSEREQ, STAYS },
			[CLOSING] = { CLOSING, STAYS },
			[TIMEWAIT] = { INVALID, IS_OVER },
		},
		[DCCP_DATAACK] = {
			[NONE] = { INVALID, UNKNOWN },
			[REQUEST] = { INVALID, TOO_EARLY },
			[RESPOND] = { PARTOPEN, "The client acknowledges the response." },
			[PARTOPEN] = { PARTOPEN, STAYS },
			[OPEN] = { OPEN, STAYS },
			[CLOSEREQ] = { CLOSEREQ, STAYS },
			[CLOSING] = { CLOSING, STAYS },
			[TIMEWAIT] = { INVALID, IS_OVER },
		},
		[DCCP_CLOSEREQ] = {
			[NONE] = { INVALID, UNKNOWN },
			[REQUEST] = { INVALID, "Only a server asks to close." },
			[RESPOND] = { INVALID, "Only a server asks to close." },
			[PARTOPEN] = { INVALID, "Only a server asks to close." },
			[OPEN] = { INVALID, "Only a server asks to close." },
			[CLOSEREQ] = { INVALID, "Only a server asks to close." },
			[CLOSING] = { INVALID, "Only a server asks to close." },
			[TIMEWAIT] = { INVALID, IS_OVER },
		},
		[DCCP_CLOSE] = {
			[NONE] = { INVALID, UNKNOWN },
			[REQUEST] = { INVALID, TOO_EARLY },
			[RESPOND] = { INVALID, TOO_EARLY },
			[PARTOPEN] = { CLOSING, "A side closes; a reset will confirm it." },
			[OPEN] = { CLOSING, "A side closes; a reset will confirm it." },
			[CLOSEREQ] = { CLOSING, "A side closes; a reset will confirm it." },
			[CLOSING] = { INVALID, "A Close of the client while it is closing already." },
			[TIMEWAIT] = { INVALID, IS_OVER },
		},
		[DCCP_RESET] = {
			[NONE] = { INVALID, UNKNOWN },
			[REQUEST] = { TIMEWAIT, WAS_RESET },
			[RESPOND] = { TIMEWAIT, WAS_RESET },
			[PARTOPEN] = { TIMEWAIT, WAS_RESET },
			[OPEN] = { TIMEWAIT, WAS_RESET },
			[CLOSEREQ] = { TIMEWAIT, WAS_RESET },
			[CLOSING] = { TIMEWAIT, WAS_RESET },
			[TIMEWAIT] = { IGNORE, "A reset after the end says nothing new." },
		},
		[DCCP_SYNC] = {
			[NONE] = { INVALID, UNKNOWN },
			[REQUEST] = { IGNORE, IS_SYNC },
			[RESPOND] = { IGNORE, IS_SYNC },
			[PARTOPEN] = { IGNORE, IS_SYNC },
			[OPEN] = { IGNORE, IS_SYNC },
			[CLOSEREQ] = { IGNORE, IS_SYNC },
			[CLOSING] = { IGNORE, IS_SYNC },
			[TIMEWAIT] = { IGNORE, IS_SYNC },
		},
		[DCCP_SYNCACK] = {
			[NONE] = { INVALID, UNKNOWN },
			[REQUEST] = { IGNORE, IS_SYNC },
			[RESPOND] = { IGNORE, IS_SYNC },
			[PARTOPEN] = { IGNORE, IS_SYNC },
			[OPEN] = { IGNORE, IS_SYNC },
			[CLOSEREQ] = { IGNORE, IS_SYNC },
			[CLOSING] = { IGNORE, IS_SYNC },
			[TIMEWAIT] = { IGNORE, IS_SYNC },
		},
	},
	[DCCP_SERVER] = {
		[DCCP_REQUEST] = {
			[NONE] = { INVALID, UNKNOWN },
			[REQUEST] = { IGNORE, OUT_OF_STEP },
			[RESPOND] = { IGNORE, OUT_OF_STEP },
			[PARTOPEN] = { IGNORE, OUT_OF_STEP },
			[OPEN] = { IGNORE, OUT_OF_STEP },
			[CLOSEREQ] = { IGNORE, OUT_OF_STEP },
			[CLOSING] = { IGNORE, OUT_OF_STEP },
			[TIMEWAIT] = { REQUEST, "The former server asks for a connection of its own: the roles change." },
		},
		[DCCP_RESPONSE] = {
			[NONE] = { INVALID, UNKNOWN },
			[REQUEST] = { RESPOND, "The server agrees." },
			[RESPOND] = { RESPOND, "The response again." },
			[PARTOPEN] = { IGNORE, OUT_OF_STEP },
			[OPEN] = { IGNORE, OUT_OF_STEP },
			[CLOSEREQ] = { IGNORE, OUT_OF_STEP },
			[CLOSING] = { IGNORE, OUT_OF_STEP },
			[TIMEWAIT] = { INVALID, IS_OVER },
		},
		[DCCP_DATA] = {
			[NONE] = { INVALID, UNKNOWN },
			[REQUEST] = { INVALID, TOO_EARLY },
			[RESPOND] = { INVALID, TOO_EARLY },
			[PARTOPEN] = { OPEN, "The server speaks: both sides are open." },
			[OPEN] = { OPEN, STAYS },
			[CLOSEREQ] = { INVALID, "The server asked to close; it has nothing more to send." },
			[CLOSING] = { CLOSING, STAYS },
			[TIMEWAIT] = { INVALID, IS_OVER },
		},
		[DCCP_ACK] = {
			[NONE] = { INVALID, UNKNOWN },
			[REQUEST] = { INVALID, TOO_EARLY },
			[RESPOND] = { INVALID, TOO_EARLY },
			[PARTOPEN] = { OPEN, "The server speaks: both sides are open." },
			[OPEN] = { OPEN, STAYS },
			[CLOSEREQ] = { INVALID, "The server asked to close; it has nothing more to send." },
			[CLOSING] = { CLOSING, STAYS },
			[TIMEWAIT] = { INVALID, IS_OVER },
		},
		[DCCP_DATAACK] = {
			[NONE] = { INVALID, UNKNOWN },
			[REQUEST] = { INVALID, TOO_EARLY },
			[RESPOND] = { INVALID, TOO_EARLY },
			[PARTOPEN] = { OPEN, "The server speaks: both sides are open." },
			[OPEN] = { OPEN, STAYS },
			[CLOSEREQ] = { INVALID, "The server asked to close; it has nothing more to send." },
			[CLOSING] = { CLOSING, STAYS },
			[TIMEWAIT] = { INVALID, IS_OVER },
		},
		[DCCP_CLOSEREQ] = {
			[NONE] = { INVALID, UNKNOWN },
			[REQUEST] = { INVALID, TOO_EARLY },
			[RESPOND] = { INVALID, TOO_EARLY },
			[PARTOPEN] = { CLOSEREQ, "The server asks the client to close." },
			[OPEN] = { CLOSEREQ, "The server asks the client to close." },
			[CLOSEREQ] = { CLOSEREQ, STAYS },
			[CLOSING] = { CLOSEREQ, "The server asks the client to close." },
			[TIMEWAIT] = { INVALID, IS_OVER },
		},
		[DCCP_CLOSE] = {
			[NONE] = { INVALID, UNKNOWN },
			[REQUEST] = { INVALID, TOO_EARLY },
			[RESPOND] = { INVALID, TOO_EARLY },
			[PARTOPEN] = { CLOSING, "A side closes; a reset will confirm it." },
			[OPEN] = { CLOSING, "A side closes; a reset will confirm it." },
			[CLOSEREQ] = { INVALID, "The server asked to close; it has nothing more to send." },
			[CLOSING] = { CLOSING, STAYS },
			[TIMEWAIT] = { INVALID, IS_OVER },
		},
		[DCCP_RESET] = {
			[NONE] = { INVALID, UNKNOWN },
			[REQUEST] = { TIMEWAIT, WAS_RESET },
			[RESPOND] = { TIMEWAIT, WAS_RESET },
			[PARTOPEN] = { TIMEWAIT, WAS_RESET },
			[OPEN] = { TIMEWAIT, WAS_RESET },
			[CLOSEREQ] = { TIMEWAIT, WAS_RESET },
			[CLOSING] = { TIMEWAIT, WAS_RESET },
			[TIMEWAIT] = { TIMEWAIT, WAS_RESET },
		},
		[DCCP_SYNC] = {
			[NONE] = { INVALID, UNKNOWN },
			[REQUEST] = { IGNORE, IS_SYNC },
			[RESPOND] = { IGNORE, IS_SYNC },
			[PARTOPEN] = { IGNORE, IS_SYNC },
			[OPEN] = { IGNORE, IS_SYNC },
			[CLOSEREQ] = { IGNORE, IS_SYNC },
			[CLOSING] = { IGNORE, IS_SYNC },
			[TIMEWAIT] = { IGNORE, IS_SYNC },
		},
		[DCCP_SYNCACK] = {
			[NONE] = { INVALID, UNKNOWN },
			[REQUEST] = { IGNORE, IS_SYNC },
			[RESPOND] = { IGNORE, IS_SYNC },
			[PARTOPEN] = { IGNORE, IS_SYNC },
			[OPEN] = { IGNORE, IS_SYNC },
			[CLOSEREQ] = { IGNORE, IS_SYNC },
			[CLOSING] = { IGNORE, IS_SYNC },
			[TIMEWAIT] = { IGNORE, IS_SYNC },
		},
	},
};

const struct dccp_cell *dccp_states_find(enum dccp_role role, enum dccp_type type, enum dccp_state state)
{
	return &cells[role][type][state];
}

const char *dccp_states_name(enum dccp_state state)
{
	if (state < DCCP_STATE_COUNT)
		return dccp_states_names[state];
	return (int)state == DCCP_NEXT_IGNORE ? "IGNORE" : "INVALID";
}

const char *dccp_states_type_name(enum dccp_type type)
{
	static const char *const names[DCCP_TYPE_COUNT] = {
		"request", "response", "data", "ack", "dataack", "closereq", "close", "reset", "sync", "syncack",
	};

	return type < DCCP_TYPE_COUNT ? names[type] : "reserved";
}
