/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What connection tracking must know of one layer 4 protocol (struct nf_conntrack_l4proto).
 *
 * One protocol is one file in tracker/ with one exported constant, tracker_<stem>,
 * listed in sources.am. A tracker never touches the table: it says what should happen.
 */
#ifndef CONNTRACK_TRACKER_H
#define CONNTRACK_TRACKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "conntrack/connection.h"
#include "conntrack/settings.h"
#include "event/event.h"
#include "packet/hook.h"
#include "packet/packet.h"

enum tracker_action {
	TRACKER_ACCEPT,		/* refresh with timeout_seconds, count, set SEEN_REPLY for replies */
	TRACKER_IGNORE,		/* accepted as it is: no refresh, not counted; SEEN_REPLY is still set for replies */
	TRACKER_INVALID,	/* the packet loses its entry; a new one is thrown away; see lowered_timeout */
	TRACKER_REOPEN,		/* destroy the entry and look the packet up again */
	TRACKER_DESTROY,	/* count, then destroy the entry; the packet keeps its ctstate */
	TRACKER_DROP,		/* the packet is dropped at once; a new entry is thrown away */
};

struct tracker_result {
	enum tracker_action action;
	uint32_t timeout_seconds;	/* for ACCEPT */
	uint32_t lowered_timeout;	/* for INVALID: not 0 means that the entry ends in so many seconds */
	bool becomes_assured;
	bool state_changed;		/* PROTOINFO event; also with TRACKER_IGNORE */
	const char *reason;		/* static: why INVALID or ignored (log_invalid's words), or why this state; may be NULL */
	const char *timeout_from;	/* static: the setting that timeout_seconds is, without its prefix; NULL: not said */
};

/* What a tracker sees of a packet; the packet's L4 header is not known to be whole. */
struct tracker_packet {
	const struct packet *packet;
	enum hook hook;			/* HOOK_PREROUTING or HOOK_OUTPUT: checksums are judged in the first only */
	enum direction direction;
	struct vtime now;
	const struct conntrack_settings *settings;
	struct event_lookup *told;	/* what somebody wants to know of it; NULL: nobody does */
	uint32_t *numbers;		/* a tracker leaves here what stands in its reason: COMPLAINT_MOST_NUMBERS, 0 until then */
};

/* What an ICMP tracker says of a packet before any lookup. */
enum tracker_class {
	TRACKER_CLASS_QUERY,		/* looked up by its own tuple */
	TRACKER_CLASS_ERROR,		/* belongs to the connection of the packet that it quotes */
	TRACKER_CLASS_UNTRACKED,	/* neighbour discovery and the like */
	TRACKER_CLASS_INVALID,
};

struct tracker {
	const char *name;	/* "tcp": as /proc/net/nf_conntrack and conntrack print it */
	uint8_t protocol;	/* IP protocol number; 0 for the generic one */
	size_t memory_size;	/* bytes of struct connection's memory that it uses */

	/* Fills the two ports of the tuple; false: no tuple, the packet is INVALID. */
	bool (*packet_to_tuple)(const struct packet *packet, struct tuple *tuple);

	/* ICMP alone, else NULL: checks the packet before any lookup; `reason` says why INVALID. */
	enum tracker_class (*classify)(const struct tracker_packet *seen, const char **reason);

	/*
	 * The protocol's checks of one packet (header, checksum, flags), made once, after
	 * the lookup and before begin() and update(). NULL result: fine; else why INVALID,
	 * in log_invalid's words where Linux has any. NULL member: nothing to check.
	 */
	const char *(*check)(const struct tracker_packet *seen);

	/* May this packet create an entry? Sets up memory. NULL: yes; else why INVALID. */
	const char *(*begin)(struct connection *connection, const struct tracker_packet *seen);

	/* One packet of the connection; begin() has run for its first one. Changes memory only. */
	struct tracker_result (*update)(struct connection *connection, const struct tracker_packet *seen);

	const char *(*state_name)(const struct connection *connection);	/* NULL for protocols without states */

	/* What kind of packet its state table takes this for ("syn/ack"); NULL for protocols without states. */
	const char *(*packet_name)(const struct packet *packet);

	/* Names of its states, for `ctreplay list states`; NULL-terminated; NULL when it has none. */
	const char *const *states;
};

/* The tracker that a kernel has for a protocol number; the generic one when it has no other. Never NULL. */
const struct tracker *tracker_find(uint8_t protocol, enum profile profile);

/* All of them, in the order of sources.am, for `ctreplay list`; NULL-terminated. */
const struct tracker *const *tracker_all(void);

/* A tracker's place among them, and the tracker that an entry has. */
uint8_t tracker_number(const struct tracker *tracker);
const struct tracker *connection_tracker(const struct connection *connection);

/* The timeout of a state: which setting it is, and what its sysctl is called. */
struct tracker_timeout {
	size_t offset;			/* in struct conntrack_settings */
	const char *name;
};
#define TRACKER_TIMEOUT(field) { offsetof(struct conntrack_settings, field), #field }

/* Fills in the timeout that an accepted packet sets. */
void tracker_set_timeout(struct tracker_result *result, const struct tracker_timeout *timeout,
			 const struct conntrack_settings *settings);

/* Why a packet of which the capture holds too little is INVALID. */
extern const char tracker_cut_reason[];

/* True when PREROUTING finds the layer 4 checksum wrong (and nf_conntrack_checksum is on). */
bool tracker_has_bad_checksum(const struct tracker_packet *seen);

/* Ports of TCP, UDP, UDPLITE, SCTP: packet_to_tuple of their trackers. */
bool tracker_ports_to_tuple(const struct packet *packet, struct tuple *tuple);

#endif
