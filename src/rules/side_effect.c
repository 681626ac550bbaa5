/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/side_effect.h"

#include "event/event.h"
#include "event/stream.h"

void side_effect_tell(const struct subject *subject, const char *words)
{
	struct event event = { .kind = EVENT_LOG };

	if (!subject->stream || !stream_wants(subject->stream, EVENT_LOG))
		return;
	event.log = (struct event_log){
		.rule = subject->rule,
		.hook = subject->hook,
		.packet = subject->packet,
		.in = subject->hook == HOOK_POSTROUTING ? subject->received_by : subject->in,
		.out = subject->out,
		.prefix = words,
		.mark = subject->mark,
	};
	stream_emit(subject->stream, &event);
}
