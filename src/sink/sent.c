/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The packets that got through, and those that the host made, as they left: after NAT, TTL, mangling. */
#include "sink/sink.h"

#include "sink/raw_capture.h"

static void *open_sent(const struct sink_options *options, struct output *output)
{
	(void)options;
	return raw_capture_open(output);
}

static void on_event(void *state, const struct event *event)
{
	struct raw_capture *capture = state;

	if (event->kind == EVENT_RUN)
		raw_capture_begin(capture, &event->run);
	else if (event->kind == EVENT_REPLY && event->reply.verdict == VERDICT_ACCEPT)
		raw_capture_append(capture, event->reply.packet, event->time);
	else if (event->kind == EVENT_PACKET && event->journey.as_left)
		raw_capture_append(capture, event->journey.as_left, event->time);
}

const struct sink_type sink_sent = {
	.name = "sent",
	.summary = "a capture of the packets that got through, as they left: after NAT",
	.kinds = EVENT_BIT(EVENT_RUN) | EVENT_BIT(EVENT_REPLY) | EVENT_BIT(EVENT_PACKET),
	.open = open_sent,
	.on_event = on_event,
	.close = raw_capture_close,
};
