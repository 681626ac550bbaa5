/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -j NETMAP: map one network onto another, host by host. Linux 6.18, xt_NETMAP.c. */
#include "rules/mapping.h"

struct netmap_config {
	struct option_marks marks;
	struct option_address network;
};

enum { TO };

static const struct option_spec options[] = {
	{ .name = "to", .kind = OPTION_ADDRESS, .flags = OPTION_REQUIRED, .mark = TO,
	  .offset = offsetof(struct netmap_config, network), .value_name = "address[/mask]",
	  .summary = "the network to map to; the bits of the host stay" },
};

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	struct option_address *network = &((struct netmap_config *)config)->network;

	/* iptables 1.8.9 takes a mask with holes for one of all bits. */
	if (address_mask_prefix_len(place->family, &network->mask) < 0) {
		diag_warning(diagnostics, place->where, "a network is one prefix",
			     "a mask with holes counts as the whole address");
		network->mask = address_prefix_mask(place->family, place->family == FAMILY_IPV6 ? 128 : 32);
	}
	for (unsigned i = 0; i < 4; i++)
		network->address.word[i] &= network->mask.word[i];
	return true;
}

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	static const struct nat_range anywhere = { .flags = NAT_MAP_ADDRESS };
	const struct option_address *network = &((const struct netmap_config *)config)->network;
	const struct packet *packet = subject->packet;
	bool is_destination = subject->hook == HOOK_PREROUTING || subject->hook == HOOK_OUTPUT;
	struct address mapped = is_destination ? packet->destination : packet->source;

	(void)state;
	for (unsigned i = 0; i < 4; i++)
		mapped.word[i] = (mapped.word[i] & ~network->mask.word[i]) | network->address.word[i];
	return mapping_request_address(subject, &anywhere, &mapped);
}

static bool could_make(const void *config, const struct address *address, uint16_t port, uint16_t *port_before)
{
	const struct option_address *network = &((const struct netmap_config *)config)->network;
	struct masked_address made = { .address = network->address, .mask = network->mask };

	*port_before = port;
	return address_is_in(address, &made);
}

static void print_network(const void *config, struct text *out)
{
	const struct option_address *network = &((const struct netmap_config *)config)->network;

	address_print(network->family, &network->address, out);
	text_printf(out, "/%d", address_mask_prefix_len(network->family, &network->mask));
}

static void print(const void *config, struct text *out)
{
	text_append(out, " --to ");
	print_network(config, out);
}

static void list(const void *config, struct text *out)
{
	text_append(out, " to:");
	print_network(config, out);
}

const struct target_type target_netmap = {
	.name = "NETMAP",
	.summary = "change the network part of the address: destination on the way in, source on the way out",
	.class = EXTENSION_SEEDED,
	.families = EXTENSION_BOTH,
	.hooks = 1 << HOOK_PREROUTING | 1 << HOOK_INPUT | 1 << HOOK_OUTPUT | 1 << HOOK_POSTROUTING,
	.tables = EXTENSION_NAT,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct netmap_config),
	.check = check,
	.eval = eval,
	.print = print,
	.could_make = could_make,
	.list = list,
};
