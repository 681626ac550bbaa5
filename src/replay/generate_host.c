/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A host for rules of which nothing else is known. */
#include <stdio.h>
#include <string.h>

#include "replay/generate_parts.h"

/* Rules that name interfaces may have others for all the rest. */
#define ANOTHER_INTERFACE "other0"

enum { MOST_INTERFACES = 64, MOST_OWN = 32 };

/* An address that rules take for the host's own. */
struct own_address { enum family family; struct address address; char interface[TOPOLOGY_NAME_LEN + 1]; };

struct interfaces {
	struct topology *topology;
	char names[MOST_INTERFACES][TOPOLOGY_NAME_LEN + 1];
	size_t n_names;
	struct own_address own[MOST_OWN];
	size_t n_own;
};

/* "eth+" stands for eth0; false for what names none. */
static bool name_interface(const char *pattern, char name[TOPOLOGY_NAME_LEN + 1])
{
	size_t len = strlen(pattern);

	if (!len || strcmp(pattern, "+") == 0 || strcmp(pattern, "lo") == 0)
		return false;
	snprintf(name, TOPOLOGY_NAME_LEN + 1, "%s", pattern);
	if (name[len - 1] == '+')
		name[len - 1] = '0';
	return true;
}

static void note_interface(struct interfaces *interfaces, const char *pattern)
{
	char name[TOPOLOGY_NAME_LEN + 1];

	if (!name_interface(pattern, name))
		return;
	for (size_t i = 0; i < interfaces->n_names; i++)
		if (strcmp(interfaces->names[i], name) == 0)
			return;
	if (interfaces->n_names < MOST_INTERFACES)
		strcpy(interfaces->names[interfaces->n_names++], name);
}

/* An address that somebody on a link can have. */
static bool is_somewhere(enum family family, const struct address *address)
{
	return !address_is_multicast(family, address) && !address_is_loopback(family, address) &&
	       !address_is_link_local(family, address) && address->word[0] != 0 &&
	       (family == FAMILY_IPV6 || address->word[0] != 0xffffffff);
}

/* The prefix that an interval is; false when it is none, or is nowhere in particular. */
static bool find_prefix(const struct rule_extent *rule, enum packet_field field, struct address *address, unsigned *len)
{
	const struct extent_box *box = rule->extent->boxes;
	struct masked_address prefix;
	struct address last;

	if (rule->extent->n_boxes != 1)
		return false;
	*address = extent_to_address(rule->family, box->first[field]);
	last = extent_to_address(rule->family, box->last[field]);
	for (*len = topology_family_bits(rule->family); *len > 0; --*len) {
		prefix = (struct masked_address){ .address = *address, .mask = address_prefix_mask(rule->family, *len) };
		if (address_is_in(&last, &prefix))
			break;
	}
	if (*len == 0)
		return false;
	for (size_t i = 0; i < (rule->family == FAMILY_IPV6 ? 4 : 1); i++)
		if ((address->word[i] & ~prefix.mask.word[i]) || (last.word[i] | prefix.mask.word[i]) != 0xffffffff)
			return false;
	return is_somewhere(rule->family, address);
}

static bool has_route(const struct topology *topology, enum family family, const struct address *address, unsigned len)
{
	for (size_t i = 0; i < topology->n_routes; i++)
		if (topology->routes[i].family == family && topology->routes[i].prefix_len == (int)len &&
		    memcmp(&topology->routes[i].destination.address, address, sizeof(*address)) == 0)
			return true;
	return false;
}

/* Where a rule names both, its addresses are behind its interface. */
static void note_route(struct interfaces *interfaces, const struct rule_extent *rule, enum packet_field field,
		       const char *pattern)
{
	char name[TOPOLOGY_NAME_LEN + 1];
	struct diagnostics diagnostics;
	struct address address;
	struct text route;
	unsigned len;

	if (!find_prefix(rule, field, &address, &len) || !name_interface(pattern, name) ||
	    has_route(interfaces->topology, rule->family, &address, len))
		return;
	text_init(&route);
	diag_init(&diagnostics);
	address_print(rule->family, &address, &route);
	text_printf(&route, "/%u@%s", len, name);
	topology_parse_route(interfaces->topology, text_string(&route), &diagnostics);
	diag_clear(&diagnostics);
	text_clear(&route);
}

