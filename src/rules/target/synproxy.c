/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -j SYNPROXY: answer SYNs in the server's place. Linux 6.18, ipt_SYNPROXY.c: synproxy_tg4(). A SYN ends here, whatever the
 * cookie is that it is answered with. An ACK ends here too, and opens the connection to the server when it brings such a
 * cookie back: whether it does no capture tells.
 */
#include "packet/checksum.h"
#include "rules/options.h"
#include "rules/side_effect.h"

enum { SACK, TIMESTAMP, WSCALE, MSS, ECN };

struct synproxy_config {
	struct option_marks marks;
	uint32_t wscale, mss;
};

static const struct option_spec options[] = {
	{ .name = "sack-perm", .kind = OPTION_FLAG, .mark = SACK, .summary = "offer selective acknowledgments" },
	{ .name = "timestamp", .kind = OPTION_FLAG, .mark = TIMESTAMP, .summary = "offer timestamps" },
	{ .name = "wscale", .kind = OPTION_NUMBER, .mark = WSCALE, .offset = offsetof(struct synproxy_config, wscale),
	  .max = UINT32_MAX, .value_name = "number", .summary = "offer this window scale" },
	{ .name = "mss", .kind = OPTION_NUMBER, .mark = MSS, .offset = offsetof(struct synproxy_config, mss), .max = UINT32_MAX,
	  .value_name = "bytes", .summary = "offer this maximum segment size" },
	{ .name = "ecn", .kind = OPTION_FLAG, .mark = ECN, .summary = "offer explicit congestion notification" },
};

/* iptables 1.8.9 keeps a byte of the one and two of the other. */
static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	struct synproxy_config *synproxy = config;

	synproxy->wscale &= UINT8_MAX;
	synproxy->mss &= UINT16_MAX;
	if (place->protocol == PROTOCOL_TCP && !place->protocol_is_inverted)
		return true;
	diag_error(diagnostics, place->where, "the rule needs -p tcp", "SYNPROXY works on TCP only");
	return false;
}

static bool is_broken(const struct packet *packet)
{
	enum { TCP_HEADER_LEN = 20 };

	return packet->l4_len < TCP_HEADER_LEN ||
	       (packet->has_l4 && (packet->tcp_header_len < TCP_HEADER_LEN || packet->tcp_header_len > packet->l4_len)) ||
	       (!packet->is_checksum_trusted && checksum_verify_l4(packet) == CHECKSUM_BAD);
}

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	const struct packet *packet = subject->packet;
	uint8_t flags = packet->tcp_flags & (TCP_SYN | TCP_ACK | TCP_FIN | TCP_RST);

	(void)config;
	(void)state;
	if (is_broken(packet))
		return TARGET_DROP;
	if (flags == TCP_SYN) {
		side_effect_tell(subject, "answered with a cookie");
		return TARGET_DROP;
	}
	return flags == TCP_ACK ? TARGET_UNKNOWN : TARGET_CONTINUE;
}

static void list(const void *config, struct text *out)
{
	const struct synproxy_config *synproxy = config;
	const struct option_marks *marks = &synproxy->marks;

	text_printf(out, " SYNPROXY %s%s", options_is_seen(marks, SACK) ? "sack-perm " : "",
		    options_is_seen(marks, TIMESTAMP) ? "timestamp " : "");
	if (options_is_seen(marks, WSCALE))
		text_printf(out, "wscale %u ", synproxy->wscale);
	if (options_is_seen(marks, MSS))
		text_printf(out, "mss %u ", synproxy->mss);
	text_append(out, options_is_seen(marks, ECN) ? "ecn " : "");
}

const struct target_type target_synproxy = {
	.name = "SYNPROXY",
	.summary = "answer SYNs in the server's place",
	.class = EXTENSION_FROM_CONTEXT,
	.basis = "a SYN ends here; whether an ACK brings a cookie back nobody tells",
	.families = EXTENSION_BOTH,
	.unfollowed = "what SYNPROXY says to client and server",
	.hooks = 1 << HOOK_INPUT | 1 << HOOK_FORWARD,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct synproxy_config),
	.check = check,
	.eval = eval,
	.list = list,
};
