/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conntrack/helper/broadcast.h"

#include "conntrack/help.h"
#include "conntrack/lifecycle.h"

void broadcast_expect_answers(struct helping *helping)
{
	const struct outside *outside = helping->conntrack->outside;
	const struct tuple reply = connection_tuple(helping->connection, DIRECTION_REPLY);
	const struct helper *helper = helping->help->helper;
	struct expectation wanted;
	struct address mask;

	if (helping->origin != ORIGIN_PROCESS || helping->direction != DIRECTION_ORIGINAL || !outside ||
	    !outside->find_broadcast_mask(outside, &helping->packet->destination, &mask))
		return;
	expectation_init(&wanted, helping->connection, reply.protocol, &reply.source, &reply.destination,
			 reply.destination_port);
	wanted.mask.source = mask;
	expectation_set_source_port(&wanted, helper->port);
	wanted.flags = EXPECTATION_PERMANENT;
	expectation_add(helping->conntrack, &wanted, false, helping->now);
	lifecycle_refresh(helping->conntrack, helping->connection, helper->classes[0].timeout_seconds, helping->now);
}
