/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Snapshots of the sets that rules name, as `ipset save` prints them. */
#include "sink/sink.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "sink/listing.h"

struct ipset {
	struct text *out;
	struct listing listing;
};

static void *open_ipset(const struct sink_options *options, struct output *output)
{
	struct ipset *ipset = alloc_zeroed(1, sizeof(*ipset));

	(void)options;
	ipset->out = &output->buffer;
	return ipset;
}

static void on_event(void *state, const struct event *event)
{
	struct ipset *ipset = state;

	if (event->kind == EVENT_SNAPSHOT) {
		listing_begin(&ipset->listing, &event->snapshot, ipset->out);
		return;
	}
	text_append(ipset->out, event->set.line);
	text_append_char(ipset->out, '\n');
}

static void close_ipset(void *state)
{
	free(state);
}

const struct sink_type sink_ipset = {
	.name = "ipset",
	.summary = "snapshots of the sets, as ipset save prints them",
	.kinds = EVENT_BIT(EVENT_SNAPSHOT) | EVENT_BIT(EVENT_SET),
	.open = open_ipset,
	.on_event = on_event,
	.close = close_ipset,
};
