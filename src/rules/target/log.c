/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -j LOG: a line in the kernel log. Linux 6.18, xt_LOG.c: log_tg(). */
#include <string.h>

#include "event/stream.h"
#include "rules/options.h"
#include "rules/side_effect.h"

enum { PREFIX, LEVEL, TCP_SEQUENCE, TCP_OPTIONS, IP_OPTIONS, UID, MAC_DECODE };

enum { PREFIX_LONGEST = 29, LEVEL_WARNING = 4, LEVEL_MOST = 7 };

struct log_config {
	struct option_marks marks;
	uint32_t level;
	char prefix[PREFIX_LONGEST + 1];
};

static const struct option_name level_names[] = {
	{ "emerg", 0 }, { "alert", 1 }, { "crit", 2 }, { "error", 3 }, { "warning", LEVEL_WARNING }, { "notice", 5 },
	{ "info", 6 }, { "debug", LEVEL_MOST }, { "panic", 0 }, { NULL, 0 },
};

/* Linux 6.18, uapi/linux/netfilter/nf_log.h: the flag of each option. */
static const struct log_flag { unsigned mark; uint32_t flag; } log_flags[] = {
	{ TCP_SEQUENCE, 1 << 0 }, { TCP_OPTIONS, 1 << 1 }, { IP_OPTIONS, 1 << 2 }, { UID, 1 << 3 }, { MAC_DECODE, 1 << 5 },
};

/* iptables 1.8.9 cuts what is too long without a word. */
static bool parse_prefix(void *config, const struct argument *values, const struct extension_place *place,
			 struct diagnostics *diagnostics)
{
	struct log_config *log = config;
	size_t len = strlen(values->text);

	(void)place;
	if (!len || strchr(values->text, '\n')) {
		diag_error(diagnostics, values->where, NULL, len ? "a prefix cannot hold a line end" : "the prefix is empty");
		return false;
	}
	if (len > PREFIX_LONGEST) {
		diag_warning(diagnostics, values->where, NULL, "only the first %d of %zu characters are kept",
			     PREFIX_LONGEST, len);
		len = PREFIX_LONGEST;
	}
	memcpy(log->prefix, values->text, len);
	log->prefix[len] = '\0';
	return true;
}

static bool parse_level(void *config, const struct argument *values, const struct extension_place *place,
			struct diagnostics *diagnostics)
{
	struct log_config *log = config;
	const char *at = values->text, *end;
	struct option_word word;
	uint64_t level;

	(void)place;
	options_next_word(values, &at, '\0', &word);
	if (options_read_number(word.text, &end, &level) && !*end)
		return options_parse_number(&word, 0, LEVEL_MOST, &log->level, diagnostics);
	for (const struct option_name *name = level_names; name->name; name++) {
		if (strcmp(name->name, word.text) != 0)
			continue;
		log->level = name->value;
		return true;
	}
	options_report_unknown(&word, "log level", level_names, diagnostics);
	return false;
}

static const struct option_spec options[] = {
	{ .name = "log-prefix", .kind = OPTION_CUSTOM, .n_values = 1, .mark = PREFIX, .value_name = "words",
	  .parse = parse_prefix, .summary = "begins the line; at most 29 characters" },
	{ .name = "log-level", .kind = OPTION_CUSTOM, .n_values = 1, .mark = LEVEL, .value_name = "level",
	  .names = level_names, .parse = parse_level,
	  .summary = "emerg, alert, crit, error, warning (default), notice, info, debug or 0 to 7" },
	{ .name = "log-tcp-sequence", .kind = OPTION_FLAG, .mark = TCP_SEQUENCE, .summary = "sequence numbers too" },
	{ .name = "log-tcp-options", .kind = OPTION_FLAG, .mark = TCP_OPTIONS, .summary = "TCP options too" },
	{ .name = "log-ip-options", .kind = OPTION_FLAG, .mark = IP_OPTIONS, .summary = "IP options too" },
	{ .name = "log-uid", .kind = OPTION_FLAG, .mark = UID, .summary = "the sending user too" },
	{ .name = "log-macdecode", .kind = OPTION_FLAG, .mark = MAC_DECODE, .summary = "MAC addresses taken apart" },
};

enum { N_OPTIONS = sizeof(options) / sizeof(options[0]), N_VALUES = 2 };

static void init(void *config)
{
	struct log_config *log = config;

	log->level = LEVEL_WARNING;
}

static uint32_t flags_of(const struct log_config *log)
{
	uint32_t flags = 0;

	for (size_t i = 0; i < sizeof(log_flags) / sizeof(log_flags[0]); i++) {
		if (options_is_seen(&log->marks, log_flags[i].mark))
			flags |= log_flags[i].flag;
	}
	return flags;
}

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	const struct log_config *log = config;
	struct event event = { .kind = EVENT_LOG };

	(void)state;
	if (!subject->stream || !stream_wants(subject->stream, EVENT_LOG))
		return TARGET_CONTINUE;
	side_effect_describe(subject, &event.log);
	event.log.prefix = log->prefix;
	event.log.level = log->level;
	event.log.flags = flags_of(log);
	if (options_is_seen(&log->marks, UID))
		side_effect_add_user(subject, &event.log);
	stream_emit(subject->stream, &event);
	return TARGET_CONTINUE;
}

static void print(const void *config, struct text *out)
{
	const struct log_config *log = config;

	if (log->prefix[0]) {
		text_append(out, " --log-prefix ");
		options_print_string(log->prefix, out);
	}
	if (log->level != LEVEL_WARNING)
		text_printf(out, " --log-level %u", log->level);
	options_print(options + N_VALUES, N_OPTIONS - N_VALUES, config, out);
}

static void list(const void *config, struct text *out)
{
	const struct log_config *log = config;

	text_printf(out, " LOG flags %u level %u", flags_of(log), log->level);
	if (log->prefix[0])
		text_printf(out, " prefix \"%s\"", log->prefix);
}

const struct target_type target_log = {
	.name = "LOG",
	.summary = "a line in the kernel log; the packet goes on",
	.class = EXTENSION_SIDE_EFFECT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = N_OPTIONS,
	.config_size = sizeof(struct log_config),
	.init = init,
	.eval = eval,
	.print = print,
	.list = list,
};
