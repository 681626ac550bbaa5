/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m addrtype: what the routing table says about an address. Linux 6.18, xt_addrtype.c: addrtype_mt_v1(), addrtype_mt6(). */
#include "rules/match_parts.h"

enum { SOURCE_TYPE, DESTINATION_TYPE, LIMIT_IN, LIMIT_OUT };

struct addrtype_config {
	struct option_marks marks;
	uint32_t source, destination;	/* bits of enum address_type */
};

#define TYPE(type) { #type, 1 << ADDRESS_##type }

static const struct option_name type_names[] = {
	TYPE(UNSPEC), TYPE(UNICAST), TYPE(LOCAL), TYPE(BROADCAST), TYPE(ANYCAST), TYPE(MULTICAST), TYPE(BLACKHOLE),
	TYPE(UNREACHABLE), TYPE(PROHIBIT), TYPE(THROW), TYPE(NAT), TYPE(XRESOLVE), { NULL, 0 },
};

enum {
	IPV6_UNKNOWN = 1 << ADDRESS_BROADCAST | 1 << ADDRESS_BLACKHOLE | 1 << ADDRESS_PROHIBIT | 1 << ADDRESS_THROW |
		1 << ADDRESS_NAT | 1 << ADDRESS_XRESOLVE,
	IPV6_BY_ROUTE = 1 << ADDRESS_LOCAL | 1 << ADDRESS_ANYCAST | 1 << ADDRESS_UNREACHABLE,
};

static const struct option_spec options[] = {
	{ .name = "src-type", .kind = OPTION_NAME_SET, .flags = OPTION_INVERTIBLE | OPTION_NAME_PREFIX, .mark = SOURCE_TYPE,
	  .offset = offsetof(struct addrtype_config, source), .names = type_names, .value_name = "type[,type]",
	  .summary = "type of the source address" },
	{ .name = "dst-type", .kind = OPTION_NAME_SET, .flags = OPTION_INVERTIBLE | OPTION_NAME_PREFIX,
	  .mark = DESTINATION_TYPE, .offset = offsetof(struct addrtype_config, destination), .names = type_names,
	  .value_name = "type[,type]", .summary = "type of the destination address" },
	{ .name = "limit-iface-in", .kind = OPTION_FLAG, .mark = LIMIT_IN, .excludes = 1 << LIMIT_OUT,
	  .excluded_names = "--limit-iface-out", .summary = "as seen from the incoming interface alone" },
	{ .name = "limit-iface-out", .kind = OPTION_FLAG, .mark = LIMIT_OUT, .excludes = 1 << LIMIT_IN,
	  .excluded_names = "--limit-iface-in", .summary = "as seen from the outgoing interface alone" },
};

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	const struct addrtype_config *addrtype = config;
	const uint32_t input = 1 << HOOK_PREROUTING | 1 << HOOK_INPUT, output = 1 << HOOK_OUTPUT | 1 << HOOK_POSTROUTING;
	bool is_in = options_is_seen(&addrtype->marks, LIMIT_IN), is_out = options_is_seen(&addrtype->marks, LIMIT_OUT);

	if (!match_parts_need_option(config, 1 << SOURCE_TYPE | 1 << DESTINATION_TYPE,
				     "addrtype needs --src-type or --dst-type", place, diagnostics))
		return false;
	if ((is_out && place->hooks & input) || (is_in && place->hooks & output)) {
		diag_error(diagnostics, place->where, NULL, "--limit-iface-%s has no interface to look at in chain %s",
			   is_in ? "in" : "out", place->chain);
		return false;
	}
	if (place->family == FAMILY_IPV6 && (addrtype->source | addrtype->destination) & IPV6_UNKNOWN) {
		diag_error(diagnostics, place->where, "IPv6 has UNSPEC, UNICAST, LOCAL, ANYCAST, MULTICAST, UNREACHABLE",
			   "IPv6 does not know this address type");
		return false;
	}
	return true;
}

