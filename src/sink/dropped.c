/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The packets of the capture that did not get through: dropped, or rejected. */
#include "sink/sink.h"

#include "sink/raw_capture.h"

static void *open_dropped(const struct sink_options *options, struct output *output)
{
	(void)options;
	return raw_capture_open(output);
}

static bool is_stopped(const struct event_packet *journey)
{
	return journey->verdict == VERDICT_DROP || journey->verdict == VERDICT_REJECT;
}

static void on_event(void *state, const struct event *event)
{
	struct raw_capture *capture = state;

	if (event->kind == EVENT_RUN)
		raw_capture_begin(capture, &event->run);
	else if (event->kind == EVENT_PACKET && is_stopped(&event->journey))
		raw_capture_append(capture, event->journey.packet, event->time);
}

const struct sink_type sink_dropped = {
	.name = "dropped",
	.summary = "a capture of the packets that did not get through: dropped, or rejected",
	.kinds = EVENT_BIT(EVENT_RUN) | EVENT_BIT(EVENT_PACKET),
	.wants_frames = true,
	.open = open_dropped,
	.on_event = on_event,
	.close = raw_capture_close,
};
