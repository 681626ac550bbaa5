/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -j TPROXY: hand the packet to a transparent socket, or drop it. Linux 6.18, xt_TPROXY.c: tproxy_tg4(), tproxy_tg6(). An
 * annotation (rules/annotation.h) tells where one listens, at any address; where nobody tells, nobody listens.
 */
#include "rules/options.h"
#include "rules/options_value.h"

enum { ON_PORT, ON_IP, TPROXY_MARK };

enum { LEAST_HEADER_LEN = 8 };	/* what the kernel reads of either protocol */

struct tproxy_config {
	struct option_marks marks;
	uint8_t family;
	struct number_range port;
	struct address address;
	struct masked_value change;
};

static bool parse_address(void *config, const struct argument *values, const struct extension_place *place,
			  struct diagnostics *diagnostics)
{
	return options_value_store_mask(&((struct tproxy_config *)config)->address, values, place->family, diagnostics);
}

static const struct option_spec options[] = {
	{ .name = "on-port", .kind = OPTION_PORT_RANGE, .flags = OPTION_REQUIRED | OPTION_SINGLE, .mark = ON_PORT,
	  .offset = offsetof(struct tproxy_config, port), .value_name = "port", .summary = "the port where the socket listens; 0: the packet's own" },
	{ .name = "on-ip", .kind = OPTION_CUSTOM, .n_values = 1, .mark = ON_IP, .parse = parse_address, .value_name = "address",
	  .summary = "its address; zeros: that of the interface" },
	{ .name = "tproxy-mark", .kind = OPTION_MASKED, .mark = TPROXY_MARK, .offset = offsetof(struct tproxy_config, change),
	  .value_name = "value[/mask]", .summary = "clear the mask's bits of the packet's mark, then exclusive-or the value" },
};

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	(void)diagnostics;
	((struct tproxy_config *)config)->family = (uint8_t)place->family;
	return true;
}

static bool somebody_listens(const struct tproxy_config *tproxy, const struct subject *subject)
{
	const struct packet *packet = subject->packet;
	uint32_t port = tproxy->port.first ? tproxy->port.first : packet->destination_port;
	struct annotation_value value;

	return packet->l4_len >= LEAST_HEADER_LEN && packet->has_ports &&
	       annotation_find(subject->annotations, packet, ANNOTATION_TPROXY_PORT, &value) && value.number == port;
}

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	const struct tproxy_config *tproxy = config;

	(void)state;
	if (!somebody_listens(tproxy, subject))
		return TARGET_DROP;
	subject->mark = (subject->mark & ~tproxy->change.mask) ^ tproxy->change.value;
	return TARGET_ACCEPT;
}

static void print(const void *config, struct text *out)
{
	const struct tproxy_config *tproxy = config;

	text_printf(out, " --on-port %u --on-ip ", tproxy->port.first);
	address_print((enum family)tproxy->family, &tproxy->address, out);
	text_printf(out, " --tproxy-mark 0x%x/0x%x", tproxy->change.value, tproxy->change.mask);
}

static void list(const void *config, struct text *out)
{
	const struct tproxy_config *tproxy = config;

	text_append(out, " TPROXY redirect ");
	address_print((enum family)tproxy->family, &tproxy->address, out);
	text_printf(out, ":%u mark 0x%x/0x%x", tproxy->port.first, tproxy->change.value, tproxy->change.mask);
}

static const uint8_t protocols[] = { PROTOCOL_TCP, PROTOCOL_UDP, 0 };

const struct target_type target_tproxy = {
	.name = "TPROXY",
	.summary = "hand the packet to a transparent proxy's socket; drop it where there is none",
	.class = EXTENSION_FROM_CONTEXT,
	.basis = "annotation tproxy-port",
	.families = EXTENSION_BOTH,
	.protocols = protocols,
	.hooks = 1 << HOOK_PREROUTING,
	.tables = EXTENSION_MANGLE,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct tproxy_config),
	.check = check,
	.eval = eval,
	.print = print,
	.list = list,
};
