/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m socket: is there an open socket for the packet? Linux 6.18, xt_socket.c: socket_match(). An annotation (rules/annotation.h) tells it. */
#include "rules/match_parts.h"

enum { TRANSPARENT, NOWILDCARD, RESTORE };

struct socket_config {
	struct option_marks marks;
};

static const struct option_spec options[] = {
	{ .name = "transparent", .kind = OPTION_FLAG, .mark = TRANSPARENT, .summary = "transparent sockets alone" },
	{ .name = "nowildcard", .kind = OPTION_FLAG, .mark = NOWILDCARD, .summary = "sockets that listen at any address count, too" },
	{ .name = "restore-skmark", .kind = OPTION_FLAG, .mark = RESTORE, .summary = "the socket's mark becomes the packet's (not simulated)" },
};

/* Others have no sockets that are looked for. */
static bool is_looked_up(const struct packet *packet)
{
	return packet->protocol == PROTOCOL_TCP || packet->protocol == PROTOCOL_UDP ||
	       packet->protocol == (packet->family == FAMILY_IPV6 ? PROTOCOL_ICMPV6 : PROTOCOL_ICMP);
}

static bool counts(const struct option_marks *marks, uint32_t socket)
{
	if (socket == ANNOTATION_SOCKET_WILDCARD)
		return options_is_seen(marks, NOWILDCARD) && !options_is_seen(marks, TRANSPARENT);
	return socket == ANNOTATION_SOCKET_TRANSPARENT || (socket == ANNOTATION_SOCKET_YES && !options_is_seen(marks, TRANSPARENT));
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	struct annotation_value value;

	(void)state;
	if (!is_looked_up(subject->packet))
		return MATCH_NO;
	if (!annotation_find(subject->annotations, subject->packet, ANNOTATION_SOCKET, &value))
		return MATCH_UNKNOWN;
	return counts(config, value.number) ? MATCH_YES : MATCH_NO;
}

static const char *unsimulated(const void *config)
{
	return options_is_seen(config, RESTORE) ? "-m socket --restore-skmark" : NULL;
}

static void list(const void *config, struct text *out)
{
	text_append(out, " socket");
	options_print(options, sizeof(options) / sizeof(options[0]), config, out);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	struct annotation_value value;

	(void)config;
	if (!is_looked_up(subject->packet))
		text_append(out, "socket: the packet's protocol has none");
	else if (!annotation_find(subject->annotations, subject->packet, ANNOTATION_SOCKET, &value))
		text_append(out, "socket: the capture does not say whether a socket was open");
	else
		text_append(out, value.number == ANNOTATION_SOCKET_NONE ? "socket: there is none" : "socket: it is one of another kind");
}

const struct match_type match_socket = {
	.name = "socket",
	.summary = "is there an open socket for the packet",
	.class = EXTENSION_FROM_CONTEXT,
	.basis = "annotation socket",
	.families = EXTENSION_BOTH,
	.hooks = 1 << HOOK_PREROUTING | 1 << HOOK_INPUT,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct socket_config),
	.eval = eval,
	.list = list,
	.explain = explain,
	.unsimulated = unsimulated,
};
