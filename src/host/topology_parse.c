/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The short forms: --local and --route. */
#include "host/topology.h"

#include <string.h>

static bool refuse(struct diagnostics *diagnostics, const char *option, const char *text, const char *why)
{
	diag_error_plain(diagnostics, "%s '%s': %s", option, text, why);
	return false;
}

/* The text behind `separator`, or NULL; *len becomes the length before it. */
static const char *split_at(const char *text, char separator, size_t *len)
{
	const char *at = strchr(text, separator);

	*len = at ? (size_t)(at - text) : strlen(text);
	return at ? at + 1 : NULL;
}

bool topology_parse_local(struct topology *topology, const char *text, struct diagnostics *diagnostics)
{
	static const char option[] = "--local";
	size_t len, address_len;
	const char *interface = split_at(text, '@', &len);
	char *masked_text = arena_copy(&topology->arena, text, len);
	const char *prefix_text = split_at(masked_text, '/', &address_len);
	struct masked_address masked;
	enum family family;
	struct address address;
	int prefix_len;

	if (!address_parse(masked_text, address_len, &family, &address))
		return refuse(diagnostics, option, text, "not an address; expected ADDR[/LEN][@IFACE], e.g. 192.168.1.2/24@eth0");
	if (interface && (!*interface || strlen(interface) > TOPOLOGY_NAME_LEN))
		return refuse(diagnostics, option, text, "an interface name has 1 to 15 characters");
	prefix_len = (int)topology_family_bits(family);
	if (prefix_text) {
		if (!address_parse_masked(masked_text, len, &family, &masked))
			return refuse(diagnostics, option, text, "bad prefix length");
		prefix_len = address_mask_prefix_len(family, &masked.mask);
		if (prefix_len < 0)
			return refuse(diagnostics, option, text, "the mask of an interface must be contiguous");
	}
	if (!interface)
		interface = address_is_loopback(family, &address) ? "lo" : TOPOLOGY_DEFAULT_INTERFACE;
	topology_add_address(topology, family, &address, (unsigned)prefix_len, interface);
	return true;
}

static bool parse_via(const char *text, struct route *route)
{
	enum family family;

	if (strncmp(text, "via=", 4) != 0 || !address_parse(text + 4, strlen(text + 4), &family, &route->via))
		return false;
	route->has_via = true;
	if (route->family == FAMILY_NONE)
		route->family = family;
	return route->family == family;
}

bool topology_parse_route(struct topology *topology, const char *text, struct diagnostics *diagnostics)
{
	static const char option[] = "--route";
	struct route route = { .family = FAMILY_NONE };
	size_t len, interface_len;
	const char *rest = split_at(text, '@', &len), *via;
	bool is_default = len == strlen("default") && strncmp(text, "default", len) == 0;

	if (!rest || !*rest)
		return refuse(diagnostics, option, text, "expected PREFIX@IFACE[,via=ADDR], e.g. 10.1.0.0/16@eth1");
	if (!is_default && !address_parse_masked(text, len, &route.family, &route.destination))
		return refuse(diagnostics, option, text, "not a prefix");
	if (!is_default)
		route.prefix_len = address_mask_prefix_len(route.family, &route.destination.mask);
	if (route.prefix_len < 0)
		return refuse(diagnostics, option, text, "the mask of a route must be contiguous");
	via = split_at(rest, ',', &interface_len);
	if (interface_len == 0 || interface_len > TOPOLOGY_NAME_LEN)
		return refuse(diagnostics, option, text, "an interface name has 1 to 15 characters");
	route.interface = arena_copy(&topology->arena, rest, interface_len);
	if (via && !parse_via(via, &route))
		return refuse(diagnostics, option, text, "expected ,via=ADDR of the same family behind the interface");
	topology_add_route(topology, &route);
	if (is_default && via)		/* of the other family: no gateway is known */
		topology_add_route(topology, &(struct route){
			.family = route.family == FAMILY_IPV4 ? FAMILY_IPV6 : FAMILY_IPV4, .interface = route.interface,
		});
	return true;
}
