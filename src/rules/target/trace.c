/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -j TRACE: log the packet's way through the rules. Linux 6.18, xt_TRACE.c: trace_tg(). */
#include "event/stream.h"
#include "rules/options.h"

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	(void)config;
	(void)state;
	subject->is_traced = subject->stream && stream_wants(subject->stream, EVENT_TRACE);
	return TARGET_CONTINUE;
}

const struct target_type target_trace = {
	.name = "TRACE",
	.summary = "log the packet's way through the rules; the packet goes on",
	.class = EXTENSION_SIDE_EFFECT,
	.families = EXTENSION_BOTH,
	.tables = EXTENSION_RAW,
	.config_size = sizeof(struct option_marks),
	.eval = eval,
};
