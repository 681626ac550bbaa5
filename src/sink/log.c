/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines that -j LOG writes to the kernel log, as dmesg shows them. Linux 6.18, nf_log_syslog.c. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "sink/kernel_log.h"
#include "sink/sink.h"

enum { WORD_TIMESTAMP = 1 << 0, WORD_LEVEL = 1 << 1 };

enum { NS_PER_MICROSECOND = 1000, NS_PER_SECOND = 1000000000 };

struct log_state {
	struct text *out;
	uint32_t words;
};

static void *open_log(const struct sink_options *options, struct output *output)
{
	struct log_state *state = alloc_zeroed(1, sizeof(*state));

	state->out = &output->buffer;
	state->words = options->words;
	return state;
}

static void on_event(void *owner, const struct event *event)
{
	struct log_state *state = owner;
	const struct event_log *log = &event->log;

	if (!log->rule || strcmp(log->rule->target, "LOG") != 0)
		return;
	if (state->words & WORD_LEVEL)
		text_printf(state->out, "<%u>", log->level);
	if (state->words & WORD_TIMESTAMP)
		text_printf(state->out, "[%5lld.%06lld] ", (long long)(event->time.ns / NS_PER_SECOND),
			    (long long)(event->time.ns % NS_PER_SECOND / NS_PER_MICROSECOND));
	text_append(state->out, log->prefix);
	kernel_log_print(log, state->out);
	text_append_char(state->out, '\n');
}

static const struct sink_word words[] = {
	{ "timestamp", WORD_TIMESTAMP, 0, "[seconds since the first packet] in front, where dmesg has those since boot" },
	{ "level", WORD_LEVEL, 0, "<level> in front, as dmesg --raw shows it" },
	{ 0 },
};

const struct sink_type sink_log = {
	.name = "log",
	.summary = "the lines that -j LOG writes to the kernel log",
	.kinds = EVENT_BIT(EVENT_LOG),
	.words = words,
	.open = open_log,
	.on_event = on_event,
	.close = free,
};
