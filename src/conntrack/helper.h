/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What connection tracking must know of one application protocol that talks about other connections
 * (struct nf_conntrack_helper).
 *
 * One helper is one file in helper/ with one exported constant, helper_<stem>, listed in sources.am. A helper reads the
 * payload of its connection's packets, files expectations, and, where the connection is translated, writes the
 * translated address into the payload. What several helpers share is in helper/payload.h.
 */
#ifndef CONNTRACK_HELPER_H
#define CONNTRACK_HELPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conntrack/connection.h"
#include "conntrack/expectation.h"
#include "conntrack/outside.h"
#include "packet/packet.h"

/* A kind of expectation (struct nf_conntrack_expect_policy). */
struct helper_class {
	const char *name;		/* "audio"; "" for helpers with one class */
	uint32_t max_expected;		/* of one connection; 0: any number */
	uint32_t timeout_seconds;
};

enum { HELPER_MOST_CLASSES = 4, HELPER_MOST_PROTOCOLS = 2 };

/* What a helper sees of one packet at the end of INPUT and POSTROUTING. */
struct helping {
	struct conntrack *conntrack;
	struct connection *connection;
	struct help *help;		/* the connection's */
	struct packet *packet;		/* after translation; change it through helper/payload.h */
	enum direction direction;
	struct tuple own, other;	/* the connection's: of this direction and of the other one */
	enum ctstate ctstate;
	enum packet_origin origin;
	struct vtime now;
	bool is_payload_changed;	/* out */
};

struct helper {
	const char *name;		/* "netbios-ns" */
	const char *summary;
	uint8_t protocols[HELPER_MOST_PROTOCOLS];	/* 0: one only */
	bool has_ipv6;
	uint16_t port;			/* of the server: who gets it where nf_conntrack_helper=1 */
	struct helper_class classes[HELPER_MOST_CLASSES];
	size_t n_classes;

	/* NULL: the packet goes on, perhaps changed; else why it is dropped, static. */
	const char *(*help)(struct helping *helping);

	/* A connection that it expected has begun; `met` is no more in the table unless PERMANENT. NULL: nothing to do. */
	void (*met)(struct conntrack *conntrack, struct connection *connection, const struct expectation *met);

	/* Its connection ends. NULL: nothing to do. */
	void (*end)(struct conntrack *conntrack, struct connection *connection);
};

/* The helper of a name for a protocol and family, as -j CT --helper asks for it; NULL: there is none. */
const struct helper *helper_find(const char *name, uint8_t protocol, enum family family);

/* The helper that listens at a port; NULL: there is none. */
const struct helper *helper_find_by_port(uint16_t port, uint8_t protocol, enum family family);

bool helper_is_for(const struct helper *helper, uint8_t protocol, enum family family);

/* A class of its; NULL when there is no such, or no helper. */
const struct helper_class *helper_class(const struct helper *helper, uint32_t class);

/* All of them, in order of stem; NULL-terminated. */
const struct helper *const *helper_all(void);

#endif
