/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -m osf: the operating system by the fingerprint of its SYN. Linux 6.18, nfnetlink_osf.c: nf_osf_match(). An annotation
 * (rules/annotation.h) tells it; the kernel has the fingerprints from a file that nfnl_osf loads.
 */
#include <string.h>

#include "rules/match_parts.h"

enum { GENRE, TTL, LOG };

enum { GENRE_LONGEST = 31, LEVEL_MOST = 2, TCP_HEADER_LEN = 20 };

struct osf_config {
	struct option_marks marks;
	uint32_t ttl, log;
	char genre[GENRE_LONGEST + 1];
};

static const struct option_spec options[] = {
	{ .name = "genre", .kind = OPTION_STRING, .flags = OPTION_INVERTIBLE | OPTION_REQUIRED, .mark = GENRE,
	  .offset = offsetof(struct osf_config, genre), .max = GENRE_LONGEST, .value_name = "name",
	  .summary = "of the operating system; the kernel does not look at the `!`" },
	{ .name = "ttl", .kind = OPTION_NUMBER, .mark = TTL, .offset = offsetof(struct osf_config, ttl), .max = LEVEL_MOST,
	  .value_name = "level", .summary = "0: the true one, 1: not above the fingerprint's, 2: any" },
	{ .name = "log", .kind = OPTION_NUMBER, .mark = LOG, .offset = offsetof(struct osf_config, log), .max = LEVEL_MOST,
	  .value_name = "level", .summary = "write what was found to the kernel log; then any known system matches" },
};

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct osf_config *osf = config;
	const struct packet *packet = subject->packet;
	struct annotation_value value;

	(void)state;
	if (packet->l4_len < TCP_HEADER_LEN || packet->fragment_offset || (packet->has_l4 && !(packet->tcp_flags & TCP_SYN)))
		return MATCH_NO;
	if (!annotation_find(subject->annotations, packet, ANNOTATION_OS, &value))
		return MATCH_UNKNOWN;
	if (options_is_seen(&osf->marks, LOG))
		return value.text[0] ? MATCH_YES : MATCH_NO;
	return strcmp(value.text, osf->genre) == 0 ? MATCH_YES : MATCH_NO;
}

/* As it was given: iptables-save prints no quotes. */
static void print(const void *config, struct text *out)
{
	const struct osf_config *osf = config;

	text_printf(out, "%s --genre %s", options_is_inverted(&osf->marks, GENRE) ? " !" : "", osf->genre);
	options_print(options + 1, 2, config, out);
}

static void list(const void *config, struct text *out)
{
	const struct osf_config *osf = config;

	text_printf(out, " OS fingerprint match %s%s", options_is_inverted(&osf->marks, GENRE) ? "! " : "", osf->genre);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	struct annotation_value value;

	if (subject->packet->has_l4 && !(subject->packet->tcp_flags & TCP_SYN)) {
		text_append(out, "osf: the packet has no SYN");
	} else if (!annotation_find(subject->annotations, subject->packet, ANNOTATION_OS, &value)) {
		text_append(out, "osf: nobody said which system the SYN looks like");
	} else {
		match_parts_explain_option(&options[0], config, out);
		text_append(out, value.text[0] ? value.text : "none that is known");
	}
}

static const uint8_t protocols[] = { PROTOCOL_TCP, 0 };

const struct match_type match_osf = {
	.name = "osf",
	.summary = "operating system by its SYN",
	.class = EXTENSION_FROM_CONTEXT,
	.basis = "annotation os",
	.families = EXTENSION_IPV4,
	.hooks = 1 << HOOK_PREROUTING | 1 << HOOK_INPUT | 1 << HOOK_FORWARD,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct osf_config),
	.protocols = protocols,
	.eval = eval,
	.print = print,
	.list = list,
	.explain = explain,
};
