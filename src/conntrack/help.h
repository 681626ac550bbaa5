/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A connection's helper: how it gets one, what that remembers, and the call at the end of each packet's way.
 * Linux 6.18: init_conntrack(), __nf_ct_try_assign_helper(), nf_confirm(). Private to conntrack/, and to nat/expected.
 */
#ifndef CONNTRACK_HELP_H
#define CONNTRACK_HELP_H

#include "conntrack/helper.h"
#include "conntrack/helper/memory.h"

/* struct nf_conn_help */
struct help {
	const struct helper *helper;	/* NULL: the one it had was taken away */
	struct expectation *newest;	/* of its expectations, through `older` */
	uint8_t n_expecting[HELPER_MOST_CLASSES];
	union helper_memory memory;
};

/*
 * Of a new connection: is it an expected one? Then it is RELATED, and gets the mark, the helper and the mapping that go
 * with it. Else it gets `wanted` (-j CT --helper; NULL: nothing), or the helper of its port where the sysctl says so.
 */
void help_begin(struct conntrack *conntrack, struct connection *connection, const struct helper *wanted,
		struct vtime now);

/* nat has changed the reply tuple of an unconfirmed connection: with nf_conntrack_helper=1 its helper changes too. */
void help_follow_port(struct conntrack *conntrack, struct connection *connection);

/* Gives the connection a helper, or another one. */
void help_assign(struct conntrack *conntrack, struct connection *connection, const struct helper *helper);

/* The connection has ended: its helper lets go, and its expectations end. */
void help_end(struct conntrack *conntrack, struct connection *connection);

static inline const struct helper *help_helper(const struct connection *connection)
{
	const struct connection_extra *extra = connection_extra(connection);

	return extra && extra->help ? extra->help->helper : NULL;
}

#endif