static const char *interface_of(const struct addrtype_config *addrtype, const struct subject *subject)
{
	if (options_is_seen(&addrtype->marks, LIMIT_IN))
		return subject->in;
	return options_is_seen(&addrtype->marks, LIMIT_OUT) ? subject->out : NULL;
}

static enum address_type classify(const struct addrtype_config *addrtype, const struct address *address,
				  const struct subject *subject)
{
	return subject->surroundings->classify(subject->surroundings, (enum family)subject->packet->family, address,
					       interface_of(addrtype, subject));
}

/* Linux 6.18, match_type6(): MULTICAST, UNICAST and UNSPEC must all hold, then one of those that need a route. */
static bool has_type_ipv6(const struct addrtype_config *addrtype, uint32_t types, const struct address *address,
			  const struct subject *subject)
{
	bool is_multicast = address_is_multicast(FAMILY_IPV6, address), is_unspec = address_is_unspecified(address);

	if ((types & 1 << ADDRESS_MULTICAST && !is_multicast) ||
	    (types & 1 << ADDRESS_UNICAST && (is_multicast || is_unspec)) || (types & 1 << ADDRESS_UNSPEC && !is_unspec))
		return false;
	if (types & IPV6_BY_ROUTE)
		return (types & IPV6_BY_ROUTE & 1u << classify(addrtype, address, subject)) != 0;
	return true;
}

static bool side_holds(const struct addrtype_config *addrtype, unsigned mark, const struct subject *subject)
{
	const struct packet *packet = subject->packet;
	const struct address *address = mark == SOURCE_TYPE ? &packet->source : &packet->destination;
	uint32_t types = mark == SOURCE_TYPE ? addrtype->source : addrtype->destination;
	bool has_type;

	if (!options_is_seen(&addrtype->marks, mark))
		return true;
	if (packet->family == FAMILY_IPV6)
		has_type = has_type_ipv6(addrtype, types, address, subject);
	else
		has_type = (types & 1u << classify(addrtype, address, subject)) != 0;
	return match_parts_holds(&addrtype->marks, mark, has_type);
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	(void)state;
	return side_holds(config, SOURCE_TYPE, subject) && side_holds(config, DESTINATION_TYPE, subject) ? MATCH_YES : MATCH_NO;
}

static void list_side(const char *name, uint32_t types, bool is_inverted, struct text *out)
{
	text_printf(out, " %s %s", name, is_inverted ? "!" : "");
	match_parts_print_set(type_names, types, out);
}

static void list(const void *config, struct text *out)
{
	const struct addrtype_config *addrtype = config;

	text_append(out, " ADDRTYPE match");
	if (options_is_seen(&addrtype->marks, SOURCE_TYPE))
		list_side("src-type", addrtype->source, options_is_inverted(&addrtype->marks, SOURCE_TYPE), out);
	if (options_is_seen(&addrtype->marks, DESTINATION_TYPE))
		list_side("dst-type", addrtype->destination, options_is_inverted(&addrtype->marks, DESTINATION_TYPE), out);
	if (options_is_seen(&addrtype->marks, LIMIT_IN))
		text_append(out, " limit-in");
	if (options_is_seen(&addrtype->marks, LIMIT_OUT))
		text_append(out, " limit-out");
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	unsigned mark = side_holds(config, SOURCE_TYPE, subject) ? DESTINATION_TYPE : SOURCE_TYPE;
	const struct packet *packet = subject->packet;
	const struct address *address = mark == SOURCE_TYPE ? &packet->source : &packet->destination;

	options_print_option(&options[mark], config, out);
	text_append(out, ": ");
	address_print((enum family)packet->family, address, out);
	text_printf(out, " is %s", type_names[classify(config, address, subject)].name);
}

const struct match_type match_addrtype = {
	.name = "addrtype",
	.summary = "type of the source or destination address by the routing table",
	.class = EXTENSION_FROM_CONTEXT,
	.basis = "addresses and routes of the host",
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct addrtype_config),
	.check = check,
	.eval = eval,
	.list = list,
	.explain = explain,
};