/* What INPUT lets in, and what PREROUTING translates, goes to an address of the host; what OUTPUT sees comes from one. */
static void note_own(struct interfaces *interfaces, const struct rule_extent *rule)
{
	bool is_output = rule->hooks == 1u << HOOK_OUTPUT;
	bool is_input = rule->hooks == 1u << HOOK_INPUT ||
			(rule->hooks == 1u << HOOK_PREROUTING && strcmp(rule->place->table, "nat") == 0);
	struct own_address *own = &interfaces->own[interfaces->n_own];
	struct address address;
	unsigned len;

	if ((!is_input && !is_output) || interfaces->n_own == MOST_OWN ||
	    !find_prefix(rule, is_output ? FIELD_SOURCE : FIELD_DESTINATION, &address, &len) ||
	    len != topology_family_bits(rule->family))
		return;
	for (size_t i = 0; i < interfaces->n_own; i++)
		if (memcmp(&interfaces->own[i].address, &address, sizeof(address)) == 0)
			return;
	own->family = rule->family;
	own->address = address;
	if (!name_interface(is_output ? rule->out : rule->in, own->interface))
		own->interface[0] = '\0';
	interfaces->n_own++;
}

/* Everybody else is behind the first interface. */
static void add_default_route(struct topology *topology, const char *interface)
{
	struct diagnostics diagnostics;
	struct text route;

	text_init(&route);
	diag_init(&diagnostics);
	text_printf(&route, "default@%s", interface);
	topology_parse_route(topology, text_string(&route), &diagnostics);
	diag_clear(&diagnostics);
	text_clear(&route);
}

static void note_interfaces(void *owner, const struct rule_extent *rule)
{
	note_interface(owner, rule->in);
	note_interface(owner, rule->out);
	note_route(owner, rule, FIELD_SOURCE, rule->in);
	note_route(owner, rule, FIELD_DESTINATION, rule->out);
	note_own(owner, rule);
}

void generate_host(const struct ruleset *const *rulesets, size_t n_rulesets, struct topology *topology)
{
	struct interfaces interfaces = { .topology = topology };
	uint8_t ipv4[4] = { 10, 200, 0, 1 }, ipv6[16] = { 0x20, 0x01, 0x0d, 0xb8, 0, 200, [15] = 1 };

	for (size_t i = 0; i < n_rulesets; i++)
		ruleset_visit_extents(rulesets[i], note_interfaces, &interfaces);
	if (!interfaces.n_names)
		note_interface(&interfaces, TOPOLOGY_DEFAULT_INTERFACE);
	else
		note_interface(&interfaces, ANOTHER_INTERFACE);
	add_default_route(topology, interfaces.names[0]);
	for (size_t i = 0; i < interfaces.n_names; i++) {
		struct address own[2];

		ipv4[2] = ipv6[7] = (uint8_t)i;
		own[0] = address_from_bytes(FAMILY_IPV4, ipv4);
		own[1] = address_from_bytes(FAMILY_IPV6, ipv6);
		topology_add_address(topology, FAMILY_IPV4, &own[0], 24, interfaces.names[i]);
		topology_add_address(topology, FAMILY_IPV6, &own[1], 64, interfaces.names[i]);
	}
	for (size_t i = 0; i < interfaces.n_own; i++) {
		const struct own_address *own = &interfaces.own[i];

		topology_add_address(topology, own->family, &own->address, topology_family_bits(own->family),
				     own->interface[0] ? own->interface : interfaces.names[0]);
	}
}

static void print_prefix(enum family family, const struct address *address, int prefix_len, const char *interface,
			 struct text *out)
{
	address_print(family, address, out);
	text_printf(out, "/%d@%s", prefix_len, interface);
}

void generate_print_host(const struct topology *topology, struct text *out)
{
	text_append(out, "# The host:");
	for (size_t i = 0; i < topology->n_addresses; i++) {
		const struct topology_address *own = &topology->addresses[i];

		text_append(out, " --local ");
		print_prefix(own->family, &own->address, address_mask_prefix_len(own->family, &own->subnet.mask), own->interface, out);
	}
	for (size_t i = 0; i < topology->n_routes; i++) {
		const struct route *route = &topology->routes[i];

		if (route->is_connected || !route->interface)
			continue;
		text_append(out, " --route ");
		print_prefix(route->family, &route->destination.address, route->prefix_len, route->interface, out);
		if (!route->has_via)
			continue;
		text_append(out, ",via=");
		address_print(route->family, &route->via, out);
	}
	text_append_char(out, '\n');
}
