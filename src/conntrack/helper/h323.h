/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One message of H.323 in a packet, while it is read and rewritten. Private to the helpers RAS, Q.931 and H.245.
 * Linux 6.18, nf_conntrack_h323_main.c, nf_nat_h323.c.
 */
#ifndef CONNTRACK_HELPER_H323_H
#define CONNTRACK_HELPER_H323_H

#include "conntrack/help.h"
#include "conntrack/helper/h323_types.h"
#include "conntrack/helper/payload.h"

struct h323_message {
	struct helping *helping;
	struct payload payload;		/* of the whole packet */
	uint32_t start, len;		/* of the message in it; addresses in notes count from `start` */
	struct per_notes notes;
};

struct h323_endpoint {
	struct address address;
	uint16_t port;
};

extern const struct helper helper_h245, helper_q931, helper_ras;

/* The tuples of the packet's direction and of the other one. */
static inline const struct tuple *h323_own(const struct h323_message *message)
{
	return &message->helping->own;
}

static inline const struct tuple *h323_other(const struct h323_message *message)
{
	return &message->helping->other;
}

static inline struct h323_memory *h323_memory(const struct h323_message *message)
{
	return &message->helping->help->memory.h323;
}

/* Is the connection one whose payload is translated? */
static inline bool h323_is_translated(const struct h323_message *message)
{
	return h323_own(message)->family == FAMILY_IPV4 && payload_is_translated(message->helping);
}

/* The same, and who sends this packet is known to the other side by another address. */
bool h323_is_sender_translated(const struct h323_message *message);

/*
 * The messages of a TCP segment, each in a TPKT (RFC 1006), are read and followed until one cannot be read. A header that comes
 * alone announces the data of the next segment. False: one could not be followed, so that the packet is dropped.
 */
bool h323_help_segment(struct helping *helping, bool (*read)(struct h323_message *message),
		       bool (*follow)(struct h323_message *message));

/* The first note of a role; NULL: there is none. */
const struct per_note *h323_find_note(const struct h323_message *message, enum h323_role role);

/* The address that a note is of; false: it is of no address, or of the other family. */
bool h323_read_endpoint(const struct h323_message *message, const struct per_note *note, struct h323_endpoint *endpoint);

/* Puts an IPv4 address and port in its place. */
bool h323_write_endpoint(struct h323_message *message, const struct per_note *note, const struct address *address,
			 uint16_t port);

/* Likewise, for a port at which this packet's sender is reached, of which the other side is to see `port`. */
bool h323_write_public_endpoint(struct h323_message *message, const struct per_note *note, uint16_t port);

/* Begins an expectation: who is at the other end may come to `destination`. */
void h323_expect_from_other(const struct h323_message *message, struct expectation *wanted, uint8_t protocol,
			    const struct address *destination, uint16_t port);

bool h323_add_expectation(struct h323_message *message, const struct expectation *wanted);

/* Takes back one that was just added. */
void h323_take_back(struct h323_message *message, const struct expectation *wanted);

/*
 * The channel that begins with note `at`: its media, and its T.120 data, are expected. False: the packet is dropped.
 */
bool h323_expect_channel(struct h323_message *message, size_t at);

#endif
