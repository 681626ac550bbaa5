/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/side_effect.h"

#include "event/stream.h"

void side_effect_describe(const struct subject *subject, struct event_log *log)
{
	*log = (struct event_log){
		.rule = subject->rule,
		.hook = subject->hook,
		.packet = subject->packet,
		.in = subject->hook == HOOK_POSTROUTING ? subject->received_by : subject->in,
		.out = subject->out,
		.mark = subject->mark,
	};
}

void side_effect_add_user(const struct subject *subject, struct event_log *log)
{
	struct annotation_value user, group = { .number = 0 };

	if (!subject->is_from_process || (subject->hook != HOOK_OUTPUT && subject->hook != HOOK_POSTROUTING) ||
	    !annotation_find(subject->annotations, subject->packet, ANNOTATION_UID, &user))
		return;
	(void)annotation_find(subject->annotations, subject->packet, ANNOTATION_GID, &group);
	log->has_user = true;
	log->uid = user.number;
	log->gid = group.number;
}

void side_effect_tell(const struct subject *subject, const char *words)
{
	struct event event = { .kind = EVENT_LOG };

	if (!subject->stream || !stream_wants(subject->stream, EVENT_LOG))
		return;
	side_effect_describe(subject, &event.log);
	event.log.prefix = words;
	stream_emit(subject->stream, &event);
}
