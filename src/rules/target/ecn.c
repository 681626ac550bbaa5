/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -j ECN: change the congestion bits of IPv4 and TCP. Linux 6.18, ipt_ECN.c: ecn_tg(). */
#include "base/cursor.h"
#include "packet/rewrite.h"
#include "rules/options.h"

enum { REMOVE, ECE, CWR, ECT };

enum { ECT_BITS = 3, FLAGS_OFFSET = 13, TCP_HEADER_LEN = 20 };

struct ecn_config {
	struct option_marks marks;
	uint32_t ece, cwr, ect;
};

static const struct option_spec options[] = {
	{ .name = "ecn-tcp-remove", .kind = OPTION_FLAG, .mark = REMOVE, .excludes = 1 << ECE | 1 << CWR,
	  .excluded_names = "--ecn-tcp-ece or --ecn-tcp-cwr", .summary = "clear TCP's ECE and CWR" },
	{ .name = "ecn-tcp-ece", .kind = OPTION_NUMBER, .mark = ECE, .offset = offsetof(struct ecn_config, ece), .max = 1,
	  .excludes = 1 << REMOVE, .excluded_names = "--ecn-tcp-remove", .value_name = "bit", .summary = "TCP's ECE" },
	{ .name = "ecn-tcp-cwr", .kind = OPTION_NUMBER, .mark = CWR, .offset = offsetof(struct ecn_config, cwr), .max = 1,
	  .excludes = 1 << REMOVE, .excluded_names = "--ecn-tcp-remove", .value_name = "bit", .summary = "TCP's CWR" },
	{ .name = "ecn-ip-ect", .kind = OPTION_NUMBER, .mark = ECT, .offset = offsetof(struct ecn_config, ect),
	  .max = ECT_BITS, .value_name = "number", .summary = "the two lowest bits of the type of service" },
};

#define TCP_MARKS (1 << REMOVE | 1 << ECE | 1 << CWR)

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	const struct option_marks *marks = config;

	if (!marks->seen) {
		diag_error(diagnostics, place->where, NULL, "ECN needs --ecn-tcp-remove or another option");
		return false;
	}
	if (!(marks->seen & TCP_MARKS) || (place->protocol == PROTOCOL_TCP && !place->protocol_is_inverted))
		return true;
	diag_error(diagnostics, place->where, "the rule needs -p tcp", "ECN changes TCP only");
	return false;
}

static bool changes_ece(const struct ecn_config *ecn)
{
	return (ecn->marks.seen & (1 << REMOVE | 1 << ECE)) != 0;
}

static bool changes_cwr(const struct ecn_config *ecn)
{
	return (ecn->marks.seen & (1 << REMOVE | 1 << CWR)) != 0;
}

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	const struct ecn_config *ecn = config;
	struct packet *packet = subject->packet;
	uint8_t flags = packet->tcp_flags;

	(void)state;
	if (options_is_seen(&ecn->marks, ECT))
		rewrite_tos(packet, (uint8_t)((packet->tos & ~ECT_BITS) | ecn->ect));
	if (!(ecn->marks.seen & TCP_MARKS) || packet->protocol != PROTOCOL_TCP)
		return TARGET_CONTINUE;
	if (packet->l4_len < TCP_HEADER_LEN)
		return TARGET_DROP;
	if (!packet->has_l4)
		return TARGET_CONTINUE;
	if (changes_ece(ecn))
		flags = (uint8_t)(ecn->ece ? flags | TCP_ECE : flags & ~TCP_ECE);
	if (changes_cwr(ecn))
		flags = (uint8_t)(ecn->cwr ? flags | TCP_CWR : flags & ~TCP_CWR);
	if (flags != packet->tcp_flags)
		rewrite_l4_bytes(packet, FLAGS_OFFSET, &flags, 1);
	return TARGET_CONTINUE;
}

/* Both bits to 0 is what "remove" means, unless those of IP are set too: iptables 1.8.9, ECN_save(). */
static bool removes(const struct ecn_config *ecn)
{
	return changes_ece(ecn) && changes_cwr(ecn) && !ecn->ece && !ecn->cwr && !options_is_seen(&ecn->marks, ECT);
}

static void print(const void *config, struct text *out)
{
	const struct ecn_config *ecn = config;

	if (removes(ecn)) {
		text_append(out, " --ecn-tcp-remove");
	} else {
		if (changes_ece(ecn))
			text_printf(out, " --ecn-tcp-ece %u", ecn->ece);
		if (changes_cwr(ecn))
			text_printf(out, " --ecn-tcp-cwr %u", ecn->cwr);
	}
	if (options_is_seen(&ecn->marks, ECT))
		text_printf(out, " --ecn-ip-ect %u", ecn->ect);
}

static void list(const void *config, struct text *out)
{
	const struct ecn_config *ecn = config;

	text_append(out, " ECN");
	if (removes(ecn)) {
		text_append(out, " TCP remove");
	} else {
		if (changes_ece(ecn))
			text_printf(out, " ECE=%u", ecn->ece);
		if (changes_cwr(ecn))
			text_printf(out, " CWR=%u", ecn->cwr);
	}
	if (options_is_seen(&ecn->marks, ECT))
		text_printf(out, " ECT codepoint=%u", ecn->ect);
}

const struct target_type target_ecn = {
	.name = "ECN",
	.summary = "change the congestion bits of IPv4 and TCP; the packet goes on",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_IPV4,
	.tables = EXTENSION_MANGLE,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct ecn_config),
	.check = check,
	.eval = eval,
	.print = print,
	.list = list,
};
