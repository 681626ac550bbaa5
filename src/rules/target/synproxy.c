/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -j SYNPROXY: answer SYNs in the server's place. Linux 6.18, ipt_SYNPROXY.c: synproxy_tg4(). What it answers depends on
 * cookies that the kernel draws, so its packets are marked as not simulated.
 */
#include "rules/options.h"

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

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	(void)config;
	(void)state;
	(void)subject;
	return TARGET_CONTINUE;
}

static const char *unsimulated(const void *config)
{
	(void)config;
	return "-j SYNPROXY";
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
	.class = EXTENSION_LOADED,
	.basis = "its cookies are the kernel's own",
	.families = EXTENSION_BOTH,
	.hooks = 1 << HOOK_INPUT | 1 << HOOK_FORWARD,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct synproxy_config),
	.check = check,
	.eval = eval,
	.list = list,
	.unsimulated = unsimulated,
};
