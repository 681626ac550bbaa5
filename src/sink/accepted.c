/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The packets of the capture that got through, as they came. */
#include "sink/sink.h"

#include "sink/raw_capture.h"

static void *open_accepted(const struct sink_options *options, struct output *output)
{
	(void)options;
	return raw_capture_open(output);
}

static void on_event(void *state, const struct event *event)
{
	struct raw_capture *capture = state;

	if (event->kind == EVENT_RUN)
		raw_capture_begin(capture, &event->run);
	else if (event->kind == EVENT_PACKET && event->journey.verdict == VERDICT_ACCEPT)
		raw_capture_append(capture, event->journey.packet, event->time);
}

const struct sink_type sink_accepted = {
	.name = "accepted",
	.summary = "a capture of the packets that got through, as they came",
	.kinds = EVENT_BIT(EVENT_RUN) | EVENT_BIT(EVENT_PACKET),
	.wants_frames = true,
	.open = open_accepted,
	.on_event = on_event,
	.close = raw_capture_close,
};
